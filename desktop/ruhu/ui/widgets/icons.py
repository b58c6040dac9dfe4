"""Icons in the theme's colour."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPixmap

from ruhu.resources import resource

SIDE = 22
_PIXEL_RATIO = 2
"""Icons are drawn at twice their size for screens of high resolution."""


def icon(name: str, colour: str) -> QIcon:
    """Return an icon of `resources/icons` in a colour such as `#1d2529`."""
    text = (resource("icons") / f"{name}.svg").read_text(encoding="utf-8")
    side = str(SIDE * _PIXEL_RATIO)
    svg = text.replace("currentColor", colour)
    for attribute in ("width", "height"):
        svg = svg.replace(f'{attribute}="24"', f'{attribute}="{side}"')
    pixmap = QPixmap()
    pixmap.loadFromData(svg.encode(), "SVG")
    pixmap.setDevicePixelRatio(_PIXEL_RATIO)
    return QIcon(pixmap)


def icon_size() -> QSize:
    """Return the size of an icon."""
    return QSize(SIDE, SIDE)
