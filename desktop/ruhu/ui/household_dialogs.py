"""A household split, joined with another, and its history."""

from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ruhu.bundle.history import Change
from ruhu.bundle.revision import Revision
from ruhu.store.index import Search, Summary
from ruhu.survey.addressing import split
from ruhu.survey.facts import find_fact
from ruhu.survey.id_number import mask
from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text
from ruhu.ui.language import interface
from ruhu.ui.session import Session

MOST_FOUND = 50
REASONS: dict[str, Text] = {
    "roster": Text("名册", "Roster"),
    "visit": Text("入户", "Visit"),
    "edit": Text("修改", "Edit"),
    "merge": Text("合并", "Merge"),
    "split": Text("分户", "Split"),
    "join": Text("并户", "Join"),
    "sent_back": Text("县里退回", "Sent back by the county"),
}


def _buttons(dialog: QDialog, label: str) -> tuple[QDialogButtonBox, QPushButton]:
    box = QDialogButtonBox()
    act = box.addButton(label, QDialogButtonBox.ButtonRole.AcceptRole)
    act.setObjectName("primary")
    act.setEnabled(False)
    box.addButton(dialog.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
    box.accepted.connect(dialog.accept)
    box.rejected.connect(dialog.reject)
    return box, act


class SplitDialog(QDialog):
    """Who moves into a household of their own."""

    def __init__(self, parent: QWidget, document: Document) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("分户"))
        words = QLabel(
            self.tr(
                "勾选分出去的人。他们成为新的一户，住址相同；与户主关系要重新填。两户都留有历史。"
            )
        )
        words.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("家庭成员"))
        for member in document.get("members") or []:
            told = [member.get("name"), member.get("relationship"), member.get("birth_date")]
            item = QListWidgetItem("　".join(str(t) for t in told if t) or str(member["member_id"]))
            item.setData(Qt.ItemDataRole.UserRole, member["member_id"])
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        buttons, self._act = _buttons(self, self.tr("分户"))
        self.list.itemChanged.connect(lambda _: self._show())
        layout = QVBoxLayout(self)
        layout.addWidget(words)
        layout.addWidget(self.list)
        layout.addWidget(buttons)

    def moving(self) -> list[str]:
        """The ids of those who move."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return [
            str(item.data(Qt.ItemDataRole.UserRole))
            for item in items
            if item is not None and item.checkState() is Qt.CheckState.Checked
        ]

    def _show(self) -> None:
        self._act.setEnabled(0 < len(self.moving()) < self.list.count())


class JoinDialog(QDialog):
    """Which household is taken into the one in hand."""

    def __init__(self, parent: QWidget, session: Session, title: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("并户"))
        self._session = session
        words = QLabel(
            self.tr(
                "查找并入“{0}”的一户。它的人和这一户没有的情况并进来，已登记的不变；它从列表里去掉，历史都在。"
            ).format(title)
        )
        words.setWordWrap(True)
        self.search = QLineEdit()
        self.search.setAccessibleName(self.tr("查找"))
        self.search.setPlaceholderText(self.tr("姓名、拼音首字母、证件号末几位、户编号"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("农户列表"))
        buttons, act = _buttons(self, self.tr("并入"))
        self.list.currentRowChanged.connect(lambda row: act.setEnabled(row >= 0))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(40)
        self._timer.timeout.connect(self._find)
        self.search.textChanged.connect(lambda: self._timer.start())
        layout = QVBoxLayout(self)
        for widget in (words, self.search, self.list, buttons):
            layout.addWidget(widget)

    def _find(self) -> None:
        search = Search(self.search.text())
        if search.text.strip():
            self._session.run(lambda store: store.summaries(search, most=MOST_FOUND), self._show)

    def _show(self, found: list[Summary]) -> None:
        self.list.clear()
        for summary in found:
            if summary.record_id != self._session.record_id:
                told = (summary.title, summary.household_no, summary.village, summary.group)
                item = QListWidgetItem("　".join(text for text in told if text))
                item.setData(Qt.ItemDataRole.UserRole, str(summary.record_id))
                self.list.addItem(item)

    def chosen(self) -> UUID | None:
        """The household that was chosen."""
        item = self.list.currentItem()
        return None if item is None else UUID(item.data(Qt.ItemDataRole.UserRole))


def _worth_telling(change: Change) -> bool:
    parts = split(change.path)
    return parts[0] not in ("record_id", "kind", "sent_back") and "roster" not in parts


class HistoryDialog(QDialog):
    """Every revision of the record, with what it changed."""

    def __init__(
        self, parent: QWidget, kind: str, told: list[tuple[Revision, list[Change]]]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("修改历史"))
        self.resize(860, 560)
        self._kind = kind
        self._names = {
            member["member_id"]: str(member.get("name") or "")
            for revision, _ in reversed(told)
            for member in (revision.document or {}).get("members") or []
        }
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.tr("修改历史"))
        self.tree.setHeaderLabels([self.tr("时间、事项"), self.tr("原来"), self.tr("改为")])
        for revision, changes in told:
            at = revision.at.astimezone().strftime("%Y-%m-%d %H:%M")
            reason = interface.say(
                REASONS.get(revision.reason, Text(revision.reason, revision.reason))
            )
            top = QTreeWidgetItem(
                [f"{at}　{reason}　{revision.author}", "", self.tr("{0} 处").format(len(changes))]
            )
            self.tree.addTopLevelItem(top)
            for change in filter(_worth_telling, changes):
                top.addChild(QTreeWidgetItem(self._line(change)))
        if self.tree.topLevelItemCount():
            first = self.tree.topLevelItem(0)
            assert first is not None
            first.setExpanded(True)
        self.tree.setColumnWidth(0, 400)
        self.tree.setColumnWidth(1, 200)
        close = QDialogButtonBox()
        close.addButton(self.tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        close.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tree)
        layout.addWidget(close)

    def _line(self, change: Change) -> list[str]:
        fact = find_fact(self._kind, change.path)
        label = interface.say(fact.label) if fact else change.path
        person = self._names.get(change.path.partition("]")[0].removeprefix("members["))
        if person:
            label = f"{person}：{label}"
        return [label, self._say(change, change.before), self._say(change, change.after)]

    def _say(self, change: Change, value: Any) -> str:
        fact = find_fact(self._kind, change.path)
        if value is None:
            return "—"
        if isinstance(value, bool):
            return self.tr("是") if value else self.tr("否")
        if isinstance(value, (dict, list)):
            return "…"
        if fact is not None and fact.choices:
            return next((interface.say(c.label) for c in fact.choices if c == value), str(value))
        return mask(str(value)) if change.path.endswith("id_number") else str(value)
