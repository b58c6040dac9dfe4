"""Scrolling by finger, on laptops with a touch screen: as on paper, what lies under it moves along."""

from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QScroller


def enable_touch_scrolling(area: QAbstractScrollArea) -> None:
    """Let a finger that is drawn over an area scroll it; a tap stays a click."""
    if isinstance(area, QAbstractItemView):
        area.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    QScroller.grabGesture(area.viewport(), QScroller.ScrollerGestureType.TouchGesture)
