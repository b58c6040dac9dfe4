"""The county's workspace: one window, a rail of screens, one encrypted database."""

from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ruhu.county.access.permissions import Permission
from ruhu.errors import UserError
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.preferences import Preferences
from ruhu.ui.county.inbox.inbox_page import InboxPage
from ruhu.ui.county.page import Page
from ruhu.ui.county.screens import SCREENS
from ruhu.ui.county.session import CountySession
from ruhu.ui.county.tabbed_page import TabsPage
from ruhu.ui.widgets.navigation_button import navigation_button

P = TypeVar("P", bound=Page)


class CountyWindow(QMainWindow):
    """The window of county staff; the program acts on `lock_asked` and `restart_asked`."""

    lock_asked = Signal()
    restart_asked = Signal()

    def __init__(self, session: CountySession, preferences: Preferences) -> None:
        super().__init__()
        self.session, self._preferences = session, preferences
        self.setWindowTitle(self.tr("入户　县级工作台　{0}").format(session.public.name))
        self._screens = [each for each in SCREENS if session.has_permission(each.permission)]
        self._pages = QStackedWidget()
        for each in self._screens:
            page = each.make(session, preferences)
            page.status_message.connect(self._tell)
            self._pages.addWidget(page)
        self.buttons: list[QToolButton] = []
        self.status = QLabel()
        self._lay_out()
        session.changed.connect(self.refresh)
        session.failed.connect(self._show_error)
        self.resize(QSize(1366, 728))
        self._show(0)

    def _lay_out(self) -> None:
        central = QWidget()
        layout = QHBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._make_rail())
        layout.addWidget(self._pages, 1)
        self.setCentralWidget(central)
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.addWidget(self.status, 1)
        bar.addPermanentWidget(QLabel(self.session.user))

    def _make_rail(self) -> QFrame:
        rail, preferences = QFrame(), self._preferences
        rail.setObjectName("band")
        column = QVBoxLayout(rail)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(2)
        for index, each in enumerate(self._screens):
            label = interface.translate(each.title)
            button = navigation_button(each.icon, label, partial(self._show, index), preferences)
            button.setCheckable(True)
            self.buttons.append(button)
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(navigation_button("help", self.tr("帮助"), self.show_help, preferences))
        column.addWidget(
            navigation_button("lock", self.tr("锁定"), self.lock_asked.emit, preferences)
        )
        return rail

    # Going to a page

    def _show(self, index: int) -> None:
        self._pages.setCurrentIndex(index)
        for number, button in enumerate(self.buttons):
            button.setChecked(number == index)
        self.refresh()

    def page(self, kind: type[P]) -> P:
        """Return the page of a class. Raises LookupError if the user may not see it."""
        for page in self._pages.findChildren(Page):
            if isinstance(page, kind):
                return page
        raise LookupError(kind.__name__)

    def show_page(self, kind: type[P]) -> P:
        """Show the page of a class, with its tab, and return it."""
        page = self.page(kind)
        for index in range(self._pages.count()):
            screen = self._pages.widget(index)
            if screen is not None and (screen is page or screen.isAncestorOf(page)):
                if isinstance(screen, TabsPage):
                    screen.tabs.setCurrentWidget(page)
                self._show(index)
        return page

    def show_screen(self, name: str) -> Page:
        """Show the screen or tab of a name in the registry, and return its page."""
        for index, each in enumerate(self._screens):
            screen = self._pages.widget(index)
            if name != each.name and name not in each.page_names():
                continue
            if isinstance(screen, TabsPage) and name in each.page_names():
                screen.tabs.setCurrentIndex(list(each.page_names()).index(name))
            self._show(index)
            page = screen.current() if isinstance(screen, TabsPage) else screen
            assert isinstance(page, Page)
            return page
        raise LookupError(name)

    def refresh(self) -> None:
        """Show the current page as the database is now."""
        page = self._pages.currentWidget()
        assert isinstance(page, Page)
        page.refresh()

    def take_file(self, path: Path) -> None:
        """Import a bundle that was opened with the program."""
        if self.session.has_permission(Permission.IMPORT):
            self.show_page(InboxPage).take([path])
        else:
            self._tell(self.tr("您的角色不能接收数据包：{0}").format(path.name))

    def show_help(self) -> None:
        """Open the handbook at the page for the user's permissions."""
        from ruhu.ui.help.help_dialog import HelpDialog

        page = "officer" if self.session.has_permission(Permission.REVIEW) else "clerk"
        dialog = HelpDialog(
            self, "administrator" if self.session.has_permission(Permission.USERS) else page
        )
        dialog.restart_asked.connect(self.restart_asked)
        dialog.open()

    def _tell(self, text: str) -> None:
        self.status.setText(text)

    def _show_error(self, error: UserError) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("请注意"))
        box.setText(interface.translate(error.text))
        box.addButton(self.tr("知道了"), QMessageBox.ButtonRole.AcceptRole)
        box.open()
