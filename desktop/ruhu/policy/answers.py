"""Three-valued answers: a value or none yet, and the absent facts that can still change it."""

from collections.abc import Iterable
from dataclasses import dataclass

from ruhu.policy.expressions import Scalar

NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of an expression.

    `value` is `None` while unknown. `missing` holds the paths of absent facts that can still
    change the answer; a known value may have some (a floor that a county standard may raise).
    """

    value: Scalar | None
    missing: frozenset[str] = NOTHING

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None


TRUE = Answer(True)
FALSE = Answer(False)
UNKNOWN = Answer(None)


def unknown(answers: Iterable[Answer]) -> Answer:
    """No value, missing what the unknown ones among `answers` miss."""
    return Answer(None, NOTHING.union(*(a.missing for a in answers if a.value is None)))


def all_of(answers: list[Answer]) -> Answer:
    """Kleene's and: false as soon as one is false."""
    if any(a.value is False for a in answers):
        return FALSE
    return TRUE if all(a.known for a in answers) else unknown(answers)


def any_of(answers: list[Answer]) -> Answer:
    """Kleene's or: true as soon as one is true."""
    if any(a.value is True for a in answers):
        return TRUE
    return FALSE if all(a.known for a in answers) else unknown(answers)


def negate(answer: Answer) -> Answer:
    """Kleene's not."""
    return answer if answer.value is None else (FALSE if answer.value else TRUE)
