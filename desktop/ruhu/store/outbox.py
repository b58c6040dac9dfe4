"""Sealed bundles on the laptop until the county has confirmed them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ruhu.bundle.envelope import Manifest
from ruhu.bundle.receipt import SignedReceipt
from ruhu.bundle.revision import Revision
from ruhu.store.driver import Database
from ruhu.store.papers import KeptPaper

State = Literal["waiting", "confirmed", "refused"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A bundle as the laptop knows it: what is in it is sealed, what became of it is not.

    `size` is in bytes, 0 once the county has it; `refused` is the county's reason.
    """

    sequence: int
    file_name: str
    digest: str
    size: int
    state: State
    refused: str
    made_at: str


def keep_bundle(
    db: Database,
    manifest: Manifest,
    revisions: Sequence[Revision],
    papers: Sequence[KeptPaper],
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


def last_bundle(db: Database) -> tuple[int, str | None]:
    """The sequence number and digest of the last bundle made."""
    row = db.execute(
        "select sequence, digest from outbox order by sequence desc limit 1"
    ).fetchone()
    return (row[0], row[1]) if row else (0, None)


def unconfirmed(db: Database) -> list[tuple[str, bytes]]:
    """File name and bytes of the bundles the county has not confirmed."""
    rows = db.execute("select file_name, sealed from outbox where confirmed = 0 order by sequence")
    return [(row[0], bytes(row[1])) for row in rows.fetchall()]


def parcels(db: Database) -> list[Parcel]:
    """Every bundle, the newest first."""
    rows = db.execute(
        "select sequence, file_name, digest, length(sealed), "
        "case when confirmed then 'confirmed' when refused != '' then 'refused' else 'waiting' end, "
        "refused, made_at from outbox order by sequence desc"
    )
    return [Parcel(*row) for row in rows.fetchall()]


def note_receipts(db: Database, receipts: Iterable[SignedReceipt]) -> int:
    """Note what the county signed of our bundles; returns how many it newly confirmed.

    The bytes of a confirmed bundle are given up: its revisions and photos stay.
    """
    confirmed = 0
    for receipt in receipts:
        if receipt.outcome == "taken_in":
            confirmed += db.execute(
                "update outbox set confirmed = 1, refused = '', sealed = x'' "
                "where digest = ? and confirmed = 0",
                [receipt.digest],
            ).rowcount
        else:
            db.execute(
                "update outbox set refused = ? where digest = ? and confirmed = 0",
                [receipt.reason[:500], receipt.digest],
            )
    return confirmed
