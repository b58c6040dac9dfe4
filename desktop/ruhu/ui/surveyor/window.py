"""The surveyor's window: rail, household list, form, assessment and status bar."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ruhu.store.search import Search
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.preferences import Preferences
from ruhu.ui.core.theme import colours, is_large
from ruhu.ui.core.undo_keys import REDO, UNDO
from ruhu.ui.surveyor.assessment.assessment_panel import AnswersPanel
from ruhu.ui.surveyor.form.form_panel import FormPanel
from ruhu.ui.surveyor.households.household_list import HouseholdList
from ruhu.ui.surveyor.operations.context import OperationContext
from ruhu.ui.surveyor.operations.program import browse_policy
from ruhu.ui.surveyor.operations.record_actions import RecordActions
from ruhu.ui.surveyor.screens import SCREENS, screen
from ruhu.ui.surveyor.session import Session
from ruhu.ui.widgets.navigation_button import navigation_button


class MainWindow(QMainWindow):
    """Three columns and a rail; the program acts on `lock_asked`, `restart_asked` and `restyled`."""

    lock_asked = Signal()
    restart_asked = Signal()
    restyled = Signal()

    def __init__(self, session: Session, preferences: Preferences) -> None:
        super().__init__()
        self.session, self.preferences = session, preferences
        self.setWindowTitle(self.tr("入户"))
        self.context = OperationContext(self, session, preferences)
        self.record_actions = RecordActions(self.context, lambda: self.answers.summary())
        self.village = HouseholdList(session)
        self.form = FormPanel(session, self.record_actions)
        self.answers = AnswersPanel(session, colours(preferences.theme))
        self.status = QLabel()
        self._pending = QLabel()
        self._surveyor = QLabel()
        self._lay_out()
        self._fill_status_bar()
        self._add_shortcuts()
        self._connect()
        self.resize(QSize(1366, 728))
        if not preferences.geometry.isEmpty():
            self.restoreGeometry(preferences.geometry)

    # Building

    def _lay_out(self) -> None:
        central = QWidget()
        self.setCentralWidget(central)
        layout = QHBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._make_rail())
        layout.addWidget(self._make_columns(), 1)

    def _make_rail(self) -> QFrame:
        rail = QFrame()
        rail.setObjectName("band")
        layout = QVBoxLayout(rail)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(2)
        for each in SCREENS:
            label = interface.translate(each.title)
            act = partial(each.open, self.context)
            layout.addWidget(navigation_button(each.icon, label, act, self.preferences))
        layout.addStretch(1)
        lock = self.tr("锁定")
        layout.addWidget(navigation_button("lock", lock, self.lock_asked.emit, self.preferences))
        return rail

    def _make_columns(self) -> QSplitter:
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setChildrenCollapsible(False)
        for widget, stretch in ((self.village, 3), (self.form, 5), (self.answers, 4)):
            columns.addWidget(widget)
            columns.setStretchFactor(columns.count() - 1, stretch)
        columns.setSizes([400, 510, 370] if is_large(self.font()) else [360, 530, 390])
        return columns

    def _fill_status_bar(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.addWidget(self.status, 1)
        bar.addPermanentWidget(self._pending)
        bar.addPermanentWidget(self._surveyor)

    def _add_shortcuts(self) -> None:
        self._add_shortcut(self.tr("撤销"), UNDO, self.session.editor.undo)
        self._add_shortcut(self.tr("重做"), REDO, self.session.editor.redo)
        for each in SCREENS:
            if each.shortcut:
                keys = [QKeySequence(each.shortcut)]
                act = partial(each.open, self.context)
                self._add_shortcut(interface.translate(each.title), keys, act)

    def _add_shortcut(self, text: str, keys: list[QKeySequence], act: Callable[[], object]) -> None:
        action = QAction(text, self)
        action.setShortcuts(keys)
        action.triggered.connect(lambda: act())
        self.addAction(action)

    def _connect(self) -> None:
        session, editor, context = self.session, self.session.editor, self.context
        self.village.chosen.connect(editor.open_record)
        self.village.new_asked.connect(editor.new_record)
        self.answers.asked_for.connect(self.form.focus_path)
        self.answers.clause_asked.connect(partial(browse_policy, context))
        self.form.status_message.connect(self.status.setText)
        context.status_message.connect(self.status.setText)
        context.pending_changed.connect(self._show_pending)
        context.field_requested.connect(self.form.focus_path)
        context.list_requested.connect(self.village.begin_search)
        context.restart_requested.connect(self.restart_asked)
        context.restyle_requested.connect(self.restyled)
        editor.saved.connect(self._show_saved)
        editor.removed.connect(self._show_removed)
        session.failed.connect(context.show_error)

    # Starting

    def start(self) -> None:
        """List the records, and resume the last open visit."""
        self._surveyor.setText(self.session.surveyor or self.tr("未填调查员"))
        self.session.list_records(Search())
        self.session.editor.resume(self._start_without_visit)

    def _start_without_visit(self) -> None:
        self.village.search.setFocus()
        self.form.build_ahead()

    def open_screen(self, name: str) -> None:
        """Open the screen of a name, as its button on the rail does."""
        screen(name).open(self.context)

    def show_file(self, path: Path) -> None:
        """Show a file that was opened with the program; import it if it is for this laptop."""
        from ruhu.ui.surveyor.operations.file_opening import show_opened_file

        show_opened_file(self.context, path)

    # What happened

    def _show_saved(self, at: datetime, pending: int) -> None:
        self.status.setText(self.tr("已保存 {0}").format(at.astimezone().strftime("%H:%M:%S")))
        self._show_pending(pending)

    def _show_pending(self, count: int) -> None:
        self._pending.setText(self.tr("待上报 {0} 条").format(count) if count else "")

    def _show_removed(self) -> None:
        self.form.clear()
        self.answers.clear()
        self.status.setText(self.tr("已去掉这里新建的"))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.preferences.geometry = self.saveGeometry()
        super().closeEvent(event)
