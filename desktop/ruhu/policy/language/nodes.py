"""The syntax tree of the rule language."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

Scalar = bool | str | date | Fraction
"""A known value. Numbers are exact fractions; an absent value is `None`, never a `Scalar`."""

FigureValue = Scalar | Mapping[str, Scalar]
"""The value of a figure of the notice: one value, or a table by word."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A node of a parsed expression."""

    def children(self) -> Iterator["Expression"]:
        """Yield the nodes directly below."""
        names: tuple[str, ...] = self.__slots__
        for name in names:
            value = getattr(self, name)
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, Expression):
                    yield part

    def walk(self) -> Iterator["Expression"]:
        """Yield this node and all nodes below, depth first."""
        yield self
        for child in self.children():
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Constant(Expression):
    """A literal: a number, a word of a closed list, true or false."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Day(Expression):
    """The day of the assessment."""


@dataclass(frozen=True, slots=True)
class FactRef(Expression):
    """A fact. `owner` is empty for the record itself, otherwise the loop's or subject's name."""

    owner: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class FigureRef(Expression):
    """A dated figure of the notice."""

    name: str


@dataclass(frozen=True, slots=True)
class StandardRef(Expression):
    """A county standard."""

    path: str


@dataclass(frozen=True, slots=True)
class Lookup(Expression):
    """An entry of a table of figures or standards by the value of `key`; `rest` is the path below it."""

    table: FigureRef | StandardRef
    key: Expression
    rest: str = ""

    @property
    def ending(self) -> str:
        """The part of an entry's path after the key."""
        return f".{self.rest}" if self.rest else ""


@dataclass(frozen=True, slots=True)
class DefineRef(Expression):
    """A definition of the pack."""

    name: str


@dataclass(frozen=True, slots=True)
class Not(Expression):
    """Logical not."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class And(Expression):
    """All of the operands."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or(Expression):
    """Any of the operands."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Compare(Expression):
    """A comparison; `operator` is one of `< <= > >= == !=`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class OneOf(Expression):
    """Whether a value is one of several words."""

    operand: Expression
    words: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic(Expression):
    """A sum, difference, product or quotient; `operator` is one of `+ - * /`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Choose(Expression):
    """`then if test else otherwise`."""

    test: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class AnyOf(Expression):
    """Whether an item of a list meets a condition; `name` stands for the item."""

    name: str
    items: FactRef
    condition: Expression


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """A function of the language."""

    function: str
    arguments: tuple[Expression, ...]


def identity_key(node: Expression) -> Hashable:
    """Return a key that equal expressions share. Python's `True == 1`; here they differ."""
    kinds = tuple(type(inner.value) for inner in node.walk() if isinstance(inner, Constant))
    return node, kinds
