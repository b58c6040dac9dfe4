"""Every row of the seven other plans, in both texts, at its bounds."""

from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from ruhu.policy.advice.indicators import indicators
from ruhu.policy.advice.money import money_of
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.finding import Finding, Outcome
from ruhu.policy.evaluation.record_reader import read_record
from ruhu.policy.standards.model import Standards
from ruhu.policy.standards.parser import parse_standards

NEW, OLD = date(2017, 6, 1), date(2017, 3, 20)
Facts = dict[str, Any]

STANDARDS = {
    "county": "451024",
    "valid_from": "2016-01-01",
    "farming": {"base_rate": "0.0475", "region_income_growth": "0.085"},
    "employment": {
        "startup_subsidy": 12000,
        "public_job_monthly": 1399,
        "minimum_wage": 1400,
        "training_award_2016": 500,
    },
    "health": {
        "basic": {"county": {"deductible": 400, "rate": "0.97"}},
        "major": {
            "deductible": 10000,
            "tiers": [{"up_to": 50000, "rate": "0.50"}, {"rate": "0.95"}],
        },
        "commercial_top_up": True,
        "premium_subsidy": 90,
    },
}


def standards() -> Standards:
    return parse_standards(deepcopy(STANDARDS))


def household(member: Facts | None = None, **sections: Any) -> Facts:
    return {
        "record_id": "fb5db162-d1ed-5596-adab-abdae880b3b4",
        "kind": "household",
        "place": {"county": "451024", "poor_county": True, "poor_village": True},
        "registration": {"registered_poor": True, "in_information_system": True},
        "members": [{"member_id": "m1", **(member or {})}],
        **sections,
    }


def record(kind: str, **facts: Any) -> Facts:
    return {"record_id": "fb5db162-d1ed-5596-adab-abdae880b3b4", "kind": kind, **facts}


def answers(document: Facts, rule: str, on: date, county: Standards | None) -> list[Finding]:
    found = assess(read_record(document), on=on, standards=county, show_all=True).findings
    return [finding for finding in found if finding.rule == rule]


def answer(document: Facts, rule: str, on: date = NEW, county: Standards | None = None) -> Finding:
    return answers(document, rule, on, county)[0]


def says(finding: Finding) -> str:
    """Outcome and amount in one word, to read the tables by."""
    amount = "" if finding.amount is None else f" {finding.amount.normalize():f}"
    return f"{finding.outcome.value}{amount}"


def student(**schooling: Any) -> Facts:
    return household({"schooling": schooling, "birth_date": "2005-06-01"})


EDUCATION = [
    ("boarding", {"stage": "primary", "boarding": True}, "eligible 1000", None),
    ("boarding", {"stage": "junior_high", "boarding": True}, "eligible 1250", None),
    ("boarding", {"stage": "primary", "boarding": False}, "ineligible", None),
    ("boarding", {"stage": "primary"}, "unknown", None),
    (
        "boarding",
        {"stage": "primary", "boarding": True, "difficulty": False},
        "ineligible",
        None,
    ),
    ("boarding", {"stage": "senior_high", "boarding": True}, "not_applicable", None),
    ("senior_high_grant", {"stage": "senior_high", "grant_tier": "first"}, "eligible 3500", None),
    ("senior_high_grant", {"stage": "senior_high", "grant_tier": "second"}, "eligible 1000", None),
    ("secondary_vocational_grant", {"stage": "secondary_vocational"}, "eligible 2000", None),
    (
        "university_entry",
        {"stage": "undergraduate", "new_student": True, "in_region": True},
        "eligible 500",
        None,
    ),
    (
        "university_entry",
        {"stage": "higher_vocational", "new_student": True, "in_region": False},
        "eligible 1000",
        None,
    ),
    ("university_entry", {"stage": "undergraduate", "new_student": True}, "eligible", None),
    ("university_entry", {"stage": "undergraduate", "new_student": False}, "ineligible", None),
    ("higher_grant", {"stage": "undergraduate", "grant_tier": "first"}, "eligible 4000", None),
    ("higher_grant", {"stage": "higher_vocational", "grant_tier": "second"}, "eligible 2000", None),
    (
        "vocational_promotion",
        {"stage": "higher_vocational", "from_secondary_vocational": True},
        "eligible 2000",
        None,
    ),
    (
        "vocational_promotion",
        {"stage": "undergraduate", "from_secondary_vocational": True},
        "not_applicable",
        None,
    ),
    ("free_schooling", {"stage": "preschool"}, "eligible", "eligible"),
    ("free_schooling", {"stage": "secondary_vocational"}, "eligible", "eligible"),
    ("free_schooling", {"stage": "primary"}, "not_applicable", "not_applicable"),
    ("free_schooling", {}, "unknown", "unknown"),
    (
        "rain_undergraduate",
        {
            "stage": "undergraduate",
            "full_time": True,
            "new_student": True,
            "enrolment_confirmed": True,
        },
        "eligible 5000",
        "eligible",
    ),
    (
        "rain_undergraduate",
        {"stage": "undergraduate", "full_time": False},
        "ineligible",
        "eligible",
    ),
    (
        "rain_vocational",
        {"stage": "secondary_vocational", "women_class": False},
        "eligible 1500",
        "eligible",
    ),
    (
        "rain_vocational",
        {"stage": "higher_vocational", "women_class": True},
        "eligible 2000",
        "eligible",
    ),
    ("paired_help", {"stage": "primary", "paired_helper": False}, "fail", "fail"),
    ("paired_help", {"stage": "primary", "paired_helper": True}, "pass", "pass"),
    ("paired_help", {"stage": "none"}, "not_applicable", "not_applicable"),
]


@pytest.mark.parametrize(("rule", "schooling", "new", "old"), EDUCATION)
def test_education(rule: str, schooling: Facts, new: str, old: str | None) -> None:
    document = student(**schooling)
    assert says(answer(document, f"education.{rule}", NEW)) == new
    before = answers(document, f"education.{rule}", OLD, None)
    assert [says(finding) for finding in before] == ([] if old is None else [old])


def test_an_open_tier_names_the_average() -> None:
    finding = answer(student(stage="senior_high"), "education.senior_high_grant")
    assert (says(finding), finding.missing) == ("eligible", ("members[m1].schooling.grant_tier",))
    assert "2000" in finding.explanation.zh


@pytest.mark.parametrize(
    ("born", "schooling", "outcome"),
    [
        ("2011-06-01", {"stage": "none"}, "fail"),
        ("2011-06-02", {"stage": "none"}, "not_applicable"),
        ("2001-06-02", {"stage": "none", "completed_compulsory": False}, "fail"),
        ("2001-06-01", {"stage": "none"}, "not_applicable"),
        ("2003-06-01", {"stage": "none", "completed_compulsory": True}, "pass"),
        ("2003-06-02", {"stage": "none", "completed_compulsory": True}, "fail"),
        ("2003-06-01", {"stage": "none"}, "unknown"),
        ("2010-06-02", {"stage": "preschool"}, "pass"),
        ("2010-06-01", {"stage": "preschool"}, "fail"),
        ("2008-01-01", {"stage": "primary"}, "pass"),
        ("2008-01-01", {}, "unknown"),
    ],
)
def test_dropping_out(born: str, schooling: Facts, outcome: str) -> None:
    document = household({"birth_date": born, "schooling": schooling})
    document["registration"] = {"registered_poor": False}
    assert says(answer(document, "education.dropout")) == outcome


LOAN = {"wanted": True, "can_repay": True, "amount": 50000, "months": 36}
POLICY = {"policy_based": True, "bought_on": "2017-03-21", "premium": "66.60"}
FACILITY = {
    "land": "forest",
    "purpose": "livestock",
    "for_poverty_work": True,
    "built_on": "2016-01-01",
}


@pytest.mark.parametrize(
    ("rule", "farming", "new"),
    [
        ("microloan", {"microloan": LOAN}, "eligible 7125"),
        ("microloan", {"microloan": {**LOAN, "amount": "50000.01"}}, "ineligible"),
        ("microloan", {"microloan": {**LOAN, "months": 37}}, "ineligible"),
        ("microloan", {"microloan": {**LOAN, "months": None}}, "unknown"),
        ("microloan", {"microloan": {**LOAN, "amount": 100, "months": 1}}, "eligible 0.4"),
        ("insurance_premium", {"insurance": POLICY}, "eligible 66.6"),
        (
            "insurance_premium",
            {"insurance": {**POLICY, "bought_on": "2017-03-20"}},
            "ineligible",
        ),
        ("insurance_premium", {"insurance": {**POLICY, "policy_based": False}}, "ineligible"),
        ("facility_fee", {"facility": FACILITY}, "eligible"),
        ("facility_fee", {"facility": {**FACILITY, "built_on": "2020-12-31"}}, "eligible"),
        ("facility_fee", {"facility": {**FACILITY, "built_on": "2021-01-01"}}, "ineligible"),
        ("facility_fee", {"facility": {**FACILITY, "built_on": "2015-12-31"}}, "ineligible"),
        ("facility_fee", {"facility": {**FACILITY, "land": "other"}}, "ineligible"),
        ("facility_fee", {"facility": {**FACILITY, "purpose": "other"}}, "ineligible"),
    ],
)
def test_farming(rule: str, farming: Facts, new: str) -> None:
    document = household({"labour": {"able": True}}, farming=farming)
    assert says(answer(document, f"farming.{rule}", county=standards())) == new
    assert bool(answers(document, f"farming.{rule}", OLD, None)) == (rule == "microloan")


def test_insurance_ends_with_the_year_of_leaving_poverty() -> None:
    for bought, outcome in (("2018-12-31", "eligible 66.6"), ("2019-01-01", "ineligible")):
        document = household(farming={"insurance": {**POLICY, "bought_on": bought}})
        document["registration"]["exit_year"] = 2018
        assert says(answer(document, "farming.insurance_premium", date(2019, 6, 1))) == outcome


def test_an_open_list_of_facilities_is_for_a_person_to_decide() -> None:
    document = household(farming={"facility": {**FACILITY, "purpose": "other"}})
    assert answer(document, "farming.facility_fee").strength.value == "should"
    owner = record("enterprise", type="other", facility=FACILITY)
    assert says(answer(owner, "farming.facility_fee")) == "ineligible"
    assert says(answer({**owner, "type": "collective"}, "farming.facility_fee")) == "eligible"


def test_income_grows_a_point_faster_than_the_region() -> None:
    for income, outcome in (("10950", "pass"), ("10949.99", "fail")):
        document = household(income={"operating": income, "operating_last_year": 10000})
        finding = answer(document, "farming.income_growth", county=standards())
        assert (says(finding), finding.limit) == (outcome, Decimal("9.5"))
    risen = household(income={"operating": 10100, "operating_last_year": 10000})
    asked = ("standards.farming.region_income_growth",)
    assert answer(risen, "farming.income_growth").missing == asked
    for same in (0, 10000):
        level = household(income={"operating": same, "operating_last_year": same})
        assert says(answer(level, "farming.income_growth")) == "fail"


def test_water() -> None:
    cases: list[tuple[Facts, str, str]] = [
        ({"safe": True, "quality_ok": False}, "pass", "ineligible"),
        ({"quality_ok": False}, "fail", "eligible 150"),
        ({"quality_ok": True, "tap": True}, "pass", "ineligible"),
        ({"quality_ok": True, "centralised": False}, "unknown", "unknown"),
        ({}, "unknown", "unknown"),
    ]
    for water, safety, subsidy in cases:
        for day in (NEW, OLD):
            document = household(water=water)
            assert says(answer(document, "water.safety", day)) == safety
            assert says(answer(document, "water.project_subsidy", day)) == subsidy


def test_money_of_water_works_is_not_the_familys() -> None:
    document = household({"health": {"premium_covered": False}}, water={"quality_ok": False})
    for day in (NEW, OLD):
        findings = assess(read_record(document), on=day, standards=standards()).findings
        works = [f for f in findings if f.rule == "water.project_subsidy"]
        assert [says(f) for f in works] == ["eligible 150"]
        assert money_of(works).zh == ""
        assert money_of(findings).zh == "每年90元"


SHORT = {
    "training_id": "t1",
    "type": "short_term_skill",
    "organiser": "poverty_office",
    "certificate": True,
    "on": "2017-03-01",
}
OWN = {**SHORT, "organiser": "other", "verifiable_online": True}


def trainee(training: Facts, born: str = "1980-01-01") -> Facts:
    return household(
        {"birth_date": born, "labour": {"able": True, "farming": True}, "trainings": [training]}
    )


@pytest.mark.parametrize(
    ("rule", "training", "new", "old"),
    [
        ("skill_training", SHORT, "eligible 3000", "eligible"),
        ("skill_training", {**SHORT, "certificate_kind": "post"}, "ineligible", "eligible"),
        ("skill_training", {**SHORT, "organiser": "other"}, "ineligible", "eligible"),
        ("skill_training", {**SHORT, "type": "skill"}, "not_applicable", "not_applicable"),
        ("self_training_award", OWN, "eligible 800", "eligible 500"),
        ("self_training_award", {**OWN, "type": "skill"}, "eligible 800", "ineligible"),
        ("self_training_award", {**OWN, "certificate_kind": "post"}, "ineligible", "eligible 500"),
        ("self_training_award", {**OWN, "verifiable_online": False}, "ineligible", "ineligible"),
        ("certificate_award", {**OWN, "type": "vocational"}, "eligible", "eligible"),
        (
            "practical_farming",
            {"training_id": "t1", "type": "practical_farming", "days": 3},
            "eligible 150",
            None,
        ),
    ],
)
def test_trainings(rule: str, training: Facts, new: str, old: str | None) -> None:
    document = trainee(training)
    assert says(answer(document, f"employment.{rule}", NEW, standards())) == new
    before = answers(document, f"employment.{rule}", OLD, standards())
    assert [says(finding) for finding in before] == ([] if old is None else [old])


@pytest.mark.parametrize(
    ("born", "outcome"),
    [
        ("2001-03-01", "eligible 3000"),
        ("2001-03-02", "ineligible"),
        ("1956-03-02", "eligible 3000"),
        ("1956-03-01", "ineligible"),
    ],
)
def test_ages_of_the_short_training(born: str, outcome: str) -> None:
    assert says(answer(trainee(SHORT, born), "employment.skill_training")) == outcome


def test_a_list_not_recorded_yields_no_finding_an_empty_one_no_award() -> None:
    document = household({"labour": {"able": True}})
    assert answers(document, "employment.self_training_award", NEW, None) == []
    document["members"][0]["trainings"] = []
    assert says(answer(document, "employment.self_training_award")) == "ineligible"
    assert answers(document, "employment.skill_training", NEW, None) == []


def trader(name: str, since: str, **more: Any) -> Facts:
    business = {"form": "individual", "registered_on": since, "operating": True, **more}
    return {"member_id": name, "birth_date": "1985-06-01", "business": business}


def test_startup_goes_to_the_first_trader_of_the_household() -> None:
    document = household()
    document["members"] = [
        trader("m1", "2016-05-01"),
        trader("m2", "2016-04-30"),
        trader("m3", "2015-01-01", operating=False),
        trader("m4", "2016-06-02"),
        {"member_id": "m5"},
    ]
    found = {f.subject: says(f) for f in answers(document, "employment.startup", NEW, standards())}
    assert found == {
        "member:m1": "ineligible",
        "member:m2": "eligible 12000",
        "member:m3": "ineligible",
        "member:m4": "ineligible",
        "member:m5": "unknown",
    }
    floor = answer(household(trader("m1", "2016-06-01")), "employment.startup")
    assert (says(floor), floor.missing) == (
        "eligible 10000",
        ("standards.employment.startup_subsidy",),
    )
    assert answers(document, "employment.startup", OLD, None) == []


def test_public_jobs() -> None:
    adult = {"birth_date": "1985-06-01", "labour": {"able": True, "wants_public_job": True}}
    document = household(adult)
    new = answer(document, "employment.public_job", NEW, standards())
    old = answer(document, "employment.public_job", OLD, standards())
    assert (says(new), new.strength.value) == ("eligible 1399", "must")
    assert (says(old), old.strength.value) == ("eligible 1399", "pilot")
    assert says(answer(document, "employment.public_job_floor", OLD, standards())) == "fail"
    assert answers(document, "employment.public_job_floor", NEW, standards()) == []
    nobody = household({"labour": {"wants_public_job": False}})
    assert says(answer(nobody, "employment.public_job_floor", OLD)) == "not_applicable"


@pytest.mark.parametrize("day", [OLD, NEW])
@pytest.mark.parametrize("rule", ["employment.public_job", "employment.startup"])
def test_a_child_under_16_is_not_asked_about_work(rule: str, day: date) -> None:
    def outcome(birth_date: str) -> list[str]:
        document = household({"birth_date": birth_date})
        found = answers(document, rule, day, standards())
        return [says(f) for f in found if f.outcome is not Outcome.NOT_APPLICABLE]

    birthday = day.replace(year=day.year - 16)
    asked = [] if (rule, day) == ("employment.startup", OLD) else ["unknown"]
    assert outcome(birthday.isoformat()) == asked
    assert outcome((birthday + timedelta(days=1)).isoformat()) == []


def test_a_household_that_is_not_registered_has_no_public_job() -> None:
    document = household({})
    document["registration"]["registered_poor"] = False
    assert says(answer(document, "employment.public_job", NEW, standards())) == "ineligible"


def test_training_classes() -> None:
    vocational = record("training_class", type="vocational", participants=30)
    for registered, outcome in ((15, "ineligible"), (16, "eligible")):
        document = {**vocational, "registered_participants": registered}
        assert says(answer(document, "employment.class_simplified")) == outcome
        assert says(answer(document, "employment.class_cost")) == "not_applicable"
        assert answers(document, "employment.class_simplified", OLD, None) == []
    farming = record("training_class", type="practical_farming", participants=30, days=2)
    for cost, outcome in (("6000", "pass"), ("6000.01", "fail")):
        assert says(answer({**farming, "total_cost": cost}, "employment.class_cost")) == outcome
    for placed, outcome in ((0, "ineligible"), (1, "eligible")):
        document = {**vocational, "graduates_placed_one_year": placed}
        for day in (NEW, OLD):
            assert says(answer(document, "employment.placement_service", day)) == outcome


@pytest.mark.parametrize(
    ("title", "fee", "hours", "outcome"),
    [
        ("intermediate_or_below", "200", "3", "pass"),
        ("intermediate_or_below", "200.01", "3", "fail"),
        ("senior", "300", "3", "pass"),
        ("senior", "300.01", "3", "fail"),
        ("senior", "300", "2.99", "fail"),
        (None, "200", "3", "pass"),
        (None, "250", "3", "unknown"),
        (None, "300.01", "3", "fail"),
    ],
)
def test_teachers(title: str | None, fee: str, hours: str, outcome: str) -> None:
    teacher = {
        "teacher_id": "a",
        "title": title,
        "fee_per_half_day": fee,
        "hours_per_half_day": hours,
    }
    document = record("training_class", type="practical_farming", teachers=[teacher])
    assert says(answer(document, "employment.teacher_fee")) == outcome


def test_social_insurance_of_employees() -> None:
    worker = {
        "employee_id": "a",
        "registered_poor": True,
        "contract_months": 12,
        "subsidised_months": 35,
        "paid_pension": "500.10",
        "paid_medical": 200,
        "paid_unemployment": "10.50",
        "paid_other": 999,
    }
    cases: list[tuple[Facts, str, str]] = [
        ({}, "eligible 710.6", "eligible 710.6"),
        ({"contract_months": 11}, "ineligible", "ineligible"),
        ({"subsidised_months": 36}, "ineligible", "eligible 710.6"),
        ({"registered_poor": False}, "ineligible", "ineligible"),
    ]
    for facts, new, old in cases:
        document = record("enterprise", in_poor_area=True, employees=[{**worker, **facts}])
        assert says(answer(document, "enterprise.social_insurance", NEW)) == new
        assert says(answer(document, "enterprise.social_insurance", OLD)) == old


def test_partner_award() -> None:
    partner = {
        "household_no": "h1",
        "registered_poor": True,
        "mode": "company_farmer",
        "out_of_poverty": True,
        "since": "2015-06-01",
        "already_paid": False,
    }
    for facts, outcome in (
        ({}, "eligible 3000"),
        ({"since": "2015-06-02"}, "ineligible"),
        ({"already_paid": True}, "ineligible"),
        ({"mode": "other"}, "ineligible"),
    ):
        document = record("enterprise", partners=[{**partner, **facts}])
        assert says(answer(document, "enterprise.partner_award")) == outcome


INDUSTRY = {
    "in_poor_area": True,
    "poor_county": True,
    "national_poor_county": True,
    "industrial": True,
    "legal_person": True,
    "new_investment": True,
    "uses_local_resources": True,
    "restricted_or_prohibited": False,
    "in_encouraged_catalogue": True,
    "first_revenue_year": 2013,
}


@pytest.mark.parametrize(
    ("rule", "facts", "outcome"),
    [
        ("tax.local_share", {}, "eligible"),
        ("tax.local_share", {"first_revenue_year": 2012}, "ineligible"),
        ("tax.local_share", {"first_revenue_year": None}, "unknown"),
        ("tax.local_share", {"restricted_or_prohibited": True}, "ineligible"),
        ("tax.national_county", {"first_revenue_year": 2008}, "eligible"),
        ("tax.national_county", {"first_revenue_year": 2007}, "ineligible"),
        ("tax.western_15", {"encouraged_revenue_share": "0.70"}, "eligible"),
        ("tax.western_15", {"encouraged_revenue_share": "0.6999"}, "ineligible"),
        ("tax.high_tech_15", {"high_tech": True, "technology_service": True}, "eligible"),
        ("donation", {"donation": 500, "annual_profit": 1000}, "eligible 120"),
        ("donation", {"donation": 100, "annual_profit": 1000}, "eligible 100"),
        ("donation", {"donation": 100, "annual_profit": -1000}, "eligible 0"),
    ],
)
def test_taxes(rule: str, facts: Facts, outcome: str) -> None:
    document = record("enterprise", **{**INDUSTRY, **facts})
    for day in (NEW, OLD):
        assert says(answer(document, f"enterprise.{rule}", day)) == outcome


def test_small_profit_until_the_end_of_2017() -> None:
    small = {
        "industrial": True,
        "total_assets": 30000000,
        "employee_count": 100,
        "taxable_income": 300000,
    }
    cases: list[tuple[Facts, date, str]] = [
        ({}, date(2017, 12, 31), "eligible 30000"),
        ({}, date(2018, 1, 1), "ineligible"),
        ({"scale": "medium"}, NEW, "ineligible"),
        ({"total_assets": "30000000.01"}, NEW, "ineligible"),
        ({"employee_count": 101}, NEW, "ineligible"),
        ({"taxable_income": "300000.01"}, NEW, "ineligible"),
        ({"taxable_income": None}, NEW, "unknown"),
    ]
    for facts, day, outcome in cases:
        document = record("enterprise", **{**small, **facts})
        assert says(answer(document, "enterprise.tax.small_profit", day)) == outcome


def test_the_fund_changed_whom_it_serves() -> None:
    newcomer = {
        "in_poor_area": True,
        "poor_county": False,
        "scale": "medium",
        "introduced_from_outside_city": True,
        "raises_poor_income": True,
        "sector": "supply_chain",
        "project": "none",
    }
    grown = {**newcomer, "poor_county": True, "project": "rebuild_expand", "sector": "other"}
    assert says(answer(record("enterprise", **newcomer), "enterprise.fund", OLD)) == "eligible"
    assert says(answer(record("enterprise", **newcomer), "enterprise.fund", NEW)) == "ineligible"
    assert says(answer(record("enterprise", **grown), "enterprise.fund", OLD)) == "ineligible"
    assert says(answer(record("enterprise", **grown), "enterprise.fund", NEW)) == "eligible"


def test_relending_is_new() -> None:
    facts = {"type": "cooperative", "ecommerce": True, "brings_registered_households": True}
    document = record("enterprise", **facts)
    assert says(answer(document, "ecommerce.relending", NEW)) == "eligible"
    assert answers(document, "ecommerce.relending", OLD, None) == []
    assert says(answer({**document, "type": "collective"}, "ecommerce.relending")) == "ineligible"


STAY = {
    "stay_id": "s1",
    "place": "in_area",
    "level": "county",
    "total": "12000",
    "in_scope": "10000",
    "major_spend": "0",
    "aid": "0",
    "in_county": True,
}


def patient(insured: bool = True, **stay: Any) -> Facts:
    return household({"health": {"insured": insured}, "stays": [{**STAY, **stay}]})


@pytest.mark.parametrize(
    ("rule", "stay", "outcome"),
    [
        ("basic_rate", {}, "eligible 9600"),
        ("basic_rate", {"in_scope": "400"}, "eligible 0"),
        ("basic_rate", {"in_scope": "399"}, "eligible 0"),
        ("basic_rate", {"place": "unreferred_out"}, "ineligible"),
        ("major_illness", {"major_spend": "5000"}, "eligible 0"),
        ("major_illness", {"major_spend": "5000.01"}, "eligible 0.01"),
        ("major_illness", {"major_spend": "55000"}, "eligible 30000"),
        ("major_illness", {"major_spend": "56000"}, "eligible 31000"),
        ("commercial_top_up", {}, "eligible 1200"),
        ("commercial_top_up", {"reimbursed": "10800"}, "ineligible"),
        ("commercial_top_up", {"reimbursed": "10799.99"}, "eligible 0.01"),
        ("commercial_top_up", {"place": "unreferred_out"}, "unknown"),
        ("pay_after", {}, "eligible"),
        ("pay_after", {"in_county": False}, "ineligible"),
    ],
)
def test_stays(rule: str, stay: Facts, outcome: str) -> None:
    assert says(answer(patient(**stay), f"health.{rule}", NEW, standards())) == outcome
    assert bool(answers(patient(**stay), f"health.{rule}", OLD, None)) == (rule == "pay_after")


def hospital_year(*stays: tuple[str, str | None, str | None]) -> dict[str, str]:
    """What major illness insurance pays for each stay, given as id, discharge day and total so far."""
    document = patient()
    document["members"][0]["stays"] = [
        {**STAY, "stay_id": name, "on": on, "major_spend": total} for name, on, total in stays
    ]
    found = answers(document, "health.major_illness", NEW, standards())
    return {finding.subject.removeprefix("stay:"): says(finding) for finding in found}


@pytest.mark.parametrize(
    ("stays", "outcomes"),
    [
        ([("s1", "2017-02-01", "25000"), ("s2", "2017-05-01", "40000")],
         {"s1": "eligible 12000", "s2": "eligible 9000"}),
        ([("s1", None, "40000"), ("s2", None, "25000"), ("s3", None, "55000")],
         {"s1": "eligible 9000", "s2": "eligible 12000", "s3": "eligible 9000"}),
        ([("s1", "2016-12-31", "25000"), ("s2", "2017-01-01", "40000")],
         {"s1": "eligible 12000", "s2": "eligible 21000"}),
        ([("s1", "2016-12-31", "25000"), ("s2", None, "40000")],
         {"s1": "eligible 12000", "s2": "eligible 9000"}),
        ([("s2", None, "25000"), ("s1", None, "25000")],
         {"s1": "eligible 12000", "s2": "eligible 0"}),
        ([("s1", None, "5000"), ("s2", None, None)],
         {"s1": "eligible 0", "s2": "eligible"}),
    ],
)  # fmt: skip
def test_a_stay_brings_what_is_new_in_its_year(
    stays: list[tuple[str, str | None, str | None]], outcomes: dict[str, str]
) -> None:
    assert hospital_year(*stays) == outcomes


def test_a_stay_asks_for_the_totals_of_the_others() -> None:
    document = patient(major_spend="25000")
    document["members"][0]["stays"].append({**STAY, "stay_id": "s2", "major_spend": None})
    first, second = answers(document, "health.major_illness", NEW, standards())
    missing = ("members[m1].stays[s2].major_spend",)
    assert (says(first), first.missing) == ("eligible", missing)
    assert (says(second), second.missing) == ("eligible", missing)


def test_stays_without_a_day_carry_a_note() -> None:
    document = patient(major_spend="25000")
    [alone] = answers(document, "health.major_illness", NEW, standards())
    document["members"][0]["stays"].append({**STAY, "stay_id": "s2", "on": "2017-02-01"})
    first, _ = answers(document, "health.major_illness", NEW, standards())
    note = "有住院没有登记出院日期：按同一年计算。"
    assert note not in [step.text.zh for step in alone.steps]
    assert note in [step.text.zh for step in first.steps]


def test_a_stay_nobody_pays_for_asks_what_was_reimbursed() -> None:
    asked = ("members[m1].stays[s1].reimbursed",)
    for document in (patient(place="unreferred_out"), patient(insured=False)):
        assert answer(document, "health.commercial_top_up", NEW, standards()).missing == asked
    without = answer(patient(), "health.commercial_top_up", NEW)
    assert "standards.health.commercial_top_up" in without.missing


def test_compensation_of_major_illness_in_2016() -> None:
    for paid, outcome in (("8400", "pass"), ("8399.99", "fail")):
        finding = answer(
            patient(major_spend="1", reimbursed=paid), "health.major_compensation", OLD
        )
        assert (says(finding), finding.strength.value) == (outcome, "about")
    assert says(answer(patient(), "health.major_compensation", OLD)) == "not_applicable"
    assert answers(patient(), "health.major_compensation", NEW, None) == []


def test_insurance_records_and_doctors() -> None:
    member = {"health": {"insured": False, "premium_covered": False, "record": True, "card": False}}
    document = household(member, health={"contract_doctor": False})
    for day in (NEW, OLD):
        assert says(answer(document, "health.enrolment", day)) == "fail"
        assert says(answer(document, "health.record_and_card", day)) == "fail"
        assert says(answer(document, "health.contract_doctor", day)) == "fail"
        assert says(answer(document, "health.premium_subsidy", day, standards())) == "eligible 90"
    document["registration"]["registered_poor"] = False
    assert says(answer(document, "health.enrolment")) == "not_applicable"
    assert says(answer(document, "health.premium_subsidy")) == "ineligible"


@pytest.mark.parametrize(
    ("rule", "facts", "outcome", "strength"),
    [
        ("broadband", {"fibre": True, "broadband_mbps": 8}, "pass", "must"),
        ("broadband", {"fibre": True, "broadband_mbps": "7.99"}, "fail", "must"),
        ("broadband", {"fibre": False}, "fail", "must"),
        ("courier", {"courier_hours": 48, "poor_village": False}, "pass", "must"),
        ("courier", {"courier_hours": "48.5", "poor_village": False}, "fail", "must"),
        (
            "courier",
            {"courier_hours": 48, "poor_village": True, "courier_point": False},
            "fail",
            "must",
        ),
        ("ecommerce_point", {"ecommerce_point": False}, "fail", "should"),
        ("clinic", {"clinic_standard": False, "poor_village": True}, "fail", "must"),
        ("clinic", {"clinic_standard": True, "poor_village": False}, "pass", "must"),
        (
            "clinic",
            {"clinic_standard": True, "poor_village": True, "clinic_device": False},
            "fail",
            "should",
        ),
        ("industry", {"poor_village": True, "leading_industry": False}, "fail", "should"),
        ("industry", {"poor_village": False}, "not_applicable", "should"),
        ("doctor_training", {"doctor_trainings": 2, "doctor_training_days": 14}, "pass", "must"),
        ("doctor_training", {"doctor_trainings": 1, "doctor_training_days": 30}, "fail", "must"),
        ("doctor_training", {"doctor_trainings": 3, "doctor_training_days": 13}, "fail", "must"),
    ],
)
def test_village(rule: str, facts: Facts, outcome: str, strength: str) -> None:
    for day in (NEW, OLD):
        finding = answer(record("village", **facts), f"village.{rule}", day)
        assert (says(finding), finding.strength.value) == (outcome, strength)


def test_village_targets_by_their_day() -> None:
    late = answer(
        record("village", ecommerce_point=False), "village.ecommerce_point", date(2021, 1, 1)
    )
    assert late.strength.value == "in_principle"
    early = answer(record("village", courier_hours=99), "village.courier", date(2016, 12, 31))
    assert says(early) == "not_applicable"


def rates(documents: list[Facts], on: date) -> dict[str, Finding]:
    reading = [read_record(document) for document in documents]
    return {f.rule: f for f in indicators("451024", reading, on).findings}


def test_county_rates_leave_out_what_is_not_recorded() -> None:
    households = [
        household(water={"tap": True, "centralised": True}),
        household(water={"tap": False, "centralised": True}),
        household(),
    ]
    found = rates(households, NEW)
    tap = found["water.target.tap"]
    assert (says(tap), tap.value, tap.limit) == ("fail", Decimal(50), Decimal(76))
    assert "未计入1" in tap.explanation.zh
    assert says(found["water.target.centralised"]) == "pass"
    assert says(found["water.target.quality"]) == "unknown"
    assert found["water.target.quality"].clause == "water/1/2"


def test_county_targets_by_version_and_year() -> None:
    households = [household(water={"quality_ok": True, "centralised": True, "tap": True})]
    old = rates(households, date(2017, 1, 1))
    assert "water.target.centralised" not in old
    assert old["water.target.tap"].limit == Decimal(75)
    assert rates(households, date(2016, 12, 31)) == {}
    later = rates(households, date(2020, 1, 1))
    assert later["water.target.centralised"].limit == Decimal(83)
    assert later["water.target.quality"].strength.value == "should"
    assert later["water.target.tap"].clause == "water/1/3"


def test_children_in_school() -> None:
    def child(born: str, **schooling: Any) -> Facts:
        return household({"birth_date": born, "schooling": schooling})

    found = rates(
        [
            child("2014-06-01", stage="preschool"),
            child("2014-06-02", stage="none"),
            child("2011-06-01", stage="preschool"),
            child("2005-06-01", stage="none"),
            child("2002-06-01", stage="none", completed_compulsory=True),
            child("2002-06-01", stage="senior_high"),
            child("1999-06-02", stage="secondary_vocational"),
            child("1980-01-01", stage="none"),
        ],
        NEW,
    )
    assert found["education.target.preschool"].value == Decimal(100)
    assert found["education.target.retention"].value == Decimal(75)
    assert found["education.target.senior_high"].value == Decimal("66.6667")
