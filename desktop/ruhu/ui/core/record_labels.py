"""Labels of records, shared by both windows."""

from enum import Enum
from typing import Any

from ruhu.exchange.keys.county import CountyPublic
from ruhu.i18n import BilingualText
from ruhu.ui.core.i18n import interface


class NotKnown(Enum):
    """The value of a fact that was asked and nobody knows, unlike one not asked yet."""

    NOT_KNOWN = "not_known"


NOT_KNOWN = NotKnown.NOT_KNOWN
NOT_KNOWN_TEXT = BilingualText("不清楚", "Not known")


def default_title(kind: str) -> BilingualText:
    """Return the title of a record without a name."""
    return (
        BilingualText("未填姓名", "No name yet")
        if kind == "household"
        else BilingualText("未填名称", "No name yet")
    )


def show_value(value: Any) -> str:
    """Return a value as a field shows it."""
    if value is NOT_KNOWN:
        return interface.translate(NOT_KNOWN_TEXT)
    return "" if value is None else str(value)


def county_label(county: CountyPublic) -> str:
    """Return a county's name, code and the words to compare by telephone."""
    return f"{county.name} {county.county}\n{interface.translate(county.words)}"
