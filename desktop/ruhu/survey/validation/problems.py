"""A fault of one fact, in a sentence with the path and the accepted values."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ruhu.i18n import BilingualText, one_line
from ruhu.survey.validation.id_number import mask

PERSONAL = ("id_number", "card_account", "phone")
"""Last parts of paths whose values are masked in messages."""


def show_value(path: str, value: Any) -> BilingualText:
    """Return a value for a message, shortened; personal numbers masked."""
    if value is None:
        return BilingualText("空", "nothing")
    if isinstance(value, bool):
        return BilingualText("true", "true") if value else BilingualText("false", "false")
    if isinstance(value, (dict, list)):
        return BilingualText("一组数据", "a group of values")
    text = str(value) if isinstance(value, (str, int, Decimal)) else type(value).__name__
    if path.rsplit(".", 1)[-1] in PERSONAL:
        text = mask(text)
    text = one_line(text if len(text) <= 40 else f"{text[:40]}…")
    return BilingualText(f"“{text}”", f"“{text}”")


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault: the path, the value read and the accepted values."""

    path: str
    read: Any
    accepted: BilingualText
    label: BilingualText | None

    @property
    def text(self) -> BilingualText:
        """The fault as one line in both languages."""
        label = (
            BilingualText(f"（{self.label.zh}）", f" ({self.label.en})")
            if self.label
            else BilingualText("", "")
        )
        return BilingualText(
            "{path}{label}：读到{read}；可填：{accepted}",
            "{path}{label}: read {read}; accepted: {accepted}",
        ).format(
            path=one_line(self.path) or "-",
            label=label,
            read=show_value(self.path, self.read),
            accepted=self.accepted,
        )
