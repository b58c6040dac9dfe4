"""What was worked out before is not worked out again: findings kept by the facts they rest on.

A finding is a function of the facts its rule reads, of the frame, and of what its subject is called.
So while someone types, only the rules that read the changed fact have anything to do.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from ruhu.policy.expressions import AnyOf, Call, Expression, FactRef
from ruhu.policy.finding import Finding
from ruhu.policy.language import OVER_LISTS, SUBJECTS
from ruhu.policy.pack import Pack, Rule
from ruhu.policy.subjects import Subject, Value
from ruhu.survey.facts import catalogue

MOST_KEPT = 50_000
"""Answers a frame keeps before it starts afresh, some tens of megabytes at the very most."""

Chain = tuple[Subject, ...]
"""A subject after those it belongs to, the record first."""

Address = tuple[str, ...]
"""What stands before the facts' names of each of a chain."""

Reader = Callable[[Mapping[str, Value]], Hashable]


def _reader(names: list[str]) -> Reader:
    return itemgetter(*names)


def _lists_read(nodes: tuple[Expression, ...]) -> dict[str, FactRef]:
    """The lists that are looped over or counted, by their path."""
    found: dict[str, FactRef] = {}
    for node in nodes:
        match node:
            case AnyOf(_, items):
                found[items.path] = items
            case Call(function, (FactRef() as items, *_)) if function in OVER_LISTS:
                found[items.path] = items
    return found


@dataclass(frozen=True, slots=True)
class Reads:
    """The facts that decide a rule, of the subject and of those it belongs to.

    `facts` are by how deep the owner stands (0: the record); `lists` name, with their owner's
    depth, the lists of which every item counts, and what is read of each.
    """

    facts: tuple[tuple[int, Reader], ...]
    lists: tuple[tuple[int, str, Reader], ...]

    @classmethod
    def of(cls, pack: Pack, rules: tuple[Rule, ...]) -> Reads:
        """What rules about the same kind of subject read together."""
        record, place = SUBJECTS[rules[0].subject]
        depths = {"": 0}
        for name, (kind, at) in SUBJECTS.items():
            if kind == record and (place == at or place.startswith(f"{at}." if at else "")):
                depths[name] = at.count("[]")
        nodes = tuple(node for rule in rules for node in pack.reached(rule))
        lists = _lists_read(nodes)
        for rule in rules:
            if rule.over is not None:
                path = f"{place}.{rule.over}" if place else rule.over
                lists.setdefault(path, FactRef(rule.subject, rule.over, path))
        own: dict[int, set[str]] = {}
        for node in nodes:
            if isinstance(node, FactRef) and node.owner in depths and node.path not in lists:
                own.setdefault(depths[node.owner], set()).add(node.name)
        return cls(
            tuple((depth, _reader(sorted(names))) for depth, names in sorted(own.items())),
            tuple(
                (depths[at.owner], at.name, _reader(_read_of_items(record, path, nodes)))
                for path, at in sorted(lists.items())
            ),
        )

    def key(self, chain: Chain) -> Hashable:
        """The facts of one subject: where they are equal, so are the answers."""
        facts = tuple([read(chain[depth].values) for depth, read in self.facts])
        if not self.lists:
            return facts
        return facts, tuple([_items_key(chain[at], name, read) for at, name, read in self.lists])


def _read_of_items(record: str, path: str, nodes: tuple[Expression, ...]) -> list[str]:
    """What is read of each item: what any expression names of such a list, or else all there is."""
    start = f"{path}[]."
    named = {
        n.path.removeprefix(start)
        for n in nodes
        if isinstance(n, FactRef) and n.path.startswith(start)
    }
    every = [p.removeprefix(start) for p in catalogue(record) if p.startswith(start)]
    plain = [
        name
        for name in every
        if "[]" not in name and catalogue(record)[start + name].item_key is None
    ]
    ordered = any(isinstance(n, Call) and n.function == "stages_in_order" for n in nodes)
    return [name for name in plain if ordered or name in named] or plain[:1]


def _items_key(owner: Subject, name: str, read: Reader) -> Hashable:
    items = owner.lists.get(name)
    if items is None:
        return None
    return tuple([(item.identity, read(item.values)) for item in items])


Findings = tuple[Finding | None, ...]

MOST_NAMES = 32
"""Subjects for whom the same answers are kept in their own words."""


@dataclass(slots=True)
class Memory:
    """Findings of groups of rules, by the facts they rest on and by how their subject is called."""

    kept: dict[Hashable, dict[Address, Findings]] = field(default_factory=dict)

    def recall(self, key: Hashable, chain: Chain, address: Address) -> Findings | None:
        """What is kept under `key`, in the words of the last subject of `chain`."""
        answers = self.kept.get(key)
        if answers is None:
            return None
        found = answers.get(address)
        if found is None:
            other, findings = next(iter(answers.items()))
            found = tuple([_readdressed(f, other, chain[-1], address) for f in findings])
            if len(answers) < MOST_NAMES:
                answers[address] = found
        return found

    def keep(self, key: Hashable, address: Address, findings: Findings) -> Findings:
        """Keep what was worked out."""
        if len(self.kept) >= MOST_KEPT:
            self.kept.clear()
        self.kept[key] = {address: findings}
        return findings


def _readdressed(
    finding: Finding | None, other: Address, subject: Subject, address: Address
) -> Finding | None:
    if finding is None:
        return None
    pairs = [(old, new) for old, new in zip(other, address, strict=True) if old != new][::-1]

    def moved(path: str) -> str:
        for old, new in pairs:
            if path.startswith(old):
                return new + path[len(old) :]
        return path

    name, _, _ = finding.subject.partition(":")
    called = f"{name}:{subject.identity}" if subject.place else name
    return finding._replace(
        subject=called, missing=tuple([moved(path) for path in finding.missing])
    )
