"""Show the audit trail and verify its hash chain."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ruhu.county.audit.trail import AuditEntry
from ruhu.county.audit_labels import describe
from ruhu.county.county import CountyStore
from ruhu.i18n import BilingualText
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.page import Page, format_timestamp, set_rows, table_of
from ruhu.ui.county.session import CountySession
from ruhu.ui.login.unlock_screen import hint_label

SHOWN = 500


class AuditPage(Page):
    """The newest entries, and a verification of all."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self.table = table_of(
            self.tr("审计记录"),
            [self.tr("序号"), self.tr("时间"), self.tr("谁"), self.tr("做了什么"), self.tr("内容")],
        )
        buttons = QHBoxLayout()
        buttons.addWidget(self._button(self.tr("验证没有改动"), self.verify, primary=True))
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(
            hint_label(
                self.tr("只增不改；每条由哈希与前一条相连。这里列最近的 {0} 条。").format(SHOWN)
            )
        )
        layout.addLayout(buttons)
        layout.addWidget(self.problem)
        layout.addWidget(self.table, 1)

    def refresh(self) -> None:
        def job(store: CountyStore) -> list[tuple[AuditEntry, BilingualText]]:
            called = store.display_names()
            return [(entry, describe(entry, called)) for entry in store.audit.entries(newest=SHOWN)]

        self.session.run(job, self._show, self._failed)

    def _show(self, entries: list[tuple[AuditEntry, BilingualText]]) -> None:
        set_rows(
            self.table,
            [
                (
                    str(e.sequence),
                    format_timestamp(e.at),
                    e.who,
                    interface.translate(e.label),
                    interface.translate(words),
                )
                for e, words in reversed(entries)
            ],
        )

    def verify(self) -> None:
        """Verify every hash of the trail."""

        def done(result: tuple[int, str]) -> None:
            self.problem.setText("")
            self.status_message.emit(
                self.tr("审计记录完整：{0} 条，末条 {1}").format(result[0], result[1][:16])
            )

        self.session.run(lambda store: store.audit.verify(), done, self._failed)
