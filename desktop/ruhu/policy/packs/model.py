"""The content of a policy pack: clauses, figures, definitions, rules and indicators."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import ObligationLevel, PaymentPeriod, RuleKind
from ruhu.policy.language.nodes import (
    DefineRef,
    Expression,
    FactRef,
    FigureRef,
    FigureValue,
    Lookup,
)
from ruhu.policy.language.parser import SUBJECTS
from ruhu.survey.facts.catalogue import Fact, FactKind, catalogue


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause: its place in the plan and our own summary of it.

    `changed` says what the version amended, `note` what is doubtful. `rows` are its rows of the notice's
    comparison table. `without_rule` says why nothing is computed from it.
    """

    id: str
    place: BilingualText
    summary: BilingualText
    changed: BilingualText | None = None
    note: BilingualText | None = None
    rows: tuple[int, ...] = ()
    without_rule: BilingualText | None = None


@dataclass(frozen=True, slots=True)
class DatedValue:
    """The value of a figure from `start` on, and the clause that states it."""

    start: date
    value: FigureValue
    clause: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the notice: a value or a table by word, for each period."""

    name: str
    label: BilingualText
    unit: str | None
    series: tuple[DatedValue, ...]

    def on(self, day: date) -> DatedValue | None:
        """Return the value in force on `day`, `None` before the first."""
        current = None
        for value in self.series:
            if value.start <= day:
                current = value
        return current

    @property
    def clauses(self) -> frozenset[str]:
        """Every clause that states it."""
        return frozenset(since.clause for since in self.series)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark that a finding gets if its condition holds."""

    when: Expression
    text: BilingualText


@dataclass(frozen=True, slots=True)
class Definition:
    """A named expression that several rules share."""

    name: str
    subject: str
    label: BilingualText
    unit: str | None
    expression: Expression
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class AreaBound:
    """A rule's bound on the floor area in square metres; `side` is `lower` or `upper`."""

    side: str
    at: Expression


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule for one kind of subject.

    `scope` must be known to hold, otherwise the rule does not apply, or is unknown while the scope is.
    `applies` may stay open if the result is the same either way; subjects that an entitlement is not for are
    ineligible even while its scope is open. `conditions` decide. `over` names a list of the subject without
    which the rule gives no finding. `grant` is false if the amount is not paid to the subject: the money of
    works, a tax due or a deduction.
    """

    id: str
    kind: RuleKind
    subject: str
    title: BilingualText
    clause: str
    strength: ObligationLevel
    strength_when: tuple[tuple[Expression, ObligationLevel], ...]
    scope: tuple[Expression, ...]
    applies: tuple[Expression, ...]
    conditions: tuple[Expression, ...]
    value: Expression | None
    limit: Expression | None
    unit: str | None
    amount: Expression | None
    per: PaymentPeriod | None
    bound: AreaBound | None
    range_of: tuple[str, ...]
    notes: tuple[Note, ...]
    say: BilingualText | None
    over: str | None
    grant: bool

    @property
    def plan(self) -> str:
        """The plan it belongs to."""
        return self.id.split(".", 1)[0]

    @property
    def limits(self) -> tuple[Expression, ...]:
        """The conditions on whom the rule is about; it does not apply to others."""
        return self.scope + (self.applies if self.kind is RuleKind.CHECK else ())

    def expressions(self) -> tuple[Expression, ...]:
        """Return every expression of the rule."""
        single = (self.value, self.limit, self.amount, self.bound.at if self.bound else None)
        return (
            *self.scope,
            *self.applies,
            *self.conditions,
            *(e for e in single if e is not None),
            *(when for when, _ in self.strength_when),
        )


@dataclass(frozen=True, slots=True)
class Indicator:
    """A rate over the households or members of a county, and its target.

    Subjects for which `of` holds are counted; those for which `met` also holds meet it. A subject with an
    absent fact is left out of both. `target` names a figure in percent.
    """

    id: str
    subject: str
    title: BilingualText
    strength: ObligationLevel
    strength_when: tuple[tuple[Expression, ObligationLevel], ...]
    of: tuple[Expression, ...]
    met: tuple[Expression, ...]
    target: str
    say: BilingualText | None


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """A version of the policy, ready for assessments."""

    id: str
    title: BilingualText
    in_force_from: date
    digest: str
    plans: Mapping[str, BilingualText]
    clauses: Mapping[str, Clause]
    figures: Mapping[str, Figure]
    defines: Mapping[tuple[str, str], Definition]
    rules: tuple[Rule, ...]
    indicators: tuple[Indicator, ...]
    sources: Mapping[tuple[str, str], dict[str, Any]]
    _reached: dict[tuple[str, str], tuple[Expression, ...]] = field(
        default_factory=dict, repr=False
    )

    def clause(self, name: str) -> Clause:
        """Return the clause with an id. Raises `KeyError`."""
        return self.clauses[name]

    def referenced_nodes(self, rule: Rule) -> tuple[Expression, ...]:
        """Return every node of a rule's expressions, each definition expanded once."""
        key = (rule.id, rule.subject)
        nodes = self._reached.get(key)
        if nodes is None:
            nodes = self._reached[key] = tuple(
                self.expanded(SUBJECTS[rule.subject][0], rule.expressions())
            )
        return nodes

    def expanded(self, record: str, expressions: tuple[Expression, ...]) -> Iterator[Expression]:
        """Yield every node of some expressions, each definition expanded once."""
        pending = list(expressions)
        seen: set[str] = set()
        while pending:
            for node in pending.pop(0).walk():
                yield node
                if isinstance(node, DefineRef) and node.name not in seen:
                    seen.add(node.name)
                    pending.append(self.defines[(record, node.name)].expression)

    def rules_for(self, record: str) -> tuple[Rule, ...]:
        """Return the rules about subjects of a kind of record."""
        return tuple(rule for rule in self.rules if SUBJECTS[rule.subject][0] == record)


def facts_read(pack: Pack, rule: Rule) -> list[Fact]:
    """Return the facts that a rule reads, also through definitions, in the order of the catalogue."""
    paths = {node.path for node in pack.referenced_nodes(rule) if isinstance(node, FactRef)}
    facts = catalogue(SUBJECTS[rule.subject][0])
    return [f for path, f in facts.items() if path in paths and f.kind is not FactKind.LIST]


def figures_used(pack: Pack, rule: Rule) -> tuple[Figure, ...]:
    """Return the notice's figures that a rule uses, also through definitions."""
    references = (n.table if isinstance(n, Lookup) else n for n in pack.referenced_nodes(rule))
    names = dict.fromkeys(r.name for r in references if isinstance(r, FigureRef))
    return tuple(pack.figures[name] for name in names)
