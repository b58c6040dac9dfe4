"""Generate cache keys: the inputs by which some rules distinguish subjects."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from operator import itemgetter

from ruhu.policy.compiler.codegen import CompiledFunctions, parameters
from ruhu.policy.compiler.expression import ExpressionWriter
from ruhu.policy.language.nodes import Call, Day, FactRef
from ruhu.policy.packs.model import Rule
from ruhu.survey.facts.catalogue import FactKind

_CLOSED = {FactKind.YES_NO, FactKind.CHOICE}


@dataclass(frozen=True, slots=True)
class _Inputs:
    """The inputs of rules: facts, birth dates read for ages, and items of lists."""

    facts: tuple[FactRef, ...]
    ages: tuple[Call, ...]
    lists: tuple[FactRef, ...]
    of_items: tuple[FactRef, ...]
    in_order: bool
    running_totals: tuple[str, ...]


def _reads(book: CompiledFunctions, rules: Sequence[Rule]) -> _Inputs:
    by_id = {rule.id: rule for rule in book.pack.rules_for(book.record)}
    bounds = [by_id[name] for rule in rules for name in rule.range_of]
    nodes = [node for rule in (*rules, *bounds) for node in book.pack.referenced_nodes(rule)]
    calls = [node for node in nodes if isinstance(node, Call)]
    ages = [call for call in calls if call.function == "age"]
    born = {id(call.arguments[0]) for call in ages}
    owners = book.owners(rules[0].subject)
    found = [node for node in nodes if isinstance(node, FactRef)]
    own = [node for node in found if node.owner in owners]
    lists = [node for node in own if book.fact(node).kind is FactKind.LIST]
    single = [node for node in own if book.fact(node).kind is not FactKind.LIST]
    return _Inputs(
        tuple(dict.fromkeys(node for node in single if id(node) not in born)),
        tuple(dict.fromkeys(ages)),
        tuple(dict.fromkeys(lists)),
        tuple(dict.fromkeys(node for node in found if node.owner not in owners)),
        any(call.function == "stages_in_order" for call in calls),
        _running_totals(calls),
    )


def _running_totals(calls: Sequence[Call]) -> tuple[str, ...]:
    """Return the facts of list items that the calls compare with those of other items."""
    totals = [call.arguments[1] for call in calls if call.function == "previous_total"]
    return tuple(dict.fromkeys(node.path for node in totals if isinstance(node, FactRef)))


def group_by_inputs(book: CompiledFunctions, rules: Sequence[Rule]) -> list[list[int]]:
    """Group rules that share a cache, by their positions in the sequence.

    Among a plan's rules about the same kind of subject these are: rules with few inputs (closed lists, ages);
    rules that read mostly the same amounts and dates; and rules whose amounts and dates another reads as
    well.
    """
    reads = [_open_inputs(book, rule) for rule in rules]
    groups: list[list[int]] = []
    for at, marks in enumerate(reads):
        joining = [g for g in groups if any(_in_common(marks, reads[other]) for other in g)]
        groups = [group for group in groups if group not in joining]
        groups.append([*(other for group in joining for other in group), at])
    return groups


def _open_inputs(book: CompiledFunctions, rule: Rule) -> set[Hashable]:
    """Return a rule's inputs with many values; if there are none, the rule has few cases."""
    reads = _reads(book, [rule])
    single = (*reads.facts, *reads.of_items)
    open_: set[str | bool] = {node.path for node in single if book.fact(node).kind not in _CLOSED}
    marks = open_ or {rule.id if reads.in_order else bool(reads.ages)}
    return {(rule.subject, rule.plan, mark) for mark in marks}


def _in_common(one: set[Hashable], other: set[Hashable]) -> bool:
    return one <= other or other <= one or 2 * len(one & other) > len(one | other)


def cache_key(out: ExpressionWriter, rules: Sequence[Rule]) -> str:
    """Return an expression for the subject's address followed by the inputs of some rules."""
    reads = _reads(out.book, rules)
    owner = parameters(out.owners)[-1]
    parts = [f"{owner}.address", *_facts(out, reads.facts)]
    parts += [part for call in reads.ages for part in _age(out, call)]
    parts += [_items(out, node, reads) for node in reads.lists]
    if reads.running_totals:
        # Among items with equal totals, the position decides what an item adds.
        parts.append(f"{owner}.identity")
    for over in dict.fromkeys(rule.over for rule in rules if rule.over is not None):
        parts.append(f"{out.constant(over)} in {owner}.lists")
    return f"({', '.join(parts)},)"


def _age(out: ExpressionWriter, call: Call) -> tuple[str, ...]:
    """Return an age and, if it may be unknown for another reason, whether the birth date is known."""
    born, day = (out.value(argument) for argument in call.arguments)
    age = out.once(("years", born, day), lambda: out.assign(f"years({born}, {day})", "years"))
    return (age,) if call.arguments[1] == Day() else (age, f"{born} is None")


def _facts(out: ExpressionWriter, nodes: Sequence[FactRef]) -> list[str]:
    """Return expressions that read the facts of each owner at once."""
    names: dict[str, dict[str, None]] = {}
    for node in nodes:
        names.setdefault(out.owners[node.owner], {})[node.name] = None
    return [
        f"{out.constant(itemgetter(*read))}({out.facts(owner)})" for owner, read in names.items()
    ]


def _items(out: ExpressionWriter, items: FactRef, reads: _Inputs) -> str:
    listed, start = out.book.fact(items), f"{items.path}[]."
    names = [node.name for node in reads.of_items if node.path == start + node.name]
    totals = [p.removeprefix(start) for p in reads.running_totals if p.startswith(start)]
    if reads.in_order or totals:
        names += ["on", *totals]
    assert listed.item_key is not None
    facts = itemgetter(*dict.fromkeys((listed.item_key, *names)))
    owner, name = out.owners[items.owner], out.constant(items.name)
    return f"items_in_case({owner}, {name}, {out.constant(facts)})"
