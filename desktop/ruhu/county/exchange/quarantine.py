"""Files that were refused, saved with the reason so that they can be imported later."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables
from ruhu.county.records.import_result import encode_reason, read_reason
from ruhu.errors import UserError
from ruhu.i18n import BilingualText


@dataclass(frozen=True, slots=True)
class QuarantinedFile:
    """A bundle file that was refused, and why; `at` is ISO 8601."""

    digest: str
    file_name: str
    reason: BilingualText
    at: str


def quarantine(
    tx: Transaction, file_name: str, digest: str, sealed: bytes, code: str, reason: BilingualText
) -> None:
    """Save a refused file with its reason, unless it is there already.

    `sealed` is empty for a file that is too large to save.
    """
    table = tables.set_aside
    existing = tx.connection.execute(
        select(table.c.digest).where(table.c.county == tx.county, table.c.digest == digest)
    ).first()
    if existing is not None:
        return
    tx.connection.execute(
        insert(table).values(
            county=tx.county,
            digest=digest,
            file_name=file_name,
            code=code,
            reason=encode_reason(reason),
            sealed=sealed,
            at=tx.at.isoformat(),
        )
    )
    tx.log("set aside", {"file": file_name, "code": code})


def release(tx: Transaction, digest: str) -> None:
    """Remove a file from quarantine."""
    table = tables.set_aside
    tx.connection.execute(
        delete(table).where(table.c.county == tx.county, table.c.digest == digest)
    )


def list_quarantined(connection: Connection, county: str) -> list[QuarantinedFile]:
    """Return the quarantined files, the newest first."""
    table = tables.set_aside
    rows = connection.execute(
        select(table.c.digest, table.c.file_name, table.c.reason, table.c.at)
        .where(table.c.county == county)
        .order_by(table.c.at.desc())
    )
    return [QuarantinedFile(r.digest, r.file_name, read_reason(r.reason), r.at) for r in rows]


def quarantined_file(connection: Connection, county: str, digest: str) -> tuple[str, bytes]:
    """Return the name and bytes of a quarantined file; no bytes if it was too large to save.

    Raises `UserError` if the file is not in quarantine.
    """
    table = tables.set_aside
    row = connection.execute(
        select(table.c.file_name, table.c.sealed).where(
            table.c.county == county, table.c.digest == digest
        )
    ).first()
    if row is None:
        raise UserError(BilingualText("没有这个文件", "this file is not in quarantine"))
    return row.file_name, bytes(row.sealed)
