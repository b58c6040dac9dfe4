"""Invariants of compiled rules, independent of the pack and of earlier assessments."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.record_strategies import DAYS, records
from tests.policy.test_packs import PLAN, pack_folder

from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.finding import Finding, Outcome
from ruhu.policy.evaluation.record_reader import RecordView, read_record
from ruhu.policy.packs.loader import load_pack, pack_for
from ruhu.resources import resource

DAY = date(2017, 6, 1)
HOSTILE = ('"""', "{k1}", "' + __import__('os').name + '", "\\", "{{{0}}}", "\n    return None\n")


def _household(**facts: object) -> RecordView:
    identity = {"record_id": "fb5db162-d1ed-5596-adab-abdae880b3b4", "kind": "household"}
    return read_record({**identity, **facts})


def _only_finding(folder: Path, plan: str, **facts: object) -> Finding:
    pack = load_pack(pack_folder(folder, plan))
    (finding,) = assess(_household(**facts), on=DAY, pack=pack).findings
    return finding


@pytest.mark.parametrize("text", HOSTILE)
def test_a_packs_texts_are_said_and_never_run(tmp_path: Path, text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    plan = PLAN.replace('"limit"', f'"{escaped}"').replace('"Area"', f'"{escaped}"')
    finding = _only_finding(tmp_path, plan, housing={"floor_area_m2": "61"})
    assert finding.outcome is Outcome.FAIL
    assert finding.title.en == text
    assert any(f"> {text} 60" in step.text.en for step in finding.steps)


def test_true_is_not_the_number_one(tmp_path: Path) -> None:
    plan = PLAN.replace(
        "net <= figure.limit", "(1 if water.tap == true else 2) + 1 == 2 and water.tap == true"
    )
    finding = _only_finding(tmp_path, plan, water={"tap": True})
    assert finding.outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("area", "outcome"), [("59.99999999", Outcome.PASS), ("60.00000001", Outcome.FAIL)]
)
def test_a_third_is_exact(tmp_path: Path, area: str, outcome: Outcome) -> None:
    plan = PLAN.replace("net <= figure.limit", "net / 3 * 3 - net == 0 and net / 3 <= 20")
    finding = _only_finding(tmp_path, plan, housing={"floor_area_m2": area})
    assert finding.outcome is outcome


@settings(max_examples=25, deadline=None)
@given(st.lists(records(), min_size=2, max_size=4), st.sampled_from(DAYS))
def test_what_came_before_changes_no_answer(earlier: list[RecordView], day: date) -> None:
    *others, last = earlier
    for other in others:
        assess(other, on=day, show_all=True)
    remembered = assess(last, on=day, show_all=True)
    uncached = assess(
        last, on=day, show_all=True, pack=load_pack(resource("policy") / pack_for(day).id)
    )
    assert remembered.findings == uncached.findings
