"""The housing plan in both texts, at each bound, from the clause."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from ruhu.errors import UserError
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.finding import Finding
from ruhu.policy.evaluation.record_reader import read_record
from ruhu.policy.standards.model import Standards
from ruhu.policy.standards.parser import parse_standards

NEW, OLD = date(2017, 3, 21), date(2017, 3, 20)
SAMPLE = {
    "county": "451024",
    "valid_from": "2016-01-01",
    "housing": {
        "subsidy": {"extreme": 32000, "special": 28000, "medium": 24000, "general": 20001},
        "category_from_score": {"extreme": 30, "special": 40, "medium": 50, "general": 63},
    },
}
DROP = object()


def changed(document: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    out = deepcopy(document)
    for path, value in facts.items():
        target = out
        *sections, name = path.split(".")
        for section in sections:
            target = target.setdefault(section, {})
        if value is DROP:
            target.pop(name, None)
        else:
            target[name] = value
    return out


def answer(
    document: dict[str, Any],
    rule: str,
    facts: dict[str, Any],
    on: date = NEW,
    standards: Standards | None = None,
) -> Finding:
    reading = read_record(changed(document, facts))
    found = assess(reading, on=on, standards=standards, show_all=True).findings
    return next(f for f in found if f.rule == rule)


def area(persons: int, net: str, **more: Any) -> dict[str, Any]:
    return {
        "population": persons,
        "housing.floor_area_m2": net,
        "housing.storage_area_m2": "0",
        **{f"housing.{k}": v for k, v in more.items()},
    }


BOUNDS = [
    # persons, net area, day, rule, outcome
    (3, "39", NEW, "housing.area.minimum_per_person", "pass"),
    (3, "38.99", NEW, "housing.area.minimum_per_person", "fail"),
    (3, "60", NEW, "housing.area.up_to_three", "pass"),
    (3, "60.01", NEW, "housing.area.up_to_three", "fail"),
    (4, "60.01", NEW, "housing.area.up_to_three", "not_applicable"),
    (4, "72", NEW, "housing.area.four_or_more", "pass"),
    (4, "72.01", NEW, "housing.area.four_or_more", "fail"),
    (3, "72.01", NEW, "housing.area.four_or_more", "not_applicable"),
    (4, "80", OLD, "housing.area.up_to_four", "pass"),
    (4, "80.01", OLD, "housing.area.up_to_four", "fail"),
    (5, "80.01", OLD, "housing.area.up_to_four", "not_applicable"),
    (5, "90", OLD, "housing.area.five_or_more", "pass"),
    (5, "90.01", OLD, "housing.area.five_or_more", "fail"),
    (4, "90.01", OLD, "housing.area.five_or_more", "not_applicable"),
    (7, "126.01", NEW, "housing.area.four_or_more", "fail"),
    (7, "126", NEW, "housing.area.four_or_more", "pass"),
]


@pytest.mark.parametrize(("persons", "net", "on", "rule", "outcome"), BOUNDS)
def test_area_rules_at_their_bounds(
    household: dict[str, Any], persons: int, net: str, on: date, rule: str, outcome: str
) -> None:
    assert answer(household, rule, area(persons, net), on).outcome == outcome


@pytest.mark.parametrize(
    ("on", "strength"), [(NEW, "should"), (OLD, "must")], ids=["2017 text", "2016 text"]
)
def test_without_own_funds_sixty_is_the_limit(
    household: dict[str, Any], on: date, strength: str
) -> None:
    for net, outcome in (("60", "pass"), ("60.01", "fail")):
        found = answer(
            household, "housing.area.no_self_funding", area(4, net, self_funding=False), on
        )
        assert (found.outcome, found.strength) == (outcome, strength)


def test_storage_is_left_out_only_under_the_2017_text(household: dict[str, Any]) -> None:
    facts = {"population": 3, "housing.floor_area_m2": "68", "housing.storage_area_m2": "8"}
    new = answer(household, "housing.area.range", facts, NEW)
    old = answer(household, "housing.area.range", facts, OLD)
    assert (str(new.value), str(old.value)) == ("60", "68")


def test_the_range_takes_the_tightest_bound_and_its_strength(household: dict[str, Any]) -> None:
    facts = {**area(2, "41"), "registration.attribute": "five_guarantee"}
    found = answer(household, "housing.area.range", facts)
    assert (found.outcome, str(found.limit), found.strength) == ("fail", "40", "should")
    low = answer(household, "housing.area.range", area(4, "51"))
    assert (low.outcome, low.strength, str(low.limit)) == ("fail", "in_principle", "72")


@pytest.mark.parametrize(
    "facts",
    [
        area(5, "62", self_funding=False),
        {**area(4, "20"), "registration.attribute": "five_guarantee"},
        {**area(5, "62", self_funding=False), "housing.floor_area_m2": DROP,
         "housing.storage_area_m2": DROP},
    ],
    ids=["no funds, five persons", "five-guarantee, four persons", "whatever the area"],
)  # fmt: skip
def test_bounds_that_cannot_both_be_met_are_a_conflict(
    household: dict[str, Any], facts: dict[str, Any]
) -> None:
    found = answer(household, "housing.area.range", facts)
    assert (found.outcome, found.missing) == ("conflict", ())


def test_an_open_attribute_matters_only_between_the_two_limits(household: dict[str, Any]) -> None:
    open_ = {"registration.attribute": DROP, "housing.self_funding": DROP}
    small = answer(household, "housing.area.range", {**area(3, "40"), **open_})
    between = answer(household, "housing.area.range", {**area(3, "41"), **open_})
    large = answer(household, "housing.area.range", {**area(3, "61"), **open_})
    assert small.outcome == "pass"
    assert (between.outcome, between.missing) == ("unknown", ("registration.attribute",))
    assert large.outcome == "fail"
    rule = "housing.area.five_guarantee"
    assert answer(household, rule, {**area(3, "40"), **open_}).outcome == "pass"
    found = answer(household, rule, {**area(3, "41"), **open_})
    assert (found.outcome, found.missing) == ("unknown", ("registration.attribute",))


def test_without_the_way_of_renovation_every_area_rule_is_open(household: dict[str, Any]) -> None:
    found = answer(
        household, "housing.area.up_to_three", {**area(3, "50"), "housing.renovation": DROP}
    )
    assert (found.outcome, found.missing) == ("unknown", ("housing.renovation",))


def test_persons_are_the_population_else_the_members(household: dict[str, Any]) -> None:
    found = answer(
        household, "housing.area.minimum_per_person", {**area(3, "26"), "population": DROP}
    )
    assert str(found.value) == "13"
    differing = answer(household, "housing.area.minimum_per_person", area(3, "39"))
    assert any("人数不同" in step.text.zh for step in differing.steps)


@pytest.mark.parametrize(
    ("facts", "outcome", "missing"),
    [
        ({}, "eligible", ()),
        ({"housing.danger_grade": "C"}, "eligible", ()),
        ({"housing.danger_grade": "B"}, "ineligible", ()),
        ({"registration.registered_poor": False, "housing.danger_grade": DROP}, "ineligible", ()),
        ({"housing.relocation_listed": True, "housing.danger_grade": DROP}, "ineligible", ()),
        ({"housing.danger_grade": DROP}, "unknown", ("housing.danger_grade",)),
        (
            {"housing.danger_grade": DROP, "housing.relocation_listed": DROP},
            "unknown",
            ("housing.danger_grade", "housing.relocation_listed"),
        ),
    ],
)
def test_who_falls_under_the_plan(
    household: dict[str, Any], facts: dict[str, Any], outcome: str, missing: tuple[str, ...]
) -> None:
    found = answer(household, "housing.eligible", facts)
    assert (found.outcome, found.missing) == (outcome, missing)


@pytest.mark.parametrize(
    ("facts", "amount", "missing"),
    [
        ({"registration.score": "30"}, "32000", ()),
        ({"registration.score": "30.01"}, "28000", ()),
        ({"registration.score": "63"}, "20001", ()),
        ({"registration.score": "63.5"}, None, ("registration.poverty_category",)),
        ({"registration.score": DROP}, None, ("registration.poverty_category",)),
        ({"registration.poverty_category": "extreme"}, "32000", ()),
        ({"housing.renovation": "repair", "registration.score": "63"}, "10000.50", ()),
        ({"housing.renovation": DROP}, None, ("housing.renovation",)),
    ],
)
def test_subsidy_by_category_or_score(
    household: dict[str, Any], facts: dict[str, Any], amount: str | None, missing: tuple[str, ...]
) -> None:
    found = answer(household, "housing.subsidy", facts, standards=parse_standards(SAMPLE))
    assert found.outcome == "eligible"
    assert (None if found.amount is None else str(found.amount)) == amount
    assert found.missing == missing


def test_no_standard_is_named_never_invented(household: dict[str, Any]) -> None:
    facts = {"registration.poverty_category": "medium"}
    found = answer(household, "housing.subsidy", facts)
    assert (found.amount, found.missing) == (None, ("standards.housing.subsidy.medium",))


def test_standards_of_another_county_or_a_later_day_count_as_none(
    household: dict[str, Any],
) -> None:
    facts = {"registration.poverty_category": "medium"}
    for change in ({"county": "451025"}, {"valid_from": "2017-03-22"}):
        standards = parse_standards({**SAMPLE, **change})
        assert answer(household, "housing.subsidy", facts, standards=standards).amount is None


@pytest.mark.parametrize(
    ("facts", "outcome", "value"),
    [
        ({}, "eligible", "1"),
        ({"place.poor_county": False}, "eligible", "1"),
        ({"place.poor_county": False, "place.poor_village": False}, "eligible", "2"),
        ({"place.poor_county": DROP, "place.poor_village": DROP}, "eligible", None),
        ({"housing.relocation_listed": True}, "ineligible", None),
        ({"housing.danger_grade": "A"}, "eligible", "1"),
    ],
)
def test_priority_in_the_years_plan(
    household: dict[str, Any], facts: dict[str, Any], outcome: str, value: str | None
) -> None:
    found = answer(household, "housing.priority", facts)
    assert found.outcome == outcome
    if outcome == "eligible":
        assert (None if found.value is None else str(found.value)) == value


STAGES = ["identified", "applied", "appraised", "publicised"]


@pytest.mark.parametrize(
    ("dates", "stage", "outcome"),
    [
        (["2017-01-01", "2017-01-01", "2017-02-01", "2017-02-10"], "publicised", "pass"),
        (["2017-01-01", "2016-12-31", "2017-02-01", "2017-02-10"], "publicised", "fail"),
        (["2017-01-01", "2017-01-02"], "publicised", "fail"),
        (["2017-01-01", None, "2017-02-01"], "publicised", "unknown"),
        ([], "identified", "pass"),
    ],
)
def test_stages_follow_each_other(
    household: dict[str, Any], dates: list[str | None], stage: str, outcome: str
) -> None:
    steps = [
        {"stage": name, **({"on": on} if on else {})}
        for name, on in zip(STAGES, dates, strict=False)
    ]
    facts = {"housing.stages": steps, "housing.stage": stage}
    assert answer(household, "housing.procedure", facts).outcome == outcome


PAID = {
    "housing.stage": "paid",
    "housing.paid_amount": "28000",
    "housing.card_account": "6217",
    "housing.stages": [{"stage": "accepted", "on": "2017-02-01"}],
}


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"housing.stage": "accepted", "housing.card_account": "6217"}, "pass"),
        ({"housing.stage": "accepted", "housing.card_account": ""}, "fail"),
        ({"housing.stage": "accepted", "housing.card_account": " "}, "fail"),
        ({"housing.stage": "accepted"}, "unknown"),
        ({"housing.stage": "building"}, "not_applicable"),
        (PAID, "pass"),
        ({**PAID, "housing.paid_amount": "27999"}, "fail"),
        ({**PAID, "housing.stages": []}, "fail"),
        ({**PAID, "housing.card_account": ""}, "fail"),
        ({**PAID, "housing.card_account": None}, "unknown"),
        ({**PAID, "registration.registered_poor": False}, "fail"),
        ({**PAID, "housing.danger_grade": "B"}, "fail"),
        ({**PAID, "housing.relocation_listed": True}, "fail"),
        ({**PAID, "housing.stage": "accepted", "housing.danger_grade": "B"}, "not_applicable"),
    ],
)  # fmt: skip
def test_payment(household: dict[str, Any], facts: dict[str, Any], outcome: str) -> None:
    found = answer(household, "housing.payment", facts, standards=parse_standards(SAMPLE))
    assert found.outcome == outcome


@pytest.mark.parametrize(
    ("grade", "way", "outcome"),
    [("D", "rebuild", "pass"), ("D", "repair", "fail"), ("C", "repair", "pass"),
     ("C", "rebuild", "fail"), ("A", "rebuild", "not_applicable")],
)  # fmt: skip
def test_method_for_the_grade(
    household: dict[str, Any], grade: str, way: str, outcome: str
) -> None:
    facts = {"housing.danger_grade": grade, "housing.renovation": way}
    found = answer(household, "housing.method", facts)
    assert (found.outcome, found.strength) == (outcome, "should")


def test_the_version_changes_on_the_day_of_the_notice(household: dict[str, Any]) -> None:
    reading = read_record(household)
    assert assess(reading, on=OLD).policy == "gx-2016-9"
    assert assess(reading, on=NEW).policy == "gx-2017-43"


def test_nothing_before_2016_is_assessed(household: dict[str, Any]) -> None:
    with pytest.raises(UserError) as caught:
        assess(read_record(household), on=date(2015, 12, 31))
    assert "2016-01-01" in caught.value.text.zh


def test_an_assessment_can_be_worked_out_again(household: dict[str, Any]) -> None:
    first, second = (assess(read_record(household), on=NEW) for _ in range(2))
    assert first == second
    other = assess(read_record(changed(household, {"population": 4})), on=NEW)
    assert other.facts_hash != first.facts_hash
