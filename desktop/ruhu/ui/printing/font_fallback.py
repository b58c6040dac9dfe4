"""Find characters that the program's font lacks, and the fonts that have them."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, fields

from PySide6.QtGui import QFont, QRawFont, QTextLayout

from ruhu.resources import resource
from ruhu.slips.document import Slip, SlipLine

MISSING_GLYPH = "＿"
"""Printed for a character that no font has, to be filled in by hand."""


@dataclass(frozen=True, slots=True)
class FontCoverage:
    """Characters the own font lacks: `others` maps them to another family, `missing` have none."""

    others: dict[str, str]
    missing: tuple[str, ...]


_per_thread = threading.local()


def _own_font() -> QRawFont:
    """Return the program's font; Qt binds it to one thread."""
    if not hasattr(_per_thread, "font"):
        _per_thread.font = QRawFont(str(resource("fonts") / "RuhuSans-Regular.otf"), 12)
    font: QRawFont = _per_thread.font
    return font


def _own_font_has(character: str) -> bool:
    if not hasattr(_per_thread, "supported"):
        _per_thread.supported = {}
    supported: dict[str, bool] = _per_thread.supported
    if character not in supported:
        supported[character] = _own_font().supportsCharacter(ord(character))
    return supported[character]


def _other_family(character: str, font: QFont) -> str:
    """Return the family of the font that draws a character, or an empty string."""
    layout = QTextLayout(character, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    runs = layout.glyphRuns()
    if not runs or any(0 in run.glyphIndexes() for run in runs):
        return ""
    raw_font = runs[0].rawFont()
    # Qt draws a script that no font has with boxes of its own. Their font has no character map, and
    # asking it for its family ends the process.
    return raw_font.familyName() if raw_font.fontTable("cmap") else ""


def name_characters(characters: Iterable[str]) -> str:
    """Return characters with their code points, since the screen may show boxes, too."""
    return "、".join(f"{character} U+{ord(character):04X}" for character in characters)


def texts_of(slip: Slip) -> Iterable[str]:
    """Yield every text of a slip."""

    def visit(value: object) -> Iterable[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            for child in value:
                yield from visit(child)
        elif isinstance(value, (Slip, SlipLine)):
            for field in fields(value):
                yield from visit(getattr(value, field.name))

    return visit(slip)


def look_up(texts: Iterable[str], font: QFont) -> FontCoverage:
    """Return the characters of `texts` that `font`, the program's own, lacks."""
    lacking = sorted(c for c in set("".join(texts)) if not c.isspace() and not _own_font_has(c))
    families = {character: _other_family(character, font) for character in lacking}
    return FontCoverage(
        {character: family for character, family in families.items() if family},
        tuple(character for character, family in families.items() if not family),
    )
