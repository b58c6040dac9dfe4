"""Convert standards to the texts of a form and back, without Qt."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ruhu.i18n import BilingualText
from ruhu.policy.standards.model import FIGURES, TIERS
from ruhu.strict_json import Document
from ruhu.survey.facts.paths import get_value, put_fact

TierTexts = Sequence[tuple[str, str]]
"""The upper bound (empty for the last) and the rate of each tier, as typed."""

GROUPS = {
    "housing.subsidy": BilingualText(
        "危房改造补助（新建全额，元）", "Housing subsidy (rebuilt, whole, CNY)"
    ),
    "housing.category_from_score": BilingualText(
        "贫困程度的分数上限", "Highest score of each category"
    ),
    "farming": BilingualText("特色种养业", "Farming"),
    "employment": BilingualText("就业创业（元）", "Employment (CNY)"),
    "health.basic": BilingualText("基本医疗保险", "Basic insurance"),
    "health": BilingualText("大病保险与其他", "Major illness and others"),
}


def group_of(path: str) -> str:
    """Return the group of a figure: the longest prefix of its path."""
    return max((g for g in GROUPS if path.startswith(f"{g}.")), key=len)


def texts_of(document: Document) -> dict[str, str]:
    """Return the figures of a document as texts."""
    return {path: _text(get_value(document, path)) for path in FIGURES}


def tiers_of(document: Document) -> list[tuple[str, str]]:
    """Return the tiers of a document as texts."""
    tiers = get_value(document, TIERS)
    return [
        (_text(entry.get("up_to")), _text(entry.get("rate")))
        for entry in (tiers if isinstance(tiers, list) else [])
        if isinstance(entry, dict)
    ]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def document_of(
    county: str,
    valid_from: date,
    valid_to: date | None,
    texts: Mapping[str, str],
    tiers: TierTexts,
) -> Document:
    """Return the typed texts as a document to be validated and signed.

    Numbers stay text, exactly as typed.
    """
    document: Document = {"county": county, "valid_from": valid_from.isoformat()}
    if valid_to is not None:
        document["valid_to"] = valid_to.isoformat()
    for path, text in texts.items():
        if text.strip():
            put_fact(document, path, _value(text.strip()))
    entries = [
        {name: value.strip() for name, value in (("up_to", end), ("rate", rate)) if value.strip()}
        for end, rate in tiers
        if end.strip() or rate.strip()
    ]
    if entries:
        put_fact(document, TIERS, entries)
    return document


def _value(text: str) -> Any:
    return {"true": True, "false": False}.get(text, text)
