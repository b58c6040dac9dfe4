"""Functions that generated code calls, by the names it uses."""

from collections.abc import Callable, Hashable
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction

from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import Finding, ObligationLevel, Outcome, Step, StepStatus
from ruhu.policy.evaluation.floor_area_range import AreaLimit, RangeRuling, judge_range
from ruhu.policy.evaluation.record_tree import Subject, Value
from ruhu.policy.language import builtins
from ruhu.policy.language.nodes import Scalar
from ruhu.policy.language.numbers import (
    EXACT,
    as_decimal,
    format_digits,
    in_thousands,
    show_number,
    to_fen,
    to_plain,
)
from ruhu.policy.language.three_valued import NO_FACTS, TRUE, ExactValue, ThreeValued, any_of
from ruhu.policy.text.labels import NOT_RECORDED, TIERS_CALLED, join_texts, value_in_words
from ruhu.policy.text.summary import join_parts, money_text, range_parts

_NUMBERS = (Decimal, Fraction)


def missing_path(owner: Subject, name: str) -> frozenset[str]:
    """Return the path of an absent fact."""
    return frozenset((owner.address + name,))


def any_item(
    owner: Subject, name: str, holds: Callable[[Subject], ThreeValued]
) -> tuple[ThreeValued, Subject | None]:
    """Return whether an item of a list meets a condition, and the first that does."""
    items = owner.lists.get(name)
    if items is None:
        return ThreeValued(None, missing_path(owner, name)), None
    answers = []
    for item in items:
        answer = holds(item)
        if answer.value is True:
            return TRUE, item
        answers.append(answer)
    return any_of(answers), None


def describe_item(
    item: Subject | None, label: BilingualText, say: Callable[[Subject], BilingualText]
) -> BilingualText:
    """Return the item that meets a condition in words."""
    if item is None:
        return BilingualText(f"“{label.zh}”中没有符合的", f"none found among “{label.en}”")
    what = say(item)
    return BilingualText(f"“{label.zh}”中有：{what.zh}", f"found among “{label.en}”: {what.en}")


def tiers_in_words(
    spend: ExactValue | None,
    deductible: ExactValue | None,
    extra: ExactValue | None,
    tiers: builtins.Tiers | None,
    *said: BilingualText,
) -> BilingualText:
    """Return the sum of a county's tiers as arithmetic; spend, deductible and extra share are texts."""
    if tiers is None or not (
        isinstance(spend, Decimal)
        and isinstance(deductible, Decimal)
        and isinstance(extra, Decimal)
    ):
        return NOT_RECORDED
    over, start, more = said
    terms = []
    for part in builtins.tier_parts(spend, deductible, tiers):
        if part.end is None:
            zh, en = f"{over.zh} － {start.zh}", f"{over.en} − {start.en}"
        else:
            end = show_number(part.end, "CNY")
            zh, en = end.zh, end.en
        if part.below:
            below = show_number(part.below, "CNY")
            zh, en = f"{zh} － {below.zh}", f"{en} − {below.en}"
        if part.below or part.end is None:
            zh, en = f"（{zh}）", f"({en})"
        if EXACT.add(part.rate, extra) > 1:
            terms.append(BilingualText(f"{zh} × 1", f"{en} × 1"))
            continue
        rate = format_digits(part.rate)
        zh = f"{zh} × （{TIERS_CALLED.zh} {rate} ＋ {more.zh}）"
        terms.append(BilingualText(zh, f"{en} × ({TIERS_CALLED.en} {rate} + {more.en})"))
    return join_texts(terms, " ＋ ", " + ") if terms else BilingualText("0", "0")


def years(born: Scalar | None, day: Scalar | None) -> int | None:
    """Return the completed years on a day."""
    if not isinstance(born, date) or not isinstance(day, date):
        return None
    return builtins.age_on(born, day)


def age(born: Scalar | None, day: Scalar | None) -> Decimal | None:
    """Return an age as the rules count it."""
    completed = years(born, day)
    return None if completed is None else Decimal(completed)


def years_after(day: Scalar | None, years: ExactValue | None) -> date | None:
    """Return the same date some years later."""
    if not isinstance(day, date) or not isinstance(years, (Decimal, Fraction)):
        return None
    return builtins.years_after(day, int(years))


def year(day: Scalar | None) -> Decimal | None:
    """Return the year of a date."""
    return Decimal(day.year) if isinstance(day, date) else None


def size(items: list[Subject] | None) -> Decimal | None:
    """Return the number of items of a list; unknown for an absent or empty one."""
    return Decimal(len(items)) if items else None


def items_in_case(
    owner: Subject, listed: str, facts: Callable[[dict[str, Value]], Hashable]
) -> Hashable:
    """Return a list's part of a cache key: each item's id and the facts that count."""
    if facts not in owner.known:
        items = owner.lists.get(listed)
        owner.known[facts] = None if items is None else tuple([facts(i.values) for i in items])
    found: Hashable = owner.known[facts]
    return found


def stages_in_order(owner: Subject, name: str, stage: ThreeValued) -> ThreeValued:
    """Return whether every stage before `stage` is recorded with a date and no date goes back."""
    return builtins.stages_in_order(owner.lists.get(name), stage, owner.address + name)


def previous_total(owner: Subject, listed: str, item: Subject, name: str) -> ThreeValued:
    """Return the next lower total of the year among the other items of a list."""

    def total(of: Subject) -> builtins.RunningTotal:
        day, value = of.values.get("on"), of.values.get(name)
        return builtins.RunningTotal(
            of.identity,
            day.year if isinstance(day, date) else None,
            value if isinstance(value, Decimal) else None,
            of.path(name),
        )

    return builtins.previous_total(total(item), map(total, owner.lists.get(listed, ())))


def quotient(left: ExactValue | None, right: ExactValue | None) -> Decimal | Fraction | None:
    """Return a quotient: a decimal if it ends soon, otherwise a fraction; unknown for division by zero."""
    if left.__class__ not in _NUMBERS or right.__class__ not in _NUMBERS or not right:
        return None
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        found = _ROUNDING.divide(left, right)
        if EXACT.multiply(found, right) == left:
            return found
    (top, below), (other, under) = left.as_integer_ratio(), right.as_integer_ratio()
    return Fraction(top * under, below * other)


def _also_of_ratios(
    of_decimals: Callable[[Decimal, Decimal], Decimal],
    of_ratios: Callable[[int, int, int, int], Fraction],
) -> Callable[[ExactValue | None, ExactValue | None], Decimal | Fraction | None]:
    """Return arithmetic that also accepts fractions, with no result if a side is not a number."""

    def work(left: ExactValue | None, right: ExactValue | None) -> Decimal | Fraction | None:
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            return of_decimals(left, right)
        if not isinstance(left, _NUMBERS) or not isinstance(right, _NUMBERS):
            return None
        return of_ratios(*left.as_integer_ratio(), *right.as_integer_ratio())

    return work


_ROUNDING = Context(prec=40, traps=[])

NAMES: dict[str, object] = {
    "Answer": ThreeValued,
    "Finding": Finding,
    "Decimal": Decimal,
    "Limit": AreaLimit,
    "NOTHING": NO_FACTS,
    "ZERO": Decimal(0),
    "NOT_RECORDED": NOT_RECORDED,
    "NUMBERS": _NUMBERS,
    "Step": Step,
    "Text": BilingualText,
    "age": age,
    "any_item": any_item,
    "as_decimal": as_decimal,
    "asked": missing_path,
    "digits": format_digits,
    "difference": _also_of_ratios(
        EXACT.subtract, lambda a, b, c, d: Fraction(a * d - c * b, b * d)
    ),
    "found_in_words": describe_item,
    "items_in_case": items_in_case,
    "joined": join_parts,
    "minus": EXACT.subtract,
    "money": money_text,
    "plus": EXACT.add,
    "previous_total": previous_total,
    "product": _also_of_ratios(EXACT.multiply, lambda a, b, c, d: Fraction(a * c, b * d)),
    "quotient": quotient,
    "plain": to_plain,
    "range_parts": range_parts,
    "RangeRuling": RangeRuling,
    "rule_on_range": judge_range,
    "in_thousands": in_thousands,
    "size": size,
    "stages_in_order": stages_in_order,
    "sum_of": _also_of_ratios(EXACT.add, lambda a, b, c, d: Fraction(a * d + c * b, b * d)),
    "tiered": builtins.tiered_amount,
    "tiers_in_words": tiers_in_words,
    "times": EXACT.multiply,
    "to_fen": to_fen,
    "value_in_words": value_in_words,
    "year": year,
    "years": years,
    "years_after": years_after,
    **{mark.name: mark for mark in StepStatus},
    **{outcome.name: outcome for outcome in Outcome},
    "MUST": ObligationLevel.MUST,
}
"""All that generated code can reach besides the objects of its own names."""
