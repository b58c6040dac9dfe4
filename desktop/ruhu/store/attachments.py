"""The bytes of photos and papers, kept by their digest inside the encrypted file."""

from dataclasses import dataclass
from uuid import UUID

from ruhu.exchange.formats.bundle import Attachment
from ruhu.images import ImportedImage, UnreadableImage, thumbnail_of
from ruhu.store.sqlite_driver import Database


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    """A paper's bytes, a JPEG picture, and the record it was added to."""

    digest: str
    record_id: UUID
    data: bytes


def save_attachment(db: Database, record_id: UUID, picture: ImportedImage) -> None:
    """Keep a picture's bytes; those that are there already stay."""
    db.table("paper").insert(
        {
            "digest": picture.digest,
            "record_id": str(record_id),
            "data": picture.data,
            "thumbnail": picture.thumbnail,
            "bundle_id": None,
        },
        ignore=True,
    )


def keep_received(db: Database, paper: Attachment, bundle_id: str) -> bool:
    """Keep a paper that another laptop took; whether it is new. What cannot be drawn has no thumbnail."""
    try:
        thumbnail = thumbnail_of(paper.digest, paper.data)
    except UnreadableImage:
        thumbnail = b""
    row = [paper.digest, str(paper.record_id), paper.data, thumbnail, bundle_id]
    added = db.execute(
        "insert or ignore into paper (digest, record_id, data, thumbnail, bundle_id) "
        "values (?, ?, ?, ?, ?)",
        row,
    )
    return bool(added.rowcount)


def paper_data(db: Database, digest: str) -> bytes | None:
    """A paper's bytes, `None` where this laptop does not have them."""
    row = db.execute("select data from paper where digest = ?", [digest]).fetchone()
    return bytes(row[0]) if row else None


def thumbnails(db: Database, digests: list[str]) -> dict[str, bytes]:
    """The small pictures of some papers, by digest."""
    marks = ", ".join("?" for _ in digests)
    rows = db.execute(f"select digest, thumbnail from paper where digest in ({marks})", digests)  # noqa: S608
    return {row[0]: bytes(row[1]) for row in rows.fetchall()}


def pending_papers(db: Database) -> list[StoredAttachment]:
    """The papers that a revision names and that are in no bundle yet, in the order they came."""
    rows = db.execute(
        "select digest, record_id, data from paper where bundle_id is null and exists "
        "(select 1 from revision where revision.record_id = paper.record_id "
        "and instr(revision.body, paper.digest) > 0) order by rowid"
    )
    return [StoredAttachment(row[0], UUID(row[1]), bytes(row[2])) for row in rows.fetchall()]
