"""Generate one function: its lines, its numbered names, and the objects they stand for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from types import CodeType
from typing import TYPE_CHECKING, Any

from ruhu.policy.language.nodes import FactRef
from ruhu.policy.language.parser import SUBJECTS
from ruhu.policy.packs.model import Pack
from ruhu.policy.text.labels import Labels
from ruhu.survey.facts.catalogue import Fact

if TYPE_CHECKING:
    from ruhu.policy.evaluation.context import EvaluationContext

OfContext = Callable[["EvaluationContext"], Any]
"""Computes the object for a name from the day, the figures and the standards."""


@dataclass(frozen=True, slots=True)
class CompiledFunction:
    """A function as code, with the objects of its names and the functions it calls."""

    name: str
    source: str
    code: CodeType
    constants: Mapping[str, object]
    of_frame: Mapping[str, OfContext]
    settled: Mapping[str, CompiledFunction]
    calls: tuple[CompiledFunction, ...]


@dataclass(frozen=True, slots=True)
class CompiledFunctions:
    """The functions of one pack for one kind of record, each generated when first needed."""

    pack: Pack
    record: str
    wording: Labels
    units: dict[Hashable, tuple[object, CompiledFunction]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)

    @classmethod
    def of(cls, pack: Pack, record: str) -> CompiledFunctions:
        """Return an empty collection."""
        return cls(pack, record, Labels(pack, record))

    def fact(self, node: FactRef) -> Fact:
        """Return the catalogue's entry of a fact."""
        return self.wording.fact(node)

    def unit(
        self, key: Hashable, of: object, write: Callable[[], CompiledFunction]
    ) -> CompiledFunction:
        """Return the function for a key, generated if needed; `of` is what the key identifies."""
        if key not in self.units:
            self.units[key] = (of, write())
        return self.units[key][1]

    def owners(self, subject: str) -> dict[str, str]:
        """Return the variables of the owners that a rule about `subject` can name."""
        _, place = SUBJECTS[subject]
        chain = {
            at: name
            for name, (record, at) in SUBJECTS.items()
            if record == self.record and (not at or place == at or place.startswith(f"{at}."))
        }
        named = {name: f"subject_{depth}" for depth, (_, name) in enumerate(sorted(chain.items()))}
        return {"": "subject_0", **named}


def parameters(owners: Mapping[str, str]) -> list[str]:
    """Return the variables of a function, the record first."""
    return list(dict.fromkeys(owners.values()))


class Writer:
    """The lines of one function."""

    def __init__(self, book: CompiledFunctions, kind: str) -> None:
        self.book = book
        self.name = f"{kind}_{next(book.numbers)}"
        self.lines: list[str] = []
        self.depth = 1
        self.constants: dict[str, object] = {}
        self.framed: dict[str, OfContext] = {}
        self.settled: dict[str, CompiledFunction] = {}
        self.calls: dict[str, CompiledFunction] = {}
        self._names: dict[int, str] = {}
        self._locals = count()

    def line(self, text: str) -> None:
        """Write one line."""
        self.lines.append("    " * self.depth + text)

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """Write an indented block below `header`."""
        self.line(f"{header}:")
        self.depth += 1
        yield
        self.depth -= 1

    def local(self, what: str = "v") -> str:
        """Return a new name within the function."""
        return f"{what}{next(self._locals)}"

    def assign(self, expression: str, what: str = "v") -> str:
        """Assign an expression to a new name."""
        name = self.local(what)
        self.line(f"{name} = {expression}")
        return name

    def constant(self, value: object) -> str:
        """Return a name for an object that is the same for every record and day."""
        name = self._names.get(id(value))
        if name is None:
            name = self._names[id(value)] = f"k{next(self.book.numbers)}"
            self.constants[name] = value
        return name

    def of_frame(self, make: OfContext) -> str:
        """Return a name for an object that depends on the day, the figures or the standards."""
        name = f"f{next(self.book.numbers)}"
        self.framed[name] = make
        return name

    def per_context(self, unit: CompiledFunction) -> str:
        """Return a name for the result of a function without parameters."""
        name = f"f{next(self.book.numbers)}"
        self.settled[name] = unit
        return name

    def call(self, unit: CompiledFunction) -> str:
        """Return the name of another function."""
        self.calls[unit.name] = unit
        return unit.name

    def unit(self, *parameters: str) -> CompiledFunction:
        """Return the generated function."""
        source = "\n".join([f"def {self.name}({', '.join(parameters)}):", *self.lines, ""])
        return CompiledFunction(
            self.name,
            source,
            compile(source, f"<{self.name}>", "exec"),
            self.constants,
            self.framed,
            self.settled,
            tuple(self.calls.values()),
        )
