"""What a policy pack holds: clauses, figures, definitions, rules and indicators."""

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

    `changed` says what the version amended, `note` what is doubtful; `rows` are its rows of the
    notice's comparison table; `without_rule` says why nothing is computed from it.
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
    """A figure of the notice: one value or a table by word, each from a day on."""

    name: str
    label: BilingualText
    unit: str | None
    series: tuple[DatedValue, ...]

    def on(self, day: date) -> DatedValue | None:
        """What is in force on `day`; `None` before the first."""
        found = None
        for since in self.series:
            if since.start <= day:
                found = since
        return found

    @property
    def clauses(self) -> frozenset[str]:
        """Every clause it is cited from."""
        return frozenset(since.clause for since in self.series)


@dataclass(frozen=True, slots=True)
class Note:
    """A remark that a finding carries when its condition holds."""

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
    """The bound a rule sets to the house, in square metres; `side` is `lower` or `upper`."""

    side: str
    at: Expression


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule for one kind of subject.

    `scope` must be known to hold (else not applicable, or unknown while not known); `applies` may
    stay open where the answer is the same either way, and whom an entitlement is not for is ineligible
    even while its scope is open; `conditions` decide. `over` names a list of
    the subject without which the rule has nothing to say. `grant` is false where the amount is
    no money for the subject: the money of works, a tax due or a deduction.
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
        """What says whom the rule is about; who is outside of it, the rule does not apply to."""
        return self.scope + (self.applies if self.kind is RuleKind.CHECK else ())

    def expressions(self) -> tuple[Expression, ...]:
        """Every expression of the rule."""
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
    """A rate over the households or members of a county, and the target it is held to.

    Counted are the subjects for which `of` holds, of them met those for which `met` holds;
    a subject with an absent fact stays out of both. `target` names a figure in percent.
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
    """A version of the policy, ready to assess with."""

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
        """The clause with an id. Raises `KeyError`."""
        return self.clauses[name]

    def referenced_nodes(self, rule: Rule) -> tuple[Expression, ...]:
        """Every node of a rule's expressions, definitions opened up, each definition once."""
        key = (rule.id, rule.subject)
        nodes = self._reached.get(key)
        if nodes is None:
            nodes = self._reached[key] = tuple(
                self.expanded(SUBJECTS[rule.subject][0], rule.expressions())
            )
        return nodes

    def expanded(self, record: str, expressions: tuple[Expression, ...]) -> Iterator[Expression]:
        """Every node of some expressions, with each definition they name opened up once."""
        open_ = list(expressions)
        seen: set[str] = set()
        while open_:
            for node in open_.pop(0).walk():
                yield node
                if isinstance(node, DefineRef) and node.name not in seen:
                    seen.add(node.name)
                    open_.append(self.defines[(record, node.name)].expression)

    def rules_for(self, record: str) -> tuple[Rule, ...]:
        """The rules about subjects of a kind of record."""
        return tuple(rule for rule in self.rules if SUBJECTS[rule.subject][0] == record)


def facts_read(pack: Pack, rule: Rule) -> list[Fact]:
    """The facts a rule reads, through its definitions too, in the order of the catalogue."""
    found = {node.path for node in pack.referenced_nodes(rule) if isinstance(node, FactRef)}
    facts = catalogue(SUBJECTS[rule.subject][0])
    return [f for path, f in facts.items() if path in found and f.kind is not FactKind.LIST]


def figures_used(pack: Pack, rule: Rule) -> tuple[Figure, ...]:
    """The notice's figures that a rule uses, through its definitions too."""
    references = (n.table if isinstance(n, Lookup) else n for n in pack.referenced_nodes(rule))
    names = dict.fromkeys(r.name for r in references if isinstance(r, FigureRef))
    return tuple(pack.figures[name] for name in names)
