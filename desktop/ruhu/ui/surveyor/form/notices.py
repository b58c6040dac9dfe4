"""Notices above the form: the county's remarks, duplicate persons, conflicts and the seal."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ruhu.store.record_list import Summary
from ruhu.strict_json import Document
from ruhu.survey.changes.fill_missing import fact_label
from ruhu.survey.changes.returned import returned_survey
from ruhu.survey.signature import SignatureStatus, signature_of, signature_status
from ruhu.ui.core.i18n import interface
from ruhu.ui.surveyor.record_editor import DuplicatePersons


def registered_at(records: Sequence[Summary]) -> str:
    """Return the titles and household numbers of records."""
    return "、".join(f"{s.title} {s.household_no}".strip() for s in records)


class Notice(QWidget):
    """A sentence and a button that goes to its field; hidden without a sentence."""

    asked_for = Signal(str)

    def __init__(self, button: str, described: str) -> None:
        super().__init__()
        self._path = ""
        self.label = QLabel()
        self.label.setObjectName("wrong")
        self.label.setWordWrap(True)
        self.go = QPushButton(button)
        self.go.setAccessibleName(described)
        self.go.clicked.connect(lambda: self.asked_for.emit(self._path))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 4)
        layout.setSpacing(8)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.go, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_text(self, text: str, path: str) -> None:
        """Show a sentence about the field at a path; an empty path means the whole record."""
        self._path = path
        self.label.setText(text)
        self.go.setVisible(bool(path))
        self.setVisible(bool(text))


class FormNotices(QWidget):
    """The notices of the open record, one below the other."""

    asked_for = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.returned = Notice(self.tr("去看"), self.tr("去看县里退回的那一项"))
        self.duplicates = Notice(self.tr("去看"), self.tr("去看这个人"))
        self.conflicts = Notice(self.tr("去看"), self.tr("去看有两种填法的第一项"))
        self.card = Notice("", "")
        self.seal = QLabel()
        self.seal.setWordWrap(True)
        self.seal.setContentsMargins(12, 0, 12, 4)
        self.seal.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for notice in (self.card, self.returned, self.duplicates, self.conflicts):
            notice.asked_for.connect(self.asked_for)
            layout.addWidget(notice)
        layout.addWidget(self.seal)

    def show_record(
        self, document: Document, duplicates: DuplicatePersons, conflicting_paths: Sequence[str]
    ) -> None:
        """Show the notices of a record, its duplicate members and the paths of its conflicts."""
        back = returned_survey(document)
        text = self.tr("↩ 县里退回（{0} {1}）：{2}")
        self.returned.show_text(
            text.format(back.by, back.on, back.comment) if back else "", back.path if back else ""
        )
        self._show_duplicates(document, duplicates)
        labels = "、".join(
            interface.translate(fact_label(document, path)) for path in conflicting_paths
        )
        text = self.tr("有两种填法，等县里核对：{0}").format(labels) if labels else ""
        self.conflicts.show_text(text, conflicting_paths[0] if conflicting_paths else "")
        self._show_seal(document)

    def _show_duplicates(self, document: Document, duplicates: DuplicatePersons) -> None:
        people = [
            (member, duplicates[member["id_number"]])
            for member in document.get("members") or []
            if member.get("id_number") in duplicates
        ]
        texts = [
            self.tr("{0} 也登记在：{1}").format(member.get("name") or "", registered_at(records))
            for member, records in people
        ]
        path = f"members[{people[0][0]['member_id']}].id_number" if people else ""
        self.duplicates.show_text("；".join(texts), path)

    def _show_seal(self, document: Document) -> None:
        signature, seal = signature_of(document), signature_status(document)
        self.seal.setVisible(seal is not SignatureStatus.UNSIGNED)
        if signature is None:
            return
        text = self.tr("✓ {0} 已于 {1} 签字封存").format(signature.by, signature.on)
        if seal is SignatureStatus.CHANGED:
            text = self.tr("！ {0} 于 {1} 签字后有改动：请重新签字，会成为新的修订").format(
                signature.by, signature.on
            )
        self.seal.setText(text)
        self.seal.setObjectName("good" if seal is SignatureStatus.SEALED else "wrong")
        self.seal.style().polish(self.seal)
