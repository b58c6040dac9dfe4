"""Each laptop's sequence of bundles: received, missing and replaced ones."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, select

from ruhu.county.database import tables


class BundleSequence(NamedTuple):
    """The state of a laptop's sequence of bundles.

    `last` is the highest number received, `gaps` are missing numbers before it. `forgotten` are
    bundles received although another replaces them: the laptop was restored and has lost them.
    """

    last: int = 0
    gaps: tuple[int, ...] = ()
    forgotten: frozenset[int] = frozenset()


def sequence_of(connection: Connection, county: str, device_id: UUID) -> BundleSequence:
    """Return a laptop's sequence of bundles."""
    return sequences_by_device(connection, county, device_id).get(str(device_id), BundleSequence())


def sequences_by_device(
    connection: Connection, county: str, device_id: UUID | None = None
) -> dict[str, BundleSequence]:
    """Return the sequences of all devices, or of one, by device id."""
    table = tables.bundle
    query = select(table.c.device_id, table.c.sequence, table.c.replaces).where(
        table.c.county == county
    )
    if device_id is not None:
        query = query.where(table.c.device_id == str(device_id))
    received: dict[str, set[int]] = {}
    replaced: dict[str, set[int]] = {}
    for row in connection.execute(query):
        received.setdefault(row.device_id, set()).add(row.sequence)
        if row.replaces:
            replaced.setdefault(row.device_id, set()).update(map(int, row.replaces.split()))
    result = {}
    for device, sequences in received.items():
        last, replaced_here = max(sequences), replaced.get(device, set())
        missing = set(range(1, last)) - sequences - replaced_here
        result[device] = BundleSequence(
            last, tuple(sorted(missing)), frozenset(sequences & replaced_here)
        )
    return result


def digests_before(connection: Connection, county: str, device_id: UUID, before: str) -> set[str]:
    """Return the digests of bundles that a device's chain proves to be older than a time (ISO
    8601).

    A bundle received by then, or another such bundle, names each of them as its predecessor.
    """
    table = tables.bundle
    rows = connection.execute(
        select(table.c.digest, table.c.previous, table.c.imported_at).where(
            table.c.county == county, table.c.device_id == str(device_id)
        )
    ).all()
    previous = {row.digest: row.previous for row in rows}
    pending = [row.previous for row in rows if row.imported_at < before and row.previous]
    digests: set[str] = set()
    while pending:
        digest = pending.pop()
        if digest not in digests:
            digests.add(digest)
            if previous.get(digest):
                pending.append(previous[digest])
    return digests
