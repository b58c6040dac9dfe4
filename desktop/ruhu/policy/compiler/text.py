"""Generate conditions and arithmetic in words, in both languages at once.

Words are written as the inside of an f-string: our own words literally, all others by name. So constant parts
are combined once, when the function is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from sys import intern
from typing import TYPE_CHECKING, NamedTuple

from ruhu.i18n import NO_TEXT, BilingualText
from ruhu.policy.compiler.expression import ExpressionWriter
from ruhu.policy.compiler.operators import found_item, item_function
from ruhu.policy.language.builtins import tiers_of
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
    StandardRef,
    identity_key,
)
from ruhu.policy.language.numbers import UNITS
from ruhu.policy.text.labels import (
    ENGLISH_OPERATIONS,
    ENGLISH_SIGNS,
    NO,
    NOT_RECORDED,
    OPERATIONS,
    OPPOSITE,
    PRECEDENCE,
    SIGNS,
    YES,
    labels_of_standards,
    show_date,
)
from ruhu.survey.facts.catalogue import FactKind

if TYPE_CHECKING:
    from ruhu.policy.evaluation.context import EvaluationContext

_TRUTHS = {None: NOT_RECORDED, True: YES, False: NO}


_NAMES = re.compile(r"(\{\w+(?:\.\w+)?\})")


class BilingualTemplate(NamedTuple):
    """The insides of two f-strings with the same meaning."""

    zh: str
    en: str

    def filled(self, *parts: BilingualTemplate) -> BilingualTemplate:
        """Return these words with others at `{0}`, `{1}` …"""
        zh, en = self
        for at, part in enumerate(parts):
            zh, en = zh.replace(f"{{{at}}}", part.zh), en.replace(f"{{{at}}}", part.en)
        return BilingualTemplate(zh, en)


class TextWriter(ExpressionWriter):
    """Generates a function that also describes expressions in words."""

    def text(self, words: BilingualTemplate) -> str:
        """Return an expression for words as a text."""
        return f"Text({self._string(words.zh)}, {self._string(words.en)})"

    def _string(self, inside: str) -> str:
        """Return an expression for the inside of an f-string; a constant is one object."""
        parts: list[tuple[bool, str]] = []
        for piece in filter(None, _NAMES.split(inside)):
            text = self.constants.get(piece[1:-1], piece)
            fixed = isinstance(text, str) and (text is not piece or piece[0] != "{")
            if fixed and parts and parts[-1][0]:
                parts[-1] = (True, parts[-1][1] + str(text))
            else:
                parts.append((fixed, str(text) if fixed else piece))
        named = [f"{{{self.constant(intern(p))}}}" if fixed else p for fixed, p in parts]
        return named[0][1:-1] if len(named) == 1 else f'f"{"".join(named)}"'

    def fixed(self, text: BilingualText) -> BilingualTemplate:
        """Return constant words."""
        return BilingualTemplate(f"{{{self.constant(text.zh)}}}", f"{{{self.constant(text.en)}}}")

    def pair(self, expression: str) -> BilingualTemplate:
        """Return the words that an expression yields as a text."""
        text = self.assign(expression, "text")
        return BilingualTemplate(f"{{{text}.zh}}", f"{{{text}.en}}")

    def either(self, *cases: tuple[str, Callable[[], BilingualTemplate]]) -> BilingualTemplate:
        """Return words by the first condition that holds; the last case is the default."""
        zh, en = self.local("zh"), self.local("en")
        for at, (condition, words) in enumerate(cases):
            last = at == len(cases) - 1
            header = "else" if last else f"{'elif' if at else 'if'} {condition}"
            with self.block(header):
                said = words()
                self.line(f"{zh}, {en} = {self._string(said.zh)}, {self._string(said.en)}")
        return BilingualTemplate(f"{{{zh}}}", f"{{{en}}}")

    def shown(self, node: Expression) -> BilingualTemplate:
        """Return a value as the form shows it, described once."""
        said: list[BilingualTemplate] = []

        def write() -> str:
            said.append(self._shown(node))
            return "\0".join(said[0])

        return BilingualTemplate(*self.once(("shown", identity_key(node)), write).split("\0"))

    def _shown(self, node: Expression) -> BilingualTemplate:
        wording, unit = self.book.wording, self.book.wording.unit(node)
        if isinstance(node, Constant):
            return self.fixed(wording.value(node, node.value))
        if isinstance(node, Day):
            return self._of_frame(lambda frame: show_date(frame.day))
        if isinstance(node, (FigureRef, StandardRef)):
            name = self.value(node)
            make = self.framed[name]
            return self._of_frame(lambda frame: wording.value(node, make(frame)))
        if isinstance(node, FactRef):
            return self._fact(node, unit)
        value = self.value(node)
        if _labelled(self, node):
            return self.pair(f"{self.constant(partial(wording.value, node))}({value})")
        if unit is None:
            return self.pair(f"value_in_words({value}, None)")
        return self._number(value, unit)

    def _of_frame(self, make: Callable[[EvaluationContext], BilingualText]) -> BilingualTemplate:
        zh = self.of_frame(lambda frame: make(frame).zh)
        en = self.of_frame(lambda frame: make(frame).en)
        return BilingualTemplate(f"{{{zh}}}", f"{{{en}}}")

    def _fact(self, node: FactRef, unit: str | None) -> BilingualTemplate:
        fact, value = self.book.fact(node), self.fact(node)
        match fact.kind:
            case FactKind.YES_NO:
                return self.pair(f"{self.constant(_TRUTHS)}[{value}]")
            case FactKind.CHOICE:
                labels: dict[str | None, BilingualText] = {
                    word: word.label for word in fact.choices
                }
                labels[None] = NOT_RECORDED
                return self.pair(f"{self.constant(labels)}[{value}]")
            case FactKind.DECIMAL | FactKind.WHOLE:
                return self._number(value, unit)
        return self.pair(f"value_in_words({value}, None)")

    def _number(self, value: str, unit: str | None) -> BilingualTemplate:
        return self.either(
            (f"{value} is None", lambda: self.fixed(NOT_RECORDED)),
            ("", lambda: self.digits(value, unit)),
        )

    def digits(self, value: str, unit: str | None, write: str = "digits") -> BilingualTemplate:
        """Return a known number with its unit."""
        write = "in_thousands" if unit == "CNY" else write
        number, called = self.assign(f"{write}({value})", "digits"), UNITS.get(unit or "", NO_TEXT)
        return BilingualTemplate(f"{{{number}}}{called.zh}", f"{{{number}}}{called.en}")

    def named(
        self, node: Expression, between: BilingualTemplate | None = None
    ) -> BilingualTemplate:
        """Return `label: value`, or just the value of an unlabelled one."""
        shown, label = self.shown(node), self.book.wording.label(node)
        if label is None:
            return shown
        called, between = self._called(node, label), between or BilingualTemplate("：", ": ")
        return BilingualTemplate(
            called.zh + between.zh + shown.zh, called.en + between.en + shown.en
        )

    def _called(self, node: Expression, label: BilingualText) -> BilingualTemplate:
        if isinstance(node, Lookup) and isinstance(node.table, StandardRef):
            labels = self.constant(labels_of_standards(node.table.path, node.rest))
            return self.pair(f"{labels}.get({self.value(node.key)}, {self.constant(label)})")
        return self.fixed(label)


def _labelled(out: TextWriter, node: Expression) -> bool:
    """Return whether a word that `node` yields has a label."""
    match node:
        case FactRef():
            return out.book.fact(node).kind is FactKind.CHOICE
        case DefineRef(name):
            return _labelled(out, _definition(out, name))
        case Call(_, (first, *_)):
            return _labelled(out, first)
    return False


def _definition(out: TextWriter, name: str) -> Expression:
    return out.book.pack.defines[out.book.record, name].expression


def _joined(parts: list[BilingualTemplate], zh: str, en: str) -> BilingualTemplate:
    return BilingualTemplate(zh.join(p.zh for p in parts), en.join(p.en for p in parts))


def _wanted(fact: BilingualTemplate, wanted: BilingualTemplate) -> BilingualTemplate:
    return BilingualTemplate("{0}（要求：{1}）", "{0} (wanted: {1})").filled(fact, wanted)


def condition(out: TextWriter, node: Expression) -> BilingualTemplate:
    """Return a condition with the values that decided it."""
    match node:
        case Not(operand):
            return condition(out, operand)
        case OneOf(operand, words):
            labels = [out.fixed(out.book.wording.word(operand, str(w.value))) for w in words]
            return _wanted(out.named(operand), _joined(labels, "、", ", "))
        case Compare("==" | "!=" as sign, left, Constant(str() as word)):
            wanted, fact = out.fixed(out.book.wording.word(left, word)), out.named(left)
            if sign == "==":
                return _wanted(fact, wanted)
            return BilingualTemplate("{0}（不为{1}）", "{0} (not {1})").filled(fact, wanted)
        case Compare():
            return _comparison(out, node)
        case And(operands):
            return _joined([condition(out, o) for o in operands], "，且", ", and ")
        case Or(operands):
            return _joined([condition(out, o) for o in operands], "，或", ", or ")
        case Choose(test, then, otherwise):
            decided = out.value(test)
            return out.either(
                (f"{decided} is None", lambda: condition(out, test)),
                (decided, lambda: _chosen(out, test, then)),
                ("", lambda: _chosen(out, test, otherwise)),
            )
        case AnyOf():
            return _any(out, node)
        case Call("default", (first, second)):
            return out.either(
                (f"{out.value(first)} is None", lambda: _in_place_of(out, first, second)),
                ("", lambda: out.named(node)),
            )
        case Call("stages_in_order"):
            return BilingualTemplate(
                "此前各环节均有日期且先后有序", "every earlier stage is dated, in order"
            )
        case DefineRef(name):
            return condition(out, _definition(out, name))
    return out.named(node)


def _chosen(out: TextWriter, test: Expression, chosen: Expression) -> BilingualTemplate:
    """Return the result of a choice; if it is just yes or no, what decided it."""
    return condition(out, test if isinstance(chosen, Constant) else chosen)


def _in_place_of(out: TextWriter, first: Expression, second: Expression) -> BilingualTemplate:
    """Return what replaces a value that is not recorded."""
    if not isinstance(second, Constant):
        return condition(out, second)
    taken = BilingualTemplate("{0}，按“{1}”计", "{0}, taken as “{1}”")
    return taken.filled(condition(out, first), out.shown(second))


def _comparison(out: TextWriter, node: Compare) -> BilingualTemplate:
    # A condition that does not hold is shown as the actual relation: 62 > 60, not 62 ≤ 60.
    sign, opposite = node.operator, OPPOSITE[node.operator]
    held, failed = out.constant(_SIGNS[sign]), out.constant(_SIGNS[opposite])
    shown = out.pair(f"{failed} if {out.value(node)} is False else {held}")
    left, right = formula(out, node.left), formula(out, node.right)
    return BilingualTemplate("{0} {1} {2}", "{0} {1} {2}").filled(left, shown, right)


_SIGNS = {sign: BilingualText(SIGNS[sign], ENGLISH_SIGNS[sign]) for sign in SIGNS}


def _any(out: TextWriter, node: AnyOf) -> BilingualTemplate:
    label = out.constant(out.book.fact(node.items).label)

    def write(inner: TextWriter) -> None:
        inner.line(f"return {inner.text(condition(inner, node.condition))}")

    found, say = found_item(out, node), item_function(out, node, write, "saying")
    return out.pair(f"found_in_words({found}, {label}, {say})")


def formula(out: TextWriter, node: Expression, binds: int = 0) -> BilingualTemplate:
    """Return an expression with labels and values: `Area 68 m² − Storage 8 m²`."""
    match node:
        case Arithmetic("-", Constant(Fraction() as zero), right) if zero == 0:
            return BilingualTemplate("－{0}", "−{0}").filled(formula(out, right, 2))
        case Arithmetic(operator, left, right):
            own = PRECEDENCE[operator]
            a, b = formula(out, left, own), formula(out, right, own + (operator in "-/"))
            sign = (
                f"{{0}} {OPERATIONS[operator]} {{1}}",
                f"{{0}} {ENGLISH_OPERATIONS[operator]} {{1}}",
            )
            text = BilingualTemplate(*sign).filled(a, b)
            return text if own >= binds else BilingualTemplate("（{0}）", "({0})").filled(text)
        case Choose(test, then, otherwise):
            decided = out.value(test)
            return out.either(
                (f"{decided} is None", lambda: out.named(test)),
                (decided, lambda: formula(out, then, binds)),
                ("", lambda: formula(out, otherwise, binds)),
            )
        case Call("min" | "max" as name, arguments):
            inner = _joined([formula(out, a) for a in arguments], "，", ", ")
            smaller = BilingualTemplate("较小者（{0}）", "the smaller of ({0})")
            larger = BilingualTemplate("较大者（{0}）", "the larger of ({0})")
            return (smaller if name == "min" else larger).filled(inner)
        case Call("default" | "provisional", (first, second)):
            return out.either(
                (f"{out.value(first)} is None", lambda: _taken_as(out, first, second, binds)),
                ("", lambda: formula(out, first, binds)),
            )
        case Call("tiered", (spend, deductible, extra)):
            text = _tiers(out, spend, deductible, extra)
            return (
                text
                if binds <= PRECEDENCE["+"]
                else BilingualTemplate("（{0}）", "({0})").filled(text)
            )
        case Day():
            return BilingualTemplate("核对日 {0}", "day {0}").filled(out.shown(node))
        case Call("years_after", (start, years)):
            return BilingualTemplate("{0} 满{1}年（{2}）", "{0} plus {1} years ({2})").filled(
                out.named(start), out.shown(years), out.shown(node)
            )
        case Constant():
            return out.shown(node)
    return out.named(node, BilingualTemplate(" ", " "))


def _tiers(out: TextWriter, *arguments: Expression) -> BilingualTemplate:
    spend, deductible, _ = (
        formula(out, a, PRECEDENCE["-"] + at % 2) for at, a in enumerate(arguments)
    )
    extra = formula(out, arguments[2], PRECEDENCE["+"])
    values = ", ".join(out.value(argument) for argument in arguments)
    tiers = out.of_frame(lambda frame: tiers_of(frame.standards))
    said = ", ".join(out.text(words) for words in (spend, deductible, extra))
    return out.pair(f"tiers_in_words({values}, {tiers}, {said})")


def _taken_as(
    out: TextWriter, first: Expression, second: Expression, binds: int
) -> BilingualTemplate:
    shown, label = formula(out, second, binds), out.book.wording.label(first)
    if label is None:
        return shown
    return BilingualTemplate("{0}（按）{1}", "{0} (taken as) {1}").filled(out.fixed(label), shown)
