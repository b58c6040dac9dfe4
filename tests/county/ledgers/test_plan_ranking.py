"""The year's plan: the contract's priority, then score, then day; a quota; what people pin."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhu.county.ledgers.housing.plan_ranking import Candidate, rank, ranked
from ruhu.errors import UserError


def candidate(
    number: int, priority: int = 1, score: str | None = "40", since: date | None = None
) -> Candidate:
    return Candidate(
        UUID(int=number),
        f"{number:014}",
        priority,
        None if score is None else Decimal(score),
        since,
        Decimal(28000),
    )


def test_the_order_of_the_plan() -> None:
    first = candidate(9, 1, "30", date(2017, 3, 1))
    later = candidate(1, 1, "30", date(2017, 3, 2))
    no_day = candidate(2, 1, "30", None)
    richer = candidate(3, 1, "41", date(2016, 1, 1))
    no_score = candidate(4, 1, None, date(2016, 1, 1))
    elsewhere = candidate(5, 2, "1", date(2016, 1, 1))
    wanted = [first, later, no_day, richer, no_score, elsewhere]
    assert ranked(reversed(wanted)) == wanted


def test_the_quota_and_what_a_person_decides() -> None:
    four = [candidate(n, score=str(n)) for n in range(1, 5)]
    assert [e.included for e in rank(four, 2)] == [True, True, False, False]
    pins = {UUID(int=1): "out", UUID(int=4): "in"}
    assert [e.included for e in rank(four, 2, pins)] == [False, True, False, True]  # type: ignore[arg-type]
    with pytest.raises(UserError):
        rank(four, 0)
    with pytest.raises(UserError):
        rank(four, 1, {UUID(int=1): "in", UUID(int=2): "in"})


@given(
    st.lists(st.tuples(st.integers(1, 2), st.integers(0, 9)), max_size=30),
    st.integers(1, 40),
    st.dictionaries(st.integers(0, 29), st.sampled_from(["in", "out"]), max_size=6),
)
def test_a_quota_is_neither_left_open_nor_passed(
    people: list[tuple[int, int]], quota: int, pinned: dict[int, str]
) -> None:
    all_ = [candidate(n, p, str(s)) for n, (p, s) in enumerate(people)]
    pins = {UUID(int=n): pin for n, pin in pinned.items() if n < len(all_)}
    if sum(pin == "in" for pin in pins.values()) > quota:
        return
    entries = rank(all_, quota, pins)  # type: ignore[arg-type]
    out = sum(pin == "out" for pin in pins.values())
    assert sum(e.included for e in entries) == min(quota, len(all_) - out)
    assert [e.rank for e in entries] == list(range(1, len(all_) + 1))
    free = [e.included for e in entries if e.decision is None]
    assert free == sorted(free, reverse=True)
