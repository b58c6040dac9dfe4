"""The inputs of an assessment besides the record: the pack, the day and the standards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ruhu.policy.language.nodes import Expression, FigureValue
from ruhu.policy.language.parser import SUBJECTS
from ruhu.policy.packs.model import Pack, Rule
from ruhu.policy.standards.model import Standards


@dataclass(frozen=True, slots=True)
class EvaluationContext:
    """The figures in force on a day, and the definitions for one kind of record."""

    pack: Pack
    record: str
    day: date
    standards: Standards | None
    figures: Mapping[str, FigureValue]
    defines: Mapping[str, Expression]
    names: Mapping[str, str]

    @classmethod
    def of(
        cls, pack: Pack, kind: str, day: date, standards: Standards | None = None
    ) -> "EvaluationContext":
        """Return the context for records of `kind` on `day`."""
        return cls(
            pack,
            kind,
            day,
            standards,
            {name: found.value for name, f in pack.figures.items() if (found := f.on(day))},
            {n: d.expression for (record, n), d in pack.defines.items() if record == kind},
            {path: name for name, (record, path) in SUBJECTS.items() if record == kind},
        )

    @staticmethod
    def place_of(rule: Rule) -> str:
        """Return the place of a rule's subjects (`members[]`, empty for the record)."""
        return SUBJECTS[rule.subject][1]
