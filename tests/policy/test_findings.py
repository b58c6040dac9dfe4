"""Kleene's promise: what is decided stays decided, whatever the absent facts turn out to be."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.finding import Outcome
from ruhu.policy.evaluation.record_reader import read_record

BASE: dict[str, Any] = {
    "record_id": "fb5db162-d1ed-5596-adab-abdae880b3b4",
    "kind": "household",
    "survey": {"date": "2017-06-01"},
}
maybe = st.booleans() | st.none()
area = st.sampled_from(["20", "39", "40", "52", "59", "60", "61", "72", "73", "90"]) | st.none()


@st.composite
def households(draw: st.DrawFn) -> dict[str, Any]:
    word = st.sampled_from
    return {
        **BASE,
        "population": draw(st.integers(1, 7) | st.none()),
        "place": {"poor_county": draw(maybe), "poor_village": draw(maybe)},
        "registration": {
            "registered_poor": draw(maybe),
            "attribute": draw(word(["general", "low_income", "five_guarantee"]) | st.none()),
            "poverty_category": draw(word(["extreme", "general"]) | st.none()),
        },
        "housing": {
            "danger_grade": draw(word(["A", "B", "C", "D"]) | st.none()),
            "relocation_listed": draw(maybe),
            "renovation": draw(word(["rebuild", "repair"]) | st.none()),
            "floor_area_m2": draw(area),
            "self_funding": draw(maybe),
        },
    }


def fill(document: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    out = json.loads(json.dumps(document))
    for name, value in whole.items():
        if isinstance(value, dict):
            out[name] = fill(out.get(name) or {}, value)
        elif out.get(name) is None:
            out[name] = value
    return dict(out)


@given(households(), households())
@settings(max_examples=150)
def test_decided_answers_never_flip_when_a_missing_fact_arrives(
    partial: dict[str, Any], more: dict[str, Any]
) -> None:
    before = assess(read_record(partial), show_all=True).findings
    after = {f.rule: f for f in assess(read_record(fill(partial, more)), show_all=True).findings}
    for finding in before:
        if finding.outcome is Outcome.UNKNOWN:
            assert finding.missing
            continue
        later = after[finding.rule].outcome
        # A check that passes whether or not it applies may turn out not to apply.
        passes = finding.outcome is Outcome.PASS and later is Outcome.NOT_APPLICABLE
        assert later is finding.outcome or passes, finding.rule


@given(households())
def test_every_finding_explains_itself_in_both_languages(document: dict[str, Any]) -> None:
    for finding in assess(read_record(document)).findings:
        assert finding.clause
        assert finding.steps
        for step in finding.steps:
            assert step.text.zh
            assert step.text.en
