"""Update packages for the laptops: one for each platform, in the database.

There every worker of the server can read them. The county signs nothing: laptops trust the keys of
the release.
"""

import hashlib
from typing import BinaryIO

from sqlalchemy import Connection, delete, insert, select

from ruhu.county.audit.trail import Transaction
from ruhu.county.database.tables import offered_update, update_part
from ruhu.exchange.protocol.messages import UpdateOffer

PART_BYTES = 1024 * 1024


def publish(tx: Transaction, version: str, platform: str, package: BinaryIO) -> UpdateOffer:
    """Save a verified package, in place of the previous one for its platform."""
    previous = offered(tx.connection, tx.county, platform)
    digest, length = hashlib.sha256(), 0
    package.seek(0)
    while data := package.read(PART_BYTES):
        digest.update(data)
        length += len(data)
    offer = UpdateOffer(
        version=version, platform=platform, digest=digest.hexdigest(), length=length
    )
    if previous is not None:
        for table in (offered_update, update_part):
            condition = (table.c.county == tx.county, table.c.digest == previous.digest)
            tx.connection.execute(delete(table).where(*condition))
    package.seek(0)
    for number in range((length + PART_BYTES - 1) // PART_BYTES):
        tx.connection.execute(
            insert(update_part).values(
                county=tx.county, digest=offer.digest, number=number, data=package.read(PART_BYTES)
            )
        )
    fields = offer.model_dump()
    tx.connection.execute(
        insert(offered_update).values(county=tx.county, at=tx.at.isoformat(), **fields)
    )
    tx.log("publish update", {"version": version, "platform": platform, "digest": offer.digest})
    return offer


def offered(connection: Connection, county: str, platform: str) -> UpdateOffer | None:
    """Return the offer for a platform."""
    table = offered_update
    found = connection.execute(
        select(table.c.version, table.c.platform, table.c.digest, table.c.length).where(
            table.c.county == county, table.c.platform == platform
        )
    )
    row = found.mappings().first()
    return None if row is None else UpdateOffer(**row)


def find_offer(connection: Connection, county: str, digest: str) -> UpdateOffer | None:
    """Return the offer of a package by its SHA-256."""
    table = offered_update
    row = connection.execute(
        select(table.c.platform).where(table.c.county == county, table.c.digest == digest)
    ).first()
    return None if row is None else offered(connection, county, row.platform)


def read_part(connection: Connection, county: str, digest: str, number: int) -> bytes:
    """Return one part of a package, empty if there is none."""
    data = connection.execute(
        select(update_part.c.data).where(
            update_part.c.county == county,
            update_part.c.digest == digest,
            update_part.c.number == number,
        )
    ).scalar()
    return b"" if data is None else bytes(data)
