"""Validate the tables of a policy pack's files before they are built.

A misspelt key must never load: a rule without its conditions would hold for everybody.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from ruhu.i18n import BilingualText, one_line
from ruhu.policy.evaluation.finding import ObligationLevel, PaymentPeriod
from ruhu.policy.language.parser import SUBJECTS, PackError

MAX_SHOWN_CHARACTERS = 60
"""Characters of a wrong value that an error quotes."""

Words = list[str]
NonEmptyWords = Field(min_length=1)


class _Table(BaseModel):
    """A table of a pack's file: only the keys named here, of the types that TOML reads."""

    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True)


class TextTable(_Table):
    """A text in both languages."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class NoteTable(TextTable):
    """A note and its condition."""

    when: str


class StrengthTable(_Table):
    """A strength and its condition."""

    when: str
    strength: Literal[*ObligationLevel]  # type: ignore[valid-type]


class BoundTable(_Table):
    """A lower or upper bound of the area."""

    side: Literal["lower", "upper"]
    at: str


class SeriesTable(_Table):
    """The value of a figure from a day on."""

    start: date = Field(alias="from")
    value: Any
    clause: str | None = None


class PackTable(_Table):
    """The keys of `pack.toml`."""

    id: str
    title: TextTable
    in_force_from: date
    amends: str | None = None
    plans: Words = []


class PlanTable(_Table):
    """The keys of a plan's file; its tables are checked one by one."""

    plan: str
    title: TextTable | None = None
    withdrawn: Words = []
    clause: dict[str, dict[str, Any]] = {}
    figure: dict[str, dict[str, Any]] = {}
    define: list[dict[str, Any]] = []
    rule: list[dict[str, Any]] = []
    indicator: list[dict[str, Any]] = []


class ClauseTable(_Table):
    """A clause, or what an amending pack changes of it."""

    place: TextTable | None = None
    summary: TextTable | None = None
    changed: TextTable | None = None
    note: TextTable | None = None
    rows: list[int] = []
    without_rule: TextTable | None = None


class FigureTable(TextTable):
    """A figure with one value, or with a series of values by date."""

    unit: str | None = None
    clause: str | None = None
    value: Any = None
    series: list[SeriesTable] = []


class DefineTable(TextTable):
    """A named expression."""

    name: str
    subject: Literal[*SUBJECTS] = "household"  # type: ignore[valid-type]
    unit: str | None = None
    expression: str = Field(alias="is")
    notes: list[NoteTable] = []


class _AssessedTable(_Table):
    """Keys that rules and indicators share."""

    id: str
    title: TextTable
    subject: Literal[*SUBJECTS]  # type: ignore[valid-type]
    strength: Literal[*ObligationLevel] = "must"  # type: ignore[valid-type]
    strength_when: list[StrengthTable] = []
    say: TextTable | None = None


class _RuleTable(_AssessedTable):
    """Keys that checks and entitlements share."""

    clause: str
    scope: Words = []
    applies: Words = []
    value: str | None = None
    limit: str | None = None
    unit: str | None = None
    notes: list[NoteTable] = []
    over: str | None = None


class CheckTable(_RuleTable):
    """A check: `holds` are its conditions."""

    kind: Literal["check"]
    holds: Words = NonEmptyWords
    bound: BoundTable | None = None


class RangeTable(_RuleTable):
    """A check whose conditions are the bounds of other rules."""

    kind: Literal["check"]
    range_of: Words = NonEmptyWords


class EntitlementTable(_RuleTable):
    """An entitlement: `when` are its conditions."""

    kind: Literal["entitlement"]
    when: Words = NonEmptyWords
    amount: str | None = None
    per: Literal[*PaymentPeriod] | None = None  # type: ignore[valid-type]
    grant: bool = True


class GroupEntitlementTable(EntitlementTable):
    """An entitlement of everybody in a group: `applies` names the group, `when` is empty."""

    applies: Words = NonEmptyWords
    when: Words


class IndicatorTable(_AssessedTable):
    """A rate of a county and its target."""

    of: Words
    met: Words = NonEmptyWords
    target: str


_PARTS: dict[str, type[_Table]] = {
    "title": TextTable,
    "say": TextTable,
    "place": TextTable,
    "summary": TextTable,
    "changed": TextTable,
    "note": TextTable,
    "without_rule": TextTable,
    "notes": NoteTable,
    "strength_when": StrengthTable,
    "bound": BoundTable,
    "series": SeriesTable,
}
_OTHER_KIND = {"when": "holds", "holds": "when"}
"""Keys for the conditions of a check and of an entitlement, each mapped to the other."""

_EXPECTED = {
    "missing": BilingualText("缺少这一项", "is missing"),
    "too_short": BilingualText("不能为空", "must not be empty"),
    "string_too_short": BilingualText("不能为空", "must not be empty"),
    "string_type": BilingualText("应为文字", "must be a text"),
    "date_type": BilingualText("应为日期", "must be a date"),
    "bool_type": BilingualText("应为 true 或 false", "must be true or false"),
    "int_type": BilingualText("应为整数", "must be a whole number"),
    "list_type": BilingualText("应为列表 [ … ]", "must be a list [ … ]"),
    "dict_type": BilingualText("应为表格", "must be a table"),
    "model_type": BilingualText("应为表格 { … }", "must be a table { … }"),
}


class PackFileError(PackError):
    """A pack's files have unknown keys, wrong values or missing keys."""

    def __init__(self, problems: list[BilingualText]) -> None:
        super().__init__(
            BilingualText("\n".join(p.zh for p in problems), "\n".join(p.en for p in problems))
        )
        self.problems = problems


def check_head(file: str, head: Mapping[str, Any]) -> None:
    """Validate the tables of `pack.toml`. Raises `PackFileError` with every problem."""
    _raise_any(list(_problems(file, "", PackTable, head)))


def check_plan(file: str, plan: Mapping[str, Any]) -> None:
    """Validate the tables of a plan's file. Raises `PackFileError` with every problem."""
    _raise_any(list(_problems(file, "", PlanTable, plan)))
    problems: list[BilingualText] = []
    for name, table in plan.get("clause", {}).items():
        problems += _problems(file, f'[clause."{name}"]', ClauseTable, table)
    for name, table in plan.get("figure", {}).items():
        problems += _problems(file, f"[figure.{name}]", FigureTable, table)
    for table in plan.get("define", ()):
        problems += _problems(file, f"[[define]] {table.get('name', '?')}", DefineTable, table)
    for table in plan.get("rule", ()):
        problems += _problems(file, f"[[rule]] {table.get('id', '?')}", _rule_model(table), table)
    for table in plan.get("indicator", ()):
        problems += _problems(file, f"[[indicator]] {table.get('id', '?')}", IndicatorTable, table)
    _raise_any(problems)


def _rule_model(table: Mapping[str, Any]) -> type[_RuleTable]:
    if table.get("kind") != "entitlement":
        return RangeTable if "range_of" in table else CheckTable
    return GroupEntitlementTable if table.get("when") == [] else EntitlementTable


def _raise_any(problems: list[BilingualText]) -> None:
    if problems:
        raise PackFileError(problems)


def _problems(
    file: str, name: str, model: type[_Table], table: Mapping[str, Any]
) -> Iterator[BilingualText]:
    try:
        model.model_validate(table)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            yield _describe(f"{file} {one_line(name)}".strip(), model, details)


def _describe(place: str, model: type[_Table], details: ErrorDetails) -> BilingualText:
    *above, last = details["loc"]
    key = one_line(".".join(str(part) for part in details["loc"]))
    parts = [part for part in above if isinstance(part, str)]
    owner = _PARTS.get(parts[-1], model) if parts else model
    where = BilingualText(f"{place}：{key} ", f"{place}: {key} ")
    what = _fault(owner, str(last), details)
    return BilingualText(where.zh + what.zh, where.en + what.en)


def _fault(owner: type[_Table], key: str, details: ErrorDetails) -> BilingualText:
    if details["type"] == "extra_forbidden":
        return _unknown_key(owner, key)
    if details["type"] == "literal_error":
        read = one_line(str(details["input"])[:MAX_SHOWN_CHARACTERS])
        expected = str(details.get("ctx", {}).get("expected", "")).replace("'", "")
        return BilingualText(
            f"不能是“{read}”；可填：{expected.replace(' or ', ', ')}",
            f"cannot be “{read}”; accepted: {expected}",
        )
    return _EXPECTED.get(
        details["type"], BilingualText(f"有误（{details['msg']}）", f"is wrong: {details['msg']}")
    )


def _unknown_key(owner: type[_Table], key: str) -> BilingualText:
    known = [field.alias or name for name, field in owner.model_fields.items()]
    other = _OTHER_KIND.get(key)
    near = [other] if other in known else get_close_matches(key, known, n=1)
    if near:
        return BilingualText(
            f"没有这一项，是否 {near[0]}？", f"is not a key here; did you mean {near[0]}?"
        )
    keys = ", ".join(known)
    return BilingualText(f"没有这一项；可用：{keys}", f"is not a key here; accepted: {keys}")
