"""Characters that the slip's own font has no shape for: printed by another font, or by none."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, fields

from PySide6.QtGui import QFont, QRawFont, QTextLayout

from ruhu.resources import resource
from ruhu.slips.document import Slip, SlipLine

MISSING_GLYPH = "＿"
"""Stands on paper for a character no font has, to be written in by hand: never a box."""


@dataclass(frozen=True, slots=True)
class FontCoverage:
    """`others` are printed by another font, by its family; `missing` by none."""

    others: dict[str, str]
    missing: tuple[str, ...]


_kept = threading.local()


def _own() -> QRawFont:
    """The slip's font, which Qt holds for one thread alone."""
    if not hasattr(_kept, "font"):
        _kept.font = QRawFont(str(resource("fonts") / "RuhuSans-Regular.otf"), 12)
    font: QRawFont = _kept.font
    return font


def _in_own(character: str) -> bool:
    if not hasattr(_kept, "known"):
        _kept.known = {}
    known: dict[str, bool] = _kept.known
    if character not in known:
        known[character] = _own().supportsCharacter(ord(character))
    return known[character]


def _other_family(character: str, font: QFont) -> str:
    """The family of the font that draws a character; empty where none does."""
    layout = QTextLayout(character, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    runs = layout.glyphRuns()
    if not runs or any(0 in run.glyphIndexes() for run in runs):
        return ""
    font_found = runs[0].rawFont()
    # A script that no installed font has is laid out with boxes of Qt's own: they have no table of
    # characters, and asking them for a family ends the process.
    return font_found.familyName() if font_found.fontTable("cmap") else ""


def name_characters(characters: Iterable[str]) -> str:
    """Characters with their numbers, which tell them where the screen shows boxes too."""
    return "、".join(f"{character} U+{ord(character):04X}" for character in characters)


def texts_of(slip: Slip) -> Iterable[str]:
    """Every text of a slip."""

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
    """Find the characters of `texts` that `font`, the slip's own, has no shape for."""
    strange = sorted(c for c in set("".join(texts)) if not c.isspace() and not _in_own(c))
    families = {character: _other_family(character, font) for character in strange}
    return FontCoverage(
        {character: family for character, family in families.items() if family},
        tuple(character for character, family in families.items() if not family),
    )
