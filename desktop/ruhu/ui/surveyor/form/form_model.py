"""Sections of the form, and the meaning of typed text; without Qt."""

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
"""The section of photos and papers, which has no facts."""
HIDDEN = ("record_id",)
UNKNOWN_WORDS = ("?", "不清楚", "不知道", "不详", "not known")
"""Texts that a surveyor types if nobody in the home knows."""


@dataclass(frozen=True, slots=True)
class FormSection:
    """A section of the form: its title and the paths of its facts and lists."""

    key: str
    title: BilingualText
    paths: tuple[str, ...]


_ADDRESS = (
    "survey.date", "survey.surveyor", "place.group", "place.village_name", "place.township_name",
    "place.county_name", "place.poor_county", "place.poor_village",
)  # fmt: skip
_RARELY_TYPED = ("survey", "place")
"""Division codes, which come with a chosen division, and notes."""
_HOUSEHOLD: tuple[tuple[str, BilingualText, tuple[str, ...]], ...] = (
    ("place", BilingualText("住址", "Address"), (*_ADDRESS, "population", *_RARELY_TYPED)),
    ("registration", BilingualText("登记", "Registration"), ("registration",)),
    ("members", BilingualText("成员", "Members"), ("members",)),
    ("housing", BilingualText("住房", "House"), ("housing",)),
    ("water", BilingualText("饮水", "Water"), ("water",)),
    ("farming", BilingualText("种养", "Farming"), ("farming", "income")),
    ("health", BilingualText("健康", "Health"), ("health",)),
)
_OTHERS: dict[str, tuple[tuple[str, BilingualText, tuple[str, ...]], ...]] = {
    "enterprise": (
        ("place", BilingualText("住址", "Address"), (*_ADDRESS, *_RARELY_TYPED)),
        ("employees", BilingualText("员工", "Employees"), ("employees",)),
        ("partners", BilingualText("带动农户", "Partners"), ("partners",)),
    ),
    "training_class": (
        ("place", BilingualText("住址", "Address"), (*_ADDRESS, *_RARELY_TYPED)),
        ("teachers", BilingualText("教师", "Teachers"), ("teachers",)),
    ),
    "village": (("place", BilingualText("住址", "Address"), (*_ADDRESS, *_RARELY_TYPED)),),
}


def form_sections(kind: str) -> list[FormSection]:
    """Return the sections for a kind of record; each fact of the catalogue is in exactly one."""
    named = _HOUSEHOLD if kind == "household" else _OTHERS[kind]
    top = [path for path in catalogue(kind) if "[]" not in path and path not in HIDDEN]
    sections = [FormSection(key, title, _ordered(top, groups)) for key, title, groups in named]
    shown = {path for section in sections for path in section.paths}
    rest = tuple(path for path in top if path not in shown)
    if rest:
        sections.insert(1, FormSection("main", BilingualText("基本情况", "General"), rest))
    return [*sections, FormSection(PAPERS, BilingualText("照片", "Photos"), ())]


def _ordered(paths: list[str], groups: tuple[str, ...]) -> tuple[str, ...]:
    """Return the paths of some groups, in the order of the groups."""
    ordered = [p for group in groups for p in paths if p == group or p.startswith(f"{group}.")]
    return tuple(dict.fromkeys(ordered))


def section_of(kind: str, path: str) -> str:
    """Return the key of the section that has an addressed path."""
    name = schema_path(path)
    if name.startswith(PAPERS):
        return PAPERS
    for section in form_sections(kind):
        for shown in section.paths:
            if name == shown or name.startswith((f"{shown}[]", f"{shown}.")):
                return section.key
    return form_sections(kind)[0].key


def item_facts(kind: str, list_path: str) -> list[Fact]:
    """Return the facts of a list's items, without generated ids and facts of inner lists."""
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
    """Return the value of a fact, `NOT_KNOWN` if nobody knew it, or None."""
    value = get_value(document, path, kind)
    return NOT_KNOWN if value is None and is_marked_unknown(document, path) else value


def set_fact(document: Document, path: str, value: Any, kind: str) -> Document:
    """Return a copy with a fact set to a value, to `NOT_KNOWN`, or removed with None."""
    if value is NOT_KNOWN:
        return mark_unknown(put_value(document, path, None, kind), path)
    return clear_mark(put_value(document, path, value, kind), path)


def read_typed(fact: Fact, text: str) -> Any:
    """Return the value of typed text; text that cannot be parsed stays and becomes a problem."""
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
    # Pasted text may have tabs and line breaks, which a line edit does not show.
    return _BREAKS.sub(" ", typed)


def _read_date(typed: str) -> str:
    try:
        return read_written_day(typed).isoformat()
    except ValueError:
        return typed


def problems_of(document: Document) -> dict[str, Problem]:
    """Return the problems of a document by addressed path."""
    try:
        parse_record(document)
    except RecordErrors as errors:
        return {problem.path: problem for problem in errors.details}
    return {}


def sentence(problem: Problem) -> BilingualText:
    """Return the sentence shown below a field."""
    return BilingualText("请填：{accepted}", "Please enter {accepted}").format(
        accepted=problem.accepted
    )
