"""The laptop's store: records, revisions, drafts, slips, outbox and settings in one encrypted file.

Used from one thread. Every change is durable when its method returns.
"""

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from filelock import FileLock, Timeout
from uuid_utils.compat import uuid7

from ruhu.clock import Clock, utc_now
from ruhu.data_folder import database_of, keys_of, lock_of, store_exists
from ruhu.errors import UserError
from ruhu.exchange.formats.bundle import Attachment, Manifest
from ruhu.exchange.formats.receipt import SequenceStatement, SignedReceipt
from ruhu.exchange.formats.reply import Answer
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.keys.device import DeviceKey, DevicePublic
from ruhu.exchange.keys.key_file import KeyFile
from ruhu.exchange.keys.key_wrap import STANDARD_COST, HashCost
from ruhu.exchange.keys.rotation import rotate
from ruhu.files.encrypted_sqlite import DatabaseError, translate_disk_errors
from ruhu.files.migration_backup import back_up_before_migration
from ruhu.i18n import BilingualText
from ruhu.images import ImportedImage
from ruhu.progress import ProgressCallback, no_progress
from ruhu.revisions.merge import MergedRecord
from ruhu.revisions.revision import Reason, Revision
from ruhu.store.attachments import (
    StoredAttachment,
    keep_received,
    paper_data,
    pending_papers,
    save_attachment,
    thumbnails,
)
from ruhu.store.migrations import VERSION, level_of, migrate
from ruhu.store.outbox import (
    OutboxEntry,
    keep_bundle,
    last_bundle,
    note_receipts,
    parcels,
    record_sequence,
    replaced_numbers,
    unconfirmed,
)
from ruhu.store.record_list import (
    BEGUN,
    DONE,
    TO_VISIT,
    Summary,
    VisitProgress,
    count_progress,
    to_json,
)
from ruhu.store.records import (
    COUNTY_BUNDLE_ID,
    current_record,
    draft_of,
    drop_draft,
    has_draft,
    keep_revision,
    list_record,
    parents_of_change,
    pending_count,
    pending_revisions,
    put_draft,
    reindex,
    revisions_of,
    status_of,
)
from ruhu.store.route import route_of, set_route
from ruhu.store.search import Search, count_found, find_summaries, held_elsewhere, remove_from_index
from ruhu.store.settings import put_setting, setting
from ruhu.store.slips import SlipIssue, issue_slip, slips_of
from ruhu.store.sqlite_driver import Database, connect
from ruhu.strict_json import Document
from ruhu.survey.changes.returned import mark_resolved
from ruhu.survey.validation.validate import to_document

ALL_RECORDS = Search()


class StoreInUse(UserError):
    """Another process has the data folder open."""


class CountyChanged(UserError):
    """A county's key file that the known county has not vouched for: a person must compare it."""

    def __init__(self, known: CountyPublic, told: CountyPublic) -> None:
        super().__init__(
            BilingualText(
                f"这份公钥不是{known.name}的旧密钥交接来的，请先与县里核对指纹：{told.words.zh}",
                f"the keys of {known.name} have not handed over to these; first compare the "
                f"fingerprint with the county: {told.words.en}",
            )
        )
        self.told = told


class Store:
    """An open data folder. Make one with `create` or `open`."""

    def __init__(
        self, folder: Path, db: Database, key: bytes, lock: FileLock, clock: Clock
    ) -> None:
        self.folder = folder
        self._db, self._key, self._lock, self._clock = db, key, lock, clock
        self._device = self._load_device()

    @classmethod
    def create(
        cls,
        folder: Path,
        passphrase: str,
        *,
        surveyor: str = "",
        clock: Clock = utc_now,
        cost: HashCost = STANDARD_COST,
    ) -> Self:
        """Make a store. Raises `WeakPassphrase`, `StoreInUse`, `WriteFailed`; `UserError` if there
        is one already.
        """
        if store_exists(folder):
            raise UserError(
                BilingualText("{folder} 里已有数据", "{folder} holds data already").format(
                    folder=folder
                )
            )
        lock = _lock_folder(folder)
        try:
            key = KeyFile(keys_of(folder), clock, cost).create(passphrase)
            store = cls._open_database(folder, key, lock, clock)
        except BaseException:
            lock.release()
            raise
        store.surveyor = surveyor
        return store

    @classmethod
    def open(
        cls, folder: Path, passphrase: str, derived: bytes | None = None, *, clock: Clock = utc_now
    ) -> Self:
        """Open a store; `derived` is what its `KeyFile` derived of the passphrase, if it did.

        Raises `WrongPassphrase`, `TooManyTries`, `KeyFileDamaged`, `DatabaseDamaged`,
        `StoreInUse`, `NewerStore`, `NotEncrypted`, `DiskError`; `NotCopied` where there is no room for
        the copy that is made before data of an older program is changed.
        """
        if not store_exists(folder):
            raise UserError(
                BilingualText(
                    "{folder} 里还没有数据，请先打开程序建立口令",
                    "there is no data in {folder}; open the app first and choose a passphrase",
                ).format(folder=folder)
            )
        lock = _lock_folder(folder)
        try:
            key = KeyFile(keys_of(folder), clock).open(passphrase, derived)
            return cls._open_database(folder, key, lock, clock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def restore(
        cls,
        backup: Path,
        folder: Path,
        passphrase: str,
        *,
        watched: ProgressCallback = no_progress,
        clock: Clock = utc_now,
    ) -> Self:
        """Put a copy back that `back_up` made, and open it. What stands in the data folder is kept beside it.

        Raises `StoreInUse`, and what `find_backup` and `put_backup_in_place` raise; all is as it was then.
        """
        from ruhu.store.backup import find_backup, put_backup_in_place

        source = find_backup(backup)
        lock = _lock_folder(folder)
        try:
            key = put_backup_in_place(source, folder, passphrase, clock, watched)
            return cls._open_database(folder, key, lock, clock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _open_database(cls, folder: Path, key: bytes, lock: FileLock, clock: Clock) -> Self:
        path = database_of(folder)
        db = connect(path, key)
        try:
            with translate_disk_errors():
                level = level_of(db)
                if 0 < level < VERSION:
                    back_up_before_migration(db.conn, path, key, f"v{level}")
                migrate(db)
            return cls(folder, db, key, lock, clock)
        except BaseException:
            db.close()
            raise

    def close(self) -> None:
        """Close the store and let others open it."""
        with contextlib.suppress(DatabaseError):
            self._db.execute("pragma wal_checkpoint(truncate)")
        self._db.close()
        self._lock.release()

    def back_up(self, target: Path, *, watched: ProgressCallback = no_progress) -> Path:
        """Copy all that is here, open visits and photos too, into a folder of its own in `target`; returns that
        folder. Raises `NotBackedUp`, and what `watched` raises.
        """
        from ruhu.exchange.media_files import device_suffix
        from ruhu.store.backup import backup_name, write_backup

        name = backup_name(device_suffix(self._device.device_id), self._clock().astimezone())
        keys = keys_of(self.folder)
        return write_backup(self._db.conn, self._key, keys, target, name, watched)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Database]:
        """One transaction: all of it, or nothing. Raises `DiskError`."""
        with translate_disk_errors(), self._db.atomic():
            yield self._db

    # Who

    def _load_device(self) -> DeviceKey:
        told = self.setting("device", None)
        if told:
            return DeviceKey(
                UUID(told["id"]),
                bytes.fromhex(told["secret"]),
                told["identity"].splitlines(),
                told.get("handovers", ()),
            )
        device = DeviceKey.generate()
        self.set_setting("device", _told_device(device))
        return device

    @property
    def device(self) -> DevicePublic:
        """This laptop's public key."""
        return DevicePublic(
            device_id=self._device.device_id,
            key=self._device.public,
            surveyor=self.surveyor,
            seal=self._device.recipient,
        )

    @property
    def device_key(self) -> DeviceKey:
        """This laptop's signing key."""
        return self._device

    @property
    def surveyor(self) -> str:
        """The worker's name."""
        return str(self.setting("surveyor", ""))

    @surveyor.setter
    def surveyor(self, name: str) -> None:
        self.set_setting("surveyor", name)

    @property
    def county(self) -> CountyPublic | None:
        """The county bundles go to, once its key file was read in."""
        told = self.setting("county", None)
        return CountyPublic.model_validate(told) if told else None

    def set_county(self, county: CountyPublic, *, confirmed: bool = False) -> None:
        """Remember the county and wrap the data key for its recovery key.

        Keys that the known county's have not handed over to need a person's word (`confirmed`), who
        has compared the fingerprint. Raises `CountyChanged`.
        """
        known = self.county
        if known is not None and not confirmed and not county.is_successor_of(known):
            raise CountyChanged(known, county)
        KeyFile(keys_of(self.folder), self._clock).wrap_for_recovery(self._key, county.recovery)
        self.set_setting("county", county.model_dump(mode="json"))

    def rotate_device_key(self) -> DevicePublic:
        """Make new keys for this laptop, which the old one vouches for in every bundle from now on."""
        with self._writing() as db:
            sequence, _ = last_bundle(db)
            fresh = rotate(self._device, sequence, self._clock())
            put_setting(db, "device", _told_device(fresh))
        self._device = fresh
        return self.device

    def change_passphrase(self, old: str, new: str) -> None:
        """Choose a new passphrase. Raises what `KeyFile.change_passphrase` raises."""
        KeyFile(keys_of(self.folder), self._clock).change_passphrase(old, new)

    # Settings

    def setting(self, name: str, default: Any) -> Any:
        """A setting (any JSON value)."""
        return setting(self._db, name, default)

    def set_setting(self, name: str, value: Any) -> None:
        """Keep a setting."""
        with self._writing() as db:
            put_setting(db, name, value)

    # Records

    def add_record(self, document: Document) -> UUID:
        """Begin a new record as a draft and return its id."""
        record_id = UUID(str(document.get("record_id") or uuid7()))
        self.save_draft(record_id, {**document, "record_id": str(record_id)}, field="")
        return record_id

    def save_draft(self, record_id: UUID, document: Document, *, field: str) -> datetime:
        """Save a record as it is being typed, and where the worker is. Returns when."""
        at = self._clock()
        with self._writing() as db:
            put_draft(db, record_id, document, at)
            put_setting(db, "resume", [str(record_id), field])
            list_record(db, record_id, document, BEGUN, at)
        return at

    def drop_draft(self, record_id: UUID) -> datetime:
        """Let an open visit be none: the record is what its revisions say, and listed as it was before;
        without any it is gone. Returns when.
        """
        at = self._clock()
        with self._writing() as db:
            revisions = self.revisions(record_id)
            if not revisions:
                drop_draft(db, record_id)
                remove_from_index(db, record_id)
            elif drop_draft(db, record_id):
                ours = any(r.reason == "visit" and r.device_id == self._device.device_id
                           for r in revisions)  # fmt: skip
                reindex(db, [record_id], at, DONE if ours else TO_VISIT)
        return at

    def resume_place(self) -> tuple[UUID, str] | None:
        """The record and field that were being worked on, if its visit is still open."""
        told = self.setting("resume", None)
        if not told or not self.has_draft(UUID(told[0])):
            return None
        return UUID(told[0]), str(told[1])

    def has_draft(self, record_id: UUID) -> bool:
        """Whether the record is being worked on."""
        return has_draft(self._db, record_id)

    def document(self, record_id: UUID) -> Document:
        """The draft if there is one, else the merged current document. Raises `KeyError`."""
        draft = draft_of(self._db, record_id)
        if draft is not None:
            return draft
        document = self.current(record_id).document
        if document is None:
            raise KeyError(record_id)
        return document

    def current(self, record_id: UUID) -> MergedRecord:
        """The record as its revisions leave it. Raises `KeyError` without any."""
        return current_record(self._db, record_id)

    def conflicting_paths(self, record_id: UUID) -> list[str]:
        """The facts of a record, by their paths, that were recorded differently on two sides and wait for
        the county.
        """
        if not self.revisions(record_id):
            return []
        return sorted(conflict.path for conflict in self.current(record_id).conflicts)

    def close_visit(self, record_id: UUID) -> Revision | None:
        """Turn the draft into one revision; `None` when nothing was changed."""
        draft = draft_of(self._db, record_id)
        if draft is None:
            return None
        draft = mark_resolved(draft)
        with self._writing() as db:
            revision = self._revise(db, record_id, draft, "visit")
            drop_draft(db, record_id)
            # Others may have changed the record meanwhile: what is listed is the merged one.
            merged = self.current(record_id).document or draft
            list_record(db, record_id, merged, DONE, self._clock())
        return revision

    def import_documents(self, documents: Sequence[Document], *, reason: Reason = "roster") -> None:
        """Take in whole records, each as one revision, all or nothing."""
        with self._writing() as db:
            for document in documents:
                record_id = UUID(str(document["record_id"]))
                clean = to_document(document)
                visited = status_of(db, record_id)
                self._revise(db, record_id, clean, reason)
                list_record(db, record_id, clean, visited or TO_VISIT, self._clock())

    def replace_records(
        self, documents: Sequence[Document], gone: Sequence[UUID], *, reason: Reason
    ) -> None:
        """Change several records as one act and take some away, each by a revision, all or nothing.

        A visit that is open stays open, with what it became.
        """
        with self._writing() as db:
            for document in documents:
                record_id, clean = UUID(str(document["record_id"])), to_document(document)
                visited = status_of(db, record_id)
                revision = self._revise(db, record_id, clean, reason)
                if self.has_draft(record_id):
                    base = [str(revision.revision_id)]
                    put_draft(db, record_id, clean, self._clock(), base)
                    list_record(db, record_id, clean, BEGUN, self._clock())
                else:
                    reindex(db, [record_id], self._clock(), visited or TO_VISIT)
            for record_id in gone:
                self._revise(db, record_id, None, reason)
                drop_draft(db, record_id)
                remove_from_index(db, record_id)

    def _revise(
        self, db: Database, record_id: UUID, document: Document | None, reason: Reason
    ) -> Revision:
        revision = Revision(
            revision_id=uuid7(),
            record_id=record_id,
            parents=tuple(map(UUID, parents_of_change(db, record_id))),
            device_id=self._device.device_id,
            author=self.surveyor,
            at=self._clock(),
            reason=reason,
            document=document,
        )
        keep_revision(db, revision)
        return revision

    def revisions(self, record_id: UUID) -> list[Revision]:
        """All revisions of a record."""
        return revisions_of(self._db, record_id)

    def find_household(self, household_no: str) -> list[UUID]:
        """The records with a household number."""
        rows = self._db.execute(
            "select record_id from record where household_no = ? order by record_id", [household_no]
        )
        return [UUID(row[0]) for row in rows.fetchall()]

    def held_elsewhere(
        self, record_id: UUID, id_numbers: Sequence[str]
    ) -> dict[str, list[Summary]]:
        """The other records in which somebody has one of some id numbers, by the number."""
        return held_elsewhere(self._db, record_id, id_numbers)

    def summaries(
        self, search: Search = ALL_RECORDS, *, start: int = 0, most: int | None = None
    ) -> list[Summary]:
        """The list of records that a search leaves: all of it, or a part."""
        return find_summaries(self._db, search, start=start, most=most)

    def count_found(self, search: Search = ALL_RECORDS) -> int:
        """How many records a search leaves."""
        return count_found(self._db, search)

    @property
    def route(self) -> list[UUID]:
        """The records of today's route, in its order."""
        return route_of(self._db)

    def set_route(self, records: Sequence[UUID]) -> None:
        """Make today's route these records, in this order."""
        with self._writing() as db:
            set_route(db, records)

    def progress(self) -> VisitProgress:
        """How far the households are."""
        return count_progress(self._db)

    def take_answer(
        self,
        revisions: Sequence[Revision],
        papers: Sequence[Attachment] = (),
        *,
        answered: int | None = None,
    ) -> int:
        """Take in what others made of records and the county sent; returns how many it changed.

        `answered` is the answer's number. A visit that is open stays as it is: what came is merged
        with it once it is closed.
        """
        changed = set()
        with self._writing() as db:
            for revision in revisions:
                if keep_revision(db, revision, bundle_id=COUNTY_BUNDLE_ID):
                    changed.add(revision.record_id)
            for paper in papers:
                keep_received(db, paper, COUNTY_BUNDLE_ID)
            reindex(db, changed, self._clock())
            if answered is not None:
                put_setting(db, "answered", answered)
        return len(changed)

    @property
    def last_reply(self) -> int:
        """The number of the county's last answer that was taken in."""
        return int(self.setting("answered", 0))

    @property
    def acknowledged_reply(self) -> int:
        """The last answer of which the county was told, by a bundle or over the line."""
        return int(self.setting("told_answered", 0))

    @property
    def recovered(self) -> tuple[datetime, ...]:
        """When the passphrase was recovered with the county's key and no bundle has told of it."""
        key_file = KeyFile(keys_of(self.folder), self._clock)
        return key_file.recovered[int(self.setting("recovered_told", 0)) :]

    def require_in_order(self, answer: Answer) -> None:
        """Raises `UserError` where the answer before has not come."""
        if answer.sequence > self.last_reply + 1:
            raise UserError(
                BilingualText(
                    f"县里的第{self.last_reply + 1}个答复还没到，先不收第{answer.sequence}个",
                    f"answer {answer.sequence} waits: answer {self.last_reply + 1} has not come yet",
                )
            )

    def note_answer(self, answer: Answer) -> int:
        """Take in an answer of the county; returns how many records it changed. Raises what
        `require_in_order` raises.
        """
        self.require_in_order(answer)
        answered = max(answer.sequence, self.last_reply)
        return self.take_answer(answer.revisions, answer.attachments, answered=answered)

    def note_chain(self, chain: SequenceStatement) -> int:
        """Note what the county has of this laptop's bundles; returns how many it has lost."""
        if chain.device_id != self._device.device_id:
            return 0
        with self._writing() as db:
            return record_sequence(db, chain)

    # Photos and papers

    def keep_paper(self, record_id: UUID, picture: ImportedImage) -> None:
        """Keep a picture's bytes; the record's document says what it shows."""
        with self._writing() as db:
            save_attachment(db, record_id, picture)

    def paper_data(self, digest: str) -> bytes | None:
        """A paper's bytes, `None` where this laptop does not have them."""
        return paper_data(self._db, digest)

    def thumbnails(self, digests: list[str]) -> dict[str, bytes]:
        """The small pictures of some papers, by digest."""
        return thumbnails(self._db, digests)

    def pending_papers(self) -> list[StoredAttachment]:
        """The papers of closed visits that are in no bundle yet."""
        return pending_papers(self._db)

    # Slips

    def issue_slip(
        self, record_id: UUID, *, policy: str, facts_hash: str, content: Document
    ) -> SlipIssue:
        """Give a slip its number and keep what it says; the same content again is a reprint."""
        county = self.county.county if self.county else "000000"
        prefix = f"{county}-{str(self._device.device_id)[-4:].upper()}"
        revisions = [] if self.has_draft(record_id) else self.current(record_id).heads
        with self._writing() as db:
            return issue_slip(
                db,
                record_id,
                prefix=prefix,
                policy=policy,
                facts_hash=facts_hash,
                content=to_json(content),
                revision=" ".join(str(head.revision_id) for head in revisions),
                at=self._clock(),
            )

    def slips(self, record_id: UUID) -> list[SlipIssue]:
        """The slips issued for a record."""
        return slips_of(self._db, record_id)

    def sign(self, data: bytes) -> bytes:
        """Sign with the device's key."""
        return self._device.sign(data)

    # Outbox

    def pending_count(self) -> int:
        """How many of this laptop's revisions are in no bundle yet."""
        return pending_count(self._db)

    def pending_revisions(self) -> list[Revision]:
        """This laptop's revisions that are in no bundle yet, the oldest first."""
        return pending_revisions(self._db, self._device.device_id)

    def last_bundle(self) -> tuple[int, str | None]:
        """The sequence number and digest of the last bundle made."""
        return last_bundle(self._db)

    def unconfirmed_bundles(self) -> list[tuple[str, bytes]]:
        """File name and bytes of the bundles the county has not confirmed."""
        return unconfirmed(self._db)

    def replaced_numbers(self) -> list[int]:
        """The numbers of bundles that the next one stands for."""
        return replaced_numbers(self._db)

    def parcels(self) -> list[OutboxEntry]:
        """Every bundle and what became of it, the newest first."""
        return parcels(self._db)

    def note_receipts(self, receipts: Sequence[SignedReceipt]) -> int:
        """Note what the county signed of our bundles; returns how many it newly confirmed."""
        with self._writing() as db:
            return note_receipts(db, receipts)

    def keep_bundle(
        self, manifest: Manifest, revisions: Sequence[Revision], papers: Sequence[StoredAttachment],
        file_name: str, sealed: bytes, digest: str,
    ) -> None:  # fmt: skip
        """Put a sealed bundle into the outbox and mark what is in it."""
        at = self._clock()
        with self._writing() as db:
            told = int(self.setting("recovered_told", 0)) + len(manifest.recovered)
            put_setting(db, "recovered_told", told)
            keep_bundle(db, manifest, revisions, papers, file_name, sealed, digest, at)


def _told_device(device: DeviceKey) -> Document:
    return {
        "id": str(device.device_id),
        "secret": device.secret.hex(),
        "identity": "\n".join(device.identities),
        "handovers": list(device.handovers),
    }


def _lock_folder(folder: Path) -> FileLock:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(lock_of(folder))
        lock.acquire(timeout=0)
    except Timeout:
        raise StoreInUse(
            BilingualText(
                "数据文件夹 {folder} 正被另一个入户程序使用，请先关闭它",
                "the data folder {folder} is open in another Ruhu; close that first",
            ).format(folder=folder)
        ) from None
    except OSError as error:
        raise UserError(
            BilingualText(
                "数据文件夹 {folder} 打不开（{why}）", "{folder} cannot be opened ({why})"
            ).format(folder=folder, why=error.strerror)
        ) from None
    return lock
