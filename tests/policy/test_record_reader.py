"""A document read straight into subjects is what the full reader makes of it, or is refused alike."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.record_strategies import records

from ruhu.policy.evaluation.record_reader import RecordView, read_record, root_of
from ruhu.policy.evaluation.record_tree import Subject, subject_of
from ruhu.survey.validation.validate import RecordErrors, parse_record

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 3),
    st.decimals(allow_nan=False, allow_infinity=False, places=2),
    st.sampled_from(["", " 60 ", "６０", "2017-02-30", "2017-06-01", "450121198001010010", "a\x00b", "[a]"]),
    st.text(max_size=5),
    st.just([]),
    st.just([{}]),
    st.just({}),
    st.just([{"member_id": "m1"}, {"member_id": "m1"}]),
)  # fmt: skip


def spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a document where another value could stand."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield value, key
            yield from spots(child)
    elif isinstance(value, list):
        for at, child in enumerate(value):
            yield value, at
            yield from spots(child)


def content_of(subject: Subject) -> list[tuple[object, ...]]:
    """A subject and all below it."""
    below = [
        each for items in subject.lists.values() for item in items for each in content_of(item)
    ]
    lists = {name: len(items) for name, items in subject.lists.items()}
    mine = (subject.place, subject.identity, subject.address, subject.values, lists)
    return [(*mine, [parent.address for parent in subject.parents]), *below]


@settings(max_examples=300)
@given(records(), st.data())
def test_whatever_stands_in_a_document_both_readers_agree(
    reading: RecordView, data: st.DataObject
) -> None:
    document = deepcopy(reading.document)
    for _ in range(data.draw(st.integers(0, 2))):
        holder, key = data.draw(st.sampled_from(list(spots(document))))
        if isinstance(holder, dict) and data.draw(st.booleans()):
            key = data.draw(
                st.sampled_from(["id_number", "name", "record_id", "surprise", "roster", key])
            )
        holder[key] = deepcopy(data.draw(ODD))
    try:
        expected = parse_record(document)
    except RecordErrors as refused:
        for read in (root_of, read_record):
            try:
                read(document)
            except RecordErrors as also:
                assert also.details == refused.details
            else:
                raise AssertionError(f"only the full reader refuses: {refused}") from None
    else:
        root, whole = subject_of(expected.record), read_record(document)
        assert content_of(root_of(document)) == content_of(whole.root) == content_of(root)
        assert whole.document == expected.document
        assert whole.unknown_keys == tuple(expected.unknown_keys)
        assert whole.notes == tuple(expected.notes)


def test_a_value_is_read_the_same_when_it_comes_again(household: dict[str, Any]) -> None:
    first, again = (content_of(root_of(household)) for _ in range(2))
    assert first == again == content_of(subject_of(parse_record(household).record))
    switched = {**household, "population": True}
    for _ in range(2):
        assert content_of(root_of({**household, "population": 1}))[0][3]["population"] == 1  # type: ignore[index]
        try:
            root_of(switched)
        except RecordErrors as errors:
            assert [problem.path for problem in errors.details] == ["population"]
        else:
            raise AssertionError("true is no number")
