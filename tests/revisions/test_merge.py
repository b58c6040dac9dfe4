from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from ruhu.revisions.merge import merge_revisions
from ruhu.revisions.revision import Revision

RECORD, ME, YOU = uuid7(), uuid7(), uuid7()


def revision(document: dict[str, Any] | None, *parents: Revision, device: UUID = ME) -> Revision:
    return Revision(
        revision_id=uuid7(),
        record_id=RECORD,
        parents=tuple(parent.revision_id for parent in parents),
        device_id=device,
        at=datetime(2017, 6, 1, tzinfo=UTC),
        reason="visit",
        document=document,
    )


BASE: dict[str, Any] = {
    "population": 3,
    "members": [{"member_id": "m1", "name": "甲"}, {"member_id": "m2"}],
}


def test_one_head_is_the_document() -> None:
    first = revision(BASE)
    second = revision({**BASE, "population": 4}, first)
    assert merge_revisions([second, first]).document == {**BASE, "population": 4}


def test_changes_to_different_fields_and_members_merge() -> None:
    first = revision(BASE)
    mine = revision({**BASE, "population": 4}, first)
    yours = revision(
        {
            "population": 3,
            "members": [BASE["members"][0], {"member_id": "m2", "name": "乙"}, {"member_id": "m3"}],
        },
        first,
        device=YOU,
    )
    merged = merge_revisions([first, mine, yours])
    assert merged.conflicts == ()
    assert merged.document == {
        "population": 4,
        "members": [
            {"member_id": "m1", "name": "甲"},
            {"member_id": "m2", "name": "乙"},
            {"member_id": "m3"},
        ],
    }


def test_what_both_changed_differently_stays_open_with_both_values() -> None:
    first = revision(BASE)
    mine = revision({**BASE, "population": 4}, first)
    yours = revision({**BASE, "population": 5}, first, device=YOU)
    conflicts = merge_revisions([first, mine, yours]).conflicts
    assert [(c.path, {v for _, v in c.values}) for c in conflicts] == [("population", {4, 5})]


def test_a_person_settles_a_conflict_by_a_revision_on_all_heads() -> None:
    first = revision(BASE)
    mine = revision({**BASE, "population": 4}, first)
    yours = revision({**BASE, "population": 5}, first, device=YOU)
    settled = revision({**BASE, "population": 5}, mine, yours)
    state = merge_revisions([first, mine, yours, settled])
    assert (state.conflicts, state.document) == ((), {**BASE, "population": 5})


def test_a_deletion_against_an_edit_keeps_the_edit_and_says_so() -> None:
    first = revision(BASE)
    gone = revision(None, first)
    edited = revision({**BASE, "population": 4}, first, device=YOU)
    state = merge_revisions([first, gone, edited])
    assert state.document == {**BASE, "population": 4}
    assert len(state.conflicts) == 1


def test_a_conflict_of_three_sides_lists_each_value() -> None:
    first = revision(BASE)
    sides = [revision({**BASE, "population": n}, first) for n in (4, 5, 6)]
    (conflict,) = merge_revisions([first, *sides]).conflicts
    assert dict(conflict.values) == {
        side.revision_id: n for side, n in zip(sides, (4, 5, 6), strict=True)
    }


def test_a_value_that_another_side_has_seen_and_replaced_counts_no_more() -> None:
    first = revision(BASE)
    seen = revision({**BASE, "population": 4}, first)
    replaced = revision({**BASE, "population": 5}, seen)
    noted = revision({**BASE, "population": 4, "notes": "甲"}, seen, device=YOU)
    elsewhere = revision({**BASE, "notes": "乙"}, first, device=YOU)
    state = merge_revisions([first, seen, replaced, noted, elsewhere])
    assert state.document is not None
    assert state.document["population"] == 5
    assert [c.path for c in state.conflicts] == ["notes"]


def test_what_a_person_decided_in_a_merge_is_not_undone_by_another_merge() -> None:
    first = revision(BASE)
    mine = revision({**BASE, "population": 4}, first)
    yours = revision({**BASE, "notes": "甲"}, first, device=YOU)
    merged = revision({**BASE, "population": 4, "notes": "甲"}, mine, yours)
    decided = revision({**BASE, "notes": "甲"}, mine, yours, device=YOU)
    state = merge_revisions([first, mine, yours, merged, decided])
    assert (state.document, state.conflicts) == ({**BASE, "notes": "甲"}, ())


def test_two_creations_of_one_household_join_where_one_knows_and_the_other_does_not() -> None:
    one = revision({"population": 3, "water": {"tap": True}})
    other = revision({"population": 4, "income": {"operating": "1"}}, device=YOU)
    state = merge_revisions([one, other])
    assert state.document is not None
    assert set(state.document) == {"population", "water", "income"}
    assert [c.path for c in state.conflicts] == ["population"]


def test_a_ring_of_parents_that_a_forger_made_still_ends() -> None:
    one, other = revision(BASE), revision({**BASE, "population": 4}, device=YOU)
    ring = [
        one.model_copy(update={"parents": (other.revision_id,)}),
        other.model_copy(update={"parents": (one.revision_id,)}),
        revision({**BASE, "population": 5}, one),
        revision({**BASE, "population": 6}, other),
    ]
    assert len(merge_revisions(ring).heads) == 2


values = st.integers(0, 2) | st.none()
documents = st.builds(
    lambda a, b, names: {
        **({"a": a} if a is not None else {}),
        "s": {"b": b} if b is not None else {},
        "members": [{"member_id": f"m{k}", "name": v} for k, v in sorted(names.items())],
    },
    values,
    values,
    st.dictionaries(st.integers(0, 2), st.sampled_from("甲乙"), max_size=3),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Revision]:
    known = [revision(draw(documents))]
    for _ in range(draw(st.integers(0, 6))):
        parents = draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique_by=id))
        known.append(revision(draw(documents), *parents, device=draw(st.sampled_from([ME, YOU]))))
    return known


@given(histories(), st.randoms())
def test_the_order_of_arrival_never_matters(known: list[Revision], chance: Any) -> None:
    shuffled = [*known, known[0]]
    chance.shuffle(shuffled)
    first, second = merge_revisions(known), merge_revisions(shuffled)
    assert (first.document, first.conflicts) == (second.document, second.conflicts)


flat = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2))


@given(flat, st.lists(flat, min_size=1, max_size=3), st.lists(flat, min_size=1, max_size=3))
def test_two_sides_of_one_past_merge_three_ways(
    base: dict[str, int], mine: list[dict[str, int]], yours: list[dict[str, int]]
) -> None:
    first = revision(base)
    known = [first]
    for side, device in ((mine, ME), (yours, YOU)):
        top = first
        for document in side:
            top = revision(document, top, device=device)
            known.append(top)
    state = merge_revisions(known)
    assert state.document is not None
    open_ = {conflict.path for conflict in state.conflicts}
    for name in "abc":
        before, left, right = (side.get(name) for side in (base, mine[-1], yours[-1]))
        rewritten = [any(d.get(name) != before for d in side) for side in (mine, yours)]
        if left == right or not rewritten[1]:
            wanted = left
        elif not rewritten[0]:
            wanted = right
        else:
            assert name in open_
            continue
        assert name not in open_
        assert state.document.get(name) == wanted
