"""The outline of a rule's explanation, computed once for all records."""

from dataclasses import dataclass, replace
from typing import overload

from ruhu.i18n import BilingualText
from ruhu.policy.language.nodes import (
    And,
    Arithmetic,
    Call,
    DefineRef,
    Expression,
    FigureRef,
    Lookup,
)
from ruhu.policy.language.parser import SUBJECTS
from ruhu.policy.packs.model import Note, Pack, Rule


@dataclass(frozen=True, slots=True)
class Calculation:
    """A number of a rule, and the formula shown for it if there is any arithmetic."""

    label: BilingualText
    node: Expression
    unit: str | None
    formula: Expression
    shows_arithmetic: bool


@dataclass(frozen=True, slots=True)
class ExplanationPlan:
    """The conditions one by one, the figures by name, the calculations and the notes.

    `scope` and `applies` are the conditions on whom the rule is about; those of an entitlement's `applies`
    decide who may have it.
    """

    scope: tuple[Expression, ...]
    applies: tuple[Expression, ...]
    conditions: tuple[Expression, ...]
    figures: tuple[tuple[str, Expression], ...]
    inner: tuple[Calculation, ...]
    value: Calculation | None
    amount: Calculation | None
    notes: tuple[Note, ...]

    @classmethod
    def of(cls, pack: Pack, rule: Rule) -> "ExplanationPlan":
        """Return the outline of one of the pack's rules."""
        record = SUBJECTS[rule.subject][0]
        nodes = pack.referenced_nodes(rule)
        references = [(n.table if isinstance(n, Lookup) else n, n) for n in nodes]
        named = {n.name: n for n in reversed(nodes) if isinstance(n, DefineRef)}
        in_order = list(dict.fromkeys(n.name for n in nodes if isinstance(n, DefineRef)))
        own = {node for node in (rule.value, rule.amount) if node is not None}
        inner = [
            _calculation(pack, record, define.label, named[name], define.unit)
            for name in reversed(in_order)
            for define in [pack.defines[record, name]]
            if named[name] not in own
        ]
        applies = rule.limits[len(rule.scope) :]
        return cls(
            tuple(_flat(pack, record, rule.scope)),
            tuple(_flat(pack, record, applies)),
            tuple(_flat(pack, record, (*rule.scope, *rule.applies, *rule.conditions))),
            tuple((r.name, n) for r, n in references if isinstance(r, FigureRef)),
            tuple(inner),
            _calculation(pack, record, rule.title, rule.value, rule.unit),
            _amount(pack, record, rule.amount),
            (
                *rule.notes,
                *(note for name in in_order for note in pack.defines[record, name].notes),
            ),
        )


def _flat(pack: Pack, record: str, expressions: tuple[Expression, ...]) -> list[Expression]:
    """Return conditions one by one; `and`s, also in definitions, are split."""
    flat: list[Expression] = []
    for expression in expressions:
        inner = expression
        if isinstance(inner, DefineRef):
            inner = pack.defines[record, inner.name].expression
        if isinstance(inner, And):
            flat += _flat(pack, record, inner.operands)
        else:
            flat.append(expression)
    return flat


@overload
def _calculation(
    pack: Pack, record: str, label: BilingualText, node: Expression, unit: str | None
) -> Calculation: ...
@overload
def _calculation(
    pack: Pack, record: str, label: BilingualText, node: Expression | None, unit: str | None
) -> Calculation | None: ...
def _calculation(
    pack: Pack, record: str, label: BilingualText, node: Expression | None, unit: str | None
) -> Calculation | None:
    if node is None:
        return None
    formula = node
    while isinstance(formula, DefineRef):
        inner = pack.defines[record, formula.name].expression
        given = isinstance(inner, Call) and inner.function == "default"
        if given and not any(map(_calculates, inner.walk())):
            break
        formula = inner
    return Calculation(
        label,
        node,
        unit,
        formula,
        any(map(_calculates, formula.walk())),
    )


def _amount(pack: Pack, record: str, node: Expression | None) -> Calculation | None:
    """Return an amount's calculation; its source is shown even if it is a single figure."""
    calculation = _calculation(pack, record, BilingualText("金额", "Amount"), node, "CNY")
    return None if calculation is None else replace(calculation, shows_arithmetic=True)


def _calculates(node: Expression) -> bool:
    return isinstance(node, (Arithmetic, Lookup)) or (
        isinstance(node, Call) and node.function in ("min", "max", "tiered")
    )
