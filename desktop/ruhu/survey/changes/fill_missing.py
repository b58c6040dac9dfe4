"""Fill absent facts of a record from another source; overwrite nothing."""

from typing import Any

from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.facts.catalogue import find_fact

ROSTER_SOURCE = BilingualText("名册", "the roster")


def fill_missing(
    document: Document, other: Document, source: BilingualText = ROSTER_SOURCE
) -> tuple[Document, list[BilingualText]]:
    """Add the facts that `other` has and `document` lacks.

    Members are matched by id. Returns the document, equal to the old one if nothing was added, and a line for
    each fact that differs in `source`; the recorded value is kept.
    """
    differing: list[str] = []
    filled = _fill(document, other, "", differing)
    return filled, [
        BilingualText(
            "{what}：已登记的与{source}不同，保留已登记的",
            "{what}: recorded differently from {source}; left as recorded",
        ).format(what=fact_label(document, path), source=source)
        for path in differing
    ]


def fact_label(document: Document, path: str) -> BilingualText:
    """Return a fact's label, with the person it belongs to."""
    fact = find_fact(str(document.get("kind", "household")), path)
    label = fact.label if fact is not None else BilingualText(path, path)
    for member in document.get("members") or []:
        if path.startswith(f"members[{member.get('member_id')}].") and member.get("name"):
            return BilingualText("{name}：{label}", "{name}: {label}").format(
                name=member["name"], label=label
            )
    return label


def _fill(mine: Document, theirs: Document, path: str, differing: list[str]) -> Document:
    out = dict(mine)
    for name, value in theirs.items():
        child_path = f"{path}.{name}" if path else name
        recorded = mine.get(name)
        if recorded is None:
            out[name] = value
        elif name == "roster":
            out[name] = {**value, **recorded}
        elif isinstance(value, dict) and isinstance(recorded, dict):
            out[name] = _fill(recorded, value, child_path, differing)
        elif name == "members" and isinstance(recorded, list):
            out[name] = _members(recorded, value, child_path, differing)
        elif recorded != value:
            differing.append(child_path)
    return out


def _members(mine: list[Any], theirs: list[Any], path: str, differing: list[str]) -> list[Any]:
    others = {member["member_id"]: member for member in theirs}
    out = [
        _fill(m, others.pop(m["member_id"]), f"{path}[{m['member_id']}]", differing)
        if m.get("member_id") in others
        else m
        for m in mine
    ]
    return [*out, *others.values()]
