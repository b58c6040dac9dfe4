"""A function that works out expressions: each part once, with what it misses where it stays open."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction

from ruhu.policy.compiler.codegen import CompiledFunction, CompiledFunctions, Writer, parameters
from ruhu.policy.compiler.missing_facts import MISSING, NONE_MISSING, missing_of_known, union
from ruhu.policy.compiler.operators import VALUES
from ruhu.policy.language.nodes import (
    And,
    AnyOf,
    Arithmetic,
    Call,
    Choose,
    Compare,
    DefineRef,
    Expression,
    FactRef,
    Lookup,
    Not,
    OneOf,
    Or,
    same_as,
)
from ruhu.policy.language.numbers import as_decimal
from ruhu.survey.facts.catalogue import FactKind

_LITERALS = ("None", "True", "False")
_WORKED_OUT = (Lookup, Not, And, Or, Compare, OneOf, Arithmetic, Choose, Call)


class ExpressionWriter(Writer):
    """A function that works out expressions; `owners` are the variables of those facts belong to."""

    def __init__(self, book: CompiledFunctions, kind: str, owners: Mapping[str, str]) -> None:
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
        if self.owners and isinstance(node, _WORKED_OUT) and self.is_context_only(node):
            return self.once(
                key, lambda: self.per_context(_context_function(self.book, node, "value"))
            )
        return self.once(key, lambda: VALUES[type(node)](self, node))

    def is_context_only(self, node: Expression) -> bool:
        """Whether the day, the figures and the standards alone decide an expression."""
        nodes = self.book.pack.expanded(self.book.record, (node,))
        return not any(isinstance(inner, (FactRef, AnyOf, DefineRef)) for inner in nodes)

    def answer(self, node: Expression) -> str:
        """An expression that yields the whole answer: the value and what is missing."""
        value = self.value(node)
        return f"Answer({value}, {self.missing(node)})"

    def decimal(self, node: Expression) -> str:
        """The name of a number as a decimal, `None` for what is no number."""
        value = self.value(node)
        make = self.framed.get(value)
        if make is not None:
            return self.once(
                ("decimal", value), lambda: self.of_frame(lambda frame: decimal_of(make(frame)))
            )
        if value in self.settled:
            unit = _context_function(self.book, node, "decimal")
            return self.once(("decimal", value), lambda: self.per_context(unit))
        number = f"as_decimal({value}) if {value}.__class__ in NUMBERS else None"
        return self.once(("decimal", value), lambda: self.assign(number, "number"))

    def missing(self, node: Expression) -> str:
        """What an expression misses; its value must have been written."""
        write = MISSING.get(type(node))
        if write is None:
            return NONE_MISSING
        if self.owners and isinstance(node, _WORKED_OUT) and self.is_context_only(node):
            unit = _context_function(self.book, node, "missing")
            return self.once(("missing", id(node)), lambda: self.per_context(unit))
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

    def zero_test(self, *names: str) -> str:
        """The condition that one of some values is nought; empty where none can be."""
        may_be = [name for name in names if self.constants.get(name, 0) == 0]
        return " or ".join(f"{name} == 0" for name in may_be)

    def fact(self, node: FactRef) -> str:
        """The name of a fact as the record holds it."""
        if self.book.fact(node).kind is FactKind.LIST:
            return "None"
        values, name = self.facts(self.owners[node.owner]), self.constant(node.name)
        return self.once(("fact", node), lambda: self.assign(f"{values}.get({name})", "fact"))

    def facts(self, owner: str) -> str:
        """The name of all facts of an owner."""
        return self.once(("values", owner), lambda: self.assign(f"{owner}.values", "facts"))


def decimal_of(value: object) -> Decimal | None:
    """A number as a decimal, `None` for what is no number."""
    return as_decimal(value) if isinstance(value, (Decimal, Fraction)) else None


def answer_unit(book: CompiledFunctions, node: Expression, subject: str) -> CompiledFunction:
    """The function that answers an expression for one kind of subject."""

    def write() -> CompiledFunction:
        out = ExpressionWriter(book, "answer", book.owners(subject))
        out.line(f"return {out.answer(node)}")
        return out.unit(*parameters(out.owners))

    return book.unit(("answer", id(node), subject), node, write)


def _context_function(book: CompiledFunctions, node: Expression, part: str) -> CompiledFunction:
    """The function for a part of an answer that is the same for every subject of a frame."""

    def write() -> CompiledFunction:
        out = ExpressionWriter(book, part, {})
        value = out.value(node)
        parts = {
            "value": lambda: value,
            "missing": lambda: out.missing(node),
            "decimal": lambda: out.decimal(node),
        }
        out.line(f"return {parts[part]()}")
        return out.unit()

    return book.unit((part, id(node)), node, write)
