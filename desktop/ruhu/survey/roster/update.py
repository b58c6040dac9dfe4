"""A roster against what is recorded already: absent facts are filled in, nothing is overwritten."""

from typing import Any

from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text


def fill_absent(document: Document, roster: Document) -> tuple[Document, list[Text]]:
    """Add what `roster` knows and `document` lacks.

    Members are matched by their id. Returns the document (equal to the old one when nothing is
    new) and a line for every fact that stands differently, which is left as recorded.
    """
    differing: list[Text] = []
    return _fill(document, roster, "", differing), differing


def _fill(mine: Document, theirs: Document, path: str, differing: list[Text]) -> Document:
    out = dict(mine)
    for name, value in theirs.items():
        below = f"{path}.{name}" if path else name
        recorded = mine.get(name)
        if recorded is None:
            out[name] = value
        elif name == "roster":
            out[name] = {**value, **recorded}
        elif isinstance(value, dict) and isinstance(recorded, dict):
            out[name] = _fill(recorded, value, below, differing)
        elif name == "members" and isinstance(recorded, list):
            out[name] = _members(recorded, value, below, differing)
        elif recorded != value:
            differing.append(
                Text(
                    f"{below}：已登记的与名册不同，保留已登记的",
                    f"{below}: recorded differently from the roster; left as recorded",
                )
            )
    return out


def _members(mine: list[Any], theirs: list[Any], path: str, differing: list[Text]) -> list[Any]:
    roster = {member["member_id"]: member for member in theirs}
    out = [
        _fill(m, roster.pop(m["member_id"]), f"{path}[{m['member_id']}]", differing)
        if m.get("member_id") in roster
        else m
        for m in mine
    ]
    return [*out, *roster.values()]
