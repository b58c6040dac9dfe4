"""The form's header: the record's title, its menu, signing and closing the visit."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from ruhu.store.record_list import title_of
from ruhu.survey.facts.paths import get_value
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.record_labels import default_title
from ruhu.ui.core.theme import is_large
from ruhu.ui.surveyor.operations.record_actions import MenuAction, RecordActions
from ruhu.ui.surveyor.record_editor import RecordEditor


class FormHeader(QWidget):
    """Title and buttons; at large text the buttons are below the title."""

    def __init__(self, editor: RecordEditor, actions: RecordActions) -> None:
        super().__init__()
        self._editor, self._menu_actions = editor, actions.menu
        self.title = self._make_title()
        self.menu_button = self._make_menu_button()
        self.sign = QPushButton(self.tr("签字…"))
        self.sign.clicked.connect(actions.sign)
        self.done = QPushButton(self.tr("完成入户"))
        self.done.setObjectName("primary")
        self.done.setToolTip("Ctrl+Return")
        self.done.clicked.connect(actions.close_visit)
        self._lay_out()

    def _make_title(self) -> QLabel:
        title = QLabel()
        title.setObjectName("heading")
        title.setWordWrap(True)
        title.setMinimumWidth(1)  # a long name takes no room from the other columns
        return title

    def _make_menu_button(self) -> QToolButton:
        button = QToolButton()
        button.setText("⋯")
        button.setAccessibleName(self.tr("更多"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        menu = QMenu(button)
        entries = []
        for entry in self._menu_actions:
            action = menu.addAction(entry.label)
            action.triggered.connect(lambda _=False, run=entry.run: run())
            entries.append((action, entry))

        def update() -> None:
            for action, entry in entries:
                action.setEnabled(self._is_enabled(entry))

        menu.aboutToShow.connect(update)
        button.setMenu(menu)
        return button

    def _is_enabled(self, entry: MenuAction) -> bool:
        return entry.is_enabled() and (
            not entry.households_only or self._editor.kind == "household"
        )

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.menu_button, self.sign, self.done):
            buttons.addWidget(button)
        direction = QBoxLayout.Direction
        large = is_large(self.font())
        layout = QBoxLayout(direction.TopToBottom if large else direction.LeftToRight, self)
        layout.setContentsMargins(12, 8, 12, 4)
        layout.setSpacing(8)
        layout.addWidget(self.title, 1)
        layout.addLayout(buttons)

    def show_record(self) -> None:
        """Show the title and number of the open record."""
        document, kind = self._editor.document, self._editor.kind
        name = title_of(document) or interface.translate(default_title(kind))
        number = get_value(document, "registration.household_no", kind)
        self.title.setText(f"{name}　{number}" if number else name)
