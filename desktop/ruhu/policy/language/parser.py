"""Parse the rule language, a small, checked subset of Python's expression syntax.

A pack may be untrusted, so nothing is ever executed: the text is parsed to Python's syntax tree, and every
node not listed here is refused. Names are resolved at once against the catalogue of facts, the figures, the
standards and the definitions of the pack.
"""

import ast
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.language.nodes import (
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
    Lookup,
    Not,
    OneOf,
    Or,
    Scalar,
    StandardRef,
)
from ruhu.survey.facts.catalogue import Fact, FactKind, catalogue

ParseChild = Callable[[ast.expr], Expression]

MAX_SOURCE_CHARS = 1000
MAX_DEPTH = 40

FUNCTIONS: dict[str, int] = {
    "age": 2,
    "default": 2,
    "max": 2,
    "min": 2,
    "previous_total": 2,
    "provisional": 2,
    "recorded": 1,
    "size": 1,
    "stages_in_order": 2,
    "tiered": 3,
    "year": 1,
    "years_after": 2,
}
"""The language's functions and their numbers of arguments."""

LIST_FUNCTIONS = ("previous_total", "size", "stages_in_order")
"""Functions that take a list."""

SUBJECTS: dict[str, tuple[str, str]] = {
    "household": ("household", ""),
    "member": ("household", "members[]"),
    "stay": ("household", "members[].stays[]"),
    "training": ("household", "members[].trainings[]"),
    "enterprise": ("enterprise", ""),
    "employee": ("enterprise", "employees[]"),
    "partner": ("enterprise", "partners[]"),
    "class": ("training_class", ""),
    "teacher": ("training_class", "teachers[]"),
    "village": ("village", ""),
}
"""The kind of record of each subject, and the list whose items are the subjects."""


def depth_of(subject: str) -> int:
    """Return the number of subjects in a chain: the record, and an item for each list."""
    return 1 + SUBJECTS[subject][1].count("[]")


_COMPARE = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class PackError(UserError):
    """A pack that cannot be used: the problem and its location."""


def refuse(zh: str, en: str, **values: object) -> PackError:
    """Return the error for a faulty pack."""
    return PackError(BilingualText(zh, en).format(**values))


@dataclass(frozen=True, slots=True)
class Names:
    """The names an expression may use: its subject, and the pack's figures and definitions."""

    subject: str
    figures: frozenset[str]
    standards: frozenset[str]
    defines: frozenset[str]
    owners: Mapping[str, str] = field(default_factory=dict)

    @property
    def record(self) -> str:
        """The kind of record of the facts."""
        return SUBJECTS[self.subject][0]

    def with_owner(self, name: str, path: str) -> "Names":
        """Return the same names, with `name` for an item of the list at `path`."""
        return Names(
            self.subject,
            self.figures,
            self.standards,
            self.defines,
            {**self.owners, name: path},
        )


def names_for(
    subject: str, figures: frozenset[str], standards: frozenset[str], defines: frozenset[str]
) -> Names:
    """Return the names that a rule about `subject` may use; a stay's rule may also use its member."""
    if subject not in SUBJECTS:
        raise refuse("不认识的对象 {subject}", "unknown subject {subject}", subject=subject)
    _, place = SUBJECTS[subject]
    owners = {
        name: path
        for name, (_, path) in SUBJECTS.items()
        if path and (place == path or place.startswith(f"{path}."))
    }
    return Names(subject, figures, standards, defines, owners)


def parse_expression(source: str, names: Names) -> Expression:
    """Parse `source`. Raises `PackError` for anything outside the language."""
    if len(source) > MAX_SOURCE_CHARS:
        raise refuse("表达式过长：{source}…", "expression too long: {source}…", source=source[:60])
    try:
        with warnings.catch_warnings():
            # Python only warns about `1or 2`; the language refuses it.
            warnings.simplefilter("error", SyntaxWarning)
            tree = ast.parse(source.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise refuse(
            "表达式写法有误：{source}", "not an expression: {source}", source=source
        ) from None
    return _Parser(source, names).read(tree.body, names, 0)


class _Parser:
    def __init__(self, source: str, names: Names) -> None:
        self.source = source
        self.names = names

    def refuse(self, what: str) -> PackError:
        return refuse(
            "“{source}”里的“{what}”不可用",
            "“{what}” cannot be used in “{source}”",
            source=self.source,
            what=what,
        )

    def read(self, node: ast.expr, names: Names, depth: int) -> Expression:
        if depth > MAX_DEPTH:
            raise self.refuse("…")

        def below(child: ast.expr) -> Expression:
            return self.read(child, names, depth + 1)

        match node:
            case ast.Constant():
                return self.constant(node)
            case ast.Name() | ast.Attribute():
                return self.name(node, names, below)
            case ast.Subscript():
                return self.lookup(node, "", names, below)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(below(operand))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Arithmetic("-", Constant(Fraction(0)), below(operand))
            case ast.BoolOp(op=ast.And(), values=values):
                return And(tuple(below(v) for v in values))
            case ast.BoolOp(op=ast.Or(), values=values):
                return Or(tuple(below(v) for v in values))
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _ARITHMETIC:
                return Arithmetic(_ARITHMETIC[type(operator)], below(left), below(right))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return Choose(below(test), below(body), below(orelse))
            case ast.Compare(left=left, ops=operators, comparators=rights):
                return self.compare(left, operators, rights, below)
            case ast.Call(func=ast.Name(id="any"), args=[ast.GeneratorExp() as loop], keywords=[]):
                return self.any_of(loop, names, below)
            case ast.Call(func=ast.Name(id=function), args=arguments, keywords=[]):
                return self.call(function, arguments, below)
        raise self.refuse(ast.unparse(node))

    def constant(self, node: ast.Constant) -> Constant:
        value = node.value
        if isinstance(value, (bool, str)):
            return Constant(value)
        if isinstance(value, int):
            return Constant(Fraction(value))
        raise self.refuse(repr(value))

    def dotted(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=name):
                return name
            case ast.Attribute(value=value, attr=name):
                return f"{self.dotted(value)}.{name}"
        raise self.refuse(ast.unparse(node))

    def name(self, node: ast.Name | ast.Attribute, names: Names, below: ParseChild) -> Expression:
        inner: ast.expr = node
        rest: list[str] = []
        while isinstance(inner, ast.Attribute):
            rest.insert(0, inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Subscript):
            return self.lookup(inner, ".".join(rest), names, below)
        name = self.dotted(node)
        first, _, after = name.partition(".")
        if name in ("true", "false"):
            return Constant(name == "true")
        if name == "day":
            return Day()
        if first == "figure" and after in names.figures:
            return FigureRef(after)
        if first == "standards" and after in names.standards:
            return StandardRef(after)
        if name in names.defines:
            return DefineRef(name)
        if first in names.owners and after:
            return self.fact(first, after, f"{names.owners[first]}.{after}", names)
        return self.fact("", name, name, names)

    def fact(self, owner: str, name: str, path: str, names: Names) -> FactRef:
        if path not in catalogue(names.record):
            raise refuse(
                "“{source}”里没有“{name}”这项事实",
                "“{source}” names the fact “{name}”, which does not exist",
                source=self.source,
                name=name,
            )
        return FactRef(owner, name, path)

    def lookup(self, node: ast.Subscript, rest: str, names: Names, below: ParseChild) -> Lookup:
        table = self.dotted(node.value)
        first, _, after = table.partition(".")
        key = self.read(node.slice, names, 1)
        if first == "figure" and after in names.figures and not rest:
            return Lookup(FigureRef(after), key)
        ending = f".{rest}" if rest else ""
        if first == "standards" and any(
            path.startswith(f"{after}.") and path.endswith(ending) for path in names.standards
        ):
            return Lookup(StandardRef(after), key, rest)
        raise self.refuse(table)

    def compare(
        self, left: ast.expr, operators: list[ast.cmpop], rights: list[ast.expr], below: ParseChild
    ) -> Expression:
        parts: list[Expression] = []
        for operator, right in zip(operators, rights, strict=True):
            first = below(left)
            if isinstance(operator, ast.In) and isinstance(right, (ast.Tuple, ast.List)):
                words = tuple(w for w in map(below, right.elts) if isinstance(w, Constant))
                if len(words) != len(right.elts):
                    raise self.refuse(ast.unparse(right))
                parts.append(OneOf(first, words))
            elif type(operator) in _COMPARE:
                parts.append(Compare(_COMPARE[type(operator)], first, below(right)))
            else:
                raise self.refuse(type(operator).__name__)
            self.check_words(parts[-1])
            left = right
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def check_words(self, part: Expression) -> None:
        """Refuse a word that is not in the closed list it is compared with."""
        fact: Fact | None = None
        words: list[Expression] = []
        if isinstance(part, OneOf) and isinstance(part.operand, FactRef):
            fact, words = self.find(part.operand), list(part.words)
        elif isinstance(part, Compare) and isinstance(part.left, FactRef):
            fact, words = self.find(part.left), [part.right]
        if fact is None or fact.kind is not FactKind.CHOICE:
            return
        accepted = set(fact.choices)
        for word in words:
            if isinstance(word, Constant) and word.value not in accepted:
                raise self.refuse(str(word.value))

    def call(self, function: str, arguments: list[ast.expr], below: ParseChild) -> Call:
        if FUNCTIONS.get(function) != len(arguments):
            raise self.refuse(function)
        call = Call(function, tuple(below(argument) for argument in arguments))
        if function == "previous_total":
            self.check_running_total(call)
        return call

    def check_running_total(self, call: Call) -> None:
        """Refuse arguments other than a list and a fact of its items."""
        items, total = call.arguments
        if (
            not isinstance(items, FactRef)
            or not isinstance(total, FactRef)
            or self.find(items).kind is not FactKind.LIST
            or not total.path.startswith(f"{items.path}[].")
        ):
            raise self.refuse(call.function)

    def find(self, reference: FactRef) -> Fact:
        return catalogue(self.names.record)[reference.path]

    def any_of(self, loop: ast.GeneratorExp, names: Names, below: ParseChild) -> AnyOf:
        if len(loop.generators) != 1:
            raise self.refuse(ast.unparse(loop))
        generator = loop.generators[0]
        if generator.ifs or generator.is_async or not isinstance(generator.target, ast.Name):
            raise self.refuse(ast.unparse(loop))
        items = self.read(generator.iter, names, 1)
        if not isinstance(items, FactRef) or self.find(items).kind is not FactKind.LIST:
            raise self.refuse(ast.unparse(generator.iter))
        name = generator.target.id
        inner = names.with_owner(name, f"{items.path}[]")
        return AnyOf(name, items, self.read(loop.elt, inner, 1))


def as_scalar(value: object) -> Scalar:
    """Convert a TOML value to a value of the language. Raises `PackError` for anything else."""
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, date):
        return value
    if isinstance(value, (int, Decimal)) and Decimal(value).is_finite():
        return Fraction(value)
    raise refuse("{value} 不是可用的数值", "{value} is not a valid figure", value=value)
