"""What holds for every record of every kind, in both texts, whatever facts are absent."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.record_strategies import DAYS, records

from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.finding import Outcome, RuleKind
from ruhu.policy.evaluation.record_reader import RecordView
from ruhu.policy.packs.loader import load_packs
from ruhu.survey.facts.catalogue import find_fact

OUTCOMES = {
    RuleKind.CHECK: {Outcome.PASS, Outcome.FAIL, Outcome.CONFLICT, Outcome.UNKNOWN},
    RuleKind.ENTITLEMENT: {Outcome.ELIGIBLE, Outcome.INELIGIBLE, Outcome.UNKNOWN},
}


@settings(max_examples=120)
@given(records(), st.sampled_from(DAYS))
def test_every_answer_is_explained_and_every_open_one_asks(reading: RecordView, day: date) -> None:
    assessment = assess(reading, on=day)
    clauses = {clause for pack in load_packs() for clause in pack.clauses}
    for finding in assessment.findings:
        assert finding.outcome in OUTCOMES[finding.kind]
        assert finding.clause in clauses
        assert finding.explanation.zh
        assert finding.explanation.en
        assert finding.steps
        assert finding.missing or finding.outcome is not Outcome.UNKNOWN
        for path in finding.missing:
            assert path.startswith("standards.") or find_fact(reading.kind, path)
