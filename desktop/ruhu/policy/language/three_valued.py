"""Three-valued results: a value or unknown, and the absent facts that can still change it."""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from ruhu.policy.language.nodes import Scalar

ExactValue = Scalar | Decimal
"""A computed value: numbers are decimals, or fractions as the result of a division."""

NO_FACTS: frozenset[str] = frozenset()


class ThreeValued(msgspec.Struct, frozen=True, gc=False):
    """The result of an expression.

    `value` is `None` while unknown. `missing` holds the paths of absent facts that can still change it. A
    known value may have some (a floor that a county standard may raise).
    """

    value: ExactValue | None
    missing: frozenset[str] = NO_FACTS

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None


TRUE = ThreeValued(True)
FALSE = ThreeValued(False)


def unknown(answers: Iterable[ThreeValued]) -> ThreeValued:
    """Return an unknown result with the missing facts of the unknown ones among `answers`."""
    missing = NO_FACTS
    for answer in answers:
        if answer.value is None:
            missing = missing | answer.missing if missing else answer.missing
    return ThreeValued(None, missing)


def all_of(answers: Iterable[ThreeValued]) -> ThreeValued:
    """Return Kleene's and: false if any is false."""
    open_ = []
    for answer in answers:
        if answer.value is False:
            return FALSE
        if answer.value is None:
            open_.append(answer)
    return unknown(open_) if open_ else TRUE


def any_of(answers: Iterable[ThreeValued]) -> ThreeValued:
    """Return Kleene's or: true if any is true."""
    open_ = []
    for answer in answers:
        if answer.value is True:
            return TRUE
        if answer.value is None:
            open_.append(answer)
    return unknown(open_) if open_ else FALSE
