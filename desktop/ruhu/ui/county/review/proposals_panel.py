"""Four eyes: what somebody settled, confirmed or rejected by a second person."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout

from ruhu.county.access.permissions import Permission
from ruhu.county.access.settings import FOUR_EYES
from ruhu.county.review.proposals import (
    Change,
    MergeHouseholds,
    Proposal,
    RemoveMember,
    ResolveConflicts,
)
from ruhu.survey.facts.catalogue import find_fact
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.record_labels import show_value
from ruhu.ui.county.page import Page, format_timestamp, set_rows, table_of
from ruhu.ui.county.session import CountySession


class ProposalsPanel(Page):
    """What waits for a second person, and whether the county wants one."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self._proposals: list[Proposal] = []
        self.wanted = QCheckBox(self.tr("核对须由第二人复核"))
        self.wanted.setVisible(session.has_permission(Permission.USERS))
        self.wanted.clicked.connect(self._set_wanted)
        self.table = table_of(
            self.tr("待复核"), [self.tr("谁核对的"), self.tr("时间"), self.tr("怎么处理")]
        )
        buttons = QHBoxLayout()
        buttons.addWidget(self.wanted)
        buttons.addStretch(1)
        buttons.addWidget(self._button(self.tr("不通过"), lambda: self.decide(False)))
        buttons.addWidget(
            self._button(self.tr("复核通过"), lambda: self.decide(True), primary=True)
        )
        self.empty = QLabel(self.tr("没有待第二人复核的"))
        self.empty.setObjectName("dim")
        layout = QVBoxLayout(self)
        layout.addWidget(self.empty)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.problem)
        layout.addLayout(buttons)

    def refresh(self) -> None:
        self.session.run(lambda store: store.review.proposals(), self._show, self._failed)
        self.session.run(
            lambda store: store.settings.get(FOUR_EYES), self._show_wanted, self._failed
        )

    def _show(self, found: list[Proposal]) -> None:
        self._proposals = found
        self.empty.setVisible(not found)
        set_rows(self.table, [(p.by, format_timestamp(p.at), self._told(p.change)) for p in found])
        if found:
            self.table.setCurrentCell(0, 0)

    def _show_wanted(self, value: str) -> None:
        self.wanted.setChecked(value == "yes")

    def _told(self, change: Change) -> str:
        match change:
            case MergeHouseholds(names=(kept, other)):
                return self.tr("并户：{0} 并入 {1}").format(other, kept)
            case RemoveMember(names=(household, person)):
                return self.tr("移出：{1}，从 {0}").format(household, person)
            case ResolveConflicts(chosen):
                return self._values(chosen)

    def _values(self, chosen: Mapping[str, Any]) -> str:
        told = []
        for path, value in chosen.items():
            fact = find_fact("household", path)
            shown = self.tr("（有改动）") if isinstance(value, (dict, list)) else show_value(value)
            told.append(
                interface.labelled(interface.translate(fact.label) if fact else path, shown)
            )
        return "；".join(told)

    def _set_wanted(self, wanted: bool) -> None:
        self._run(lambda store: store.settings.set(FOUR_EYES, "yes" if wanted else ""))

    def decide(self, good: bool) -> None:
        """Confirm or reject the chosen one."""
        row = self.table.currentRow()
        if not 0 <= row < len(self._proposals):
            return
        key = self._proposals[row].proposal_id
        if good:
            self._run(lambda store: store.review.confirm(key), self.tr("已复核，记入历史"))
        else:
            self._run(lambda store: store.review.reject(key), self.tr("已退回重新核对"))
