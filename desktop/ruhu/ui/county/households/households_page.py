"""Search the county's records, send them back, and export the register."""

from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from ruhu.county.access.permissions import Permission
from ruhu.county.county import CountyStore
from ruhu.county.records.record_list import Counts, RecordListing
from ruhu.export.register import RegisterExport, write_register
from ruhu.store.record_list import title_of
from ruhu.survey.facts.catalogue import FactKind, catalogue
from ruhu.survey.models.choices import RecordKind
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.record_labels import county_label
from ruhu.ui.county.page import Page, set_rows, table_of
from ruhu.ui.county.session import CountySession
from ruhu.ui.widgets.empty_state import EmptyHint

KINDS = frozenset(kind.value for kind in RecordKind)


class ReturnDialog(QDialog):
    """Asks for the comment of a returned survey and the field it is about."""

    def __init__(self, parent: QWidget, kind: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("退回给调查员"))
        self.comment, self.field = QPlainTextEdit(), QComboBox()
        self.comment.setAccessibleName(self.tr("要核实什么"))
        self.comment.setTabChangesFocus(True)
        self.field.setAccessibleName(self.tr("在哪一项"))
        self.field.addItem(self.tr("整户") if kind == "household" else self.tr("整条记录"), "")
        for path, fact in catalogue(kind).items() if kind in KINDS else ():
            if fact.kind is not FactKind.LIST and "[]" not in path:
                self.field.addItem(interface.translate(fact.label), path)
        form = QFormLayout()
        form.addRow(self.tr("在哪一项"), self.field)
        form.addRow(self.tr("要核实什么"), self.comment)
        buttons = QDialogButtonBox()
        accept = buttons.addButton(self.tr("退回"), QDialogButtonBox.ButtonRole.AcceptRole)
        accept.setObjectName("primary")
        buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(buttons)


class RegisterPage(Page):
    """Counts, search, and export of the register."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self.counts = QLabel()
        self.counts.setObjectName("heading")
        self.counts.setWordWrap(True)
        name = QLabel(county_label(session.public))
        name.setObjectName("dim")
        name.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(name)
        layout.addWidget(self.counts)
        self.listed: list[RecordListing] = []
        self.search = QLineEdit()
        self.search.setAccessibleName(self.tr("查找"))
        self.search.setPlaceholderText(self.tr("姓名、证件号或户编号"))
        self.search.textChanged.connect(lambda _: self._list())
        self.table = table_of(
            self.tr("农户"),
            [self.tr("户主"), self.tr("户编号"), self.tr("村"), self.tr("人口"), self.tr("退回"),
             self.tr("不能核对的原因")],
        )  # fmt: skip
        EmptyHint(self.table, self.tr("没有农户：先在“收件箱”收数据包，或换几个字再查。"))
        self.faulty = QCheckBox(self.tr("只看内容有错、规则不能核对的记录"))
        self.faulty.toggled.connect(lambda _: self._list())
        buttons = QHBoxLayout()
        buttons.addWidget(
            self._button(
                self.tr("导出台账（Excel）…"),
                self.choose_file,
                primary=True,
                right=Permission.EXPORT,
            )
        )
        buttons.addWidget(
            self._button(self.tr("退回给调查员…"), self.ask_comment, right=Permission.REVIEW)
        )
        buttons.addStretch(1)
        layout.addWidget(self.search)
        layout.addWidget(self.faulty)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.problem)
        layout.addLayout(buttons)

    def refresh(self) -> None:
        self.session.run(
            lambda store: (store.records.counts(), store.records.count_invalid()),
            lambda counts: self._show(*counts),
            self._failed,
        )
        self._list()

    def _list(self) -> None:
        text, faulty = self.search.text(), self.faulty.isChecked()
        self.session.run(
            lambda store: store.records.search(text, invalid=faulty),
            self._show_listed,
            self._failed,
        )

    def _show_listed(self, listed: list[RecordListing]) -> None:
        self.listed = listed
        rows = []
        for each in listed:
            address = each.document.get("place") or {}
            number = (each.document.get("registration") or {}).get("household_no")
            people = len(each.document.get("members") or [])
            village = str(address.get("village_name") or "")
            problem = interface.translate(each.problem).replace("\n", "；") if each.problem else ""
            name = title_of(each.document)
            rows.append((name, str(number or ""), village, str(people), each.sent_back, problem))
        set_rows(self.table, rows)

    def ask_comment(self) -> None:
        """Ask for a comment, and send the chosen record back to its surveyor."""
        row = self.table.currentRow()
        if not 0 <= row < len(self.listed):
            self.problem.setText(self.tr("请先在表里选一户"))
            return
        chosen = self.listed[row]
        dialog = ReturnDialog(self, str(chosen.document.get("kind")))
        if dialog.exec() == QDialog.DialogCode.Accepted:
            record_id = chosen.record_id
            self.send_back(record_id, dialog.comment.toPlainText(), dialog.field.currentData())

    def send_back(self, record_id: UUID, comment: str, path: str = "") -> None:
        """Send a record back to its surveyor with a comment on a field or the whole record."""
        message = self.tr("已退回，随下次答复到调查员的电脑")
        self._run(lambda store: store.review.send_back(record_id, comment, path), message)

    def _show(self, counts: Counts, faulty: int) -> None:
        text = self.tr(
            "农户 {0} 户，其他记录 {1} 条；数据包 {2} 个；设备 {3} 台；待核对 {4} 户"
        ).format(counts.households, counts.others, counts.bundles, counts.devices, counts.conflicts)
        if faulty:
            text = self.tr("{0}；内容有错 {1} 条").format(text, faulty)
        self.counts.setText(text)
        self.faulty.setVisible(bool(faulty) or self.faulty.isChecked())

    def choose_file(self) -> None:
        """Choose an Excel file for the register."""
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("导出台账（不加密，请妥善保管）"), "", self.tr("Excel 台账 (*.xlsx)")
        )
        if name:
            self.write(Path(name).with_suffix(".xlsx"))

    def write(self, path: Path) -> None:
        """Write the register."""

        def done(written: RegisterExport) -> None:
            text = self.tr("已导出 {0} 人：{1}（未加密）").format(written.persons, path.name)
            self.status_message.emit(interface.after(text, written.altered.text))

        def job(store: CountyStore) -> RegisterExport:
            store.require(Permission.EXPORT)
            return write_register(store.records.documents(), path)

        self.session.run(job, done, self._failed)
