"""Generate a function that evaluates expressions: each part once, with its missing facts while unknown."""

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
    identity_key,
)
from ruhu.policy.language.numbers import as_decimal
from ruhu.survey.facts.catalogue import FactKind

_LITERALS = ("None", "True", "False")
_WORKED_OUT = (Lookup, Not, And, Or, Compare, OneOf, Arithmetic, Choose, Call)


class ExpressionWriter(Writer):
    """Generates a function that evaluates expressions; `owners` are the variables of the facts' owners."""

    def __init__(self, book: CompiledFunctions, kind: str, owners: Mapping[str, str]) -> None:
        super().__init__(book, kind)
        self.owners = owners
        self._known: list[dict[Hashable, str]] = [{}]

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """Write an indented block below `header`; names assigned in it are unknown after it."""
        self._known.append({})
        with super().block(header):
            yield
        self._known.pop()

    def once(self, key: Hashable, write: Callable[[], str]) -> str:
        """Return the name for `key`, written if it does not exist yet."""
        for names in self._known:
            if key in names:
                return names[key]
        name = self._known[-1][key] = write()
        return name

    def value(self, node: Expression) -> str:
        """Return the name of an expression's value, `None` while unknown."""
        key = identity_key(node)
        if self.owners and isinstance(node, _WORKED_OUT) and self.is_context_only(node):
            return self.once(
                key, lambda: self.per_context(_context_function(self.book, node, "value"))
            )
        return self.once(key, lambda: VALUES[type(node)](self, node))

    def is_context_only(self, node: Expression) -> bool:
        """Return whether the day, the figures and the standards alone decide an expression."""
        nodes = self.book.pack.expanded(self.book.record, (node,))
        return not any(isinstance(inner, (FactRef, AnyOf, DefineRef)) for inner in nodes)

    def answer(self, node: Expression) -> str:
        """Return an expression for the whole result: the value and the missing facts."""
        value = self.value(node)
        return f"Answer({value}, {self.missing(node)})"

    def decimal(self, node: Expression) -> str:
        """Return the name of a number as a decimal, `None` for anything else."""
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
        """Return an expression's missing facts; its value must have been written."""
        write = MISSING.get(type(node))
        if write is None:
            return NONE_MISSING
        if self.owners and isinstance(node, _WORKED_OUT) and self.is_context_only(node):
            unit = _context_function(self.book, node, "missing")
            return self.once(("missing", id(node)), lambda: self.per_context(unit))
        return write(self, node)

    def missing_of_open(self, *nodes: Expression) -> str:
        """Return the missing facts of those expressions that are unknown."""
        return union(*(self._if_open(node) for node in nodes))

    def _if_open(self, node: Expression) -> str:
        missing = self.missing(node)
        if missing == NONE_MISSING or missing_of_known(self, node) == NONE_MISSING:
            return missing
        return f"({missing} if {self.value(node)} is None else NOTHING)"

    def open_(self, *names: str) -> str:
        """Return the condition that one of some values is unknown; empty if none can be."""
        may_be = [name for name in dict.fromkeys(names) if self.may_be_open(name)]
        return " or ".join(f"{name} is None" for name in may_be)

    def may_be_open(self, name: str) -> bool:
        """Return whether a name can stand for an unknown value."""
        return name == "None" or (name not in _LITERALS and name not in self.constants)

    def zero_test(self, *names: str) -> str:
        """Return the condition that one of some values is zero; empty if none can be."""
        may_be = [name for name in names if self.constants.get(name, 0) == 0]
        return " or ".join(f"{name} == 0" for name in may_be)

    def fact(self, node: FactRef) -> str:
        """Return the name of a fact as stored in the record."""
        if self.book.fact(node).kind is FactKind.LIST:
            return "None"
        values, name = self.facts(self.owners[node.owner]), self.constant(node.name)
        return self.once(("fact", node), lambda: self.assign(f"{values}.get({name})", "fact"))

    def facts(self, owner: str) -> str:
        """Return the name of all facts of an owner."""
        return self.once(("values", owner), lambda: self.assign(f"{owner}.values", "facts"))


def decimal_of(value: object) -> Decimal | None:
    """Return a number as a decimal, `None` for anything else."""
    return as_decimal(value) if isinstance(value, (Decimal, Fraction)) else None


def answer_unit(book: CompiledFunctions, node: Expression, subject: str) -> CompiledFunction:
    """Return the function that evaluates an expression for one kind of subject."""

    def write() -> CompiledFunction:
        out = ExpressionWriter(book, "answer", book.owners(subject))
        out.line(f"return {out.answer(node)}")
        return out.unit(*parameters(out.owners))

    return book.unit(("answer", id(node), subject), node, write)


def _context_function(book: CompiledFunctions, node: Expression, part: str) -> CompiledFunction:
    """Return the function for a part of a result that is the same for every subject of a context."""

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
