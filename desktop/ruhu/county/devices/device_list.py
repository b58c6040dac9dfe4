"""The list of a county's devices with their state."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from ruhu.county.database import tables
from ruhu.county.devices.bundle_sequence import BundleSequence, sequences_by_device
from ruhu.exchange.keys.fingerprint import device_fingerprint, device_words
from ruhu.i18n import BilingualText


@dataclass(frozen=True, slots=True)
class Device:
    """A laptop as the county knows it; times are ISO 8601.

    `gaps` are the missing bundles of its sequence. `words` are its fingerprint, to be read over the
    telephone.
    """

    device_id: UUID
    surveyor: str
    fingerprint: str
    words: BilingualText
    enrolled_at: str
    revoked_at: str | None
    last: int
    gaps: tuple[int, ...]
    seen_at: str = ""


def list_devices(connection: Connection, county: str) -> list[Device]:
    """Return every device, revoked ones last."""
    device, seal, laptop = tables.device, tables.device_seal, tables.laptop
    sequences = sequences_by_device(connection, county)
    seal_query = select(seal.c.device_id, seal.c.recipient).where(seal.c.county == county)
    seals = {row.device_id: row.recipient for row in connection.execute(seal_query)}
    seen_query = select(laptop.c.device_id, laptop.c.seen_at).where(laptop.c.county == county)
    seen = {row.device_id: row.seen_at for row in connection.execute(seen_query)}
    rows = connection.execute(
        select(
            device.c.device_id,
            device.c.key,
            device.c.surveyor,
            device.c.enrolled_at,
            device.c.revoked_at,
        ).where(device.c.county == county)
    )
    devices = []
    for row in rows:
        sequence = sequences.get(row.device_id, BundleSequence())
        identity = (row.device_id, row.key, seals.get(row.device_id, ""))
        devices.append(
            Device(
                device_id=UUID(row.device_id),
                surveyor=row.surveyor,
                fingerprint=device_fingerprint(*identity),
                words=device_words(*identity),
                enrolled_at=row.enrolled_at,
                revoked_at=row.revoked_at,
                last=sequence.last,
                gaps=sequence.gaps,
                seen_at=seen.get(row.device_id, ""),
            )
        )
    return sorted(devices, key=lambda d: (d.revoked_at is not None, d.surveyor))
