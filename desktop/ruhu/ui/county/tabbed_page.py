"""Several pages of the county's workspace behind one button of the rail."""

from collections.abc import Sequence

from PySide6.QtWidgets import QTabWidget, QVBoxLayout

from ruhu.ui.county.page import Page
from ruhu.ui.county.session import CountySession


class TabsPage(Page):
    """Pages as tabs; what is told comes from the one in sight."""

    def __init__(self, session: CountySession, pages: Sequence[tuple[str, Page]]) -> None:
        super().__init__(session)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for label, page in pages:
            self.tabs.addTab(page, label)
            page.status_message.connect(self.status_message)
        self.tabs.currentChanged.connect(lambda _: self.refresh())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)

    def refresh(self) -> None:
        page = self.tabs.currentWidget()
        if isinstance(page, Page):
            page.refresh()
