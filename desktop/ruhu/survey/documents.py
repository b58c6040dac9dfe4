"""Read plain parts of a household's document, whatever its state of validation."""

from collections.abc import Sequence
from typing import Any

from ruhu.strict_json import Document

HEAD_RELATIONSHIPS = ("户主", "本人", "head")
"""How rosters and forms mark the head among the members."""


def fact_at(document: Any, path: str) -> Any:
    """Return the value at a dotted path without list items, `None` if it is absent."""
    value = document
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def text_at(document: Any, path: str) -> str:
    """Return the text at a dotted path, empty if there is none."""
    value = fact_at(document, path)
    return value if isinstance(value, str) else ""


def put_fact(document: Document, path: str, value: Any) -> None:
    """Set the value at a dotted path, creating the sections on the way."""
    *sections, name = path.split(".")
    for section in sections:
        document = document.setdefault(section, {})
    document[name] = value


def members_of(document: Document) -> list[Document]:
    """Return the household's members; none if the list is absent or malformed."""
    members = document.get("members")
    return [m for m in members if isinstance(m, dict)] if isinstance(members, list) else []


def marked_head(members: Sequence[Document]) -> Document | None:
    """Return the first member marked as the head."""
    return next((m for m in members if m.get("relationship") in HEAD_RELATIONSHIPS), None)


def household_head(document: Document) -> Document | None:
    """Return the household's head, or its first member."""
    members = members_of(document)
    return marked_head(members) or (members[0] if members else None)
