"""A survey that the county sent back to its worker, with what is to be looked at again."""

from dataclasses import dataclass
from datetime import date

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.strict_json import Document

KEY = "sent_back"
MAX_COMMENT = 500


@dataclass(frozen=True, slots=True)
class ReturnedSurvey:
    """What the county wrote, who wrote it, and on which day (as written, `YYYY-MM-DD`).

    `path` is the fact it is about, empty for the whole record.
    """

    comment: str
    by: str
    on: str
    path: str = ""


def sent_back_of(document: Document) -> ReturnedSurvey | None:
    """What the county wants looked at again, `None` where it wants nothing."""
    told = document.get(KEY)
    if not isinstance(told, dict) or not isinstance(told.get("comment"), str):
        return None
    by, on, path = (str(told.get(name) or "") for name in ("by", "on", "path"))
    return ReturnedSurvey(told["comment"], by, on, path)


def send_back(document: Document, *, comment: str, by: str, on: date, path: str = "") -> Document:
    """A copy of the document, sent back. Raises `UserError` without a comment."""
    words = comment.strip()[:MAX_COMMENT]
    if not words:
        raise UserError(BilingualText("请写明要核实什么", "say what is to be looked at again"))
    told = {"comment": words, "by": by, "on": on.isoformat()}
    return {**document, KEY: {**told, "path": path} if path else told}


def mark_resolved(document: Document) -> Document:
    """A copy of the document whose worker has seen to what the county wrote."""
    return {name: value for name, value in document.items() if name != KEY}
