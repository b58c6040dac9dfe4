"""A label that wraps its text."""

from PySide6.QtWidgets import QLabel


def wrapped_label(style: str = "", text: str = "") -> QLabel:
    """Return a label that wraps; `style` is an object name of the style sheet, such as `dim`."""
    label = QLabel(text)
    label.setObjectName(style)
    label.setWordWrap(True)
    return label
