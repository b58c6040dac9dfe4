"""The content of a slip, without fonts or pages."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Literal

from ruhu.i18n import NO_TEXT, BilingualText, Language
from ruhu.policy.advice.money import money_of
from ruhu.policy.evaluation.finding import Assessment, Finding, Outcome, RuleKind, StepStatus
from ruhu.policy.language.numbers import UNITS, to_plain
from ruhu.policy.packs.model import Pack
from ruhu.policy.text.labels import Labels
from ruhu.strict_json import Document
from ruhu.survey.facts.catalogue import find_fact
from ruhu.survey.facts.item_names import item_names, owner_of_path, owner_of_subject
from ruhu.survey.facts.paths import get_value
from ruhu.survey.models.common import group_label
from ruhu.survey.signature import SignatureStatus, signature_of, signature_status
from ruhu.survey.validation.id_number import mask

SlipLanguage = Literal["zh", "en", "both"]
"""`both` is Chinese with English beneath it."""

NOT_RECORDED = BilingualText("未登记", "not recorded")
SHOWN_FACTS = (
    "registration.household_no",
    "registration.attribute",
    "registration.score",
    "registration.poverty_category",
    "housing.danger_grade",
    "housing.renovation",
    "housing.floor_area_m2",
    "housing.storage_area_m2",
    "housing.self_funding",
    "housing.relocation_listed",
)


@dataclass(frozen=True, slots=True)
class SlipLine:
    """A finding on the slip. `figures` are value and limit in words, `detail` is the calculation."""

    title: str
    subject: str
    outcome: str
    strength: str
    figures: str
    clause: str
    detail: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip's texts, ready to print. With both languages a text is Chinese, a line end, English."""

    language: SlipLanguage
    title: str
    policy: str
    as_of: str
    facts: tuple[tuple[str, str], ...]
    members: tuple[tuple[str, ...], ...]
    housing: tuple[SlipLine, ...]
    benefits: tuple[SlipLine, ...]
    known_money: str
    open: tuple[str, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    surveyor: str
    signed: str

    def content(self) -> dict[str, Any]:
        """Return the slip as JSON, stored with the record when it is issued."""
        return asdict(self)


def bilingual(chinese: Slip, english: Slip) -> Slip:
    """Combine a slip in Chinese and in English into one in both languages."""
    values = {
        f.name: _pair(getattr(chinese, f.name), getattr(english, f.name)) for f in fields(Slip)
    }
    return Slip(**{**values, "language": "both"})


def _pair(chinese: Any, english: Any) -> Any:
    if isinstance(chinese, str):
        return chinese if chinese == english else f"{chinese}\n{english}"
    if isinstance(chinese, SlipLine):
        texts = {
            f.name: _pair(getattr(chinese, f.name), getattr(english, f.name))
            for f in fields(SlipLine)
        }
        return SlipLine(**texts)
    if len(chinese) != len(
        english
    ):  # labels that are equal in one language may differ in the other
        return (*chinese, *english)
    return tuple(_pair(a, b) for a, b in zip(chinese, english, strict=True))


def format_day(day: date, language: Language) -> str:
    """Return a date as people write it."""
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else day.isoformat()


def _unit(name: str | None, language: Language) -> str:
    return UNITS.get(name or "", NO_TEXT).in_language(language)


def _shown(kind: str, path: str, value: Any, language: Language) -> str:
    fact = find_fact(kind, path)
    if value is None or fact is None:
        return NOT_RECORDED.in_language(language)
    if isinstance(value, bool):
        return BilingualText("是" if value else "否", "yes" if value else "no").in_language(
            language
        )
    if fact.choices:
        return next(c.label.in_language(language) for c in fact.choices if c == value)
    return f"{value}{_unit(fact.unit, language)}"


def _place(document: Document, language: Language) -> str:
    names = [
        get_value(document, f"place.{level}_name") or get_value(document, f"place.{level}")
        for level in ("county", "township", "village")
    ]
    group = get_value(document, "place.group")
    parts = [str(name) for name in names if name]
    if group:
        parts.append(group_label(str(group)).in_language(language))
    return "".join(parts) if language == "zh" else " ".join(parts)


def _facts(document: Document, language: Language) -> tuple[tuple[str, str], ...]:
    lines = [(BilingualText("住址", "Address").in_language(language), _place(document, language))]
    members = document.get("members") or []
    persons = document.get("population") or len(members)
    label = BilingualText("家庭实际人口", "Persons").in_language(language)
    lines.append((label, str(persons) if persons else NOT_RECORDED.in_language(language)))
    for path in SHOWN_FACTS:
        fact = find_fact("household", path)
        assert fact is not None
        shown = _shown("household", path, get_value(document, path), language)
        lines.append((fact.label.in_language(language), shown))
    return tuple(lines)


def _members(document: Document, language: Language) -> tuple[tuple[str, ...], ...]:
    def of(member: Document, path: str) -> str:
        value = get_value(member, path)
        return "" if value is None else _shown("household", f"members[].{path}", value, language)

    return tuple(
        (
            of(member, "name"),
            of(member, "relationship"),
            of(member, "sex"),
            of(member, "birth_date"),
            mask(member["id_number"]) if member.get("id_number") else "",
            of(member, "schooling.stage"),
            of(member, "labour.able"),
        )
        for member in document.get("members") or []
    )


def _figures(finding: Finding, language: Language) -> str:
    unit = _unit(finding.unit, language)
    if finding.amount is not None:
        per = finding.per.label.in_language(language) if finding.per else ""
        money = f"{finding.amount:,f}" + ("元" if language == "zh" else " CNY")
        return f"{money} {per}".strip()
    if finding.value is None:
        return ""
    value = f"{to_plain(finding.value)}{unit}"
    if finding.limit is None:
        return value
    return f"{value} / {to_plain(finding.limit)}{unit}"


def _line(finding: Finding, names: dict[str, str], pack: Pack, language: Language) -> SlipLine:
    detail = [
        step.text.in_language(language)
        for step in finding.steps
        if step.mark in (StepStatus.RESULT, StepStatus.FIGURE)
    ]
    strength = ""
    if finding.kind is RuleKind.CHECK or finding.strength.value != "must":
        strength = finding.strength.label.in_language(language)
    return SlipLine(
        finding.title.in_language(language),
        owner_of_subject(finding.subject, names),
        finding.outcome.label.in_language(language),
        strength,
        _figures(finding, language),
        pack.clause(finding.clause).place.in_language(language),
        tuple(detail),
    )


_PRINTED_OUTCOMES = (Outcome.ELIGIBLE, Outcome.FAIL, Outcome.CONFLICT)
"""Outcomes printed as lines of their own: what is granted or wrong, not what is merely in order."""


def make_slip(
    document: Document, assessment: Assessment, pack: Pack, *, language: Language, sample: bool
) -> Slip:
    """Write a household's assessment to a slip. `sample` marks county standards that are samples."""
    names = item_names(document)
    housing = [f for f in assessment.findings if f.plan == "housing"]
    others = [
        f for f in assessment.findings if f.plan != "housing" and f.outcome in _PRINTED_OUTCOMES
    ]
    money = money_of(assessment.findings).in_language(language)
    open_ = [
        (f.title.in_language(language), owner_of_subject(f.subject, names))
        for f in assessment.findings
        if f.plan != "housing" and f.outcome is Outcome.UNKNOWN
    ]
    wording = Labels(pack, assessment.kind)
    asked = [
        (wording.missing(path).in_language(language), owner_of_path(path, names))
        for f in assessment.findings
        for path in f.missing
    ]
    notes = [note.in_language(language) for note in assessment.notes]
    if sample:
        text = BilingualText(
            "县标准为示例，非正式标准", "the county's standards are a sample, not official"
        )
        notes.append(text.in_language(language))
    return Slip(
        language,
        BilingualText("入户核对明白卡", "Household eligibility slip").in_language(language),
        pack.title.in_language(language),
        format_day(assessment.as_of, language),
        _facts(document, language),
        _members(document, language),
        tuple(_line(f, names, pack, language) for f in housing),
        tuple(_line(f, names, pack, language) for f in others),
        money or ("0元" if language == "zh" else "0 CNY"),
        _by_label(open_, language),
        _by_label(asked, language),
        tuple(notes),
        str(get_value(document, "survey.surveyor") or ""),
        _signed(document, language),
    )


def _signed(document: Document, language: Language) -> str:
    """Return who signed the survey in its current state, and when; empty if nobody has."""
    signature = signature_of(document)
    if signature is None or signature_status(document) is not SignatureStatus.SEALED:
        return ""
    return f"{signature.by} {format_day(signature.on, language)}"


def _by_label(pairs: Iterable[tuple[str, str]], language: Language) -> tuple[str, ...]:
    """Return each label once, followed by the names of the persons who share it."""
    groups: dict[str, dict[str, None]] = {}
    for label, person in pairs:
        groups.setdefault(label, {}).update({person: None} if person else {})
    start, between, end = ("（", "、", "）") if language == "zh" else (" (", ", ", ")")
    return tuple(
        f"{label}{start}{between.join(persons)}{end}" if persons else label
        for label, persons in groups.items()
    )
