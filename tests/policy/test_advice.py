"""What to ask next, what the texts change, and the house rebuilt or repaired."""

from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ruhu.policy.advice.comparison import compare
from ruhu.policy.advice.housing_options import housing_options
from ruhu.policy.advice.next_questions import next_questions
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.record_reader import read_record
from ruhu.policy.packs.loader import load_packs
from ruhu.policy.standards.parser import parse_standards
from ruhu.policy.text.condition_text import conditions_in_words
from ruhu.policy.text.rule_page import figure_value, rule_page
from ruhu.survey.models.choices import Renovation

SUBSIDY = {
    "county": "451024",
    "valid_from": "2016-01-01",
    "housing": {"subsidy": {"extreme": 32000, "special": 28000, "medium": 24000, "general": 20000}},
}


def test_the_most_money_is_asked_for_first(household: dict[str, Any]) -> None:
    household["registration"]["poverty_category"] = "extreme"
    del household["housing"]["danger_grade"]
    reading = read_record(household)
    assessment = assess(reading, standards=parse_standards(SUBSIDY))
    first = next_questions(assessment)[0]
    assert first.path == "housing.danger_grade"
    assert first.money == Decimal(32000)
    assert "housing.subsidy" in {finding.rule for finding in first.findings}


def test_every_missing_fact_is_asked_for_once_and_no_standard(household: dict[str, Any]) -> None:
    assessment = assess(read_record(household))
    paths = [question.path for question in next_questions(assessment)]
    wanted = {path for finding in assessment.findings for path in finding.missing}
    assert len(paths) == len(set(paths))
    assert set(paths) == {path for path in wanted if not path.startswith("standards.")}


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "danger_grade": st.sampled_from("ABCD"),
            "relocation_listed": st.booleans(),
            "renovation": st.sampled_from(["rebuild", "repair"]),
            "self_funding": st.booleans(),
        },
    )
)
def test_what_is_asked_for_can_be_answered_until_nothing_is_left(housing: dict[str, Any]) -> None:
    answers = {
        "danger_grade": "D",
        "relocation_listed": False,
        "renovation": "rebuild",
        "self_funding": True,
        "floor_area_m2": "60",
        "storage_area_m2": "0",
        "stage": "identified",
    }
    document: dict[str, Any] = {
        "record_id": "fb5db162-d1ed-5596-adab-abdae880b3b4",
        "kind": "household",
        "survey": {"date": "2017-06-01"},
        "registration": {"registered_poor": True, "attribute": "general"},
        "population": 3,
        "housing": dict(housing),
    }
    for _ in range(len(answers) + 1):
        paths = [question.path for question in next_questions(assess(read_record(document)))]
        asked = [path.removeprefix("housing.") for path in paths if path.startswith("housing.")]
        open_ = [name for name in asked if name in answers]
        if not open_:
            break
        assert open_[0] not in document["housing"]
        document["housing"][open_[0]] = answers[open_[0]]
    assert not open_


def test_the_texts_are_compared_on_the_same_day(household: dict[str, Any]) -> None:
    changes = {c.finding.rule: c for c in compare(read_record(household))}
    boarding = changes["education.boarding"]
    assert boarding.before is None
    assert boarding.after is not None
    assert boarding.after.amount == Decimal(1000)
    old = changes["housing.area.up_to_four"]
    assert (old.before is not None, old.after) == (True, None)
    assert "housing.eligible" not in changes


def test_rebuild_and_repair_side_by_side(household: dict[str, Any]) -> None:
    household["registration"]["poverty_category"] = "special"
    before = deepcopy(household)
    rebuild, repair = housing_options(
        read_record(household), standards=parse_standards(SUBSIDY), on=date(2017, 6, 1)
    )
    assert household == before
    assert (rebuild.renovation, repair.renovation) == (Renovation.REBUILD, Renovation.REPAIR)
    assert (rebuild.lower, rebuild.upper) == (Decimal(39), Decimal(60))
    assert (repair.lower, repair.upper) == (None, None)
    amounts = [
        finding.amount
        for option in (rebuild, repair)
        if (finding := option.finding("housing.subsidy"))
    ]
    assert amounts == [Decimal(28000), Decimal(14000)]


def test_a_rule_has_a_page_for_each_text() -> None:
    pages = rule_page("housing.area.no_self_funding")
    assert [page.pack.id for page in pages] == ["gx-2016-9", "gx-2017-43"]
    assert "housing.self_funding" in {fact.path for fact in pages[0].facts}
    assert [figure.name for figure in pages[0].figures] == ["area_without_funds"]
    assert rule_page("housing.none") == ()


def test_a_rule_of_two_owners_shows_the_conditions_of_each() -> None:
    household, enterprise = rule_page("farming.facility_fee")
    assert "registration.registered_poor" in household.source
    assert any("cooperative" in source for source in enterprise.source)
    assert "建档立卡贫困户" in [condition.zh for condition in household.conditions]
    assert any("合作社" in condition.zh for condition in enterprise.conditions)


def test_every_condition_of_every_rule_is_said_in_both_languages() -> None:
    for pack in load_packs():
        for rule in pack.rules:
            for condition in conditions_in_words(pack, rule):
                assert any("一" <= c <= "鿿" for c in condition.zh)
                assert not any("一" <= c <= "鿿" for c in condition.en)
                assert not set("_{}[]") & set(condition.zh + condition.en)


def test_figures_read_as_decimals() -> None:
    (page, *_) = rule_page("enterprise.tax.western_15")
    assert [figure_value(since.value) for f in page.figures for since in f.series] == ["0.7"]
