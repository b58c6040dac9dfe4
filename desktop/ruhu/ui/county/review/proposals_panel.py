"""Confirm or reject what another person resolved (four-eyes principle)."""

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
    """Proposals that wait for a second person, and the setting that requires one."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self._proposals: list[Proposal] = []
        self.four_eyes = QCheckBox(self.tr("核对须由第二人复核"))
        self.four_eyes.setVisible(session.has_permission(Permission.USERS))
        self.four_eyes.clicked.connect(self._set_four_eyes)
        self.table = table_of(
            self.tr("待复核"), [self.tr("谁核对的"), self.tr("时间"), self.tr("怎么处理")]
        )
        buttons = QHBoxLayout()
        buttons.addWidget(self.four_eyes)
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
            lambda store: store.settings.get(FOUR_EYES), self._show_four_eyes, self._failed
        )

    def _show(self, proposals: list[Proposal]) -> None:
        self._proposals = proposals
        self.empty.setVisible(not proposals)
        set_rows(
            self.table,
            [(p.by, format_timestamp(p.at), self._describe(p.change)) for p in proposals],
        )
        if proposals:
            self.table.setCurrentCell(0, 0)

    def _show_four_eyes(self, value: str) -> None:
        self.four_eyes.setChecked(value == "yes")

    def _describe(self, change: Change) -> str:
        match change:
            case MergeHouseholds(names=(kept, other)):
                return self.tr("并户：{0} 并入 {1}").format(other, kept)
            case RemoveMember(names=(household, person)):
                return self.tr("移出：{1}，从 {0}").format(household, person)
            case ResolveConflicts(chosen):
                return self._values(chosen)

    def _values(self, chosen: Mapping[str, Any]) -> str:
        texts = []
        for path, value in chosen.items():
            fact = find_fact("household", path)
            shown = self.tr("（有改动）") if isinstance(value, (dict, list)) else show_value(value)
            texts.append(
                interface.labelled(interface.translate(fact.label) if fact else path, shown)
            )
        return "；".join(texts)

    def _set_four_eyes(self, required: bool) -> None:
        self._run(lambda store: store.settings.set(FOUR_EYES, "yes" if required else ""))

    def decide(self, good: bool) -> None:
        """Confirm or reject the chosen proposal."""
        row = self.table.currentRow()
        if not 0 <= row < len(self._proposals):
            return
        key = self._proposals[row].proposal_id
        if good:
            self._run(lambda store: store.review.confirm(key), self.tr("已复核，记入历史"))
        else:
            self._run(lambda store: store.review.reject(key), self.tr("已退回重新核对"))
