"""The county's review: conflicts, people held twice, and what waits for a second person."""

from PySide6.QtWidgets import QTabWidget, QVBoxLayout

from ruhu.county.access.permissions import Permission
from ruhu.ui.county.page import Page
from ruhu.ui.county.review.conflicts_panel import ConflictsPanel
from ruhu.ui.county.review.duplicates_panel import DuplicatesPanel
from ruhu.ui.county.review.proposals_panel import ProposalsPanel
from ruhu.ui.county.session import CountySession


class ReviewPage(Page):
    """Three lists of what a person has to decide."""

    right = Permission.REVIEW

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self.conflicts, self.doubles = ConflictsPanel(session), DuplicatesPanel(session)
        self.proposals = ProposalsPanel(session)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(self.tr("核对"))
        for panel, label in (
            (self.conflicts, self.tr("改得不一样的")),
            (self.doubles, self.tr("疑似同一人")),
            (self.proposals, self.tr("待复核")),
        ):
            panel.status_message.connect(self.status_message)
            self.tabs.addTab(panel, label)
        self.tabs.currentChanged.connect(lambda _: self.refresh())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)

    def refresh(self) -> None:
        panel = self.tabs.currentWidget()
        assert isinstance(panel, Page)
        panel.refresh()
