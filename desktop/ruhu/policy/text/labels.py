"""Labels, units and values of rules in words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache

from ruhu.i18n import BilingualText
from ruhu.policy.language.nodes import (
    Call,
    DefineRef,
    Expression,
    FactRef,
    FigureRef,
    Lookup,
    StandardRef,
)
from ruhu.policy.language.numbers import show_number
from ruhu.policy.language.three_valued import ExactValue
from ruhu.policy.packs.model import Pack
from ruhu.policy.standards.model import FIGURES as STANDARD_FIGURES
from ruhu.policy.standards.model import TIERS_LABEL
from ruhu.survey.facts.catalogue import Fact, FactKind, catalogue, find_fact, schema_path

YES, NO = BilingualText("是", "yes"), BilingualText("否", "no")
NOT_RECORDED = BilingualText("未登记", "not recorded")
SIGNS = {"<": "＜", "<=": "≤", ">": "＞", ">=": "≥", "==": "＝", "!=": "≠"}
ENGLISH_SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠"}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
OPERATIONS = {"+": "＋", "-": "－", "*": "×", "/": "÷"}
ENGLISH_OPERATIONS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2}


def show_date(day: date) -> BilingualText:
    """Return a date as written in each language."""
    return BilingualText(f"{day.year}年{day.month}月{day.day}日", day.isoformat())


def join_texts(parts: list[BilingualText], zh: str, en: str) -> BilingualText:
    """Join texts with a separator in each language."""
    return BilingualText(zh.join([p.zh for p in parts]), en.join([p.en for p in parts]))


def value_in_words(value: ExactValue | None, unit: str | None) -> BilingualText:
    """Return a value in words, unless it is a word of a closed list."""
    if value is None:
        return NOT_RECORDED
    if isinstance(value, (Decimal, Fraction)):
        return show_number(value, unit)
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, date):
        return show_date(value)
    return BilingualText(value, value) if value else BilingualText("空", "empty")


def label_value(label: BilingualText, value: BilingualText) -> BilingualText:
    """Return `label: value`."""
    return BilingualText(f"{label.zh}：{value.zh}", f"{label.en}: {value.en}")


@dataclass(frozen=True, slots=True)
class Labels:
    """Words for the expressions of one pack's rules about one kind of record."""

    pack: Pack
    record: str

    def fact(self, node: FactRef) -> Fact:
        """Return the catalogue's entry of a fact."""
        return catalogue(self.record)[node.path]

    def label(self, node: Expression) -> BilingualText | None:
        """Return a node's label, `None` if it has none."""
        match node:
            case FactRef():
                return self.fact(node).label
            case FigureRef(name):
                return self.pack.figures[name].label
            case Lookup(FigureRef(name)):
                return self.pack.figures[name].label
            case StandardRef(path):
                return _of_county(STANDARD_FIGURES[path].label)
            case Lookup(StandardRef(), key):
                word = self.label(key) or BilingualText("", "")
                return BilingualText("县标准（按{key}）", "county standard by {key}").format(
                    key=word
                )
            case DefineRef(name):
                return self.pack.defines[(self.record, name)].label
            case Call("age"):
                return BilingualText("年龄", "Age")
            case Call("default" | "provisional", (first, *_)):
                return self.label(first)
        return None

    def unit(self, node: Expression) -> str | None:
        """Return the unit of a node's number."""
        match node:
            case FactRef():
                return self.fact(node).unit
            case FigureRef(name) | Lookup(FigureRef(name)):
                return self.pack.figures[name].unit
            case StandardRef(path):
                return _unit_of_standard(path)
            case Lookup(StandardRef(path), _, rest):
                return _unit_of_standard(f"{path}.{rest}")
            case DefineRef(name):
                return self.pack.defines[(self.record, name)].unit
            case Call("age"):
                return "years_old"
            case Call("default" | "provisional", (first, *_)):
                return self.unit(first)
        return None

    def value(self, node: Expression, value: ExactValue | None) -> BilingualText:
        """Return a value as the form shows it."""
        if isinstance(value, str):
            return self.word(node, value)
        return value_in_words(value, self.unit(node))

    def word(self, node: Expression, value: str) -> BilingualText:
        """Return the label of a word of a closed list."""
        match node:
            case FactRef() if self.fact(node).kind is FactKind.CHOICE:
                return next(c.label for c in self.fact(node).choices if c == value)
            case DefineRef(name):
                inner = self.pack.defines[(self.record, name)].expression
                return self.word(inner, value)
            case Call(_, (first, *_)):
                return self.word(first, value)
        return value_in_words(value, None)

    def missing(self, path: str) -> BilingualText:
        """Return the label of a missing fact or county standard."""
        if path.startswith("standards."):
            figure = STANDARD_FIGURES.get(path.removeprefix("standards."))
            label = (
                figure.label
                if figure
                else BilingualText("大病保险分段报销比例", "Major illness tiers")
            )
            return BilingualText(f"县标准：{label.zh}", f"county standard: {label.en}")
        fact = find_fact(self.record, path)
        return fact.label if fact else BilingualText(path, path)

    def still_needed(self, missing: frozenset[str]) -> BilingualText:
        """Return the facts that a result still needs, in words."""
        asked = join_texts([self.missing(path) for path in sorted(missing)], "、", ", ")
        return BilingualText(f"还需：{asked.zh}", f"still needed: {asked.en}")

    def sort_missing(self, missing: frozenset[str]) -> tuple[str, ...]:
        """Return missing facts in the order of the form, county standards last."""
        order = _order(self.record)
        return tuple(sorted(missing, key=lambda path: (order.get(schema_path(path), 10**6), path)))


def labels_of_standards(table: str, rest: str) -> dict[str, BilingualText]:
    """Return the labels of a county table's entries, by the word that selects one."""
    start, end = f"{table}.", f".{rest}" if rest else ""
    return {
        path.removeprefix(start).removesuffix(end): _of_county(figure.label)
        for path, figure in STANDARD_FIGURES.items()
        if path.startswith(start) and path.endswith(end)
    }


def _of_county(label: BilingualText) -> BilingualText:
    return BilingualText(f"县标准“{label.zh}”", f"county standard “{label.en}”")


TIERS_CALLED = _of_county(TIERS_LABEL)


def _unit_of_standard(path: str) -> str | None:
    return None if "rate" in path or "score" in path else "CNY"


@cache
def _order(record: str) -> dict[str, int]:
    return {path: index for index, path in enumerate(catalogue(record))}
