"""Made-up records of every kind with any of their facts, for tests of what always holds."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from ruhu.policy.evaluation.record_reader import RecordView, read_record
from ruhu.survey.facts.catalogue import MODELS, Fact, FactKind, catalogue
from ruhu.survey.validation.validate import RecordErrors

DAYS = (date(2016, 6, 1), date(2017, 6, 1), date(2020, 6, 1))


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
def records(draw: st.DrawFn, kinds: Sequence[str] = tuple(MODELS)) -> RecordView:
    """A record of one of `kinds`."""
    kind = draw(st.sampled_from(kinds))
    facts = draw(items(kind, ""))
    identity = {"record_id": "fb5db162-d1ed-5596-adab-abdae880b3b4", "kind": kind}
    try:
        return read_record({**facts, **identity})
    except RecordErrors:
        # Chance made facts that contradict each other; the record tests hold those.
        reject()
