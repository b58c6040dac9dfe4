"""Bind the generated functions to one day, its figures and the county's standards."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from ruhu.policy.compiler.cache_keys import group_by_inputs
from ruhu.policy.compiler.codegen import CompiledFunction, CompiledFunctions
from ruhu.policy.compiler.expression import answer_unit
from ruhu.policy.compiler.outcome import range_unit, strength_unit
from ruhu.policy.compiler.rule import row_unit, rules_unit
from ruhu.policy.compiler.runtime import NAMES
from ruhu.policy.evaluation.finding import ObligationLevel
from ruhu.policy.evaluation.finding_cache import Findings, SubjectEvaluator
from ruhu.policy.evaluation.floor_area_range import RangeRuling
from ruhu.policy.evaluation.record_tree import Subject
from ruhu.policy.language.nodes import Expression
from ruhu.policy.language.three_valued import ThreeValued, all_of
from ruhu.policy.packs.model import Indicator, Pack, Rule

if TYPE_CHECKING:
    from ruhu.policy.evaluation.context import EvaluationContext

Chain = Sequence[Subject]
"""A subject after its parents, the record first."""

_BUILTINS = {
    name: getattr(builtins, name)
    for name in ("frozenset", "isinstance", "len", "max", "min", "str", "tuple")
}


@lru_cache(maxsize=32)
def _book(pack: Pack, record: str) -> CompiledFunctions:
    return CompiledFunctions.of(pack, record)


class Program:
    """The rules of one context, each bound when first needed."""

    def __init__(self, frame: EvaluationContext) -> None:
        self._frame = frame
        self._book = _book(frame.pack, frame.record)
        self._names: dict[str, Any] = {"__builtins__": _BUILTINS, **NAMES}

    def findings_of(self, rules: Sequence[Rule], *, show_all: bool) -> Callable[..., Findings]:
        """Return the function that computes the findings of some rules for the subjects of a chain."""
        return self._ready(rules_unit(self._book, rules, show_all=show_all))

    def together(self, rules: Sequence[Rule]) -> list[list[int]]:
        """Group rules that share a cache, by their positions."""
        return group_by_inputs(self._book, rules)

    def row_of(self, groups: Sequence[Sequence[Rule]], *, show_all: bool) -> SubjectEvaluator:
        """Return the evaluator of groups of rules about one kind of subject."""

        def write(remembered: Sequence[bool]) -> Callable[..., Findings]:
            return self._ready(row_unit(self._book, groups, remembered, show_all=show_all))

        makers = [self.findings_of(group, show_all=show_all) for group in groups]
        return SubjectEvaluator(makers, write)

    def range_of(self, rule: Rule, chain: Chain) -> RangeRuling:
        """Return what the bounds of a range's rules leave."""
        return cast(RangeRuling, self._ready(range_unit(self._book, rule))(*chain))

    def strength_of(self, indicator: Indicator, chain: Chain) -> ObligationLevel:
        """Return how strictly an indicator is worded."""
        return cast(ObligationLevel, self._ready(strength_unit(self._book, indicator))(*chain))

    def holds(self, conditions: tuple[Expression, ...], subject: str, chain: Chain) -> ThreeValued:
        """Return whether all conditions hold for the last subject of a chain."""
        units = (answer_unit(self._book, condition, subject) for condition in conditions)
        return all_of([self._ready(unit)(*chain) for unit in units])

    def _ready(self, unit: CompiledFunction) -> Callable[..., Any]:
        if unit.name not in self._names:
            for called in unit.calls:
                self._ready(called)
            self._names.update(unit.constants)
            for name, make in unit.of_frame.items():
                self._names[name] = make(self._frame)
            for name, settled in unit.settled.items():
                self._names[name] = self._ready(settled)()
            exec(unit.code, self._names)  # noqa: S102 - our own lines, see the package's docstring
        return cast(Callable[..., Any], self._names[unit.name])
