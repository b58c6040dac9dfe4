"""A survey that the county sent back to its worker, with what is to be looked at again."""

from dataclasses import dataclass
from datetime import date

from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text, UserError

KEY = "sent_back"
LONGEST = 500


@dataclass(frozen=True, slots=True)
class SentBack:
    """What the county wrote, who wrote it, and on which day (as written, `YYYY-MM-DD`)."""

    comment: str
    by: str
    on: str


def sent_back_of(document: Document) -> SentBack | None:
    """What the county wants looked at again, `None` where it wants nothing."""
    told = document.get(KEY)
    if not isinstance(told, dict) or not isinstance(told.get("comment"), str):
        return None
    return SentBack(told["comment"], str(told.get("by") or ""), str(told.get("on") or ""))


def send_back(document: Document, *, comment: str, by: str, on: date) -> Document:
    """A copy of the document, sent back. Raises `UserError` without a comment."""
    words = comment.strip()[:LONGEST]
    if not words:
        raise UserError(Text("请写明要核实什么", "say what is to be looked at again"))
    return {**document, KEY: {"comment": words, "by": by, "on": on.isoformat()}}


def seen_to(document: Document) -> Document:
    """A copy of the document whose worker has seen to what the county wrote."""
    return {name: value for name, value in document.items() if name != KEY}
