"""Characters that the slip's own font has no shape for: printed by another font, or by none."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtGui import QFont, QRawFont, QTextLayout

from ruhu.assets import resource
from ruhu.slips.document import Slip

BLANK = "＿"
"""Stands on paper for a character no font has, to be written in by hand: never a box."""


@dataclass(frozen=True, slots=True)
class Glyphs:
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


def _other_family(character: str, font: QFont) -> str:
    """The family of the font that draws a character; empty where none does."""
    layout = QTextLayout(character, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    runs = layout.glyphRuns()
    if not runs or any(0 in run.glyphIndexes() for run in runs):
        return ""
    return runs[0].rawFont().familyName()


def texts_of(slip: Slip) -> Iterable[str]:
    """Every text of a slip."""

    def visit(value: object) -> Iterable[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for child in value.values():
                yield from visit(child)
        elif isinstance(value, (list, tuple)):
            for child in value:
                yield from visit(child)

    return visit(slip.content())


def look_up(texts: Iterable[str], font: QFont) -> Glyphs:
    """Find the characters of `texts` that `font`, the slip's own, has no shape for."""
    used = {character for text in texts for character in text if not character.isspace()}
    strange = sorted(c for c in used if not _own().supportsCharacter(ord(c)))
    families = {character: _other_family(character, font) for character in strange}
    return Glyphs(
        {character: family for character, family in families.items() if family},
        tuple(character for character, family in families.items() if not family),
    )
