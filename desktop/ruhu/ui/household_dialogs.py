"""A household split, joined with another, and its history."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
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
from ruhu.survey.not_known import KEY as NOT_KNOWN_KEY
from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text
from ruhu.ui.by_finger import scroll_by_finger
from ruhu.ui.form_model import NOT_KNOWN, show_value
from ruhu.ui.language import interface
from ruhu.ui.session import Session
from ruhu.ui.village_panel import told_place

MOST_FOUND = 50
ROW_HEIGHT = 36
"""Pixels, for a finger."""
REASONS: dict[str, Text] = {
    "roster": Text("名册", "Roster"),
    "visit": Text("入户", "Visit"),
    "edit": Text("修改", "Edit"),
    "merge": Text("合并", "Merge"),
    "split": Text("分户", "Split"),
    "join": Text("并户", "Join"),
    "sent_back": Text("县里退回", "Sent back by the county"),
}


BESIDE: dict[str, Text] = {
    "papers": Text("照片和证件", "Photos and papers"),
    "signature": Text("签字", "Signature"),
}
"""What stands beside a record's facts: one line in its history, whatever changed."""
ORIGINS: dict[str, Text] = {
    "origin.split_from": Text("从哪一户分出", "Split from"),
    "origin.joined": Text("并入的户", "Households joined"),
}


def _buttons(dialog: QDialog, label: str, cancel: str) -> tuple[QDialogButtonBox, QPushButton]:
    box = QDialogButtonBox()
    act = box.addButton(label, QDialogButtonBox.ButtonRole.AcceptRole)
    act.setObjectName("primary")
    act.setEnabled(False)
    box.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
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
        self._boxes: dict[str, QCheckBox] = {}
        people = QWidget()
        column = QVBoxLayout(people)
        for member in document.get("members") or []:
            told = [member.get("name"), member.get("relationship"), member.get("birth_date")]
            member_id = str(member["member_id"])
            box = QCheckBox("　".join(str(t) for t in told if t) or member_id)
            box.setMinimumHeight(ROW_HEIGHT)
            box.toggled.connect(self._show)
            self._boxes[member_id] = box
            column.addWidget(box)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(people)
        scroll_by_finger(area)
        buttons, self._act = _buttons(self, self.tr("分户"), self.tr("取消"))
        layout = QVBoxLayout(self)
        layout.addWidget(words)
        layout.addWidget(area)
        layout.addWidget(buttons)

    def moving(self) -> list[str]:
        """The ids of those who move."""
        return [member_id for member_id, box in self._boxes.items() if box.isChecked()]

    def _show(self) -> None:
        self._act.setEnabled(0 < len(self.moving()) < len(self._boxes))


class JoinDialog(QDialog):
    """Which household is taken into the one in hand."""

    def __init__(
        self, parent: QWidget, session: Session, title: str, likely: Sequence[Summary] = ()
    ) -> None:
        """`likely` are households to begin with, those that hold the same people."""
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
        self.nothing = QLabel(self.tr("没有找到别的户。"))
        self.nothing.setObjectName("dim")
        self.nothing.hide()
        buttons, act = _buttons(self, self.tr("并入"), self.tr("取消"))
        self.list.currentRowChanged.connect(lambda row: act.setEnabled(row >= 0))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(40)
        self._timer.timeout.connect(self._find)
        self.search.textChanged.connect(lambda: self._timer.start())
        layout = QVBoxLayout(self)
        for widget in (words, self.search, self.list, self.nothing, buttons):
            layout.addWidget(widget)
        self._fill(likely)

    def _find(self) -> None:
        search = Search(self.search.text())
        if search.text.strip():
            self._session.run(lambda store: store.summaries(search, most=MOST_FOUND), self._show)

    def _show(self, found: list[Summary]) -> None:
        self._fill(found)
        self.nothing.setVisible(not self.list.count())

    def _fill(self, found: Sequence[Summary]) -> None:
        self.list.clear()
        for summary in found:
            if summary.record_id != self._session.record_id:
                told = (summary.title, summary.household_no, told_place(summary))
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
        self,
        parent: QWidget,
        kind: str,
        told: list[tuple[Revision, list[Change]]],
        others: Mapping[str, str],
    ) -> None:
        """`others` are the names of the records that this one was split from or joined with, by id."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("修改历史"))
        self.resize(860, 560)
        self._kind, self._others = kind, others
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
            shown = dict.fromkeys(map(self._line, filter(_worth_telling, changes)))
            top = QTreeWidgetItem(
                [f"{at}　{reason}　{revision.author}", "", self.tr("{0} 处").format(len(shown))]
            )
            self.tree.addTopLevelItem(top)
            for line in shown:
                top.addChild(QTreeWidgetItem(line))
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

    def _line(self, change: Change) -> tuple[str, str, str]:
        values = (change.before, change.after)
        first = split(change.path)[0]
        if first == NOT_KNOWN_KEY:
            asked = show_value(NOT_KNOWN)
            before, after = (asked if value else "—" for value in values)
            return self._label(change.path.removeprefix(f"{first}.")), before, after
        if first in BESIDE:
            before, after = ("—" if value is None else "…" for value in values)
            return interface.say(BESIDE[first]), before, after
        if change.path in ORIGINS:
            before, after = map(self._name, values)
            return interface.say(ORIGINS[change.path]), before, after
        before, after = (self._say(change, value) for value in values)
        return self._label(change.path), before, after

    def _label(self, path: str) -> str:
        """A fact's label, with the person whose it is."""
        fact = find_fact(self._kind, path)
        label = interface.say(fact.label) if fact else path
        person = self._names.get(path.partition("]")[0].removeprefix("members["))
        return interface.pair(person, label) if person else label

    def _name(self, records: Any) -> str:
        """The records that are meant by one id or several."""
        ids = records if isinstance(records, list) else [records] if records else []
        return "、".join(self._others.get(str(i), str(i)) for i in ids) or "—"

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
