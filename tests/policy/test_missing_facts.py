"""Absent facts: what they leave open, what is decided without them, and what is asked for."""

from copy import deepcopy
from typing import Any

import pytest
from tests.policy.test_plans import NEW, OLD, answer, household, record, says, standards

from ruhu.policy.standards.parser import parse_standards

STAGE = ("members[m1].schooling.stage",)


def pupil(registered: bool | None, **schooling: Any) -> dict[str, Any]:
    document = household({"schooling": schooling})
    document["registration"] = {"registered_poor": registered}
    return document


def test_without_the_stage_of_schooling_an_award_is_open_whatever_else_is_known() -> None:
    for rule, facts in (
        ("boarding", {"boarding": False}),
        ("university_entry", {"new_student": False}),
        ("rain_undergraduate", {"full_time": False}),
    ):
        finding = answer(pupil(True, **facts), f"education.{rule}")
        assert (says(finding), finding.missing) == ("unknown", STAGE)


def test_what_else_counts_is_asked_for_with_the_stage() -> None:
    finding = answer(pupil(None, boarding=False), "education.boarding")
    assert finding.missing == ("registration.registered_poor", *STAGE)
    finding = answer(pupil(True), "education.boarding")
    assert finding.missing == (*STAGE, "members[m1].schooling.boarding")


def test_who_is_not_registered_is_not_asked_for_the_stage() -> None:
    for day in (NEW, OLD):
        finding = answer(pupil(False), "education.free_schooling", day)
        assert (says(finding), finding.missing) == ("ineligible", ())
    assert says(answer(pupil(False, stage="none"), "education.boarding")) == "not_applicable"


def test_without_its_type_a_training_or_a_class_is_open() -> None:
    member = {"labour": {"able": False, "farming": False}, "trainings": [{"training_id": "t1"}]}
    for rule in ("skill_training", "practical_farming"):
        finding = answer(household(member), f"employment.{rule}")
        assert finding.missing == ("members[m1].trainings[t1].type",)
    held = record("training_class", participants=30, registered_participants=15)
    assert answer(held, "employment.class_simplified").missing == ("type",)


@pytest.mark.parametrize(
    "rule", ["up_to_three", "five_guarantee", "no_self_funding", "minimum_per_person", "range"]
)
def test_where_only_the_way_of_renovation_counts_nothing_else_is_asked_for(rule: str) -> None:
    document = household(population=2, housing={"floor_area_m2": "39"})
    del document["registration"]["registered_poor"]
    finding = answer(document, f"housing.area.{rule}")
    assert (says(finding), finding.missing) == ("unknown", ("housing.renovation",))


def test_the_persons_are_not_asked_for_where_any_number_of_them_would_do() -> None:
    document = household(housing={"floor_area_m2": "80"})
    document["members"] = []
    finding = answer(document, "housing.area.up_to_four", OLD)
    assert finding.missing == ("housing.renovation",)


def test_a_score_without_the_countys_bounds_names_those_that_can_decide() -> None:
    document = household(
        housing={"danger_grade": "D", "relocation_listed": False, "renovation": "rebuild"}
    )
    document["registration"]["score"] = "40"
    county: dict[str, Any] = {
        "county": "451024",
        "valid_from": "2016-01-01",
        "housing": {
            "subsidy": {"extreme": 32000, "special": 28000, "medium": 24000, "general": 20000},
            "category_from_score": {"extreme": 30, "medium": 50},
        },
    }
    bound = "standards.housing.category_from_score"
    for bounds, asked in (
        ({"extreme": 30, "medium": 50}, (f"{bound}.special",)),
        ({"medium": 50}, (f"{bound}.extreme", f"{bound}.special")),
        ({"extreme": 30, "special": 40}, None),
    ):
        given = deepcopy(county)
        given["housing"]["category_from_score"] = bounds
        finding = answer(document, "housing.subsidy", county=parse_standards(given))
        if asked is None:
            assert (says(finding), finding.missing) == ("eligible 28000", ())
        else:
            wanted = ("registration.poverty_category", *asked)
            assert (says(finding), finding.missing) == ("eligible", wanted)
    del document["registration"]["score"]
    finding = answer(document, "housing.subsidy", county=parse_standards(county))
    assert finding.missing == ("registration.poverty_category",)


STEPS = ("identified", "applied", "appraised", "publicised", "reviewed", "approved", "building")


@pytest.mark.parametrize(
    ("housing", "outcome", "missing"),
    [
        ({"stage": "identified"}, "pass", ()),
        ({"stage": "applied"}, "unknown", ("housing.stages",)),
        ({"stages": []}, "unknown", ("housing.stage",)),
        (
            {"stages": [{"stage": "identified"}]},
            "unknown",
            ("housing.stage", "housing.stages[identified].on"),
        ),
        (
            {
                "stage": "applied",
                "stages": [{"stage": "identified", "on": "2017-01-01"}, {"stage": "applied"}],
            },
            "unknown",
            ("housing.stages[applied].on",),
        ),
        (
            {"stages": [{"stage": s, "on": "2017-01-01"} for s in (*STEPS, "accepted")]},
            "pass",
            (),
        ),
    ],
)
def test_the_order_of_a_housing_case_asks_for_what_can_change_it(
    housing: dict[str, Any], outcome: str, missing: tuple[str, ...]
) -> None:
    finding = answer(household(housing=housing), "housing.procedure")
    assert (says(finding), finding.missing) == (outcome, missing)


def test_what_no_absent_fact_can_change_is_decided() -> None:
    risen = household(income={"operating": "10099.99", "operating_last_year": 10000})
    assert says(answer(risen, "farming.income_growth")) == "fail"
    left = household(farming={"insurance": {"policy_based": True}})
    left["registration"]["exit_year"] = 2016
    assert says(answer(left, "farming.insurance_premium")) == "ineligible"
    nobody = record("training_class", type="vocational", registered_participants=0)
    assert says(answer(nobody, "employment.class_simplified")) == "ineligible"


def test_a_registered_business_of_unknown_form_may_be_the_first_of_the_household() -> None:
    document = household()
    trade = {"form": "individual", "operating": True}
    document["members"] = [
        {
            "member_id": "m1",
            "birth_date": "1985-06-01",
            "business": {**trade, "registered_on": "2016-05-01"},
        },
        {
            "member_id": "m2",
            "birth_date": "1986-06-01",
            "business": {"operating": True, "registered_on": "2016-04-01"},
        },
    ]
    finding = answer(document, "employment.startup", county=standards())
    assert (says(finding), finding.missing) == ("unknown", ("members[m2].business.form",))
    document["members"][1]["business"]["registered_on"] = "2016-05-02"
    assert says(answer(document, "employment.startup", county=standards())) == "eligible 12000"
