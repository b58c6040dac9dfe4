"""An open county database: one encrypted file, or a PostgreSQL database."""

from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from ruhu.clock import Clock, utc_now
from ruhu.county import lifecycle
from ruhu.county.access.accounts import Account
from ruhu.county.access.keyring import FIRST_USER
from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.access.settings import SettingService
from ruhu.county.access.users import UserService
from ruhu.county.assessment.standards_service import StandardsService
from ruhu.county.assessment.statistics_service import StatisticsService
from ruhu.county.audit.service import AuditService
from ruhu.county.audit.trail import Transaction
from ruhu.county.database.engine import read_location
from ruhu.county.devices.service import DeviceService
from ruhu.county.devices.update_service import UpdateService
from ruhu.county.exchange.key_service import KeyService
from ruhu.county.exchange.reply_service import ReplyService
from ruhu.county.exchange.service import ExchangeService
from ruhu.county.exchange.signing import sign_own_standards
from ruhu.county.ledgers.benefits.periods import person_hash
from ruhu.county.ledgers.benefits.service import BenefitService
from ruhu.county.ledgers.exports import ExportService
from ruhu.county.ledgers.follow_ups import FollowUpService
from ruhu.county.ledgers.housing.plan_service import PlanService
from ruhu.county.ledgers.housing.service import HousingService
from ruhu.county.ledgers.training_classes import TrainingClassService
from ruhu.county.records.search_index import RecordSearchIndex
from ruhu.county.records.service import RecordService
from ruhu.county.review.review import change_record
from ruhu.county.review.service import ReviewService
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.keys.key_wrap import STANDARD_COST, HashCost


class CountyStore:
    """An open county database and its services. Make one with `create`, `open` or `recover`.

    The methods of the services raise `PermissionDenied` for users without the permission.
    """

    def __init__(self, opened: lifecycle.OpenDatabase, clock: Clock = utc_now) -> None:
        county, author = opened.public.county, opened.public.name
        session = DatabaseSession(opened.database, county, opened.user, clock)
        index = RecordSearchIndex()
        hashed = person_hash(opened.key)
        self._database, self._session = opened.database, session
        self.users = UserService(session, opened.keyring, opened.key)
        self.settings = SettingService(session)
        self.audit = AuditService(county, partial(session.reader, Permission.AUDIT))
        self.keys = KeyService(session, opened.public, opened.identity)
        self.devices = DeviceService(session)
        self.updates = UpdateService(session)
        self.exchange = ExchangeService(session, self.keys)
        self.replies = ReplyService(session)
        self.records = RecordService(session, index)
        self.review = ReviewService(session, author, index)
        self.standards = StandardsService(session, sign_own_standards)
        self.statistics = StatisticsService(session)
        self.housing = HousingService(session, partial(change_record, author=author), hashed)
        self.plans = PlanService(session)
        self.benefits = BenefitService(session, hashed)
        self.follow_ups = FollowUpService(session)
        self.training_classes = TrainingClassService(session)
        self.exports = ExportService(session)

    @classmethod
    def create(
        cls,
        where: Path | str,
        passphrase: str,
        *,
        county: str,
        name: str,
        user: str = FIRST_USER,
        cost: HashCost = STANDARD_COST,
    ) -> tuple[Self, str]:
        """Create a county's database, its keys and its first user, the administrator.

        `where` is a file, or the URL of an empty PostgreSQL database. Returns the store and the
        recovery identity, which is saved nowhere else. Raises what `lifecycle.create` raises.
        """
        location = read_location(where)
        opened, recovery = lifecycle.create(
            location, passphrase, county=county, name=name, user=user, cost=cost
        )
        return cls(opened), recovery

    @classmethod
    def open(cls, where: Path | str, passphrase: str, *, user: str = "", county: str = "") -> Self:
        """Open a county's database as one of its users.

        Raises what `lifecycle.open_database` raises.
        """
        store = cls(
            lifecycle.open_database(read_location(where), passphrase, user=user, county=county)
        )
        with store.transaction(Permission.READ) as tx:
            tx.log("sign in", {})
        return store

    @classmethod
    def recover(cls, where: Path | str, identity: str, *, user: str, passphrase: str) -> Self:
        """Open with the county's recovery identity; `user` becomes an administrator with a new
        password. Raises what `lifecycle.recover` raises.
        """
        return cls(
            lifecycle.recover(read_location(where), identity, user=user, passphrase=passphrase)
        )

    @property
    def name(self) -> str:
        """The name of the database for people, without a password."""
        return self._database.name

    @property
    def public(self) -> CountyPublic:
        """The county's current public keys."""
        return self.keys.public

    @property
    def user(self) -> Account:
        """The user who signed in."""
        return self._session.user

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def has_permission(self, permission: Permission) -> bool:
        """Return whether the user's role has a permission."""
        return self._session.has_permission(permission)

    def require(self, permission: Permission) -> None:
        """Raise `PermissionDenied` unless the user's role has the permission."""
        self._session.require(permission)

    def reader(
        self, permission: Permission = Permission.READ
    ) -> AbstractContextManager[Connection]:
        """Open a connection to read from; see `DatabaseSession.reader`."""
        return self._session.reader(permission)

    def transaction(self, permission: Permission) -> AbstractContextManager[Transaction]:
        """Open a write transaction; see `DatabaseSession.transaction`."""
        return self._session.transaction(permission)

    def display_names(self) -> dict[str, str]:
        """Return the names of households and laptops, by id."""
        surveyors = {str(device.device_id): device.surveyor for device in self.devices.all()}
        return self.records.household_names() | surveyors
