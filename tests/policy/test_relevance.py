"""What the form leaves out is nothing that any rule waits for."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.record_strategies import DAYS, records

from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.record_reader import RecordView
from ruhu.survey.facts.relevance import applies


@settings(max_examples=250, deadline=None)
@given(records(), st.sampled_from(DAYS))
def test_nothing_a_finding_waits_for_is_left_out(reading: RecordView, day: date) -> None:
    kind = reading.kind
    for finding in assess(reading, on=day, show_all=True).findings:
        hidden = [p for p in finding.missing if not applies(reading.document, p, kind)]
        assert not hidden, finding.rule


def test_what_is_settled_is_left_out_and_what_is_written_down_stays() -> None:
    document = {"farming": {"microloan": {"wanted": False}}}
    assert not applies(document, "farming.microloan.amount", "household")
    document["farming"]["microloan"]["amount"] = "5000"  # type: ignore[assignment]
    assert applies(document, "farming.microloan.amount", "household")
    assert applies({}, "farming.microloan.amount", "household")


def test_each_member_is_judged_alone() -> None:
    document = {
        "members": [
            {"member_id": "m1", "schooling": {"stage": "none"}},
            {"member_id": "m2", "schooling": {"stage": "primary"}},
        ]
    }
    assert not applies(document, "members[m1].schooling.boarding", "household")
    assert applies(document, "members[m2].schooling.boarding", "household")
