"""Writing what tells the case of one subject from that of another, as far as some rules can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ruhu.policy.compiled.values import Values, parameters
from ruhu.policy.compiled.writer import Book, Unit
from ruhu.policy.expressions import Call, Day, FactRef
from ruhu.policy.pack import Rule
from ruhu.survey.facts import FactKind

_CLOSED = {FactKind.YES_NO, FactKind.CHOICE}


@dataclass(frozen=True, slots=True)
class _Reads:
    """What rules read: facts as they are, dates of birth only for the age, and items of lists."""

    facts: tuple[FactRef, ...]
    aged: tuple[FactRef, ...]
    lists: tuple[FactRef, ...]
    of_items: tuple[FactRef, ...]
    in_order: bool


def _reads(book: Book, rules: Sequence[Rule]) -> _Reads:
    by_id = {rule.id: rule for rule in book.pack.rules_for(book.record)}
    bounds = [by_id[name] for rule in rules for name in rule.range_of]
    nodes = [node for rule in (*rules, *bounds) for node in book.pack.reached(rule)]
    calls = [node for node in nodes if isinstance(node, Call)]
    ages = {id(c.arguments[0]) for c in calls if c.function == "age" and c.arguments[1] == Day()}
    owners = book.owners(rules[0].subject)
    found = [node for node in nodes if isinstance(node, FactRef)]
    own = [node for node in found if node.owner in owners]
    lists = [node for node in own if book.fact(node).kind is FactKind.LIST]
    single = [node for node in own if book.fact(node).kind is not FactKind.LIST]
    return _Reads(
        tuple(dict.fromkeys(node for node in single if id(node) not in ages)),
        tuple(dict.fromkeys(node for node in single if id(node) in ages)),
        tuple(dict.fromkeys(lists)),
        tuple(dict.fromkeys(node for node in found if node.owner not in owners)),
        any(call.function == "stages_in_order" for call in calls),
    )


def alike(book: Book, rule: Rule) -> tuple[str, bool]:
    """What rules about the same kind of subject have in common that share their cases.

    These are a plan's rules with few cases: they read closed lists, and ages or none; no amounts or
    dates. Any other rule has its cases for itself.
    """
    reads = _reads(book, [rule])
    kinds = {book.fact(node).kind for node in (*reads.facts, *reads.of_items)}
    few = kinds <= _CLOSED and not reads.in_order
    return (rule.plan if few else rule.id), bool(reads.aged)


def key_unit(book: Book, rules: Sequence[Rule]) -> Unit:
    """The function that yields a subject's address and then what decides some rules about it."""

    def write() -> Unit:
        out = Values(book, "key", book.owners(rules[0].subject))
        reads = _reads(book, rules)
        parts = [out.fact(node) for node in reads.facts]
        parts += [f"years({out.fact(node)}, {out.value(Day())})" for node in reads.aged]
        parts += [_items(out, node, reads) for node in reads.lists]
        for over in dict.fromkeys(rule.over for rule in rules if rule.over is not None):
            parts.append(f"{out.constant(over)} in {parameters(out.owners)[-1]}.lists")
        address = f"{parameters(out.owners)[-1]}.address"
        out.line(f"return ({address}, {''.join(f'{part}, ' for part in parts)})")
        return out.unit(*parameters(out.owners))

    return book.unit(("key", *(rule.id for rule in rules)), rules, write)


def _items(out: Values, items: FactRef, reads: _Reads) -> str:
    start = f"{items.path}[]."
    names = [node.name for node in reads.of_items if node.path == start + node.name]
    if reads.in_order:
        names.append("on")
    listed, of_items = out.constant(items.name), out.constant(tuple(names))
    return f"items_in_case({out.owners[items.owner]}, {listed}, {of_items})"
