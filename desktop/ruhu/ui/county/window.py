"""The county's workspace: one window, a rail of pages, one encrypted database."""

from functools import partial
from pathlib import Path

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
from ruhu.ui.county.devices.devices_page import DevicesPage
from ruhu.ui.county.households.households_page import RegisterPage
from ruhu.ui.county.inbox.inbox_page import InboxPage
from ruhu.ui.county.ledgers.benefits_page import BenefitsPage
from ruhu.ui.county.ledgers.follow_ups_page import FollowUpsPage
from ruhu.ui.county.ledgers.housing_cases_page import HousingPage
from ruhu.ui.county.ledgers.housing_plan_page import PlanPage
from ruhu.ui.county.ledgers.training_classes_page import ClassesPage
from ruhu.ui.county.page import Page
from ruhu.ui.county.review.review_page import ReviewPage
from ruhu.ui.county.session import CountySession
from ruhu.ui.county.slips.verification_page import VerifyPage
from ruhu.ui.county.standards.standards_page import StandardsPage
from ruhu.ui.county.statistics.statistics_page import FiguresPage
from ruhu.ui.county.tabbed_page import TabsPage
from ruhu.ui.county.users.audit_page import AuditPage
from ruhu.ui.county.users.users_page import UsersPage
from ruhu.ui.widgets.navigation_button import navigation_button


class CountyWindow(QMainWindow):
    """What county staff work in. `lock_asked` and `restart_asked` are for the program to act on."""

    lock_asked = Signal()
    restart_asked = Signal()

    def __init__(self, session: CountySession, preferences: Preferences) -> None:
        super().__init__()
        self.session = session
        self.setWindowTitle(self.tr("入户　县级工作台　{0}").format(session.public.name))
        self.inbox, self.review = InboxPage(session), ReviewPage(session)
        self.register, self.devices = RegisterPage(session), DevicesPage(session)
        self.verify, self.users = VerifyPage(session), UsersPage(session)
        self.trail = AuditPage(session)
        self.cases, self.plan = HousingPage(session), PlanPage(session)
        self.housing = TabsPage(
            session, ((self.tr("案件"), self.cases), (self.tr("年度计划"), self.plan))
        )
        self.dues, self.matters = BenefitsPage(session), FollowUpsPage(session)
        self.classes = ClassesPage(session)
        self.ledgers = TabsPage(
            session,
            (
                (self.tr("待遇发放"), self.dues),
                (self.tr("跟踪办理"), self.matters),
                (self.tr("培训班"), self.classes),
            ),
        )
        self.figures = FiguresPage(session, preferences)
        self.standards = StandardsPage(session, preferences)
        self._pages = QStackedWidget()
        self._buttons: list[QToolButton] = []
        rail = QFrame()
        rail.setObjectName("band")
        column = QVBoxLayout(rail)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(2)
        named: tuple[tuple[str, str, Page], ...] = (
            ("inbox", self.tr("收件箱"), self.inbox),
            ("review", self.tr("核对"), self.review),
            ("roster", self.tr("农户"), self.register),
            ("housing", self.tr("危改"), self.housing),
            ("ledgers", self.tr("台账"), self.ledgers),
            ("figures", self.tr("图表"), self.figures),
            ("standards", self.tr("标准"), self.standards),
            ("devices", self.tr("设备"), self.devices),
            ("verify", self.tr("验卡"), self.verify),
            ("users", self.tr("用户"), self.users),
            ("trail", self.tr("审计"), self.trail),
        )
        for name, label, page in named:
            if not session.has_permission(page.right):
                page.setParent(self)
                page.hide()
                continue
            self._pages.addWidget(page)
            page.status_message.connect(self._tell)
            button = navigation_button(name, label, partial(self.show_page, page), preferences)
            button.setCheckable(True)
            self._buttons.append(button)
            column.addWidget(button)
        column.addStretch(1)
        column.addWidget(navigation_button("help", self.tr("帮助"), self.show_help, preferences))
        column.addWidget(
            navigation_button("lock", self.tr("锁定"), self.lock_asked.emit, preferences)
        )
        whole = QWidget()
        layout = QHBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(rail)
        layout.addWidget(self._pages, 1)
        self.setCentralWidget(whole)
        self._told = QLabel()
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addWidget(self._told, 1)
        self.statusBar().addPermanentWidget(QLabel(session.user))
        session.changed.connect(self.refresh)
        session.failed.connect(self._show_error)
        self.resize(QSize(1366, 728))
        first = self._pages.widget(0)
        assert isinstance(first, Page)
        self.show_page(first)

    def show_page(self, page: Page) -> None:
        """Go to a page."""
        self._pages.setCurrentWidget(page)
        for at, button in enumerate(self._buttons):
            button.setChecked(self._pages.widget(at) is page)
        page.refresh()

    def take_file(self, path: Path) -> None:
        """Take a bundle in that was opened with the program."""
        if self.session.has_permission(Permission.IMPORT):
            self.show_page(self.inbox)
            self.inbox.take([path])
        else:
            self._tell(self.tr("您的角色不能接收数据包：{0}").format(path.name))

    def show_help(self) -> None:
        """Open the handbook at the page for what the user may do."""
        from ruhu.ui.help.help_dialog import HelpDialog

        page = "officer" if self.session.has_permission(Permission.REVIEW) else "clerk"
        dialog = HelpDialog(
            self, "administrator" if self.session.has_permission(Permission.USERS) else page
        )
        dialog.restart_asked.connect(self.restart_asked)
        dialog.open()

    def refresh(self) -> None:
        """Show the page in sight as the store is now."""
        page = self._pages.currentWidget()
        assert isinstance(page, Page)
        page.refresh()

    def _tell(self, text: str) -> None:
        self._told.setText(text)

    def _show_error(self, error: UserError) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("请注意"))
        box.setText(interface.translate(error.text))
        box.addButton(self.tr("知道了"), QMessageBox.ButtonRole.AcceptRole)
        box.open()
