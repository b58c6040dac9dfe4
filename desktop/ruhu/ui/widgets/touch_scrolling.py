"""Touch scrolling for laptops with a touch screen."""

from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QScroller


def enable_touch_scrolling(area: QAbstractScrollArea) -> None:
    """Enable touch scrolling of an area; taps still click."""
    if isinstance(area, QAbstractItemView):
        area.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    QScroller.grabGesture(area.viewport(), QScroller.ScrollerGestureType.TouchGesture)
