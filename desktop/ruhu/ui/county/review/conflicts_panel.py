"""Resolve conflicting fields one by one, per record, or in bulk."""

from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout

from ruhu.county.review.pending import PendingReview
from ruhu.county.review.review import ResolutionPolicy
from ruhu.revisions.merge import Conflict
from ruhu.store.record_list import title_of
from ruhu.survey.facts.catalogue import find_fact
from ruhu.survey.facts.paths import get_value
from ruhu.survey.validation.id_number import mask
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.record_labels import show_value
from ruhu.ui.county.page import Page, format_timestamp, set_rows, table_of
from ruhu.ui.county.session import CountySession


class ConflictsPanel(Page):
    """Fields that two laptops changed differently, and a choice for each."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self._waiting: list[PendingReview] = []
        self.choices: list[QComboBox] = []
        self.list = table_of(
            self.tr("待核对的记录"),
            [self.tr("户主"), self.tr("户编号"), self.tr("处数"), self.tr("状态")],
        )
        self.list.currentCellChanged.connect(lambda *_: self._show_record())
        self.fields = table_of(
            self.tr("改得不一样的地方"),
            [
                self.tr("项目"),
                self.tr("原来"),
                self.tr("一方"),
                self.tr("另一方"),
                self.tr("取哪个"),
            ],
        )
        self.fields.setWordWrap(True)
        self.whole = QToolButton()
        self.whole.setText(self.tr("整户取…"))
        self.bulk = QToolButton()
        self.bulk.setText(self.tr("成批核对…"))
        for button in (self.whole, self.bulk):
            button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
            button.setAccessibleName(button.text())
            button.setMenu(QMenu(button))
        self.settle = self._button(self.tr("按所选合并"), self.settle_chosen, primary=True)
        self.empty = QLabel(self.tr("没有要核对的记录。"))
        self.empty.setObjectName("dim")
        self._hint = QLabel(self.tr("各方下面是人和时间，再下面是取这个值时核对会有什么不同。"))
        self._hint.setObjectName("dim")
        buttons = QHBoxLayout()
        buttons.addWidget(self.bulk)
        buttons.addStretch(1)
        buttons.addWidget(self.whole)
        buttons.addWidget(self.settle)
        layout = QVBoxLayout(self)
        layout.addWidget(self.empty)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._hint)
        layout.addWidget(self.fields, 2)
        layout.addWidget(self.problem)
        layout.addLayout(buttons)

    def refresh(self) -> None:
        self.session.run(lambda store: store.review.pending(), self._show, self._failed)

    def _show(self, waiting: list[PendingReview]) -> None:
        self._waiting = waiting
        rows = []
        for each in waiting:
            document = each.state.document or {}
            number = (document.get("registration") or {}).get("household_no")
            state = self.tr("○ 待复核") if each.proposed else ""
            rows.append((title_of(document), str(number or ""), str(len(each.conflicts)), state))
        set_rows(self.list, rows)
        self.empty.setVisible(not waiting)
        for widget in (self.list, self.fields, self.settle, self.whole, self.bulk, self._hint):
            widget.setVisible(bool(waiting))
        self._fill_bulk()
        if waiting:
            self.list.setCurrentCell(0, 0)
        self._show_record()

    def _fill_bulk(self) -> None:
        menu = self.bulk.menu()
        menu.clear()
        menu.addAction(self.tr("都取较晚的"), partial(self.settle_all, ResolutionPolicy("newest")))
        authors = {
            each.sides[head].author
            for each in self._waiting
            for conflict in each.conflicts
            for head, _ in conflict.values
        }
        for author in sorted(authors - {""}):
            rule = ResolutionPolicy("author", author)
            menu.addAction(self.tr("都取 {0} 的").format(author), partial(self.settle_all, rule))

    def _chosen(self) -> PendingReview | None:
        row = self.list.currentRow()
        return self._waiting[row] if 0 <= row < len(self._waiting) else None

    def _show_record(self) -> None:
        waiting = self._chosen()
        self.choices = []
        if waiting is None:
            self.fields.setRowCount(0)
            return
        kind = str((waiting.state.document or {}).get("kind", "household"))
        set_rows(self.fields, [self._row(waiting, each, kind) for each in waiting.conflicts])
        for row, conflict in enumerate(waiting.conflicts):
            box = QComboBox()
            box.setAccessibleName(self.tr("取哪个"))
            for head, value in conflict.values:
                author = waiting.sides[head].author or self.tr("未填姓名")
                text = self._value_text(conflict.path, value, kind)
                box.addItem(interface.labelled(author, text), head)
            self.choices.append(box)
            self.fields.setCellWidget(row, 4, box)
        self.fields.resizeRowsToContents()
        self._fill_whole(waiting)

    def _fill_whole(self, waiting: PendingReview) -> None:
        menu = self.whole.menu()
        menu.clear()
        heads = {head for conflict in waiting.conflicts for head, _ in conflict.values}
        for head in sorted(heads, key=lambda each: waiting.sides[each].at):
            side = waiting.sides[head]
            when = format_timestamp(side.at.astimezone().isoformat())
            menu.addAction(f"{side.author}　{when}", partial(self.choose_side, head))

    def choose_side(self, head: UUID) -> None:
        """Choose one side's values."""
        for box in self.choices:
            index = box.findData(head)
            if index >= 0:
                box.setCurrentIndex(index)

    def _row(self, waiting: PendingReview, conflict: Conflict, kind: str) -> tuple[str, ...]:
        fact = find_fact(kind, conflict.path)
        label = interface.translate(fact.label) if fact else conflict.path
        before = get_value(waiting.base, conflict.path, kind) if conflict.path else None
        sides = []
        for (head, value), answers in zip(
            conflict.values, waiting.outcomes[conflict.path], strict=True
        ):
            side = waiting.sides[head]
            when = format_timestamp(side.at.astimezone().isoformat())
            lines = [self._value_text(conflict.path, value, kind), f"{side.author}　{when}"]
            sides.append("\n".join([*lines, *(interface.translate(text) for text in answers)]))
        others = "\n".join(sides[1:])
        return label, self._value_text(conflict.path, before, kind), sides[0], others, ""

    def _value_text(self, path: str, value: Any, kind: str) -> str:
        fact = find_fact(kind, path)
        if value is None:
            return self.tr("（没有）")
        if isinstance(value, bool):
            return self.tr("是") if value else self.tr("否")
        if isinstance(value, (dict, list)):
            return self.tr("（有改动）")
        if fact is not None and fact.choices:
            return next(
                (interface.translate(c.label) for c in fact.choices if c == value), str(value)
            )
        return mask(str(value)) if path.endswith("id_number") else show_value(value)

    def settle_chosen(self) -> None:
        """Save the choices as a revision that merges all sides."""
        waiting = self._chosen()
        if waiting is None:
            return
        chosen = {
            conflict.path: dict(conflict.values)[box.currentData()]
            for conflict, box in zip(waiting.conflicts, self.choices, strict=True)
        }
        message = self.tr("已合并，记入历史")
        self._run(lambda store: store.review.settle(waiting.record_id, chosen), message)

    def settle_all(self, policy: ResolutionPolicy) -> None:
        """Resolve every record for which one policy resolves all conflicts."""

        def done(count: int) -> None:
            self.problem.setText("")
            self.status_message.emit(self.tr("按同一规则核对了 {0} 户").format(count))
            self.session.changed.emit()

        self.session.run(lambda store: store.review.settle_by_policy(policy), done, self._failed)
