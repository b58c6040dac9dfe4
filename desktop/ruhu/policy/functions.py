"""The functions of the rule language, for what a single expression cannot say.

Each takes answers and gives an answer; none looks anything up but its arguments.
"""

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from ruhu.policy.answers import FALSE, TRUE, UNKNOWN, Answer, unknown
from ruhu.policy.subjects import Subject, exact
from ruhu.survey.choices import HousingStage


def years_after(day: date, years: int) -> date:
    """The same date `years` later; 29 February becomes 1 March in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def age_on(birth_date: date, day: date) -> int:
    """Completed years on `day`; an age is reached on the birthday."""
    years = day.year - birth_date.year
    return years if years_after(birth_date, years) <= day else years - 1


def _age(arguments: Sequence[Answer]) -> Answer:
    born, day = (a.value for a in arguments)
    if not isinstance(born, date) or not isinstance(day, date):
        return unknown(arguments)
    return Answer(exact(age_on(born, day)))


def _years_after(arguments: Sequence[Answer]) -> Answer:
    day, years = (a.value for a in arguments)
    if not isinstance(day, date) or not isinstance(years, Fraction):
        return unknown(arguments)
    return Answer(years_after(day, int(years)))


def _year(arguments: Sequence[Answer]) -> Answer:
    day = arguments[0].value
    return Answer(exact(day.year)) if isinstance(day, date) else unknown(arguments)


def _default(arguments: Sequence[Answer]) -> Answer:
    """The first where it is recorded, else the second; where neither is known, both are asked."""
    first, second = arguments
    if first.known:
        return first
    return second if second.known else Answer(None, first.missing | second.missing)


def _provisional(arguments: Sequence[Answer]) -> Answer:
    """The first, else the second as long as nobody has set the first, which stays asked for."""
    first, second = arguments
    return first if first.known else Answer(second.value, first.missing | second.missing)


def _if_known(arguments: Sequence[Answer]) -> Answer:
    """The argument where it is known; where not, nothing is asked for it."""
    return arguments[0] if arguments[0].known else UNKNOWN


def _recorded(arguments: Sequence[Answer]) -> Answer:
    """Whether the argument is known at all."""
    return TRUE if arguments[0].known else FALSE


def _smallest(arguments: Sequence[Answer]) -> Answer:
    values = [a.value for a in arguments if isinstance(a.value, Fraction)]
    return Answer(min(values)) if len(values) == len(arguments) else unknown(arguments)


def _largest(arguments: Sequence[Answer]) -> Answer:
    values = [a.value for a in arguments if isinstance(a.value, Fraction)]
    return Answer(max(values)) if len(values) == len(arguments) else unknown(arguments)


FUNCTIONS: dict[str, Callable[[Sequence[Answer]], Answer]] = {
    "age": _age,
    "default": _default,
    "if_known": _if_known,
    "max": _largest,
    "min": _smallest,
    "provisional": _provisional,
    "recorded": _recorded,
    "year": _year,
    "years_after": _years_after,
}


def stages_in_order(steps: list[Subject] | None, stage: Answer, path: str) -> Answer:
    """Whether every stage before `stage` is recorded with a date and no date goes back.

    A function because it runs over neighbours in a list's order of meaning, which a condition
    on single items cannot say.
    """
    if steps is None:
        return Answer(None, frozenset({path}) | stage.missing)
    if not isinstance(stage.value, str):
        return Answer(None, stage.missing)
    order = [word.value for word in HousingStage]
    reached = order.index(stage.value)
    found = {step.identity: step for step in reversed(steps)}
    earlier = order[:reached]
    if any(name not in found for name in earlier):
        return FALSE
    days = [found[name].values.get("on") for name in order[: reached + 1] if name in found]
    known = [day for day in days if isinstance(day, date)]
    if any(later < sooner for sooner, later in pairwise(known)):
        return FALSE
    asked = frozenset(found[n].path("on") for n in earlier if found[n].values.get("on") is None)
    return Answer(None, asked) if asked else TRUE


def tiered(
    spend: Fraction,
    deductible: Fraction,
    extra: Fraction,
    tiers: Sequence[tuple[Fraction | None, Fraction]],
) -> Fraction:
    """Sum the tiers over the deductible: each tier's rate plus `extra`, at most 1.

    `tiers` are (upper end of the spend over the deductible, rate); the last has no end. A
    function because the number of tiers is the county's.
    """
    over = max(Fraction(0), spend - deductible)
    total, below = Fraction(0), Fraction(0)
    for end, rate in tiers:
        upper = over if end is None else min(over, end)
        if upper > below:
            total += (upper - below) * min(Fraction(1), rate + extra)
            below = upper
    return total
