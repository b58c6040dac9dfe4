"""Columns of three-valued results: truths, exact numbers, words and days, one row a subject.

A column of one row stands for the same result in every row, as numpy broadcasts it. Numbers are fractions of
integers; where 64 bits could overflow, the column uses Python's integers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Index = NDArray[np.intp]
Whole = NDArray[Any]
"""64-bit integers, or Python's own where they could overflow."""

MAX_INT64_OPERAND = 2**62
ON: Mask = np.ones(1, np.bool_)
OFF: Mask = np.zeros(1, np.bool_)


def take_rows(rows: NDArray[Any], index: Index | None) -> NDArray[Any]:
    """Return rows by index; a single row that stands for all stays unchanged."""
    return rows if index is None or len(rows) == 1 else rows[index]


def slice_rows(rows: NDArray[Any], part: slice) -> NDArray[Any]:
    """Return a slice of rows without copying; a single row that stands for all stays unchanged."""
    return rows if len(rows) == 1 else rows[part]


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """Unknown in every row, of no particular type."""

    @property
    def known(self) -> Mask:
        """Where there is a value: nowhere."""
        return OFF

    def take(self, index: Index | None) -> UnknownColumn:
        """Return the rows at `index`."""
        return self

    def rows(self, part: slice) -> UnknownColumn:
        """Return a slice of rows."""
        return self


@dataclass(frozen=True, slots=True)
class BoolColumn:
    """Yes, no or, if neither, unknown."""

    yes: Mask
    no: Mask

    @property
    def known(self) -> Mask:
        """Where there is a value."""
        return self.yes | self.no

    def take(self, index: Index | None) -> BoolColumn:
        """Return the rows at `index`."""
        return BoolColumn(take_rows(self.yes, index), take_rows(self.no, index))

    def rows(self, part: slice) -> BoolColumn:
        """Return a slice of rows."""
        return BoolColumn(slice_rows(self.yes, part), slice_rows(self.no, part))


@dataclass(frozen=True, slots=True)
class CategoryColumn:
    """Words by their index in `vocabulary`; -1 if absent."""

    codes: NDArray[np.int32]
    vocabulary: tuple[str, ...]

    @property
    def known(self) -> Mask:
        """Where there is a value."""
        return self.codes >= 0

    def take(self, index: Index | None) -> CategoryColumn:
        """Return the rows at `index`."""
        return CategoryColumn(take_rows(self.codes, index), self.vocabulary)

    def rows(self, part: slice) -> CategoryColumn:
        """Return a slice of rows."""
        return CategoryColumn(slice_rows(self.codes, part), self.vocabulary)


@dataclass(frozen=True, slots=True)
class DateColumn:
    """Dates as the number YYYYMMDD, which has the same order."""

    number: NDArray[np.int64]
    known: Mask

    def take(self, index: Index | None) -> DateColumn:
        """Return the rows at `index`."""
        return DateColumn(take_rows(self.number, index), take_rows(self.known, index))

    def rows(self, part: slice) -> DateColumn:
        """Return a slice of rows."""
        return DateColumn(slice_rows(self.number, part), slice_rows(self.known, part))


@dataclass(frozen=True, slots=True)
class FractionColumn:
    """Exact fractions `top / bottom`; `bottom` is positive, and 1 where there is no value.

    `highest` and `deepest` are upper bounds of the absolute tops and of the bottoms.
    """

    top: Whole
    bottom: Whole
    known: Mask
    highest: int
    deepest: int

    def take(self, index: Index | None) -> FractionColumn:
        """Return the rows at `index`."""
        top, bottom = take_rows(self.top, index), take_rows(self.bottom, index)
        return FractionColumn(top, bottom, take_rows(self.known, index), self.highest, self.deepest)

    def rows(self, part: slice) -> FractionColumn:
        """Return a slice of rows."""
        top, bottom = slice_rows(self.top, part), slice_rows(self.bottom, part)
        return FractionColumn(top, bottom, slice_rows(self.known, part), self.highest, self.deepest)

    def fen(self) -> Whole:
        """Return the numbers as money in whole fen, rounded half-up; 0 where unknown."""
        highest = 200 * self.highest + self.deepest
        top, bottom = _fit(max(highest, 2 * self.deepest), self.top, self.bottom)
        size = np.abs(top)
        fen: Whole = np.where(top < 0, -1, 1) * ((200 * size + bottom) // (2 * bottom))
        return np.where(self.known, fen, 0)

    def at(self, row: int) -> Fraction | None:
        """Return the value of one row."""
        if not self.known[row % len(self.known)]:
            return None
        return Fraction(
            int(self.top[row % len(self.top)]), int(self.bottom[row % len(self.bottom)])
        )


Column = UnknownColumn | BoolColumn | CategoryColumn | DateColumn | FractionColumn

UNKNOWN = BoolColumn(OFF, OFF)
NO_NUMBER = FractionColumn(np.zeros(1, np.int64), np.ones(1, np.int64), OFF, 0, 1)


def day_number(day: date) -> int:
    """Return a date as YYYYMMDD."""
    return (day.year * 100 + day.month) * 100 + day.day


def truths(values: Sequence[bool | None]) -> BoolColumn:
    """Return a column of yes and no."""
    codes = np.fromiter(map(_TRUTH_CODES.__getitem__, values), np.int8, len(values))
    return BoolColumn(codes == 1, codes == 0)


_TRUTH_CODES = {None: -1, False: 0, True: 1}


def words(values: Sequence[str | None]) -> CategoryColumn:
    """Return a column of words."""
    codes: dict[str | None, int] = dict.fromkeys(values, -1)
    codes.pop(None, None)
    vocabulary = cast(tuple[str, ...], tuple(codes))
    codes.update(zip(vocabulary, range(len(vocabulary)), strict=True))
    codes[None] = -1
    rows = np.fromiter(map(codes.__getitem__, values), np.int32, len(values))
    return CategoryColumn(rows, vocabulary)


def days(values: Sequence[date | None]) -> DateColumn:
    """Return a column of dates."""
    rows = [0 if v is None else day_number(v) for v in values]
    number = np.array(rows, np.int64)
    return DateColumn(number, number > 0)


def numbers(values: Sequence[Fraction | Decimal | int | None]) -> FractionColumn:
    """Return a column of exact numbers over their common denominator."""
    ratios = [None if v is None else v.as_integer_ratio() for v in values]
    base = math.lcm(*{ratio[1] for ratio in ratios if ratio})
    tops = [ratio[0] * (base // ratio[1]) if ratio else 0 for ratio in ratios]
    known = np.array([ratio is not None for ratio in ratios], np.bool_)
    highest = max(max(tops, default=0), -min(tops, default=0))
    kind = np.int64 if max(highest, base) < MAX_INT64_OPERAND else np.object_
    return FractionColumn(np.array(tops, kind), np.array([base], kind), known, highest, base)


def constant(value: bool | str | date | Fraction) -> Column:
    """Return a column with the same value in every row."""
    match value:
        case bool():
            return truths([value])
        case str():
            return words([value])
        case date():
            return days([value])
        case Fraction():
            return numbers([value])


def logical_and(left: BoolColumn, right: BoolColumn) -> BoolColumn:
    """Return Kleene's and."""
    return BoolColumn(left.yes & right.yes, left.no | right.no)


def logical_or(left: BoolColumn, right: BoolColumn) -> BoolColumn:
    """Return Kleene's or."""
    return BoolColumn(left.yes | right.yes, left.no & right.no)


def _held(known: Mask, holds: Mask) -> BoolColumn:
    return BoolColumn(known & holds, known & ~holds)


def _fit(highest: int, *parts: Whole) -> tuple[Whole, ...]:
    """Return the operands, as Python's integers if the result may overflow."""
    if highest < MAX_INT64_OPERAND:
        return parts
    return tuple(part.astype(np.object_) for part in parts)


def _levelled(left: FractionColumn, right: FractionColumn) -> tuple[Whole, Whole, Whole, int, int]:
    """Return both tops over a common bottom, that bottom, and the highest top and bottom."""
    if len(left.bottom) == len(right.bottom) == 1:
        under_left, under_right = int(left.bottom[0]), int(right.bottom[0])
        base = math.lcm(under_left, under_right)
        up, down = base // under_left, base // under_right
        highest = max(left.highest * up, right.highest * down)
        a, b, bottom = _fit(
            max(highest, base), left.top, right.top, np.array([base], _kind(max(highest, base)))
        )
        return (a if up == 1 else a * up), (b if down == 1 else b * down), bottom, highest, base
    deepest = left.deepest * right.deepest
    highest = max(left.highest * right.deepest, right.highest * left.deepest)
    a, b, under_a, under_b = _fit(
        max(highest, deepest), left.top, right.top, left.bottom, right.bottom
    )
    return a * under_b, b * under_a, under_a * under_b, highest, deepest


def _kind(highest: int) -> type[np.int64] | type[np.object_]:
    return np.int64 if highest < MAX_INT64_OPERAND else np.object_


_COMPARISONS: dict[str, np.ufunc] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


def compare(operator: str, left: Column, right: Column) -> BoolColumn:
    """Compare two columns of one type; unknown where either is."""
    test = _COMPARISONS[operator]
    match left, right:
        case FractionColumn(), FractionColumn():
            a, b, *_ = _levelled(left, right)
            return _held(left.known & right.known, test(a, b).astype(np.bool_, copy=False))
        case DateColumn(), DateColumn():
            return _held(left.known & right.known, test(left.number, right.number))
        case CategoryColumn(), CategoryColumn():
            place = {word: code for code, word in enumerate(left.vocabulary)}
            foreign = len(left.vocabulary)
            moved = [place.get(word, foreign + at) for at, word in enumerate(right.vocabulary)]
            codes = np.array([*moved, -1], np.int32)[right.codes]
            return _held(left.known & right.known, test(left.codes, codes))
        case BoolColumn(), BoolColumn():
            return _held(left.known & right.known, test(left.yes, right.yes))
        case (UnknownColumn(), _) | (_, UnknownColumn()):
            return UNKNOWN
    raise TypeError(f"{type(left).__name__} {operator} {type(right).__name__}")


def one_of(column: Column, accepted: Sequence[str]) -> BoolColumn:
    """Return whether each word is one of `accepted`."""
    if not isinstance(column, CategoryColumn):
        return UNKNOWN
    table = np.array([*(word in accepted for word in column.vocabulary), False], np.bool_)
    return _held(column.known, table[column.codes])


def by_word(key: CategoryColumn, values: Sequence[Fraction | bool | None]) -> Column:
    """Return the value for each word of `key`, in the order of its vocabulary."""
    if any(isinstance(value, bool) for value in values):
        return truths([*(v if isinstance(v, bool) else None for v in values), None]).take(
            _wrapped(key)
        )
    found = numbers([*(v if isinstance(v, Fraction) else None for v in values), None])
    return found.take(_wrapped(key))


def _wrapped(key: CategoryColumn) -> Index:
    return np.where(key.codes < 0, len(key.vocabulary), key.codes).astype(np.intp)


def add(left: FractionColumn, right: FractionColumn, sign: int) -> FractionColumn:
    """Return the sum (`sign` 1) or the difference (-1)."""
    a, b, bottom, highest, deepest = _levelled(left, right)
    a, b = _fit(2 * highest, a, b)
    top = a + b if sign > 0 else a - b
    return _settled(top, bottom, left.known & right.known, 2 * highest, deepest)


def _settled(top: Whole, bottom: Whole, known: Mask, highest: int, deepest: int) -> FractionColumn:
    """Return a result with 0 over 1 (or the common bottom) where it is unknown."""
    if not known.all():
        top = np.where(known, top, 0)
        if len(bottom) > 1:
            bottom = np.where(known, bottom, 1)
    return FractionColumn(top, bottom, known, highest, deepest)


def multiply(left: FractionColumn, right: FractionColumn) -> FractionColumn:
    """Return the product; 0 if either is 0, even if the other is unknown."""
    highest, deepest = left.highest * right.highest, left.deepest * right.deepest
    a, b, under_a, under_b = _fit(
        max(highest, deepest), left.top, right.top, left.bottom, right.bottom
    )
    zero = (left.known & (left.top == 0)) | (right.known & (right.top == 0))
    known = (left.known & right.known) | zero
    return _settled(a * b, under_a * under_b, known, highest, deepest)


def divide(left: FractionColumn, right: FractionColumn) -> FractionColumn:
    """Return the quotient; unknown where the divisor is 0."""
    highest, deepest = left.highest * right.deepest, left.deepest * right.highest
    a, b, under_a, under_b = _fit(
        max(highest, deepest), left.top, right.top, left.bottom, right.bottom
    )
    known = left.known & right.known & (right.top != 0)
    bottom = np.where(known, under_a * abs(b), 1)
    top = np.where(known, a * under_b * np.where(b < 0, -1, 1), 0)
    return FractionColumn(top, bottom, known, highest, max(deepest, 1))


def like(column: Column, other: Column) -> Column:
    """Return `column`, or an empty column of the type of `other` if it is an `UnknownColumn`."""
    if not isinstance(column, UnknownColumn):
        return column
    match other:
        case BoolColumn():
            return UNKNOWN
        case CategoryColumn():
            return CategoryColumn(np.full(1, -1, np.int32), other.vocabulary)
        case DateColumn():
            return DateColumn(np.zeros(1, np.int64), OFF)
        case FractionColumn():
            return NO_NUMBER
    return column


def where(test: Mask, then: Column, otherwise: Column) -> Column:
    """Return `then` where the test holds, otherwise `otherwise`; both of one type."""
    then, otherwise = like(then, otherwise), like(otherwise, then)
    match then, otherwise:
        case FractionColumn(), FractionColumn():
            a, b, bottom, highest, deepest = _levelled(then, otherwise)
            known = np.where(test, then.known, otherwise.known)
            return _settled(np.where(test, a, b), bottom, known, highest, deepest)
        case BoolColumn(), BoolColumn():
            return BoolColumn(
                np.where(test, then.yes, otherwise.yes), np.where(test, then.no, otherwise.no)
            )
        case DateColumn(), DateColumn():
            return DateColumn(
                np.where(test, then.number, otherwise.number),
                np.where(test, then.known, otherwise.known),
            )
        case CategoryColumn(), CategoryColumn():
            joint = tuple(dict.fromkeys((*then.vocabulary, *otherwise.vocabulary)))
            place = {word: code for code, word in enumerate(joint)}
            a, b = (
                np.array([*(place[word] for word in side.vocabulary), -1], np.int32)[side.codes]
                for side in (then, otherwise)
            )
            return CategoryColumn(np.where(test, a, b), joint)
        case UnknownColumn(), UnknownColumn():
            return then
    raise TypeError(f"{type(then).__name__} or {type(otherwise).__name__}")


def as_truth(column: Column) -> BoolColumn:
    """Return a condition. Raises `TypeError` for a column of another type."""
    if isinstance(column, UnknownColumn):
        return UNKNOWN
    if isinstance(column, BoolColumn):
        return column
    raise TypeError(f"a {type(column).__name__} is not a condition")


def as_numbers(column: Column) -> FractionColumn:
    """Return numbers; a column of another type has none."""
    return column if isinstance(column, FractionColumn) else NO_NUMBER
