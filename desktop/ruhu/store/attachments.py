"""Photos and scanned papers, stored by digest in the encrypted database."""

from dataclasses import dataclass
from uuid import UUID

from ruhu.exchange.formats.bundle import Attachment
from ruhu.images import ImportedImage, UnreadableImage, thumbnail_of
from ruhu.store.sqlite_driver import Database, transaction


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    """A JPEG picture and the record it belongs to."""

    digest: str
    record_id: UUID
    data: bytes


class Attachments:
    """The pictures of an open store."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def save(self, record_id: UUID, picture: ImportedImage) -> None:
        """Save a picture unless it is stored already; the record's document describes it."""
        with transaction(self._db):
            self._db.table("paper").insert(
                {
                    "digest": picture.digest,
                    "record_id": str(record_id),
                    "data": picture.data,
                    "thumbnail": picture.thumbnail,
                    "bundle_id": None,
                },
                ignore=True,
            )

    def data(self, digest: str) -> bytes | None:
        """Return a picture's bytes, `None` if this laptop does not have them."""
        row = self._db.execute("select data from paper where digest = ?", [digest]).fetchone()
        return bytes(row[0]) if row else None

    def thumbnails(self, digests: list[str]) -> dict[str, bytes]:
        """Return the thumbnails of some pictures by digest."""
        marks = ", ".join("?" for _ in digests)
        rows = self._db.execute(
            f"select digest, thumbnail from paper where digest in ({marks})",  # noqa: S608
            digests,
        )
        return {row[0]: bytes(row[1]) for row in rows.fetchall()}

    def pending(self) -> list[StoredAttachment]:
        """Return the pictures that a revision names and no bundle contains, the oldest first."""
        rows = self._db.execute(
            "select digest, record_id, data from paper where bundle_id is null and exists "
            "(select 1 from revision where revision.record_id = paper.record_id "
            "and instr(revision.body, paper.digest) > 0) order by rowid"
        )
        return [StoredAttachment(row[0], UUID(row[1]), bytes(row[2])) for row in rows.fetchall()]


def insert_received(db: Database, attachment: Attachment, bundle_id: str) -> bool:
    """Insert another laptop's picture; return whether it was new. An undrawable one gets no thumbnail."""
    try:
        thumbnail = thumbnail_of(attachment.digest, attachment.data)
    except UnreadableImage:
        thumbnail = b""
    row = [attachment.digest, str(attachment.record_id), attachment.data, thumbnail, bundle_id]
    added = db.execute(
        "insert or ignore into paper (digest, record_id, data, thumbnail, bundle_id) "
        "values (?, ?, ?, ?, ?)",
        row,
    )
    return bool(added.rowcount)
