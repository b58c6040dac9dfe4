"""Several pages of the county's workspace behind one button of the rail."""

from collections.abc import Sequence

from PySide6.QtWidgets import QTabWidget, QVBoxLayout

from ruhu.i18n import BilingualText
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.page import Page
from ruhu.ui.county.session import CountySession


class TabsPage(Page):
    """Pages as tabs; their status messages are passed on."""

    def __init__(
        self,
        session: CountySession,
        title: BilingualText,
        pages: Sequence[tuple[BilingualText, Page]],
    ) -> None:
        super().__init__(session)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(interface.translate(title))
        for label, page in pages:
            self.tabs.addTab(page, interface.translate(label))
            page.status_message.connect(self.status_message)
        self.tabs.currentChanged.connect(lambda _: self.refresh())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)

    def current(self) -> Page:
        """Return the page of the current tab."""
        page = self.tabs.currentWidget()
        assert isinstance(page, Page)
        return page

    def refresh(self) -> None:
        if self.tabs.count():
            self.current().refresh()
