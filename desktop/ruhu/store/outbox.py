"""Sealed bundles on the laptop until the county has confirmed them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ruhu.exchange.formats.bundle import Manifest
from ruhu.exchange.formats.receipt import SequenceStatement, SignedReceipt
from ruhu.i18n import BilingualText
from ruhu.revisions.revision import Revision
from ruhu.store.attachments import StoredAttachment
from ruhu.store.settings import put_setting, setting
from ruhu.store.sqlite_driver import Database

State = Literal["waiting", "confirmed", "refused", "again"]


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A bundle as the laptop knows it: what is in it is sealed, what became of it is not.

    `size` is in bytes, 0 once the county has it; `refused` is the county's reason, empty without one. What the county
    had and lost is sent `again` in a later bundle.
    """

    sequence: int
    file_name: str
    digest: str
    size: int
    state: State
    made_at: str
    refused: BilingualText


def keep_bundle(
    db: Database,
    manifest: Manifest,
    revisions: Sequence[Revision],
    papers: Sequence[StoredAttachment],
    file_name: str,
    sealed: bytes,
    digest: str,
    at: datetime,
) -> None:
    """Put a sealed bundle into the outbox and mark what is in it."""
    bundle_id = str(manifest.bundle_id)
    db.table("outbox").insert(
        {
            "bundle_id": bundle_id,
            "sequence": manifest.sequence,
            "digest": digest,
            "file_name": file_name,
            "sealed": sealed,
            "confirmed": 0,
            "made_at": at.isoformat(),
        }
    )
    for revision in revisions:
        db.execute(
            "update revision set bundle_id = ? where revision_id = ?",
            [bundle_id, str(revision.revision_id)],
        )
    for paper in papers:
        db.execute("update paper set bundle_id = ? where digest = ?", [bundle_id, paper.digest])
    if manifest.replaces:
        db.execute("update outbox set replaced = 2 where replaced = 1")
    put_setting(db, "told_answered", manifest.answered)


_SKIPPED_TO = "bundles_skipped_to"
SKIPPED_BUNDLES = 1000
"""Numbers that are passed over where a copy of the data is put back: more bundles than a laptop makes between
two copies, so that none of its numbers is given out twice.
"""


def last_bundle(db: Database) -> tuple[int, str | None]:
    """The last sequence number that is not to be given out, and the digest of the last bundle made."""
    number, digest = _last_made(db)
    return max(number, _skipped_to(db)), digest


def skip_bundles(db: Database) -> None:
    """Let the next bundle's number be far behind the last one's."""
    number, _ = last_bundle(db)
    put_setting(db, _SKIPPED_TO, number + SKIPPED_BUNDLES)


def _last_made(db: Database) -> tuple[int, str | None]:
    row = db.execute(
        "select sequence, digest from outbox order by sequence desc limit 1"
    ).fetchone()
    return (row[0], row[1]) if row else (0, None)


def _skipped_to(db: Database) -> int:
    return int(setting(db, _SKIPPED_TO, 0))


def unconfirmed(db: Database) -> list[tuple[str, bytes]]:
    """File name and bytes of the bundles the county has not confirmed, those with photos last."""
    rows = db.execute(
        "select file_name, sealed from outbox where confirmed = 0 order by "
        "exists (select 1 from paper where paper.bundle_id = outbox.bundle_id), sequence"
    )
    return [(row[0], bytes(row[1])) for row in rows.fetchall()]


def parcels(db: Database) -> list[OutboxEntry]:
    """Every bundle, the newest first."""
    rows = db.execute(
        "select sequence, file_name, digest, length(sealed), case when replaced then 'again' "
        "when confirmed then 'confirmed' when refused != '' then 'refused' else 'waiting' end, "
        "made_at, refused, refused_en from outbox order by sequence desc"
    )
    return [
        OutboxEntry(sequence, name, key, size, state, made, BilingualText(zh, en or zh))
        for sequence, name, key, size, state, made, zh, en in rows.fetchall()
    ]


def note_receipts(db: Database, receipts: Iterable[SignedReceipt]) -> int:
    """Note what the county signed of our bundles; returns how many it newly confirmed.

    The bytes of a confirmed bundle are given up: its revisions and photos stay.
    """
    confirmed = 0
    for receipt in receipts:
        if receipt.outcome == "taken_in":
            confirmed += db.execute(
                "update outbox set confirmed = 1, confirmed_at = ?, refused = '', refused_en = '', sealed = x'' "
                "where digest = ? and confirmed = 0",
                [receipt.at.isoformat(), receipt.digest],
            ).rowcount
        else:
            db.execute(
                "update outbox set refused = ?, refused_en = ? where digest = ? and confirmed = 0",
                [receipt.reason[:500], receipt.reason_en[:500], receipt.digest],
            )
    return confirmed


def replaced_numbers(db: Database) -> list[int]:
    """The numbers that the next bundle stands for: of bundles that the county had confirmed and has lost,
    whose contents go again, and those that were skipped since the last bundle.
    """
    rows = db.execute("select sequence from outbox where replaced = 1 order by sequence")
    lost = [row[0] for row in rows.fetchall()]
    return [*lost, *range(_last_made(db)[0] + 1, _skipped_to(db) + 1)]


def record_sequence(db: Database, chain: SequenceStatement) -> int:
    """Compare what the county says it has with what it has confirmed; returns how many bundles it
    has lost, as by a backup that was put back. Their contents wait to be sent again.

    A chain told before the county's last receipt says nothing of the bundles confirmed since.
    """
    rows = db.execute(
        "select bundle_id, sequence, confirmed_at from outbox where confirmed = 1 and replaced = 0"
    )
    gaps, lost = set(chain.gaps), 0
    for bundle_id, sequence, confirmed_at in rows.fetchall():
        had = sequence <= chain.last and sequence not in gaps
        if had or (confirmed_at and chain.at <= datetime.fromisoformat(confirmed_at)):
            continue
        db.execute("update outbox set replaced = 1 where bundle_id = ?", [bundle_id])
        for table in ("revision", "paper"):
            db.execute(f"update {table} set bundle_id = null where bundle_id = ?", [bundle_id])  # noqa: S608
        lost += 1
    return lost
