"""The county's laptops: enrolment by key, revocation, and changes of keys."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, insert, or_, select, update

from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables
from ruhu.county.devices.bundle_sequence import digests_before
from ruhu.errors import UserError
from ruhu.exchange.keys.device import DevicePublic
from ruhu.exchange.keys.rotation import FindSigner, KeyRotation, Signer
from ruhu.i18n import BilingualText


class NotEnrolled(UserError):
    """The device was never enrolled."""

    def __init__(self, device_id: UUID) -> None:
        text = BilingualText("设备 {device} 没有登记", "device {device} is not enrolled")
        super().__init__(text.format(device=device_id))


class RevokedDevice(UserError):
    """The county has revoked the device."""

    def __init__(self, device_id: UUID) -> None:
        text = BilingualText("设备 {device} 已注销", "device {device} was revoked")
        super().__init__(text.format(device=device_id))


class RevokedBefore(UserError):
    """The device to be enrolled, or its key, was revoked."""

    def __init__(self, device_id: UUID, since: datetime) -> None:
        text = BilingualText(
            "设备 {device} 已于 {day} 注销，没有重新登记。电脑已找回或注销有误的，由管理员在命令行用 "
            "ruhu county enrol --again 恢复登记",
            "device {device} was revoked from {day} on and cannot be enrolled again; if it was found or revoked "
            "by mistake, an administrator can enrol it with: ruhu county enrol --again",
        )
        super().__init__(text.format(device=device_id, day=since.astimezone().date()))


def device_row(connection: Connection, county: str, device_id: UUID) -> Any:
    """Return a device's row, `None` if it was never enrolled."""
    table = tables.device
    return connection.execute(
        select(table).where(table.c.county == county, table.c.device_id == str(device_id))
    ).one_or_none()


def active_key(connection: Connection, county: str, device_id: UUID) -> str | None:
    """Return the public key of a device that is enrolled and not revoked."""
    row = device_row(connection, county, device_id)
    return None if row is None or row.revoked_at is not None else str(row.key)


def require_active(connection: Connection, county: str, device_id: UUID) -> None:
    """Raise `NotEnrolled` or `RevokedDevice` unless a device may work."""
    row = device_row(connection, county, device_id)
    if row is None:
        raise NotEnrolled(device_id)
    if row.revoked_at is not None:
        raise RevokedDevice(device_id)


def refuse_revoked(connection: Connection, county: str, device: DevicePublic) -> None:
    """Raise `RevokedBefore` for a revoked device, or a new one with a revoked device's key."""
    table, former = tables.device, tables.former_key
    owners = select(former.c.device_id).where(former.c.county == county, former.c.key == device.key)
    since = connection.execute(
        select(table.c.revoked_at).where(
            table.c.county == county,
            table.c.revoked_at.is_not(None),
            or_(
                table.c.device_id == str(device.device_id),
                table.c.key == device.key,
                table.c.device_id.in_(owners),
            ),
        )
    ).scalar()
    if since is not None:
        raise RevokedBefore(device.device_id, datetime.fromisoformat(since))


def former_keys(connection: Connection, county: str, device_id: UUID) -> tuple[str, ...]:
    """Return the public keys that a device has replaced."""
    table = tables.former_key
    rows = connection.execute(
        select(table.c.key).where(table.c.county == county, table.c.device_id == str(device_id))
    )
    return tuple(rows.scalars())


@dataclass(frozen=True, slots=True)
class DeviceAccess:
    """Devices by their keys, and for revoked ones the bundles that are still accepted."""

    signers: dict[str, Signer]
    revoked: dict[UUID, set[str]]

    def admits(self, device_id: UUID, digest: str) -> bool:
        """Return whether a device may send the bundle with a digest."""
        return device_id not in self.revoked or digest in self.revoked[device_id]

    def for_bundle(self, digest: str) -> FindSigner:
        """Return the function that finds the signer of one bundle."""

        def find(key: str) -> Signer | None:
            signer = self.signers.get(key)
            if signer is None or self.admits(signer.device_id, digest):
                return signer
            return replace(signer, revoked=True)

        return find


def device_access(connection: Connection, county: str) -> DeviceAccess:
    """Return who may sign bundles now."""
    device, former = tables.device, tables.former_key
    signers: dict[str, Signer] = {}
    revoked: dict[UUID, set[str]] = {}
    for row in connection.execute(
        select(former.c.key, former.c.device_id, former.c.until).where(former.c.county == county)
    ):
        signers[row.key] = Signer(UUID(row.device_id), row.until)
    for row in connection.execute(
        select(device.c.device_id, device.c.key, device.c.revoked_at).where(
            device.c.county == county
        )
    ):
        device_id = UUID(row.device_id)
        signers[row.key] = Signer(device_id)
        if row.revoked_at is not None:
            revoked[device_id] = digests_before(connection, county, device_id, row.revoked_at)
    return DeviceAccess(signers, revoked)


def apply_key_rotation(tx: Transaction, rotation: KeyRotation) -> None:
    """Replace a device's key by a new one that the old key has signed."""
    connection, table, seal = tx.connection, tables.device, tables.device_seal
    key = {"county": tx.county, "device_id": str(rotation.device_id)}
    row = device_row(connection, tx.county, rotation.device_id)
    if row is None or row.key != rotation.old:
        return
    connection.execute(
        insert(tables.former_key).values(
            **key, key=rotation.old, until=rotation.after, replaced_at=tx.at.isoformat()
        )
    )
    connection.execute(update(table).where(*_match(table, key)).values(key=rotation.key))
    connection.execute(delete(seal).where(*_match(seal, key)))
    connection.execute(insert(seal).values(**key, recipient=rotation.seal))
    tx.log("hand over key", {"device": key["device_id"], "after": rotation.after})


def recipient_of(connection: Connection, county: str, device_id: UUID) -> str | None:
    """Return the recipient that replies to an active device are encrypted to."""
    if active_key(connection, county, device_id) is None:
        return None
    table = tables.device_seal
    recipient = connection.execute(
        select(table.c.recipient).where(
            table.c.county == county, table.c.device_id == str(device_id)
        )
    ).scalar()
    return None if recipient is None else str(recipient)


def _match(table: Table, key: dict[str, str]) -> list[Any]:
    return [table.c[name] == value for name, value in key.items()]


def enrol(tx: Transaction, device: DevicePublic, *, again: bool = False) -> None:
    """Enrol a device, or update its name. `again` ends its revocation.

    Raises `RevokedBefore` for a revoked device without `again`, and for the key of another, revoked
    device; `UserError` if the device is enrolled with another key.
    """
    connection, table, seal = tx.connection, tables.device, tables.device_seal
    row = device_row(connection, tx.county, device.device_id)
    if row is None or not again:
        refuse_revoked(connection, tx.county, device)
    if row is not None and row.key != device.key:
        raise UserError(
            BilingualText(
                "设备 {device} 已用另一把密钥登记，请核对指纹",
                "device {device} is enrolled with another key; compare the fingerprints",
            ).format(device=device.device_id)
        )
    key = {"county": tx.county, "device_id": str(device.device_id)}
    values = {"surveyor": device.surveyor, "revoked_at": None}
    if row is not None:
        connection.execute(update(table).where(*_match(table, key)).values(**values))
    else:
        enrolled = {"key": device.key, "enrolled_at": tx.at.isoformat()}
        connection.execute(insert(table).values(**key, **enrolled, **values))
    connection.execute(delete(seal).where(*_match(seal, key)))
    if device.seal:
        connection.execute(insert(seal).values(**key, recipient=device.seal))
    was_revoked = row is not None and row.revoked_at is not None
    tx.log("enrol again" if was_revoked else "enrol", {"device": str(device.device_id)})


def revoke(tx: Transaction, device_id: UUID, since: datetime | None = None) -> None:
    """Refuse the bundles that a device makes from a time on, by default from now on.

    Bundles received by then, and those that its chain proves to be older, stay valid. Raises
    `NotEnrolled`, and `UserError` for a time in the future.
    """
    table, since = tables.device, since or tx.at
    if device_row(tx.connection, tx.county, device_id) is None:
        raise NotEnrolled(device_id)
    if since > tx.at:
        raise UserError(
            BilingualText("注销日期不能在以后", "the date of revocation must not be in the future")
        )
    tx.connection.execute(
        update(table)
        .where(table.c.county == tx.county, table.c.device_id == str(device_id))
        .values(revoked_at=since.astimezone(UTC).isoformat())
    )
    tx.log("revoke", {"device": str(device_id), "since": since.isoformat()})
