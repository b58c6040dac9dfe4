"""What holds for every record of every kind, in both texts, whatever facts are absent."""

from datetime import date
from typing import Any

from hypothesis import given, reject, settings
from hypothesis import strategies as st

from ruhu.policy.assessment import assess
from ruhu.policy.finding import Outcome, RuleKind
from ruhu.policy.packs import load_packs
from ruhu.survey.facts import MODELS, Fact, FactKind, catalogue, find_fact
from ruhu.survey.record import Parsed, RecordErrors, parse_record

DAYS = (date(2016, 6, 1), date(2017, 6, 1), date(2020, 6, 1))
OUTCOMES = {
    RuleKind.CHECK: {Outcome.PASS, Outcome.FAIL, Outcome.CONFLICT, Outcome.UNKNOWN},
    RuleKind.ENTITLEMENT: {Outcome.ELIGIBLE, Outcome.INELIGIBLE, Outcome.UNKNOWN},
}


def value_of(fact: Fact) -> st.SearchStrategy[Any]:
    match fact.kind:
        case FactKind.YES_NO:
            return st.booleans()
        case FactKind.CHOICE:
            return st.sampled_from([choice.value for choice in fact.choices])
        case FactKind.DECIMAL:
            return st.sampled_from(["0", "1", "13", "60", "0.7", "12000", "50000"])
        case FactKind.WHOLE:
            return st.just(2017) if "year" in fact.path else st.sampled_from([1, 2, 12, 36, 100])
        case FactKind.DATE:
            days = ["2001-01-01", "2005-06-01", "2016-02-29", "2016-06-01", "2017-03-21"]
            return st.sampled_from(days)
    raise AssertionError(fact.path)


@st.composite
def items(draw: st.DrawFn, kind: str, prefix: str) -> dict[str, Any]:
    """A record, or an item of one of its lists, with some of its facts."""
    out: dict[str, Any] = {}
    for path, fact in catalogue(kind).items():
        name = path.removeprefix(prefix)
        skipped = name in ("record_id", "kind", "id_number") or fact.kind is FactKind.TEXT
        if not path.startswith(prefix) or "[]" in name or skipped or draw(st.booleans()):
            continue
        target = out
        *sections, last = name.split(".")
        for section in sections:
            target = target.setdefault(section, {})
        if fact.kind is not FactKind.LIST:
            target[last] = draw(value_of(fact))
            continue
        assert fact.item_key is not None
        key = catalogue(kind)[f"{path}[].{fact.item_key}"]
        words = [choice.value for choice in key.choices] or ["a", "b"]
        target[last] = [
            {**draw(items(kind, f"{path}[].")), fact.item_key: word}
            for word in draw(st.lists(st.sampled_from(words), unique=True, max_size=2))
        ]
    return out


@st.composite
def records(draw: st.DrawFn) -> Parsed:
    kind = draw(st.sampled_from(list(MODELS)))
    facts = draw(items(kind, ""))
    identity = {"record_id": "fb5db162-d1ed-5596-adab-abdae880b3b4", "kind": kind}
    try:
        return parse_record({**facts, **identity})
    except RecordErrors:
        # Chance made facts that contradict each other; the record tests hold those.
        reject()


@settings(max_examples=120)
@given(records(), st.sampled_from(DAYS))
def test_every_answer_is_explained_and_every_open_one_asks(parsed: Parsed, day: date) -> None:
    assessment = assess(parsed, on=day)
    clauses = {clause for pack in load_packs() for clause in pack.clauses}
    for finding in assessment.findings:
        assert finding.outcome in OUTCOMES[finding.kind]
        assert finding.clause in clauses
        assert finding.explanation.zh
        assert finding.explanation.en
        assert finding.steps
        assert finding.missing or finding.outcome is not Outcome.UNKNOWN
        for path in finding.missing:
            assert path.startswith("standards.") or find_fact(parsed.record.kind, path)
