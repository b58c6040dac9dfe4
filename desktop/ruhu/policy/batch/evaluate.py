"""Evaluate expressions for all subjects of a list at once, with the same results as one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import reduce

import numpy as np

from ruhu.policy.batch.columns import (
    NO_NUMBER,
    OFF,
    BoolColumn,
    CategoryColumn,
    Column,
    DateColumn,
    FractionColumn,
    Index,
    Mask,
    UnknownColumn,
    add,
    as_numbers,
    as_truth,
    by_word,
    compare,
    constant,
    divide,
    logical_and,
    logical_or,
    multiply,
    numbers,
    one_of,
    take_rows,
    where,
)
from ruhu.policy.batch.record_table import RecordTable, owner_of
from ruhu.policy.language.builtins import RunningTotal, previous_total
from ruhu.policy.language.nodes import (
    And,
    AnyOf,
    Arithmetic,
    Call,
    Choose,
    Compare,
    Constant,
    Day,
    DefineRef,
    Expression,
    FactRef,
    FigureRef,
    FigureValue,
    Lookup,
    Not,
    OneOf,
    Or,
    Scalar,
    StandardRef,
)
from ruhu.policy.standards.model import Standards
from ruhu.survey.facts.catalogue import catalogue
from ruhu.survey.models.choices import HousingStage


@dataclass(frozen=True, slots=True)
class BatchContext:
    """What the records of one table are assessed by: figures in force, definitions, standards."""

    table: RecordTable
    figures: Mapping[str, FigureValue]
    defines: Mapping[str, Expression]
    standards: Standards | None


@dataclass(frozen=True, slots=True)
class NestedLoop:
    """The items of a list below the rows of a frame: their own frame and each one's outer row."""

    grid: SubjectFrame
    outer: Index
    listed: Mask


@dataclass(slots=True)
class SubjectFrame:
    """The rows that an expression is evaluated for.

    `owners` maps every name (`member`, a loop's name, empty for the record) to the place of its facts. Unless
    the rows are that place's own, it also has the index of each row there.
    """

    basis: BatchContext
    size: int
    owners: dict[str, tuple[str, Index | None]]
    facts: dict[tuple[str, str], Column] = field(default_factory=dict)
    defines: dict[str, Column] = field(default_factory=dict)
    loops: dict[tuple[str, str], NestedLoop] = field(default_factory=dict)

    @classmethod
    def of(cls, basis: BatchContext, place: str, names: Mapping[str, str]) -> SubjectFrame:
        """Return the frame of all subjects at a place; `names` are the names of each place's subjects."""
        rows = basis.table.places[place]
        owners: dict[str, tuple[str, Index | None]] = {
            names[above]: (above, index) for above, index in rows.above.items()
        }
        owners[names[place]] = (place, None)
        owners[""] = ("", rows.above.get(""))
        return cls(basis, rows.size, owners)

    def fact(self, owner: str, path: str) -> Column:
        """Return a fact of the subject named `owner` for every row."""
        column = self.facts.get((owner, path))
        if column is None:
            _, index = self.owners[owner]
            column = self.facts[owner, path] = self.basis.table.fact(path).take(index)
        return column

    def loop(self, name: str, items: FactRef) -> NestedLoop:
        """Return the items of a list, as a frame in which `name` stands for the item."""
        loop = self.loops.get((name, items.path))
        if loop is None:
            loop = self.loops[name, items.path] = self._loop(name, items)
        return loop

    def _loop(self, name: str, items: FactRef) -> NestedLoop:
        table, place = self.basis.table, f"{items.path}[]"
        rows = table.places[place]
        _, index = self.owners[items.owner]
        listed = take_rows(table.has_list(items.path), index)
        if index is None:
            outer, item = rows.above[owner_of(items.path)], None
        else:
            counts = rows.counts[index]
            starts = np.cumsum(rows.counts) - rows.counts
            outer = np.repeat(np.arange(self.size), counts)
            within = np.arange(len(outer)) - np.repeat(np.cumsum(counts) - counts, counts)
            item = np.repeat(starts[index], counts) + within
        owners: dict[str, tuple[str, Index | None]] = {
            owner: (at, outer if found is None else found[outer])
            for owner, (at, found) in self.owners.items()
        }
        owners[name] = (place, item)
        return NestedLoop(SubjectFrame(self.basis, len(outer), owners), outer, listed)


def evaluate(node: Expression, grid: SubjectFrame) -> Column:
    """Evaluate an expression for every row of a frame."""
    return _EVALUATORS[type(node)](node, grid)


def holds(nodes: tuple[Expression, ...], grid: SubjectFrame) -> BoolColumn:
    """Return whether all conditions hold, row by row."""
    return reduce(
        logical_and, [as_truth(evaluate(node, grid)) for node in nodes], BoolColumn(~OFF, OFF)
    )


def _constant(node: Constant, grid: SubjectFrame) -> Column:
    return constant(node.value)


def _day(node: Day, grid: SubjectFrame) -> Column:
    _, index = grid.owners[""]
    return grid.basis.table.day.take(index)


def _fact(node: FactRef, grid: SubjectFrame) -> Column:
    return grid.fact(node.owner, node.path)


def _figure(node: FigureRef, grid: SubjectFrame) -> Column:
    value = grid.basis.figures.get(node.name)
    return UnknownColumn() if value is None or isinstance(value, Mapping) else constant(value)


def _standards(grid: SubjectFrame) -> Mapping[str, Scalar]:
    return grid.basis.standards.values if grid.basis.standards else {}


def _standard(node: StandardRef, grid: SubjectFrame) -> Column:
    value = _standards(grid).get(node.path)
    return UnknownColumn() if value is None else constant(value)


def _lookup(node: Lookup, grid: SubjectFrame) -> Column:
    key = evaluate(node.key, grid)
    if not isinstance(key, CategoryColumn):
        return UnknownColumn()
    if isinstance(node.table, StandardRef):
        ending = f".{node.rest}" if node.rest else ""
        found = _standards(grid)
        paths = [f"{node.table.path}.{word}{ending}" for word in key.vocabulary]
        return by_word(key, [_figure_of(found.get(path)) for path in paths])
    table = grid.basis.figures.get(node.table.name)
    if not isinstance(table, Mapping):
        return UnknownColumn()
    return by_word(key, [_figure_of(table.get(word)) for word in key.vocabulary])


def _figure_of(value: Scalar | None) -> Fraction | bool | None:
    return value if isinstance(value, (Fraction, bool)) else None


def _define(node: DefineRef, grid: SubjectFrame) -> Column:
    column = grid.defines.get(node.name)
    if column is None:
        inner = grid.basis.defines[node.name]
        column = grid.defines[node.name] = evaluate(inner, grid)
    return column


def _not(node: Not, grid: SubjectFrame) -> Column:
    inner = as_truth(evaluate(node.operand, grid))
    return BoolColumn(inner.no, inner.yes)


def _and(node: And, grid: SubjectFrame) -> Column:
    return holds(node.operands, grid)


def _or(node: Or, grid: SubjectFrame) -> Column:
    parts = [as_truth(evaluate(part, grid)) for part in node.operands]
    return reduce(logical_or, parts)


def _compare(node: Compare, grid: SubjectFrame) -> Column:
    return compare(node.operator, evaluate(node.left, grid), evaluate(node.right, grid))


def _one_of(node: OneOf, grid: SubjectFrame) -> Column:
    return one_of(evaluate(node.operand, grid), [str(word.value) for word in node.words])


def _arithmetic(node: Arithmetic, grid: SubjectFrame) -> Column:
    left, right = (as_numbers(evaluate(part, grid)) for part in (node.left, node.right))
    match node.operator:
        case "+":
            return add(left, right, 1)
        case "-":
            return add(left, right, -1)
        case "*":
            return multiply(left, right)
    return divide(left, right)


def _choose(node: Choose, grid: SubjectFrame) -> Column:
    test = as_truth(evaluate(node.test, grid))
    then, otherwise = evaluate(node.then, grid), evaluate(node.otherwise, grid)
    same = compare("==", then, otherwise).yes
    return where(test.yes | same, then, where(test.no, otherwise, UnknownColumn()))


def _any_item(node: AnyOf, grid: SubjectFrame) -> Column:
    loop = grid.loop(node.name, node.items)
    found = as_truth(evaluate(node.condition, loop.grid))
    some, open_ = np.zeros(grid.size, np.bool_), np.zeros(grid.size, np.bool_)
    some[loop.outer[np.broadcast_to(found.yes, loop.grid.size)]] = True
    open_[loop.outer[np.broadcast_to(~found.no, loop.grid.size)]] = True
    return BoolColumn(some, loop.listed & ~open_)


def _age(grid: SubjectFrame, born: Column, day: Column) -> Column:
    if not isinstance(born, DateColumn) or not isinstance(day, DateColumn):
        return NO_NUMBER
    known = born.known & day.known
    # A birthday on 29 February is reached on 1 March, as 0301 > 0229.
    return _whole(np.where(known, (day.number - born.number) // 10000, 0), known)


def _whole(top: Index, known: Mask) -> FractionColumn:
    return FractionColumn(top, np.ones(1, np.int64), known, 10**4, 1)


def _years_after(grid: SubjectFrame, day: Column, years: Column) -> Column:
    if not isinstance(day, DateColumn) or not isinstance(years, FractionColumn):
        return UnknownColumn()
    landed = day.number + (years.top // years.bottom) * 10000
    late = np.flatnonzero(landed % 10000 == 229)
    if len(late):
        year = landed[late] // 10000
        leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
        landed[late] = np.where(leap, landed[late], year * 10000 + 301)
    known = day.known & years.known
    return DateColumn(np.where(known, landed, 0), known)


def _year(grid: SubjectFrame, day: Column) -> Column:
    if not isinstance(day, DateColumn):
        return NO_NUMBER
    return _whole(day.number // 10000, day.known)


def _default(grid: SubjectFrame, first: Column, second: Column) -> Column:
    return where(first.known, first, second)


def _recorded(grid: SubjectFrame, first: Column) -> Column:
    return BoolColumn(first.known, ~first.known)


def _smallest(grid: SubjectFrame, *parts: Column) -> Column:
    return reduce(lambda a, b: _extreme("<=", a, b), map(as_numbers, parts))


def _largest(grid: SubjectFrame, *parts: Column) -> Column:
    return reduce(lambda a, b: _extreme(">=", a, b), map(as_numbers, parts))


def _extreme(operator: str, left: FractionColumn, right: FractionColumn) -> FractionColumn:
    known = left.known & right.known
    chosen = where(compare(operator, left, right).yes, left, right)
    return as_numbers(where(known, chosen, UnknownColumn()))


def _tiered(grid: SubjectFrame, spend: Column, deductible: Column, extra: Column) -> Column:
    a, b, more = as_numbers(spend), as_numbers(deductible), as_numbers(extra)
    zero = as_numbers(constant(Fraction(0)))
    nothing_due = compare("==", a, zero).yes | compare("<=", a, b).yes
    tiers = grid.basis.standards.tiers if grid.basis.standards else None
    if tiers is None:
        return where(nothing_due, zero, UnknownColumn())
    over = _extreme(">=", zero, add(a, b, -1))
    total, below = zero, zero
    for end, rate in tiers:
        upper = over if end is None else _extreme("<=", over, as_numbers(constant(end)))
        part = _extreme(">=", zero, add(upper, below, -1))
        share = _extreme(
            "<=", as_numbers(constant(Fraction(1))), add(as_numbers(constant(rate)), more, 1)
        )
        total = add(total, multiply(part, share), 1)
        below = zero if end is None else as_numbers(constant(end))
    known = a.known & b.known & more.known
    return where(nothing_due, zero, where(known, total, UnknownColumn()))


def _size(node: Call, grid: SubjectFrame) -> Column:
    items = node.arguments[0]
    assert isinstance(items, FactRef)
    table = grid.basis.table
    _, index = grid.owners[items.owner]
    counts = take_rows(table.places[f"{items.path}[]"].counts, index)
    return FractionColumn(counts, np.ones(1, np.int64), counts > 0, 10**6, 1)


def _stages_in_order(node: Call, grid: SubjectFrame) -> Column:
    items = node.arguments[0]
    assert isinstance(items, FactRef)
    reached = evaluate(node.arguments[1], grid)
    loop = grid.loop("step", items)
    word, on = (loop.grid.fact("step", f"{items.path}[].{name}") for name in ("stage", "on"))
    order = [stage.value for stage in HousingStage]
    # If the stage is unknown, in order up to the last one means in order up to any.
    last = np.array([len(order) - 1], np.intp)
    goal = (
        np.where(reached.known, _ranks(reached, order), last)
        if isinstance(reached, CategoryColumn)
        else last
    )
    found = _ranks(word, order) if isinstance(word, CategoryColumn) else np.zeros(0, np.intp)
    rank = np.broadcast_to(found, loop.grid.size)
    # The first entry of a repeated stage counts, so it is written last.
    at = np.full((grid.size, len(order)), -1, np.intp)
    rows = np.arange(loop.grid.size)[::-1]
    at[loop.outer[rows], rank[rows]] = rows
    dated = np.zeros(at.shape, np.int64)
    if isinstance(on, DateColumn) and len(rows):
        number = np.where(on.known, on.number, 0)
        dated = np.where(at >= 0, np.broadcast_to(number, loop.grid.size)[at], 0)
    gone = undated = back = np.zeros(grid.size, np.bool_)
    latest = np.zeros(grid.size, np.int64)
    for stage in range(len(order)):
        earlier, upto = goal > stage, goal >= stage
        gone = gone | (earlier & (at[:, stage] < 0))
        undated = undated | (upto & (at[:, stage] >= 0) & (dated[:, stage] == 0))
        day = np.where(upto, dated[:, stage], 0)
        back = back | ((day > 0) & (day < latest))
        latest = np.where(day > 0, day, latest)
    wrong = gone | back
    yes = (goal == 0) | (loop.listed & ~wrong & ~undated)
    return BoolColumn(yes, loop.listed & reached.known & wrong)


def _previous_total(node: Call, grid: SubjectFrame) -> Column:
    items, total = node.arguments
    assert isinstance(items, FactRef)
    assert isinstance(total, FactRef)
    own = as_numbers(grid.fact(total.owner, total.path))
    loop = grid.loop("other", items)
    counts = np.bincount(loop.outer, minlength=grid.size)
    found: list[Fraction | Decimal | None] = [Fraction(0)] * grid.size
    # Few persons have several hospital stays: those are compared one by one.
    for row in np.flatnonzero(counts > 1):
        start, stop = np.searchsorted(loop.outer, [row, row + 1])
        others = [_running_total(loop.grid, "other", items, total, at) for at in range(start, stop)]
        current = _running_total(grid, total.owner, items, total, int(row))
        answer = previous_total(current, others).value
        found[row] = answer if isinstance(answer, (Fraction, Decimal)) else None
    return as_numbers(where(own.known, numbers(found), UnknownColumn()))


def _running_total(
    grid: SubjectFrame, owner: str, items: FactRef, total: FactRef, row: int
) -> RunningTotal:
    """Return one row of a list as a running total."""
    start = f"{items.path}[]."
    key = catalogue(grid.basis.table.kind)[items.path].item_key
    identity, day = grid.fact(owner, f"{start}{key}"), grid.fact(owner, f"{start}on")
    assert isinstance(identity, CategoryColumn)
    year = None
    if isinstance(day, DateColumn) and day.known[row % len(day.known)]:
        year = int(day.number[row % len(day.number)]) // 10000
    return RunningTotal(
        identity.vocabulary[identity.codes[row % len(identity.codes)]],
        year,
        as_numbers(grid.fact(owner, total.path)).at(row),
    )


def _ranks(column: CategoryColumn, order: list[str]) -> Index:
    table = np.array([*(order.index(word) for word in column.vocabulary), -1], np.intp)
    return table[column.codes]


_FUNCTIONS: dict[str, Callable[..., Column]] = {
    "age": _age,
    "default": _default,
    "max": _largest,
    "min": _smallest,
    "provisional": _default,
    "recorded": _recorded,
    "tiered": _tiered,
    "year": _year,
    "years_after": _years_after,
}


def _call(node: Call, grid: SubjectFrame) -> Column:
    if node.function == "previous_total":
        return _previous_total(node, grid)
    if node.function == "size":
        return _size(node, grid)
    if node.function == "stages_in_order":
        return _stages_in_order(node, grid)
    return _FUNCTIONS[node.function](grid, *(evaluate(a, grid) for a in node.arguments))


_EVALUATORS: dict[type[Expression], Callable[..., Column]] = {
    Constant: _constant,
    Day: _day,
    FactRef: _fact,
    FigureRef: _figure,
    StandardRef: _standard,
    Lookup: _lookup,
    DefineRef: _define,
    Not: _not,
    And: _and,
    Or: _or,
    Compare: _compare,
    OneOf: _one_of,
    Arithmetic: _arithmetic,
    Choose: _choose,
    AnyOf: _any_item,
    Call: _call,
}
