"""The county's records: opened from one encrypted file or a PostgreSQL database."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from uuid import UUID

from sqlalchemy import Connection, select

from ruhu.clock import Clock, utc_now
from ruhu.county import (
    lifecycle,
    listings,
)
from ruhu.county.access import (
    settings,
    users,
)
from ruhu.county.access.accounts import Account, account_by_id, accounts
from ruhu.county.access.keyring import FIRST_USER
from ruhu.county.access.permissions import RIGHTS, Permission, Role, SignedOut, require
from ruhu.county.assessment.published_standards import published
from ruhu.county.audit import (
    trail,
)
from ruhu.county.audit.trail import Transaction
from ruhu.county.database import (
    tables,
)
from ruhu.county.database.documents import documents_of
from ruhu.county.database.engine import read_place
from ruhu.county.devices import (
    device_list,
    devices,
    enrolment,
    update_distribution,
)
from ruhu.county.exchange import (
    bundle_import,
    change_feed,
    outgoing_replies,
    signing,
)
from ruhu.county.exchange.parallel_open import PARALLEL_THRESHOLD, open_in_parallel
from ruhu.county.ledgers.benefits.periods import person_hash
from ruhu.county.ledgers.service import LedgerContext, LedgerService
from ruhu.county.records import (
    revisions,
)
from ruhu.county.records.import_result import ImportResult
from ruhu.county.records.search_index import RecordSearchIndex, SearchEntry
from ruhu.county.review import (
    duplicates,
    proposals,
    review,
)
from ruhu.county.review.duplicates import DuplicatePair
from ruhu.county.review.proposals import (
    Change,
    MergeHouseholds,
    Proposal,
    RemoveMember,
    ResolveConflicts,
)
from ruhu.errors import UserError
from ruhu.exchange.formats.receipt import SequenceStatement, SignedReceipt
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.keys.device import DevicePublic
from ruhu.exchange.keys.key_wrap import STANDARD_COST, HashCost
from ruhu.exchange.protocol.messages import UpdateOffer
from ruhu.i18n import BilingualText
from ruhu.revisions.revision import Revision
from ruhu.strict_json import Document


class CountyStore:
    """An open county database. Make one with `create` or `open`.

    Every method asks for its right first and raises `PermissionDenied` to those without it.
    """

    def __init__(self, opened: lifecycle.OpenDatabase, clock: Clock = utc_now) -> None:
        self._opened, self._clock = opened, clock
        self._database = opened.database
        self.public: CountyPublic = opened.public
        self._identities = opened.identity
        self.user = opened.user
        self._faces = RecordSearchIndex()
        self.office = LedgerService(
            LedgerContext(
                self.public.county,
                self.reader,
                self.transaction,
                partial(review.change_record, author=self.public.name),
                signing.sign_own_standards,
                person_hash(opened.key),
            )
        )

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
        """Make a county's database, its keys and its first user, the administrator.

        `where` is a file, or the URL of an empty PostgreSQL database. Returns the store and the
        recovery identity, which is kept nowhere else. Raises what `opening.create` raises.
        """
        place = read_place(where)
        opened, recovery = lifecycle.create(
            place, passphrase, county=county, name=name, user=user, cost=cost
        )
        return cls(opened), recovery

    @classmethod
    def open(cls, where: Path | str, passphrase: str, *, user: str = "", county: str = "") -> Self:
        """Open a county's database as one of its users. Raises what `opening.open_` raises."""
        store = cls(
            lifecycle.open_database(read_place(where), passphrase, user=user, county=county)
        )
        with store.transaction(Permission.READ) as act:
            act.log("sign in", {})
        return store

    @classmethod
    def recover(cls, where: Path | str, identity: str, *, user: str, passphrase: str) -> Self:
        """Open with the county's recovery identity, and make `user` an administrator with a new
        password. Raises what `opening.recover` raises.
        """
        return cls(lifecycle.recover(read_place(where), identity, user=user, passphrase=passphrase))

    @property
    def name(self) -> str:
        """What people call the database; no password is in it."""
        return self._database.name

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

    # Rights and transactions, for every room of the county

    def has_permission(self, right: Permission) -> bool:
        """Whether the user's role has a right."""
        return right in RIGHTS[self.user.role]

    def require(self, right: Permission) -> None:
        """Raises `PermissionDenied` unless the user's role has the right."""
        require(self.user.role, right)

    @contextmanager
    def reader(self, right: Permission = Permission.READ) -> Iterator[Connection]:
        """A connection to read from, for who has the right."""
        with self._database.reading() as connection:
            self._require_now(connection, right)
            yield connection

    @contextmanager
    def transaction(self, right: Permission) -> Iterator[Transaction]:
        """A transaction to write in, for who has the right; its acts go to the audit trail.

        It is the county's only one while it lasts, and undone whole where the block raises.
        """
        self.require(right)
        with self._database.writing() as connection:
            self._require_now(connection, right)
            yield Transaction(connection, self.public.county, self.user.name, self._clock())

    def _require_now(self, connection: Connection, right: Permission) -> None:
        """Another computer may have taken the role away since this one signed in."""
        account = account_by_id(connection, self.public.county, self.user.user_id)
        if account is None:
            raise SignedOut(
                BilingualText("您已被停用，请重新登录", "you were signed out by an administrator")
            )
        self.user = account
        require(account.role, right)

    # People

    def users(self) -> list[Account]:
        """Everybody who may sign in, by name."""
        with self.reader(Permission.USERS) as connection:
            return accounts(connection, self.public.county)

    def add_user(self, name: str, role: Role, passphrase: str) -> Account:
        """Let somebody in; see `users.add_user`."""
        keyring, key = self._opened.keyring, self._opened.key
        with self.transaction(Permission.USERS) as act:
            return users.add_user(act, keyring, key, name=name, role=role, passphrase=passphrase)

    def set_role(self, name: str, role: Role) -> None:
        """Give a user another role; see `users.set_role`."""
        with self.transaction(Permission.USERS) as act:
            users.set_role(act, name, role)

    def remove_user(self, name: str) -> None:
        """Let a user in no more; see `users.remove_user`."""
        with self.transaction(Permission.USERS) as act:
            users.remove_user(act, self._opened.keyring, name)

    def set_passphrase(self, name: str, passphrase: str) -> None:
        """Give a user another password: everybody their own, an administrator anybody's."""
        right = Permission.READ if name == self.user.name else Permission.USERS
        with self.transaction(right) as act:
            users.set_passphrase(act, self._opened.keyring, self._opened.key, name, passphrase)

    # What the county signs

    def sign_standards(self, document: Document) -> Document:
        """Sign the county's own standards for its laptops; see `signing.sign_own_standards`."""
        with self.transaction(Permission.STANDARDS) as act:
            return signing.sign_own_standards(act, document)

    def name_server(self, url: str) -> CountyPublic:
        """Tell laptops of the county's server: its public file with the address and certificate."""
        with self.transaction(Permission.DEVICES) as act:
            self.public = signing.name_server(act, self.public, url)
        return self.public

    def rotate_keys(self, *, vouched: bool = True) -> CountyPublic:
        """New keys for sealing and signing, which laptops take from the stick, the server or the new
        public file; see `signing.rotate`.
        """
        with self.transaction(Permission.DEVICES) as act:
            self.public, self._identities = signing.rotate(act, self.public, vouched=vouched)
        return self.public

    def certificate(self) -> tuple[str, str]:
        """The server's private key and certificate as PEM, made at the first asking."""
        with self.transaction(Permission.IMPORT) as act:
            return signing.certificate(act)

    def receipt(self, digest: str) -> SignedReceipt | None:
        """The county's signed word on a bundle, `None` for one that never came."""
        with self.reader(Permission.IMPORT) as connection:
            return signing.receipt(connection, self.public.county, digest)

    # Devices

    def enrol(self, device: DevicePublic, *, again: bool = False) -> None:
        """Let a device's bundles in, those of a revoked one only `again`; see `devices.enrol`."""
        with self.transaction(Permission.DEVICES) as act:
            devices.enrol(act, device, again=again)

    def ask_to_enrol(self, device: DevicePublic) -> bool:
        """Keep a laptop's request to be enrolled; whether it is enrolled already."""
        with self.transaction(Permission.IMPORT) as act:
            return enrolment.request(act, device)

    def asking(self) -> list[enrolment.PendingEnrolment]:
        """The laptops that asked to be enrolled."""
        with self.reader(Permission.DEVICES) as connection:
            return enrolment.asking(connection, self.public.county)

    def decide_enrolment(self, device_id: UUID, *, good: bool) -> None:
        """Enrol a laptop that asked, or turn it away."""
        with self.transaction(Permission.DEVICES) as act:
            enrolment.resolve(act, device_id, good=good)

    def revoke(self, device_id: UUID, since: datetime | None = None) -> None:
        """Let no bundle in that a device has made since a time; see `devices.revoke`."""
        with self.transaction(Permission.DEVICES) as act:
            devices.revoke(act, device_id, since)

    def issuer(self, device_id: UUID) -> tuple[str, str, bool, tuple[str, ...]] | None:
        """A device's key, its surveyor, whether it was revoked, and the keys it has replaced; `None`
        for one never enrolled.
        """
        with self.reader() as connection:
            row = devices.device_row(connection, self.public.county, device_id)
            if row is None:
                return None
            former = devices.former_keys(connection, self.public.county, device_id)
        return str(row.key), str(row.surveyor), row.revoked_at is not None, former

    def assign_records(self, device_id: UUID, records: Iterable[UUID]) -> int:
        """Let a laptop hold records, which come with its next answers; how many are new to it."""
        with self.transaction(Permission.DEVICES) as act:
            devices.require_working(act.connection, act.county, device_id)
            given = change_feed.subscribe(act, device_id, map(str, records))
            act.log("hand records", {"device": str(device_id), "records": given})
            return given

    def devices(self) -> list[device_list.Device]:
        """Every device, those at work first."""
        with self.reader() as connection:
            return device_list.list_devices(connection, self.public.county)

    # Updates

    def publish_update(self, version: str, platform: str, package: BinaryIO) -> UpdateOffer:
        """Offer a package, whose signatures were checked, to the laptops of its platform."""
        with self.transaction(Permission.DEVICES) as act:
            return update_distribution.publish(act, version, platform, package)

    def offered_update(self, platform: str) -> UpdateOffer | None:
        """What is offered to the laptops of a platform."""
        with self.reader(Permission.IMPORT) as connection:
            return update_distribution.offered(connection, self.public.county, platform)

    def update_of(self, digest: str) -> UpdateOffer | None:
        """The offer of a package by its SHA-256."""
        with self.reader(Permission.IMPORT) as connection:
            return update_distribution.offer_of(connection, self.public.county, digest)

    def update_bytes(self, offer: UpdateOffer, start: int) -> Iterator[bytes]:
        """A package's bytes from a place on; they end early where another took its place."""
        number, skipped = divmod(start, update_distribution.PART)
        while number * update_distribution.PART < offer.length:
            with self.reader(Permission.IMPORT) as connection:
                data = update_distribution.part(
                    connection, self.public.county, offer.digest, number
                )
            if not data:
                return
            yield data[skipped:]
            number, skipped = number + 1, 0

    # Bundles

    def import_file(self, path: Path) -> ImportResult:
        """Take in one bundle file, all of it or nothing.

        What is refused is set aside whole with its reason, and `ImportResult` says so. Raises
        `UserError` when the file cannot be read at all.
        """
        opening = self._opening()
        arrived = bundle_import.open_file(path, opening)
        with self.transaction(Permission.IMPORT) as act:
            return bundle_import.import_bundle(act, arrived)

    def _opening(self) -> bundle_import.ImportContext:
        with self.reader(Permission.IMPORT) as connection:
            return bundle_import.ImportContext(
                tuple(self._identities.splitlines()),
                self.public,
                devices.admission(connection, self.public.county),
                tuple(published(connection, self.public.county)),
            )

    def import_files(self, paths: Sequence[Path]) -> Generator[ImportResult, None, None]:
        """Take in bundle files one after the other, each all or nothing; see `import_file`.

        Of many, the next are opened and assessed meanwhile. What was refused before its turn is
        looked at again: a bundle before it may have brought the device's next key.
        """
        if len(paths) < PARALLEL_THRESHOLD:
            for path in paths:
                yield self.import_file(path)
            return
        for path, arrived in open_in_parallel(paths, self._opening()):
            imported = None
            if arrived is not None and arrived.contents is not None:
                with self.transaction(Permission.IMPORT) as act:
                    if bundle_import.is_accepted(act, arrived):
                        imported = bundle_import.import_bundle(act, arrived)
            yield imported or self.import_file(path)

    def set_aside(self) -> list[listings.QuarantinedFile]:
        """What was set aside, the newest first."""
        with self.reader() as connection:
            return listings.list_set_aside(connection, self.public.county)

    def set_aside_file(self, digest: str) -> bytes:
        """A file that was set aside, exactly as it came; empty where it was too large to be kept.

        Raises `UserError` for one that is not there.
        """
        with self.reader(Permission.IMPORT) as connection:
            return bundle_import.set_aside_file(connection, self.public.county, digest)[1]

    def retry(self, digest: str) -> ImportResult:
        """Take in what was set aside and is sound by now, its device enrolled for one.

        What still is refused stays set aside. Raises `UserError` for a file that is not there, or
        that was too large to be kept.
        """
        opening = self._opening()
        with self.reader(Permission.IMPORT) as connection:
            name, sealed = bundle_import.set_aside_file(connection, self.public.county, digest)
        if not sealed:
            raise UserError(
                BilingualText("这个文件太大，没有留存", "that file was too large to be kept")
            )
        arrived = bundle_import.open_bytes(name, sealed, opening)
        with self.transaction(Permission.IMPORT) as act:
            return bundle_import.import_bundle(act, arrived)

    def paper_data(self, digest: str) -> bytes | None:
        """The bytes of a photo or paper, `None` while it has not come."""
        table = tables.paper
        with self.reader() as connection:
            found = connection.execute(
                select(table.c.data).where(
                    table.c.county == self.public.county, table.c.digest == digest
                )
            ).scalar()
        return None if found is None else bytes(found)

    def note_recovery(self, words: str) -> None:
        """Note that a laptop's passphrase was recovered, by the words of its request."""
        with self.transaction(Permission.DEVICES) as act:
            act.log("recover passphrase", {"words": words})

    def waiting_answers(self, device_id: UUID) -> list[int]:
        """The numbers of the answers that a laptop has not confirmed, in their order."""
        with self.transaction(Permission.IMPORT) as act:
            return outgoing_replies.waiting_answers(act, device_id)

    def answer(self, device_id: UUID, sequence: int) -> bytes | None:
        """An answer sealed to its laptop, `None` where there is none of that number."""
        with self.transaction(Permission.IMPORT) as act:
            return outgoing_replies.sealed_answer(act, device_id, sequence)

    def note_answered(self, device_id: UUID, answered: int, last: int) -> None:
        """Note which answer a laptop says it has, and its last bundle."""
        with self.transaction(Permission.IMPORT) as act:
            change_feed.note_answered(act, device_id, answered, last, asks=True)

    def use_nonce(self, device_id: UUID, mark: str) -> bool:
        """Whether a laptop's nonce counts, this once."""
        with self.transaction(Permission.IMPORT) as act:
            return change_feed.use_nonce(act, device_id, mark)

    def chain(self, device_id: UUID) -> SequenceStatement:
        """The county's signed word on which of a laptop's bundles it has."""
        with self.reader(Permission.IMPORT) as connection:
            return signing.chain(connection, self.public.county, device_id, self._clock())

    # What a person looks at and settles

    def counts(self) -> listings.Counts:
        """How much there is."""
        with self.reader() as connection:
            return listings.count_all(connection, self.public.county)

    def waiting(self, *, most: int = 200) -> list[listings.PendingReview]:
        """The records with conflicts that wait for a person, at most so many."""
        with self.reader() as connection:
            return review.all_waiting(connection, self.public.county, most)

    def settle(self, record_id: UUID, chosen: Mapping[str, Any]) -> None:
        """Settle a record's conflicts with a value for each path; see `review.settle`.

        Where the county wants four eyes it waits for a second person.
        """
        with self.transaction(Permission.REVIEW) as act:
            self._decide(act, record_id, ResolveConflicts(chosen))

    def _decide(self, act: Transaction, record_id: UUID, change: Change) -> bool:
        """Carry a change out, or keep it for a second person; whether it was carried out."""
        if settings.read_setting(act.connection, act.county, settings.FOUR_EYES) == "yes":
            heads = review.required_heads(act, record_id, change)
            proposals.propose(act, self.user, record_id, heads, change)
            return False
        review.apply(act, self.public.name, record_id, change)
        return True

    def settle_by_rule(self, rule: review.ResolutionPolicy) -> int:
        """Settle every record that a rule settles whole; how many there were."""
        settled = 0
        with self.transaction(Permission.REVIEW) as act:
            for waiting in review.all_waiting(act.connection, act.county, 100_000):
                chosen = None if waiting.proposed else review.by_rule(waiting, rule)
                if chosen is not None:
                    self._decide(act, waiting.record_id, ResolveConflicts(chosen))
                    settled += 1
        return settled

    def proposals(self) -> list[Proposal]:
        """What waits for a second person."""
        with self.reader() as connection:
            return proposals.proposals(connection, self.public.county)

    def confirm(self, proposal_id: UUID) -> None:
        """Let count what somebody else has settled. Raises what `require_confirmable` raises."""
        with self.transaction(Permission.REVIEW) as act:
            proposal = proposals.pop(act, proposal_id)
            heads = review.required_heads(act, proposal.record_id, proposal.change)
            proposals.require_confirmable(proposal, self.user, heads)
            act.log("confirm", {"record": str(proposal.record_id), "by": proposal.by})
            review.apply(act, self.public.name, proposal.record_id, proposal.change)

    def reject(self, proposal_id: UUID) -> None:
        """Drop what somebody has settled; its conflicts wait as before."""
        with self.transaction(Permission.REVIEW) as act:
            proposal = proposals.pop(act, proposal_id)
            act.log("reject", {"record": str(proposal.record_id), "by": proposal.by})

    def send_back(self, record_id: UUID, comment: str, path: str = "") -> None:
        """Send a record back to its worker with a comment; see `review.return_to_worker`."""
        with self.transaction(Permission.REVIEW) as act:
            review.return_to_worker(act, self.public.name, record_id, comment, path)

    def doubles(self) -> list[DuplicatePair]:
        """People that look like one in two households, but for those who were told apart."""
        with self.reader() as connection:
            apart = duplicates.distinct_pairs(connection, self.public.county)
            return duplicates.find_doubles(self._found(connection, "household"), apart)

    def tell_apart(self, double: DuplicatePair) -> None:
        """Write down that they are two people."""
        with self.transaction(Permission.REVIEW) as act:
            duplicates.mark_distinct(act, double)

    def join_households(self, kept: UUID, other: UUID) -> bool:
        """Make one household of two; see `review.join_households`. Whether that is done, and does not
        wait for a second person.
        """
        with self.transaction(Permission.REVIEW) as act:
            called = review.called(act, kept), review.called(act, other)
            return self._decide(act, kept, MergeHouseholds(other, called))

    def take_out(self, record_id: UUID, member_id: str) -> bool:
        """Take a person out of a household where they do not belong; see `review.take_out`. Whether
        that is done, and does not wait for a second person.
        """
        with self.transaction(Permission.REVIEW) as act:
            called = review.called(act, record_id), review.called(act, record_id, member_id)
            return self._decide(act, record_id, RemoveMember(member_id, called))

    def setting(self, name: str) -> str:
        """A setting of the county, empty where none was made."""
        with self.reader() as connection:
            return settings.read_setting(connection, self.public.county, name)

    def set(self, name: str, value: str) -> None:
        """Make a setting of the county."""
        with self.transaction(Permission.USERS) as act:
            settings.keep_setting(act, name, value)

    def listed(
        self, text: str = "", *, faulty: bool = False, most: int = 200
    ) -> list[listings.RecordListing]:
        """The households whose number, people or village match a text, at most so many; or, of all kinds,
        the `faulty` records that the rules cannot judge.
        """
        county = self.public.county
        with self.reader() as connection:
            keys = [face.record_id for face in self._found(connection, "household", text)]
            if faulty:
                there = listings.faulty_records(connection, county)
                keys = [key for key in there if self._faces.matches(key, text)]
            return listings.list_records(connection, county, keys[:most])

    def invalid(self) -> int:
        """How many records the rules cannot judge for what stands in them."""
        with self.reader() as connection:
            return len(listings.faulty_records(connection, self.public.county))

    def _found(self, connection: Connection, kind: str, text: str = "") -> list[SearchEntry]:
        self._faces.refresh(connection, self.public.county)
        return self._faces.search(kind, text)

    def display_names(self) -> dict[str, str]:
        """How people call each household and laptop, by its id."""
        with self.reader() as connection:
            faces = self._found(connection, "household")
        named = {face.record_id: f"{face.people[0].name} {face.number}".strip()
                 for face in faces if face.people}  # fmt: skip
        return named | {str(device.device_id): device.surveyor for device in self.devices()}

    def documents(self, kind: str = "household") -> Iterator[dict[str, Any]]:
        """The current documents of a kind, by household number."""
        with self.reader() as connection:
            keys = [face.record_id for face in self._found(connection, kind)]
            for _, document in documents_of(connection, self.public.county, keys):
                yield document

    def revisions(self, record_id: UUID) -> list[Revision]:
        """All revisions of a record."""
        with self.reader() as connection:
            return revisions.revisions_of(connection, self.public.county, record_id)

    # The audit trail

    def trail(self, *, after: int = 0, newest: int | None = None) -> list[trail.AuditEntry]:
        """The acts behind a number, or so many of the newest, in order."""
        county = self.public.county
        with self.reader(Permission.AUDIT) as connection:
            if newest is not None:
                after = max(after, trail.last_entry(connection, county)[0] - newest)
            return list(trail.entries(connection, county, after=after))

    def verify_trail(self) -> tuple[int, str]:
        """Work the whole trail out anew; its last number and hash. Raises `AuditChainBroken`."""
        with self.reader(Permission.AUDIT) as connection:
            return trail.verify(connection, self.public.county)
