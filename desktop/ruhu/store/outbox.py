"""Sealed bundles, stored until the county has confirmed them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ruhu.clock import Clock
from ruhu.exchange.formats.bundle import Manifest
from ruhu.exchange.formats.receipt import SequenceStatement, SignedReceipt
from ruhu.i18n import BilingualText
from ruhu.revisions.revision import Revision
from ruhu.store.attachments import StoredAttachment
from ruhu.store.identity import Identity
from ruhu.store.settings import Settings
from ruhu.store.sqlite_driver import Database, transaction

State = Literal["waiting", "confirmed", "refused", "again"]


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A bundle in the outbox and its delivery state.

    `size` is in bytes, 0 once the county has confirmed the bundle. `refused` is the county's reason, empty
    without one. The state `again` means that the county lost the bundle and a later one repeats it.
    """

    sequence: int
    file_name: str
    digest: str
    size: int
    state: State
    made_at: str
    refused: BilingualText


@dataclass(frozen=True, slots=True)
class SealedBundle:
    """A bundle's file name, bytes and digest."""

    file_name: str
    data: bytes
    digest: str


_SKIPPED_TO = "bundles_skipped_to"
SKIPPED_BUNDLES = 1000
"""Numbers skipped when a backup is restored: more bundles than a laptop makes between two backups, so that
no number is used twice.
"""


class Outbox:
    """The bundles of an open store, and the revisions that wait for one."""

    def __init__(self, db: Database, settings: Settings, identity: Identity, clock: Clock) -> None:
        self._db, self._settings = db, settings
        self._identity, self._clock = identity, clock

    def pending_count(self) -> int:
        """Count the revisions that are in no bundle yet."""
        count = self._db.execute("select count(*) from revision where bundle_id is null")
        return int(count.fetchone()[0])

    def pending_revisions(self) -> list[Revision]:
        """Return this laptop's revisions that are in no bundle yet, the oldest first."""
        rows = self._db.execute(
            "select body from revision where bundle_id is null and device_id = ? order by rowid",
            [str(self._identity.device_id)],
        )
        return [Revision.model_validate_json(row[0]) for row in rows.fetchall()]

    def last_bundle(self) -> tuple[int, str | None]:
        """Return the last number used or skipped, and the digest of the last bundle made."""
        return _last_bundle(self._db)

    def save_bundle(
        self,
        manifest: Manifest,
        revisions: Sequence[Revision],
        attachments: Sequence[StoredAttachment],
        bundle: SealedBundle,
    ) -> None:
        """Save a sealed bundle and mark its revisions and attachments as bundled."""
        bundle_id = str(manifest.bundle_id)
        with transaction(self._db):
            self._db.table("outbox").insert(
                {
                    "bundle_id": bundle_id,
                    "sequence": manifest.sequence,
                    "digest": bundle.digest,
                    "file_name": bundle.file_name,
                    "sealed": bundle.data,
                    "confirmed": 0,
                    "made_at": self._clock().isoformat(),
                }
            )
            for revision in revisions:
                self._db.execute(
                    "update revision set bundle_id = ? where revision_id = ?",
                    [bundle_id, str(revision.revision_id)],
                )
            for attachment in attachments:
                self._db.execute(
                    "update paper set bundle_id = ? where digest = ?",
                    [bundle_id, attachment.digest],
                )
            if manifest.replaces:
                self._db.execute("update outbox set replaced = 2 where replaced = 1")
            self._settings.set("told_answered", manifest.answered)
            self._identity.mark_recoveries_reported(len(manifest.recovered))

    def unconfirmed(self) -> list[tuple[str, bytes]]:
        """Return file name and bytes of the bundles not confirmed, those with photos last."""
        rows = self._db.execute(
            "select file_name, sealed from outbox where confirmed = 0 order by "
            "exists (select 1 from paper where paper.bundle_id = outbox.bundle_id), sequence"
        )
        return [(row[0], bytes(row[1])) for row in rows.fetchall()]

    def entries(self) -> list[OutboxEntry]:
        """Return every bundle, the newest first."""
        rows = self._db.execute(
            "select sequence, file_name, digest, length(sealed), case when replaced then 'again' "
            "when confirmed then 'confirmed' when refused != '' then 'refused' else 'waiting' end, "
            "made_at, refused, refused_en from outbox order by sequence desc"
        )
        return [
            OutboxEntry(sequence, name, digest, size, state, made, BilingualText(zh, en or zh))
            for sequence, name, digest, size, state, made, zh, en in rows.fetchall()
        ]

    def record_receipts(self, receipts: Iterable[SignedReceipt]) -> int:
        """Record the county's receipts; return the number of bundles newly confirmed.

        The bytes of a confirmed bundle are deleted; its revisions and photos stay.
        """
        confirmed = 0
        with transaction(self._db):
            for receipt in receipts:
                if receipt.outcome == "taken_in":
                    confirmed += self._db.execute(
                        "update outbox set confirmed = 1, confirmed_at = ?, refused = '', "
                        "refused_en = '', sealed = x'' where digest = ? and confirmed = 0",
                        [receipt.at.isoformat(), receipt.digest],
                    ).rowcount
                else:
                    self._db.execute(
                        "update outbox set refused = ?, refused_en = ? "
                        "where digest = ? and confirmed = 0",
                        [receipt.reason[:500], receipt.reason_en[:500], receipt.digest],
                    )
        return confirmed

    def replaced_numbers(self) -> list[int]:
        """Return the numbers that the next bundle replaces.

        These are bundles that the county confirmed and lost, and numbers skipped since the last bundle.
        """
        rows = self._db.execute("select sequence from outbox where replaced = 1 order by sequence")
        lost = [row[0] for row in rows.fetchall()]
        return [*lost, *range(_last_made(self._db)[0] + 1, _skipped_to(self._db) + 1)]

    def record_sequence(self, statement: SequenceStatement) -> int:
        """Compare the county's bundles with those it confirmed; return how many it has lost.

        The county loses bundles when it restores a backup; their contents become pending again. A statement
        older than a bundle's receipt says nothing about that bundle.
        """
        if statement.device_id != self._identity.device_id:
            return 0
        gaps, lost = set(statement.gaps), 0
        with transaction(self._db):
            rows = self._db.execute(
                "select bundle_id, sequence, confirmed_at from outbox "
                "where confirmed = 1 and replaced = 0"
            )
            for bundle_id, sequence, confirmed_at in rows.fetchall():
                held = sequence <= statement.last and sequence not in gaps
                if held or (confirmed_at and statement.at <= datetime.fromisoformat(confirmed_at)):
                    continue
                self._requeue(bundle_id)
                lost += 1
        return lost

    def _requeue(self, bundle_id: str) -> None:
        self._db.execute("update outbox set replaced = 1 where bundle_id = ?", [bundle_id])
        for table in ("revision", "paper"):
            self._db.execute(
                f"update {table} set bundle_id = null where bundle_id = ?",  # noqa: S608
                [bundle_id],
            )


def skip_bundles(db: Database) -> None:
    """Skip `SKIPPED_BUNDLES` numbers before the next bundle."""
    Settings(db).set(_SKIPPED_TO, _last_bundle(db)[0] + SKIPPED_BUNDLES)


def _last_bundle(db: Database) -> tuple[int, str | None]:
    number, digest = _last_made(db)
    return max(number, _skipped_to(db)), digest


def _last_made(db: Database) -> tuple[int, str | None]:
    row = db.execute(
        "select sequence, digest from outbox order by sequence desc limit 1"
    ).fetchone()
    return (row[0], row[1]) if row else (0, None)


def _skipped_to(db: Database) -> int:
    return int(Settings(db).get(_SKIPPED_TO, 0))
