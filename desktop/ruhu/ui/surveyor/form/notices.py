"""What stands above the form: what the county wants looked at, who is registered elsewhere, the seal."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ruhu.store.record_list import Summary
from ruhu.strict_json import Document
from ruhu.survey.changes.fill_missing import fact_label
from ruhu.survey.changes.returned import returned_survey
from ruhu.survey.signature import SignatureStatus, signature_of, signature_status
from ruhu.ui.core.i18n import interface

DuplicatePersons = dict[str, list[Summary]]
"""Other records in which somebody of this one is registered too, by the id number."""


def registered_at(others: Sequence[Summary]) -> str:
    """Records by the name and number that they are known by."""
    return "、".join(f"{s.title} {s.household_no}".strip() for s in others)


class Notice(QWidget):
    """A sentence and a button that goes to the field it is about; neither where there is nothing to say."""

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

    def tell(self, text: str, path: str) -> None:
        """Say something about the field at a path, about the whole record if that is empty."""
        self._path = path
        self.label.setText(text)
        self.go.setVisible(bool(path))
        self.setVisible(bool(text))


class FormNotices(QWidget):
    """The notices of the record in hand, one below the other."""

    asked_for = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.returned = Notice(self.tr("去看"), self.tr("去看县里退回的那一项"))
        self.held = Notice(self.tr("去看"), self.tr("去看这个人"))
        self.disputed = Notice(self.tr("去看"), self.tr("去看有两种填法的第一项"))
        self.card = Notice("", "")
        self.seal = QLabel()
        self.seal.setWordWrap(True)
        self.seal.setContentsMargins(12, 0, 12, 4)
        self.seal.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for notice in (self.card, self.returned, self.held, self.disputed):
            notice.asked_for.connect(self.asked_for)
            layout.addWidget(notice)
        layout.addWidget(self.seal)

    def show_record(
        self, document: Document, held: DuplicatePersons, disputed: Sequence[str]
    ) -> None:
        """Show what a record says of itself, which of its members others hold as well, and the facts, by
        their paths, that two sides recorded differently.
        """
        back = returned_survey(document)
        text = self.tr("↩ 县里退回（{0} {1}）：{2}")
        self.returned.tell(
            text.format(back.by, back.on, back.comment) if back else "", back.path if back else ""
        )
        self._show_held(document, held)
        told = "、".join(interface.translate(fact_label(document, path)) for path in disputed)
        text = self.tr("有两种填法，等县里核对：{0}").format(told)
        self.disputed.tell(text if disputed else "", disputed[0] if disputed else "")
        self._show_seal(document)

    def _show_held(self, document: Document, held: DuplicatePersons) -> None:
        people = [
            (member, held[member["id_number"]])
            for member in document.get("members") or []
            if member.get("id_number") in held
        ]
        told = [
            self.tr("{0} 也登记在：{1}").format(member.get("name") or "", registered_at(others))
            for member, others in people
        ]
        path = f"members[{people[0][0]['member_id']}].id_number" if people else ""
        self.held.tell("；".join(told), path)

    def _show_seal(self, document: Document) -> None:
        signature, seal = signature_of(document), signature_status(document)
        self.seal.setVisible(seal is not SignatureStatus.UNSIGNED)
        if signature is None:
            return
        told = self.tr("✓ {0} 已于 {1} 签字封存").format(signature.by, signature.on)
        if seal is SignatureStatus.CHANGED:
            told = self.tr("！ {0} 于 {1} 签字后有改动：请重新签字，会成为新的修订").format(
                signature.by, signature.on
            )
        self.seal.setText(told)
        self.seal.setObjectName("good" if seal is SignatureStatus.SEALED else "wrong")
        self.seal.style().polish(self.seal)
