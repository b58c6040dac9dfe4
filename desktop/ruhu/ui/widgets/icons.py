"""Icons of the rail, drawn in the theme's colour."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPixmap

from ruhu.resources import resource

SIDE = 22
_SHARP = 2
"""Pixels to a point, so that a fine screen gets fine lines."""


def icon(name: str, colour: str) -> QIcon:
    """An icon of `resources/icons` in a colour such as `#1d2529`."""
    text = (resource("icons") / f"{name}.svg").read_text(encoding="utf-8")
    side = str(SIDE * _SHARP)
    drawn = text.replace("currentColor", colour)
    for measure in ("width", "height"):
        drawn = drawn.replace(f'{measure}="24"', f'{measure}="{side}"')
    pixmap = QPixmap()
    pixmap.loadFromData(drawn.encode(), "SVG")
    pixmap.setDevicePixelRatio(_SHARP)
    return QIcon(pixmap)


def icon_size() -> QSize:
    """The side of an icon of the rail."""
    return QSize(SIDE, SIDE)
