"""Registry of the screens of the county's workspace.

To add a screen: write its page, add an entry here, and add an icon to `resources/icons` for a new
button of the rail. The window, the layout test and the pictures of the handbook follow.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ruhu.county.access.permissions import Permission
from ruhu.i18n import BilingualText
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
from ruhu.ui.county.review.conflicts_panel import ConflictsPanel
from ruhu.ui.county.review.duplicates_panel import DuplicatesPanel
from ruhu.ui.county.review.proposals_panel import ProposalsPanel
from ruhu.ui.county.session import CountySession
from ruhu.ui.county.slips.verification_page import VerifyPage
from ruhu.ui.county.standards.standards_page import StandardsPage
from ruhu.ui.county.statistics.statistics_page import FiguresPage
from ruhu.ui.county.tabbed_page import TabsPage
from ruhu.ui.county.users.audit_page import AuditPage
from ruhu.ui.county.users.users_page import UsersPage

PageFactory = Callable[[CountySession, Preferences], Page]


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page: its name, which is that of its picture, its title, and how it is made."""

    name: str
    title: BilingualText
    factory: PageFactory


@dataclass(frozen=True, slots=True)
class CountyScreen:
    """A button of the rail, with one page or several as tabs.

    `icon` is a name in `resources/icons`. Users without `permission` do not see the screen.
    """

    name: str
    title: BilingualText
    icon: str
    permission: Permission = Permission.READ
    factory: PageFactory | None = None
    tabs: tuple[PageEntry, ...] = field(default=())

    def make(self, session: CountySession, preferences: Preferences) -> Page:
        """Return a new page of the screen."""
        if self.factory is not None:
            return self.factory(session, preferences)
        return TabsPage(
            session,
            self.title,
            [(entry.title, entry.factory(session, preferences)) for entry in self.tabs],
        )

    def page_names(self) -> Iterator[str]:
        """Yield the names of the screen's pages, in the order of its tabs."""
        if self.tabs:
            yield from (entry.name for entry in self.tabs)
        else:
            yield self.name


def _of_session(page: Callable[[CountySession], Page]) -> PageFactory:
    return lambda session, _: page(session)


SCREENS = (
    CountyScreen(
        "inbox",
        BilingualText("收件箱", "Inbox"),
        "inbox",
        Permission.IMPORT,
        _of_session(InboxPage),
    ),
    CountyScreen(
        "review",
        BilingualText("核对", "Review"),
        "review",
        Permission.REVIEW,
        tabs=(
            PageEntry(
                "conflicts",
                BilingualText("改得不一样的", "Changed differently"),
                _of_session(ConflictsPanel),
            ),
            PageEntry(
                "doubles", BilingualText("疑似同一人", "Same person?"), _of_session(DuplicatesPanel)
            ),
            PageEntry(
                "proposals", BilingualText("待复核", "To be confirmed"), _of_session(ProposalsPanel)
            ),
        ),
    ),
    CountyScreen(
        "register",
        BilingualText("农户", "Households"),
        "roster",
        factory=_of_session(RegisterPage),
    ),
    CountyScreen(
        "housing",
        BilingualText("危改", "Housing"),
        "housing",
        tabs=(
            PageEntry("cases", BilingualText("案件", "Cases"), _of_session(HousingPage)),
            PageEntry("plan", BilingualText("年度计划", "Year's plan"), _of_session(PlanPage)),
        ),
    ),
    CountyScreen(
        "ledgers",
        BilingualText("台账", "Ledgers"),
        "ledgers",
        tabs=(
            PageEntry("dues", BilingualText("待遇发放", "Dues"), _of_session(BenefitsPage)),
            PageEntry(
                "matters", BilingualText("跟踪办理", "Follow-up"), _of_session(FollowUpsPage)
            ),
            PageEntry(
                "classes", BilingualText("培训班", "Training classes"), _of_session(ClassesPage)
            ),
        ),
    ),
    CountyScreen("figures", BilingualText("图表", "Figures"), "figures", factory=FiguresPage),
    CountyScreen(
        "standards",
        BilingualText("标准", "Standards"),
        "standards",
        Permission.STANDARDS,
        StandardsPage,
    ),
    CountyScreen(
        "devices",
        BilingualText("设备", "Devices"),
        "devices",
        Permission.DEVICES,
        _of_session(DevicesPage),
    ),
    CountyScreen(
        "verify", BilingualText("验卡", "Verify"), "verify", factory=_of_session(VerifyPage)
    ),
    CountyScreen(
        "users", BilingualText("用户", "Users"), "users", Permission.USERS, _of_session(UsersPage)
    ),
    CountyScreen(
        "trail", BilingualText("审计", "Audit"), "trail", Permission.AUDIT, _of_session(AuditPage)
    ),
)
