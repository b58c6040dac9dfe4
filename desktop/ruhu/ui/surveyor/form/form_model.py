"""What the form shows and what typed text means, without any widget."""

import re
from dataclasses import dataclass
from typing import Any

from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.facts.catalogue import Fact, FactKind, catalogue, schema_path
from ruhu.survey.facts.paths import get_value, put_value
from ruhu.survey.facts.types import fold_width, read_written_day
from ruhu.survey.facts.unknown import clear_mark, is_marked_unknown, mark_unknown
from ruhu.survey.validation.problems import Problem
from ruhu.survey.validation.validate import RecordErrors, parse_record
from ruhu.ui.core.record_labels import NOT_KNOWN

LONG_TEXTS = ("survey.notes",)
"""Facts whose text may have several lines."""
_BREAKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
PAPERS = "papers"
"""The tab of photos and papers, which shows no facts."""
HIDDEN = ("record_id",)
UNKNOWN_WORDS = ("?", "不清楚", "不知道", "不详", "not known")
"""What a worker types into a field when nobody in the home knows."""


@dataclass(frozen=True, slots=True)
class FormSection:
    """A tab of the form: its title and the facts or lists on it."""

    key: str
    title: BilingualText
    paths: tuple[str, ...]


_ADDRESS = (
    "survey.date", "survey.surveyor", "place.group", "place.village_name", "place.township_name",
    "place.county_name", "place.poor_county", "place.poor_village",
)  # fmt: skip
_SELDOM = ("survey", "place")
"""Codes, which come with a place that is chosen, and notes."""
_HOUSEHOLD: tuple[tuple[str, BilingualText, tuple[str, ...]], ...] = (
    ("place", BilingualText("住址", "Address"), (*_ADDRESS, "population", *_SELDOM)),
    ("registration", BilingualText("登记", "Registration"), ("registration",)),
    ("members", BilingualText("成员", "Members"), ("members",)),
    ("housing", BilingualText("住房", "House"), ("housing",)),
    ("water", BilingualText("饮水", "Water"), ("water",)),
    ("farming", BilingualText("种养", "Farming"), ("farming", "income")),
    ("health", BilingualText("健康", "Health"), ("health",)),
)
_OTHERS: dict[str, tuple[tuple[str, BilingualText, tuple[str, ...]], ...]] = {
    "enterprise": (
        ("place", BilingualText("住址", "Address"), (*_ADDRESS, *_SELDOM)),
        ("employees", BilingualText("员工", "Employees"), ("employees",)),
        ("partners", BilingualText("带动农户", "Partners"), ("partners",)),
    ),
    "training_class": (
        ("place", BilingualText("住址", "Address"), (*_ADDRESS, *_SELDOM)),
        ("teachers", BilingualText("教师", "Teachers"), ("teachers",)),
    ),
    "village": (("place", BilingualText("住址", "Address"), (*_ADDRESS, *_SELDOM)),),
}


def form_sections(kind: str) -> list[FormSection]:
    """The tabs for a kind of record; every fact of the catalogue is on exactly one."""
    named = _HOUSEHOLD if kind == "household" else _OTHERS[kind]
    top = [path for path in catalogue(kind) if "[]" not in path and path not in HIDDEN]
    sections = [FormSection(key, title, _ordered(top, groups)) for key, title, groups in named]
    shown = {path for section in sections for path in section.paths}
    rest = tuple(path for path in top if path not in shown)
    if rest:
        sections.insert(1, FormSection("main", BilingualText("基本情况", "General"), rest))
    return [*sections, FormSection(PAPERS, BilingualText("照片", "Photos"), ())]


def _ordered(paths: list[str], groups: tuple[str, ...]) -> tuple[str, ...]:
    """The paths of some groups, in the order in which these name them or what is above them."""
    found = [p for group in groups for p in paths if p == group or p.startswith(f"{group}.")]
    return tuple(dict.fromkeys(found))


def section_of(kind: str, path: str) -> str:
    """The key of the tab on which an addressed path is."""
    name = schema_path(path)
    if name.startswith(PAPERS):
        return PAPERS
    for section in form_sections(kind):
        for shown in section.paths:
            if name == shown or name.startswith((f"{shown}[]", f"{shown}.")):
                return section.key
    return form_sections(kind)[0].key


def item_facts(kind: str, list_path: str) -> list[Fact]:
    """The facts of a list's items; an id that the program gives and deeper lists' facts are left out."""
    facts = catalogue(kind)
    prefix = f"{list_path}[]."
    key = facts[list_path].item_key
    return [
        fact
        for path, fact in facts.items()
        if path.startswith(prefix)
        and "[]" not in path[len(prefix) :]
        and not (path == f"{prefix}{key}" and path.endswith("_id"))
    ]


def get_fact(document: Document, path: str, kind: str) -> Any:
    """What a field shows: the value, `NOT_KNOWN` where it was asked in vain, else `None`."""
    value = get_value(document, path, kind)
    return NOT_KNOWN if value is None and is_marked_unknown(document, path) else value


def set_fact(document: Document, path: str, value: Any, kind: str) -> Document:
    """A copy of the document with what a field gave: a value, `NOT_KNOWN`, or `None` for nothing."""
    if value is NOT_KNOWN:
        return mark_unknown(put_value(document, path, None, kind), path)
    return clear_mark(put_value(document, path, value, kind), path)


def read_typed(fact: Fact, text: str) -> Any:
    """What typed text stands for; text that fits no rule stays as typed and is told as a problem."""
    typed = text.strip()
    if not typed:
        return None
    if fold_width(typed).lower() in UNKNOWN_WORDS:
        return NOT_KNOWN
    if fact.kind is FactKind.DATE:
        return _read_date(typed)
    if fact.kind in (FactKind.DECIMAL, FactKind.WHOLE):
        number = fold_width(typed).replace(",", "").replace("，", "")
        if fact.kind is FactKind.WHOLE and re.fullmatch(r"[0-9]{1,15}", number):
            return int(number)
        return number
    if fact.path in LONG_TEXTS:
        return text if "\n" in text else typed
    # What is pasted from a table or a letter brings its tabs and line ends along, unseen in a field.
    return _BREAKS.sub(" ", typed)


def _read_date(typed: str) -> str:
    try:
        return read_written_day(typed).isoformat()
    except ValueError:
        return typed


def problems_of(document: Document) -> dict[str, Problem]:
    """Every problem of the document by its addressed path."""
    try:
        parse_record(document)
    except RecordErrors as errors:
        return {problem.path: problem for problem in errors.details}
    return {}


def sentence(problem: Problem) -> BilingualText:
    """What the field says under it."""
    return BilingualText("请填：{accepted}", "Please enter {accepted}").format(
        accepted=problem.accepted
    )
