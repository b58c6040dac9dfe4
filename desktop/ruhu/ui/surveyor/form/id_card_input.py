"""Enter the number of an id card that was read into the form."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ruhu.survey.facts.paths import get_value
from ruhu.ui.surveyor.form.form_fields import FormFields
from ruhu.ui.surveyor.form.id_card_reader import CardReader
from ruhu.ui.surveyor.form.notices import Notice
from ruhu.ui.surveyor.record_editor import RecordEditor


class IdCardInput(QObject):
    """Gives a card's number to the chosen member, or goes to the member who has it.

    The reader types like a keyboard, so its first digits may have changed the focused field: that
    change is reverted.
    """

    def __init__(
        self, form: QWidget, fields: FormFields, notice: Notice, editor: RecordEditor
    ) -> None:
        super().__init__(form)
        self._fields, self._notice, self._editor = fields, notice, editor
        self._before = editor.snapshot()
        self._focused_path = ""
        self._member_id: str | None = None
        self.reader = CardReader(form)
        self.reader.began.connect(self._start)
        self.reader.read.connect(self._enter)

    def _start(self) -> None:
        members = self._fields.lists.get("members")
        self._before = self._editor.snapshot()
        self._focused_path = self._fields.focused_path()
        self._member_id = members.current_id() if members and members.isVisible() else None

    def _enter(self, number: str) -> None:
        self._editor.restore(self._before)
        members = self._fields.lists.get("members")
        if members is None:
            return
        holder = next((m for m in members.items if m.get("id_number") == number), None)
        if holder is not None:
            self._fields.focus_path(f"members[{holder['member_id']}].id_number")
            return
        path = f"members[{self._member_id}].id_number"
        current = get_value(self._editor.document, path, self._editor.kind)
        if self._member_id and (not current or path == self._focused_path):
            self._fields.focus_path(path)
            self._editor.set_value(path, number)
            self._editor.save(field=path)
            self._fields.focus_next(path)
            return
        self._notice.show_text(
            self.tr("这一户里还没有这张证件的人：请选一位成员或添加一位，再刷一次"), ""
        )
        self._fields.show_section("members")
        members.table.setFocus()
