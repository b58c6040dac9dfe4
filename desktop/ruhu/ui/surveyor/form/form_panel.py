"""The middle column: header, notices and fields of the open record."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ruhu.policy.evaluation.finding import Assessment
from ruhu.survey.changes.returned import returned_survey
from ruhu.ui.surveyor.form.field_row import FieldRow
from ruhu.ui.surveyor.form.form_fields import FormFields
from ruhu.ui.surveyor.form.form_header import FormHeader
from ruhu.ui.surveyor.form.form_model import PAPERS
from ruhu.ui.surveyor.form.id_card_input import IdCardInput
from ruhu.ui.surveyor.form.item_table import ItemTable
from ruhu.ui.surveyor.form.notices import FormNotices
from ruhu.ui.surveyor.operations.record_actions import RecordActions
from ruhu.ui.surveyor.session import Session

MAX_SECTION_KEYS = 9


class FormPanel(QWidget):
    """The form of the open record; without one, a hint how to open it."""

    status_message = Signal(str)

    def __init__(self, session: Session, actions: RecordActions) -> None:
        super().__init__()
        self._editor = session.editor
        self.header = FormHeader(session.editor, actions)
        self.notices = FormNotices()
        self.fields = FormFields(session)
        self.empty = self._make_empty_hint()
        self._lay_out()
        self._add_shortcuts(actions)
        self._id_cards = IdCardInput(self, self.fields, self.notices.card, session.editor)
        self._connect(session)
        self.clear()

    def _make_empty_hint(self) -> QLabel:
        hint = QLabel(self.tr("请在左侧选一户，或点“新建”。"))
        hint.setObjectName("dim")
        hint.setWordWrap(True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return hint

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.notices)
        layout.addWidget(self.fields, 1)
        layout.addWidget(self.empty, 1)

    def _add_shortcuts(self, actions: RecordActions) -> None:
        fields = self.fields

        def add(keys: str, act: Callable[[], object]) -> None:
            QShortcut(QKeySequence(keys), self, act)

        add("Ctrl+Return", actions.close_visit)
        for number in range(MAX_SECTION_KEYS):
            add(f"F{number + 1}", partial(fields.focus_section, number))
        add("Ctrl+I", partial(fields.act_on_list, ItemTable.add))
        add("Ctrl+PgDown", partial(fields.act_on_list, ItemTable.show_next))
        add("Ctrl+PgUp", partial(fields.act_on_list, ItemTable.show_previous))

    def _connect(self, session: Session) -> None:
        editor, assessments = session.editor, session.assessments
        self.notices.asked_for.connect(self.focus_path)
        self.fields.status_message.connect(self.status_message)
        self.fields.end_reached.connect(self.header.done.setFocus)
        editor.opened.connect(self._open)
        editor.changed.connect(self._show_change)
        editor.undo_applied.connect(self._show_undo)
        editor.duplicates_found.connect(self._show_duplicates)
        assessments.assessed.connect(self._show_assessment)
        assessments.failed.connect(lambda _: self.fields.show_awaited(set()))

    def _show_parts(self, *, has_record: bool) -> None:
        self.empty.setVisible(not has_record)
        for part in (self.header, self.notices, self.fields):
            part.setVisible(has_record)

    def clear(self) -> None:
        """Show no record."""
        self._show_parts(has_record=False)

    def build_ahead(self) -> None:
        """Build the fields of a household while the user is idle."""
        self.fields.build_ahead()

    def rows(self) -> dict[str, FieldRow]:
        """Return every field that is built, by its addressed path."""
        return self.fields.rows()

    def focus_path(self, path: str) -> None:
        """Focus the field at an addressed path."""
        self.fields.focus_path(path)

    def _open(self, field: str) -> None:
        self.fields.build(self._editor.kind)
        self.fields.show_start()
        self._show_parts(has_record=True)
        self.notices.card.show_text("", "")
        self._show_all()
        returned = returned_survey(self._editor.document)
        path = field or (returned.path if returned is not None else "")
        if path:
            self.focus_path(path)
        else:
            self.fields.focus_first()

    def _show_all(self) -> None:
        self._show_record()
        self.fields.show_values()

    def _show_record(self) -> None:
        self.header.show_record()
        editor = self._editor
        self.notices.show_record(editor.document, editor.duplicates, editor.conflicting_paths)

    def _show_change(self, path: str) -> None:
        self.notices.card.show_text("", "")
        if path.startswith(PAPERS):
            self._show_record()
            self.fields.papers.show_papers()
        elif path in self.rows() and not path.endswith(".id_number"):
            self._show_record()
            self.fields.show_consequences(path)
        else:
            self._show_all()

    def _show_undo(self, path: str) -> None:
        """Focus the field of the change that was undone or redone, so that the user sees it."""
        if path:
            self.focus_path(path)

    def _show_duplicates(self) -> None:
        self._show_record()
        self.fields.show_problems()

    def _show_assessment(self, assessment: Assessment) -> None:
        missing = {path for finding in assessment.findings for path in finding.missing}
        self.fields.show_awaited(missing)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._id_cards.reader.watch(self.window().windowHandle())
