"""A button of the rail at the left of both windows."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton

from ruhu.ui.core.preferences import Preferences
from ruhu.ui.core.theme import colours
from ruhu.ui.widgets.icons import icon, icon_size

MAX_ICON_TEXT_PERCENT = 125
"""The largest text size in percent at which the rail has room for icons."""


def navigation_button(
    name: str, label: str, act: Callable[[], object], preferences: Preferences
) -> QToolButton:
    """Return a button with an icon of `resources/icons` above its label."""
    button = QToolButton()
    button.setText(label)
    button.setObjectName("rail")
    button.setAccessibleName(label)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    if preferences.text_percent <= MAX_ICON_TEXT_PERCENT:
        button.setIcon(icon(name, colours(preferences.theme).text))
        button.setIconSize(icon_size())
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    button.clicked.connect(lambda: act())
    return button
