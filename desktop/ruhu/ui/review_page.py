"""The county's review: conflicts side by side, settled by a person."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QVBoxLayout,
)

from ruhu.bundle.merge import Conflict
from ruhu.county.overview import Waiting
from ruhu.county.rights import Right
from ruhu.store.index import title_of
from ruhu.survey.facts import find_fact
from ruhu.survey.id_number import mask
from ruhu.ui.county_page import Page, clock, fill, table_of
from ruhu.ui.county_session import CountySession
from ruhu.ui.form_model import show_value
from ruhu.ui.language import interface


class ReviewPage(Page):
    """Fields that two laptops changed differently, side by side; a person chooses."""

    right = Right.REVIEW

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self._waiting: list[Waiting] = []
        self._choices: list[QComboBox] = []
        self.list = table_of(
            self.tr("待核对的记录"), [self.tr("户主"), self.tr("户编号"), self.tr("处数")]
        )
        self.list.currentCellChanged.connect(lambda *_: self._show_record())
        self.fields = table_of(
            self.tr("改得不一样的地方"),
            [self.tr("项目"), self.tr("一方"), self.tr("另一方"), self.tr("取哪个")],
        )
        self.settle = self._button(self.tr("按所选合并"), self.settle_chosen, primary=True)
        self._empty = QLabel(self.tr("没有要核对的记录。"))
        self._empty.setObjectName("dim")
        layout = QVBoxLayout(self)
        layout.addWidget(self._empty)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.fields, 2)
        layout.addWidget(self.problem)
        layout.addWidget(self.settle, 0, Qt.AlignmentFlag.AlignRight)

    def refresh(self) -> None:
        self.session.run(lambda store: store.waiting(), self._show, self._failed)

    def _show(self, waiting: list[Waiting]) -> None:
        self._waiting = waiting
        rows = []
        for each in waiting:
            document = each.state.document or {}
            number = (document.get("registration") or {}).get("household_no")
            rows.append((title_of(document), str(number or ""), str(len(each.conflicts))))
        fill(self.list, rows)
        self._empty.setVisible(not waiting)
        for widget in (self.list, self.fields, self.settle):
            widget.setVisible(bool(waiting))
        if waiting:
            self.list.setCurrentCell(0, 0)
        self._show_record()

    def _chosen(self) -> Waiting | None:
        row = self.list.currentRow()
        return self._waiting[row] if 0 <= row < len(self._waiting) else None

    def _show_record(self) -> None:
        waiting = self._chosen()
        self._choices = []
        if waiting is None:
            self.fields.setRowCount(0)
            return
        kind = str((waiting.state.document or {}).get("kind", "household"))
        fill(self.fields, [self._row(waiting, each, kind) for each in waiting.conflicts])
        for row, conflict in enumerate(waiting.conflicts):
            box = QComboBox()
            box.setAccessibleName(self.tr("取哪个"))
            for revision_id, value in conflict.values:
                author = waiting.sides[revision_id].author or self.tr("未填姓名")
                box.addItem(f"{author}：{self._say(conflict.path, value, kind)}", revision_id)
            self._choices.append(box)
            self.fields.setCellWidget(row, 3, box)
        self.fields.resizeRowsToContents()

    def _row(self, waiting: Waiting, conflict: Conflict, kind: str) -> tuple[str, str, str, str]:
        fact = find_fact(kind, conflict.path)
        label = interface.say(fact.label) if fact else conflict.path
        told = []
        for revision_id, value in conflict.values:
            side = waiting.sides[revision_id]
            when = clock(side.at.astimezone().isoformat())
            told.append(f"{self._say(conflict.path, value, kind)}\n{side.author}　{when}")
        return label, told[0], told[1], ""

    def _say(self, path: str, value: Any, kind: str) -> str:
        fact = find_fact(kind, path)
        if value is None:
            return self.tr("（没有）")
        if isinstance(value, bool):
            return self.tr("是") if value else self.tr("否")
        if isinstance(value, (dict, list)):
            return self.tr("（有改动）")
        if fact is not None and fact.choices:
            return next((interface.say(c.label) for c in fact.choices if c == value), str(value))
        return mask(str(value)) if path.endswith("id_number") else show_value(value)

    def settle_chosen(self) -> None:
        """Write the choices as one revision that builds on all sides."""
        waiting = self._chosen()
        if waiting is None:
            return
        chosen = {
            conflict.path: dict(conflict.values)[box.currentData()]
            for conflict, box in zip(waiting.conflicts, self._choices, strict=True)
        }

        def done(_: object) -> None:
            self.told.emit(self.tr("已合并，记入历史"))
            self.session.changed.emit()

        self.session.run(lambda store: store.settle(waiting.record_id, chosen), done, self._failed)
