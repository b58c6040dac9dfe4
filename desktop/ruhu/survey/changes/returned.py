"""A survey that the county sent back, and what to check again."""

from dataclasses import dataclass
from datetime import date

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.strict_json import Document

KEY = "sent_back"
MAX_COMMENT = 500
"""Characters of the county's comment."""


@dataclass(frozen=True, slots=True)
class ReturnedSurvey:
    """What the county wrote, who wrote it, and on which day (`YYYY-MM-DD`).

    `path` is the fact it is about, empty for the whole record.
    """

    comment: str
    by: str
    on: str
    path: str = ""


def returned_survey(document: Document) -> ReturnedSurvey | None:
    """Return what the county wants checked again, `None` if the survey was not sent back."""
    entry = document.get(KEY)
    if not isinstance(entry, dict) or not isinstance(entry.get("comment"), str):
        return None
    by, on, path = (str(entry.get(name) or "") for name in ("by", "on", "path"))
    return ReturnedSurvey(entry["comment"], by, on, path)


def send_back(document: Document, *, comment: str, by: str, on: date, path: str = "") -> Document:
    """Return a copy of the document, sent back. Raises `UserError` without a comment."""
    text = comment.strip()[:MAX_COMMENT]
    if not text:
        raise UserError(BilingualText("请写明要核实什么", "write what must be checked again"))
    entry = {"comment": text, "by": by, "on": on.isoformat()}
    return {**document, KEY: {**entry, "path": path} if path else entry}


def mark_resolved(document: Document) -> Document:
    """Return a copy of the document without the county's request."""
    return {name: value for name, value in document.items() if name != KEY}
