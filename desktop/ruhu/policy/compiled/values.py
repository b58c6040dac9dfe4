"""Writing what works out an expression: a line for each part, three-valued and exact.

Every part is worked out, whether or not another has decided already: none can fail, and the explanation
names them all. What is missing is written as an expression, to stand where an answer stays open.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from ruhu.policy.answers import NOTHING, Worked
from ruhu.policy.compiled.writer import Book, Unit, Writer
from ruhu.policy.expressions import (
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
from ruhu.policy.functions import tiers_of
from ruhu.policy.numbers import as_decimal
from ruhu.survey.facts import FactKind

if TYPE_CHECKING:
    from ruhu.policy.frame import Frame

NONE_MISSING = "NOTHING"
_LITERALS = ("None", "True", "False")


class Values(Writer):
    """A function that works out expressions; `owners` are the variables of those facts belong to."""

    def __init__(self, book: Book, kind: str, owners: Mapping[str, str]) -> None:
        super().__init__(book, kind)
        self.owners = owners
        self._known: list[dict[Hashable, str]] = [{}]

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """Write what belongs under `header`; what is worked out there is not known after it."""
        self._known.append({})
        with super().block(header):
            yield
        self._known.pop()

    def once(self, key: Hashable, write: Callable[[], str]) -> str:
        """A name, written where none is known for `key` yet."""
        for names in self._known:
            if key in names:
                return names[key]
        name = self._known[-1][key] = write()
        return name

    def value(self, node: Expression) -> str:
        """The name of what an expression yields, `None` while unknown."""
        key = same_as(node)
        if self.owners and isinstance(node, _WORKED_OUT) and self._is_settled(node):
            return self.once(key, lambda: self.once_a_frame(_settled(self.book, node, "value")))
        return self.once(key, lambda: _VALUES[type(node)](self, node))

    def _is_settled(self, node: Expression) -> bool:
        """Whether the day, the figures and the standards alone decide an expression."""
        nodes = self.book.pack.opened(self.book.record, (node,))
        return not any(isinstance(inner, (FactRef, AnyOf, DefineRef)) for inner in nodes)

    def answer(self, node: Expression) -> str:
        """An expression that yields the whole answer: the value and what is missing."""
        value = self.value(node)
        return f"new(Answer, ({value}, {self.missing(node)}))"

    def decimal(self, node: Expression) -> str:
        """The name of a number as a decimal, `None` for what is no number."""
        value = self.value(node)
        number = f"as_decimal({value}) if {value}.__class__ in NUMBERS else None"
        return self.once(("decimal", value), lambda: self.let(number, "number"))

    def missing(self, node: Expression) -> str:
        """What an expression misses; its value must have been written."""
        write = _MISSING.get(type(node))
        if write is None:
            return NONE_MISSING
        if self.owners and isinstance(node, _WORKED_OUT) and self._is_settled(node):
            unit = _settled(self.book, node, "missing")
            return self.once(("missing", id(node)), lambda: self.once_a_frame(unit))
        return write(self, node)

    def missing_of_open(self, *nodes: Expression) -> str:
        """What those of some expressions miss that are not known."""
        return union(*(self._if_open(node) for node in nodes))

    def _if_open(self, node: Expression) -> str:
        missing = self.missing(node)
        if missing == NONE_MISSING or missing_of_known(self, node) == NONE_MISSING:
            return missing
        return f"({missing} if {self.value(node)} is None else NOTHING)"

    def open_(self, *names: str) -> str:
        """The condition that one of some values is unknown; empty where none can be."""
        may_be = [name for name in dict.fromkeys(names) if self.may_be_open(name)]
        return " or ".join(f"{name} is None" for name in may_be)

    def may_be_open(self, name: str) -> bool:
        """Whether a name can stand for an unknown value."""
        return name == "None" or (name not in _LITERALS and name not in self.constants)

    def fact(self, node: FactRef) -> str:
        """The name of a fact as the record holds it."""
        if self.book.fact(node).kind is FactKind.LIST:
            return "None"
        owner = self.owners[node.owner]
        values = self.once(("values", owner), lambda: self.let(f"{owner}.values", "facts"))
        name = self.constant(node.name)
        return self.once(("fact", node), lambda: self.let(f"{values}.get({name})", "fact"))


def same_as(node: Expression) -> Hashable:
    """What equal expressions have in common. To Python, true is the number one; here it is not."""
    kinds = tuple(type(inner.value) for inner in node.walk() if isinstance(inner, Constant))
    return node, kinds


def union(*sets: str) -> str:
    """Several sets together."""
    parts = [part for part in dict.fromkeys(sets) if part != NONE_MISSING]
    if not parts:
        return NONE_MISSING
    return parts[0] if len(parts) == 1 else f"({' | '.join(parts)})"


def values_for(book: Book, kind: str, subject: str) -> Values:
    """A function about one kind of subject."""
    return Values(book, kind, book.owners(subject))


def parameters(owners: Mapping[str, str]) -> list[str]:
    """The variables of a function, the record first."""
    return list(dict.fromkeys(owners.values()))


def answer_unit(book: Book, node: Expression, subject: str) -> Unit:
    """The function that answers an expression for one kind of subject."""

    def write() -> Unit:
        out = values_for(book, "answer", subject)
        out.line(f"return {out.answer(node)}")
        return out.unit(*parameters(out.owners))

    return book.unit(("answer", id(node), subject), node, write)


def _settled(book: Book, node: Expression, part: str) -> Unit:
    """The function for a part of an answer that is the same for every subject of a frame."""

    def write() -> Unit:
        out = Values(book, part, {})
        value = out.value(node)
        out.line(f"return {value if part == 'value' else out.missing(node)}")
        return out.unit()

    return book.unit((part, id(node)), node, write)


def define_unit(book: Book, name: str) -> Unit:
    """The function that answers a definition, once for each subject."""
    define = book.pack.defines[book.record, name]

    def write() -> Unit:
        out = values_for(book, "define", define.subject)
        owner = parameters(out.owners)[-1]
        out.line(f"answer = {owner}.known.get({out.name})")
        with out.block("if answer is None"):
            answer = out.answer(define.expression)
            out.line(f"answer = {owner}.known[{out.name}] = {answer}")
        out.line("return answer")
        return out.unit(*parameters(out.owners))

    return book.unit(("define", name), define, write)


def arguments(out: Values, subject: str) -> str:
    """The arguments for a function about another kind of subject: those it belongs to."""
    return ", ".join(
        out.owners[next(n for n, v in own.items() if v == variable)]
        for own in [out.book.owners(subject)]
        for variable in parameters(own)
    )


Written = TypeVar("Written", bound=Values)


def item_function(out: Written, node: AnyOf, write: Callable[[Written], None], kind: str) -> str:
    """A function of an item of a list alone: what `write` writes of the condition on it."""
    item = f"item_{len(parameters(out.owners))}"
    owners = {**out.owners, node.name: item}

    def unit() -> Unit:
        inner = type(out)(out.book, kind, owners)
        write(inner)
        return inner.unit(*parameters(owners))

    made = out.book.unit((kind, id(node), tuple(owners.items())), node, unit)
    return f"lambda {item}: {out.call(made)}({', '.join(parameters(owners))})"


def item_holds(out: Values, node: AnyOf) -> str:
    """The function that answers the condition on an item."""

    def write(inner: Values) -> None:
        inner.line(f"return {inner.answer(node.condition)}")

    return item_function(out, node, write, "holds")


def _constant(out: Values, node: Constant) -> str:
    return str(node.value) if isinstance(node.value, bool) else out.constant(worked(node.value))


def worked(value: Scalar | None) -> Worked | None:
    """A value of a pack or of the county as the written functions know it."""
    return as_decimal(value) if isinstance(value, Fraction) else value


def _day(out: Values, node: Day) -> str:
    return out.of_frame(lambda frame: frame.day)


def _fact(out: Values, node: FactRef) -> str:
    raw = out.fact(node)
    if out.book.fact(node).kind is not FactKind.WHOLE:
        return raw
    return out.let(f"None if {raw} is None else Decimal({raw})")


def _figure(out: Values, node: FigureRef) -> str:
    name = node.name

    def single(frame: Frame) -> object:
        value = frame.figures.get(name)
        return None if isinstance(value, Mapping) else worked(value)

    return out.of_frame(single)


def _standard(out: Values, node: StandardRef) -> str:
    path = node.path
    return out.of_frame(lambda frame: _of_county(frame).get(path))


def _lookup(out: Values, node: Lookup) -> str:
    key = out.value(node.key)
    if isinstance(node.table, FigureRef):
        name = node.table.name
        table = out.of_frame(lambda frame: _table(frame.figures.get(name)))
        return out.let(f"{table}.get({key}) if isinstance({key}, str) else None")
    start, end = out.constant(f"{node.table.path}."), out.constant(_ending(node))
    standards = out.of_frame(_of_county)
    path = f"{start} + {key} + {end}"
    return out.let(f"{standards}.get({path}) if isinstance({key}, str) else None")


def _ending(node: Lookup) -> str:
    return f".{node.rest}" if node.rest else ""


def _table(value: FigureValue | None) -> Mapping[str, Worked | None]:
    return {w: worked(v) for w, v in value.items()} if isinstance(value, Mapping) else {}


def _of_county(frame: Frame) -> Mapping[str, Worked | None]:
    return _table(frame.standards.values) if frame.standards else {}


def _define(out: Values, node: DefineRef) -> str:
    unit = define_unit(out.book, node.name)
    subject = out.book.pack.defines[out.book.record, node.name].subject
    answer = out.let(f"{out.call(unit)}({arguments(out, subject)})", "answer")
    out.once(("answer", same_as(node)), lambda: answer)
    return out.let(f"{answer}.value")


def _not(out: Values, node: Not) -> str:
    operand = out.value(node.operand)
    return out.let(f"None if {operand} is None else not {operand}")


def _and(out: Values, node: And) -> str:
    return all_hold(out, node.operands)


def all_hold(out: Values, nodes: tuple[Expression, ...]) -> str:
    """Whether all of some conditions hold: false as soon as one is false."""
    names = [out.value(node) for node in nodes]
    if not names:
        return "True"
    if len(names) == 1 and _is_truth(out, nodes[0]):
        return names[0]
    is_false = " or ".join(f"{name} is False" for name in names)
    open_ = out.open_(*names)
    return out.let(f"False if {is_false} else {f'None if {open_} else ' if open_ else ''}True")


def _is_truth(out: Values, node: Expression) -> bool:
    """Whether an expression yields nothing but true, false or unknown."""
    if isinstance(node, FactRef):
        return out.book.fact(node).kind is FactKind.YES_NO
    return isinstance(node, (Not, And, Or, Compare, OneOf, AnyOf))


def _or(out: Values, node: Or) -> str:
    names = [out.value(part) for part in node.operands]
    is_true = " or ".join(f"{name} is True" for name in names)
    open_ = out.open_(*names)
    return out.let(f"True if {is_true} else {f'None if {open_} else ' if open_ else ''}False")


def _compare(out: Values, node: Compare) -> str:
    left, right = out.value(node.left), out.value(node.right)
    open_ = out.open_(left, right)
    holds = f"{left} {node.operator} {right}"
    return out.let(f"None if {open_} else {holds}" if open_ else holds)


def _one_of(out: Values, node: OneOf) -> str:
    operand = out.value(node.operand)
    words = out.constant(frozenset(word.value for word in node.words))
    return out.let(f"None if {operand} is None else {operand} in {words}")


def _arithmetic(out: Values, node: Arithmetic) -> str:
    left, right = out.value(node.left), out.value(node.right)
    plain, fractional = _ARITHMETIC[node.operator]
    if _may_be_fraction(out, node):
        work = f"{fractional}({left}, {right})"
    else:
        both = f"{left}.__class__ is Decimal is {right}.__class__"
        work = f"{plain}({left}, {right}) if {both} else None"
    if node.operator == "*" and (zero := _is_nought(out, left, right)):
        return out.let(f"NOUGHT if {zero} else {work}")
    return out.let(work)


def _is_nought(out: Values, *names: str) -> str:
    """The condition that one of some values is nought; empty where none can be."""
    may_be = [name for name in names if out.constants.get(name, 0) == 0]
    return " or ".join(f"{name} == 0" for name in may_be)


_ARITHMETIC = {
    "+": ("plus", "sum_of"),
    "-": ("minus", "difference"),
    "*": ("times", "product"),
    "/": ("", "quotient"),
}


def _may_be_fraction(out: Values, node: Expression) -> bool:
    """Whether any division goes into it."""
    nodes = out.book.pack.opened(out.book.record, (node,))
    return any(isinstance(n, Arithmetic) and n.operator == "/" for n in nodes)


def _choose(out: Values, node: Choose) -> str:
    test, then, otherwise = (out.value(n) for n in (node.test, node.then, node.otherwise))
    same = f"{then} if {then} == {otherwise} else None"
    return out.let(f"({same}) if {test} is None else {then} if {test} else {otherwise}")


def _any(out: Values, node: AnyOf) -> str:
    owner, name = out.owners[node.items.owner], out.constant(node.items.name)
    holds = item_holds(out, node)
    answer, found = out.local("answer"), out.local("found")
    out.line(f"{answer}, {found} = any_item({owner}, {name}, {holds})")
    out.once(("answer", same_as(node)), lambda: answer)
    out.once(("found", same_as(node)), lambda: found)
    return out.let(f"{answer}.value")


def _call(out: Values, node: Call) -> str:
    return _CALLS[node.function](out, node)


def _of_values(out: Values, node: Call) -> str:
    return out.let(f"{node.function}({', '.join(out.value(a) for a in node.arguments)})")


def _default(out: Values, node: Call) -> str:
    first, second = (out.value(argument) for argument in node.arguments)
    return out.let(f"{second} if {first} is None else {first}")


def _if_known(out: Values, node: Call) -> str:
    return out.value(node.arguments[0])


def _recorded(out: Values, node: Call) -> str:
    return out.let(f"{out.value(node.arguments[0])} is not None")


def _extreme(out: Values, node: Call) -> str:
    left, right = (out.value(argument) for argument in node.arguments)
    both = f"{left}.__class__ in NUMBERS and {right}.__class__ in NUMBERS"
    return out.let(f"{node.function}({left}, {right}) if {both} else None")


def _size(out: Values, node: Call) -> str:
    items = node.arguments[0]
    assert isinstance(items, FactRef)
    owner, name = out.owners[items.owner], out.constant(items.name)
    return out.let(f"size({owner}.lists.get({name}))")


def _in_order(out: Values, node: Call) -> str:
    items, stage = node.arguments
    assert isinstance(items, FactRef)
    owner, name = out.owners[items.owner], out.constant(items.name)
    out.value(stage)
    answer = out.let(f"stages_in_order({owner}, {name}, {out.answer(stage)})", "answer")
    out.once(("answer", same_as(node)), lambda: answer)
    return out.let(f"{answer}.value")


def _tiered(out: Values, node: Call) -> str:
    for argument in node.arguments:
        out.value(argument)
    tiers = out.of_frame(lambda frame: tiers_of(frame.standards))
    answers = ", ".join(out.answer(argument) for argument in node.arguments)
    answer = out.let(f"tiered({answers}, {tiers})", "answer")
    out.once(("answer", same_as(node)), lambda: answer)
    return out.let(f"{answer}.value")


_CALLS: dict[str, Callable[[Values, Call], str]] = {
    "age": _of_values,
    "default": _default,
    "if_known": _if_known,
    "max": _extreme,
    "min": _extreme,
    "provisional": _default,
    "recorded": _recorded,
    "size": _size,
    "stages_in_order": _in_order,
    "tiered": _tiered,
    "year": _of_values,
    "years_after": _of_values,
}

_VALUES: dict[type[Expression], Callable[..., str]] = {
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
    AnyOf: _any,
    Call: _call,
}


def _missing_fact(out: Values, node: FactRef) -> str:
    fact, owner = out.fact(node), out.owners[node.owner]
    asked = f"asked({owner}, {out.constant(node.name)})"
    return f"({asked} if {fact} is None else NOTHING)"


def _missing_standard(out: Values, node: StandardRef) -> str:
    path = node.path

    def asked(frame: Frame) -> object:
        known = frame.standards is not None and frame.standards.values.get(path) is not None
        return NOTHING if known else frozenset({f"standards.{path}"})

    return out.of_frame(asked)


def _missing_lookup(out: Values, node: Lookup) -> str:
    key, value = out.value(node.key), out.value(node)
    of_entry = NONE_MISSING
    if isinstance(node.table, StandardRef):
        start, end = out.constant(f"standards.{node.table.path}."), out.constant(_ending(node))
        asked = f"frozenset(({start} + {key} + {end},))"
        of_entry = f"{asked} if {value} is None and isinstance({key}, str) else NOTHING"
    if not out.may_be_open(key):
        return f"({of_entry})"
    return f"({out.missing(node.key)} if {key} is None else {of_entry})"


def _missing_define(out: Values, node: DefineRef) -> str:
    return f"{_answer_of(out, node)}.missing"


def _answer_of(out: Values, node: Expression) -> str:
    out.value(node)
    return out.once(("answer", same_as(node)), lambda: "")


def found_item(out: Values, node: AnyOf) -> str:
    """The name of the first item that meets a condition."""
    out.value(node)
    return out.once(("found", same_as(node)), lambda: "")


def _missing_answer(out: Values, node: AnyOf | Call) -> str:
    return f"{_answer_of(out, node)}.missing"


def _missing_operand(out: Values, node: Not | OneOf) -> str:
    return out.missing_of_open(node.operand)


def _missing_operands(out: Values, node: And | Or) -> str:
    return missing_of_all(out, node.operands, out.value(node))


def missing_of_all(out: Values, nodes: tuple[Expression, ...], value: str) -> str:
    """What conditions taken together miss, `value` being whether they hold."""
    missing = out.missing_of_open(*nodes)
    return missing if missing == NONE_MISSING else f"({missing} if {value} is None else NOTHING)"


def _missing_sides(out: Values, node: Compare) -> str:
    return out.missing_of_open(node.left, node.right)


def missing_of_known(out: Values, node: Expression) -> str:
    """What an expression misses that has a value all the same."""
    match node:
        case DefineRef():
            return out.missing(node)
        case Arithmetic(_, left, right):
            return union(missing_of_known(out, left), missing_of_known(out, right))
        case Choose(_, then, otherwise) | Call("default", (then, otherwise)):
            either = union(missing_of_known(out, then), missing_of_known(out, otherwise))
            return either if either == NONE_MISSING else out.missing(node)
        case Call("if_known", (first,)):
            return missing_of_known(out, first)
        case Call("provisional" | "tiered"):
            return out.missing(node)
    return NONE_MISSING


def _missing_arithmetic(out: Values, node: Arithmetic) -> str:
    left, right = out.value(node.left), out.value(node.right)
    open_ = out.missing_of_open(node.left, node.right)
    known = missing_of_known(out, node)
    if open_ == known == NONE_MISSING:
        return NONE_MISSING
    missing = f"({open_} if {out.value(node)} is None else {known})"
    zero = _is_nought(out, left, right)
    return f"(NOTHING if {zero} else {missing})" if node.operator == "*" and zero else missing


def _missing_choose(out: Values, node: Choose) -> str:
    value, test = out.value(node), out.value(node.test)
    then, otherwise = out.missing(node.then), out.missing(node.otherwise)
    every = union(out.missing(node.test), then, otherwise)
    open_ = f"{every} if {value} is None else {then}"
    return f"(({open_}) if {test} is None else {then} if {test} else {otherwise})"


def _missing_call(out: Values, node: Call) -> str:
    first = node.arguments[0]
    match node.function:
        case "recorded" | "size":
            return NONE_MISSING
        case "stages_in_order" | "tiered":
            return _missing_answer(out, node)
        case "if_known":
            return f"(NOTHING if {out.value(first)} is None else {out.missing(first)})"
        case "default" | "provisional":
            second = node.arguments[1]
            both = union(out.missing(first), out.missing(second))
            if node.function == "default":
                both = f"{both} if {out.value(second)} is None else {out.missing(second)}"
            return f"(({both}) if {out.value(first)} is None else {out.missing(first)})"
    return out.missing_of_open(*node.arguments)


_WORKED_OUT = (Lookup, Not, And, Or, Compare, OneOf, Arithmetic, Choose, Call)

_MISSING: dict[type[Expression], Callable[..., str]] = {
    FactRef: _missing_fact,
    StandardRef: _missing_standard,
    Lookup: _missing_lookup,
    DefineRef: _missing_define,
    Not: _missing_operand,
    And: _missing_operands,
    Or: _missing_operands,
    Compare: _missing_sides,
    OneOf: _missing_operand,
    Arithmetic: _missing_arithmetic,
    Choose: _missing_choose,
    AnyOf: _missing_answer,
    Call: _missing_call,
}
