"""Build a pack from the merged tables of its files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import ObligationLevel, PaymentPeriod, RuleKind
from ruhu.policy.language.nodes import Expression, FigureValue
from ruhu.policy.language.parser import (
    SUBJECTS,
    PackError,
    as_scalar,
    names_for,
    parse_expression,
    refuse,
)
from ruhu.policy.packs.model import (
    AreaBound,
    Clause,
    DatedValue,
    Definition,
    Figure,
    Indicator,
    Note,
    Rule,
)
from ruhu.policy.standards.model import FIGURES as STANDARD_FIGURES
from ruhu.survey.facts.catalogue import FactKind, catalogue

T = TypeVar("T")
STANDARD_PATHS = frozenset(STANDARD_FIGURES)


def parse_text(table: Mapping[str, Any], where: str) -> BilingualText:
    try:
        return BilingualText(str(table["zh"]), str(table["en"]))
    except (KeyError, TypeError):
        raise refuse(
            "{where} 缺少中英文", "{where} lacks Chinese or English", where=where
        ) from None


def _optional_text(table: Mapping[str, Any], key: str, where: str) -> BilingualText | None:
    return parse_text(table[key], f"{where}.{key}") if key in table else None


def build_clause(name: str, table: Mapping[str, Any]) -> Clause:
    return Clause(
        name,
        parse_text(table.get("place", {}), f"clause {name}.place"),
        parse_text(table.get("summary", {}), f"clause {name}.summary"),
        _optional_text(table, "changed", name),
        _optional_text(table, "note", name),
        tuple(table.get("rows", ())),
        _optional_text(table, "without_rule", name),
    )


def _figure_value(value: Any) -> FigureValue:
    if isinstance(value, dict):
        return {key: as_scalar(entry) for key, entry in value.items()}
    return as_scalar(value)


def _figure(name: str, table: Mapping[str, Any], since: date) -> Figure:
    entries = table.get("series") or [{"from": since, "value": table.get("value")}]
    try:
        series = tuple(
            DatedValue(
                entry["from"],
                _figure_value(entry["value"]),
                entry["clause"] if "clause" in entry else table["clause"],
            )
            for entry in entries
        )
    except KeyError:
        raise refuse("数值 {name} 没有出处", "figure {name} has no citation", name=name) from None
    starts = [value.start for value in series]
    if starts != sorted(set(starts)):
        raise refuse("数值 {name} 的日期重叠", "dates of figure {name} overlap", name=name)
    return Figure(name, parse_text(table, f"figure {name}"), table.get("unit"), series)


class PackBuilder:
    """Builds a pack from its merged tables."""

    def __init__(self, merged: "MergedTables") -> None:
        self.merged = merged
        self.shared: dict[Expression, Expression] = {}
        self.figures = {
            name: _figure(name, table, since) for name, (table, since) in merged.figures.items()
        }

    def names(self, subject: str) -> Any:
        record, place = SUBJECTS.get(subject, ("", ""))
        near = frozenset(
            name
            for (kind, name), table in self.merged.defines.items()
            if kind == record and place.startswith(SUBJECTS[table.get("subject", record)][1])
        )
        return names_for(subject, frozenset(self.figures), STANDARD_PATHS, near)

    def parse(self, source: Any, subject: str) -> Expression:
        # Equal expressions are shared, so that each is evaluated and described once.
        expression = parse_expression(str(source), self.names(subject))
        return self.shared.setdefault(expression, expression)

    def notes(self, table: Mapping[str, Any], subject: str, where: str) -> tuple[Note, ...]:
        return tuple(
            Note(self.parse(entry["when"], subject), parse_text(entry, where))
            for entry in table.get("notes", ())
        )

    def define(self, name: str, table: Mapping[str, Any]) -> Definition:
        subject = table["subject"]
        return Definition(
            name,
            subject,
            parse_text(table, f"define {name}"),
            table.get("unit"),
            self.parse(table["is"], subject),
            self.notes(table, subject, name),
        )

    def rule(self, table: Mapping[str, Any]) -> Rule:
        return self._named(table, self._rule)

    def indicator(self, table: Mapping[str, Any]) -> Indicator:
        return self._named(table, self._indicator)

    def _named(self, table: Mapping[str, Any], build: Callable[[str, Mapping[str, Any]], T]) -> T:
        """Build an entry; errors name it."""
        name = str(table.get("id"))
        try:
            return build(name, table)
        except (KeyError, ValueError) as error:
            what = str(error)
            raise refuse(
                "规则 {name} 写得不全：{what}",
                "rule {name} is incomplete: {what}",
                name=name,
                what=what,
            ) from None
        except UserError as error:
            raise PackError(
                BilingualText(f"规则 {name}：{error.text.zh}", f"rule {name}: {error.text.en}")
            ) from None

    def _strengths(
        self, table: Mapping[str, Any]
    ) -> tuple[ObligationLevel, tuple[tuple[Expression, ObligationLevel], ...]]:
        cases = tuple(
            (self.parse(entry["when"], table["subject"]), ObligationLevel(entry["strength"]))
            for entry in table.get("strength_when", ())
        )
        return ObligationLevel(table.get("strength", "must")), cases

    def expressions(self, table: Mapping[str, Any], key: str) -> tuple[Expression, ...]:
        return tuple(self.parse(source, table["subject"]) for source in table.get(key, ()))

    def _indicator(self, name: str, table: Mapping[str, Any]) -> Indicator:
        if table["target"] not in self.figures:
            raise refuse("没有数值 {name}", "figure {name} does not exist", name=table["target"])
        return Indicator(
            name,
            table["subject"],
            parse_text(table["title"], name),
            *self._strengths(table),
            self.expressions(table, "of"),
            self.expressions(table, "met"),
            table["target"],
            _optional_text(table, "say", name),
        )

    def _rule(self, name: str, table: Mapping[str, Any]) -> Rule:
        subject = table["subject"]

        def one(key: str) -> Expression | None:
            return self.parse(table[key], subject) if key in table else None

        kind = RuleKind(table["kind"])
        bound = table.get("bound")
        return Rule(
            name,
            kind,
            subject,
            parse_text(table["title"], name),
            table["clause"],
            *self._strengths(table),
            self.expressions(table, "scope"),
            self.expressions(table, "applies"),
            self.expressions(table, "holds" if kind is RuleKind.CHECK else "when"),
            one("value"),
            one("limit"),
            table.get("unit"),
            one("amount"),
            PaymentPeriod(table["per"]) if "per" in table else None,
            AreaBound(bound["side"], self.parse(bound["at"], subject)) if bound else None,
            tuple(table.get("range_of", ())),
            self.notes(table, subject, name),
            _optional_text(table, "say", name),
            self.list_of(table.get("over"), subject),
            table.get("grant", True) is True,
        )

    def list_of(self, name: str | None, subject: str) -> str | None:
        """Return the list that a rule is about, which must be one of the subject's."""
        record, place = SUBJECTS[subject]
        path = f"{place}.{name}" if place else str(name)
        fact = catalogue(record).get(path)
        if name is not None and (fact is None or fact.kind is not FactKind.LIST):
            raise refuse("没有名为 {name} 的列表", "list {name} does not exist", name=name)
        return name


@dataclass(slots=True)
class MergedTables:
    """The raw tables of a pack after its amendments."""

    plans: dict[str, BilingualText]
    clauses: dict[str, dict[str, Any]]
    figures: dict[str, tuple[dict[str, Any], date]]
    defines: dict[tuple[str, str], dict[str, Any]]
    rules: dict[tuple[str, str], dict[str, Any]]
    indicators: dict[str, dict[str, Any]]

    def put_in_order(self, first: list[str]) -> None:
        """Sort the plans and their rules in the order of the notice."""
        names = [name for name in first if name in self.plans]
        names += [name for name in self.plans if name not in first]
        self.plans = {name: self.plans[name] for name in names}
        self.rules = dict(
            sorted(self.rules.items(), key=lambda entry: names.index(entry[0][0].split(".", 1)[0]))
        )

    def amend(self, plan: Mapping[str, Any], since: date) -> None:
        """Merge the tables of one plan's file over the existing ones."""
        name = plan["plan"]
        if "title" in plan:
            self.plans[name] = parse_text(plan["title"], name)
        for withdrawn in plan.get("withdrawn", ()):
            keys = [key for key in self.rules if key[0] == withdrawn]
            if not keys:
                raise refuse(
                    "没有可废止的规则 {rule}",
                    "rule {rule} to be withdrawn does not exist",
                    rule=withdrawn,
                )
            for key in keys:
                del self.rules[key]
        for clause, table in plan.get("clause", {}).items():
            before = dict(self.clauses.get(clause, {}))
            if "summary" in table:
                # The reason why the old text had no rule does not apply to the new one.
                before.pop("without_rule", None)
            self.clauses[clause] = {**before, **table}
        for figure, table in plan.get("figure", {}).items():
            self.figures[figure] = (table, since)
        for define in plan.get("define", ()):
            define.setdefault("subject", "household")
            self.defines[(SUBJECTS[define["subject"]][0], define["name"])] = define
        for rule in plan.get("rule", ()):
            if not str(rule.get("id", "")).startswith(f"{name}."):
                raise refuse(
                    "规则 {rule} 不属于本方案",
                    "rule {rule} does not belong to this plan",
                    rule=rule,
                )
            self.rules[(rule["id"], rule.get("subject", ""))] = rule
        for indicator in plan.get("indicator", ()):
            self.indicators[indicator["id"]] = indicator
