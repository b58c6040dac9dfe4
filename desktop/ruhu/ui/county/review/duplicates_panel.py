"""Resolve persons that may be registered in two households."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from ruhu.county.review.duplicates import DuplicatePair, MemberRef
from ruhu.survey.validation.id_number import mask
from ruhu.ui.county.page import Page, set_rows, table_of
from ruhu.ui.county.session import CountySession
from ruhu.ui.widgets.confirmation import confirm


class DuplicatesPanel(Page):
    """Pairs with the same id number, or a similar name and birth date."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self._doubles: list[DuplicatePair] = []
        self.table = table_of(
            self.tr("疑似同一人"),
            [self.tr("依据"), self.tr("一处"), self.tr("户"), self.tr("另一处"), self.tr("户")],
        )
        self.empty = QLabel(self.tr("没有疑似重复的人。"))
        self.empty.setObjectName("dim")
        buttons = QHBoxLayout()
        buttons.addWidget(self._button(self.tr("是两个人"), self.mark_distinct))
        buttons.addStretch(1)
        buttons.addWidget(self._button(self.tr("留在前一户…"), lambda: self.ask_keep(0)))
        buttons.addWidget(self._button(self.tr("留在后一户…"), lambda: self.ask_keep(1)))
        buttons.addWidget(self._button(self.tr("两户并为前一户…"), self.ask_join, primary=True))
        layout = QVBoxLayout(self)
        layout.addWidget(self.empty)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.problem)
        layout.addLayout(buttons)

    def refresh(self) -> None:
        self.session.run(lambda store: store.review.duplicates(), self._show, self._failed)

    def _show(self, doubles: list[DuplicatePair]) -> None:
        self._doubles = doubles
        reasons = {
            "id_number": self.tr("证件号码相同"),
            "name_and_birth": self.tr("姓名和出生日期相同"),
            "near": self.tr("姓名和出生日期相近"),
        }
        set_rows(
            self.table,
            [(reasons[d.reason], *self._cells(d.first), *self._cells(d.second)) for d in doubles],
        )
        self.empty.setVisible(not doubles)
        if doubles:
            self.table.setCurrentCell(0, 0)

    @staticmethod
    def _cells(held: MemberRef) -> tuple[str, str]:
        person, face = held.person, held.entry
        who = f"{person.name} {mask(person.id_number) or person.born}"
        return who, f"{face.number} {face.people[0].name} {face.village}"

    def _chosen(self) -> DuplicatePair | None:
        row = self.table.currentRow()
        return self._doubles[row] if 0 <= row < len(self._doubles) else None

    def mark_distinct(self) -> None:
        """Record that the pair is two persons."""
        double = self._chosen()
        if double is not None:
            self._run(lambda store: store.review.mark_distinct(double), self.tr("已记为两个人"))

    def ask_keep(self, which: int) -> None:
        """Keep the person in one of the two households after a confirmation."""
        double = self._chosen()
        if double is not None:
            kept, gone = (double.first, double.second)[:: -1 if which else 1]
            question = self.tr("“{0}”留在 {1}，把“{2}”从 {3} 移出？").format(
                kept.person.name, kept.entry.number, gone.person.name, gone.entry.number
            )
            confirm(
                self,
                self.tr("移出一户"),
                question,
                self.tr("移出"),
                lambda: self._keep(double, which),
            )

    def ask_join(self) -> None:
        """Ask, then make one household of the two."""
        double = self._chosen()
        if double is not None:
            question = self.tr("把 {0} 并入 {1}？并户以后不能再分回原样。").format(
                self._cells(double.second)[1], self._cells(double.first)[1]
            )
            confirm(self, self.tr("并户"), question, self.tr("并户"), lambda: self._join(double))

    def _keep(self, double: DuplicatePair, which: int) -> None:
        gone = double.second if which == 0 else double.first
        record, member = double.records[1 - which], gone.person.member_id
        self._run(
            lambda store: store.review.remove_member(record, member),
            lambda done: self.tr("已移出另一户") if done else self._waits(),
        )

    def _join(self, double: DuplicatePair) -> None:
        kept, other = double.records
        self._run(
            lambda store: store.review.merge(kept, other),
            lambda done: self.tr("已并户") if done else self._waits(),
        )

    def _waits(self) -> str:
        return self.tr("已提交，待第二人复核")
