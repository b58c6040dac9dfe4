"""The county's laptops: enrolled by their keys, revoked when one is lost."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, insert, select, update

from ruhu.bundle.handover import Signer
from ruhu.bundle.keys import DevicePublic
from ruhu.county import tables
from ruhu.county.audit import Act
from ruhu.survey.text import Text, UserError


def device_row(connection: Connection, county: str, device_id: UUID) -> Any:
    """A device's row; `None` for one never enrolled."""
    table = tables.device
    return connection.execute(
        select(table).where(table.c.county == county, table.c.device_id == str(device_id))
    ).one_or_none()


def working_key(connection: Connection, county: str, device_id: UUID) -> str | None:
    """The public key of a device that is enrolled and not revoked."""
    row = device_row(connection, county, device_id)
    return None if row is None or row.revoked_at is not None else str(row.key)


def signers(connection: Connection, county: str) -> dict[str, Signer]:
    """The devices that are enrolled and not revoked, by their public keys."""
    table = tables.device
    rows = connection.execute(
        select(table.c.device_id, table.c.key).where(
            table.c.county == county, table.c.revoked_at.is_(None)
        )
    )
    return {row.key: Signer(UUID(row.device_id)) for row in rows}


def recipient_of(connection: Connection, county: str, device_id: UUID) -> str | None:
    """What answers to a working device are sealed to."""
    if working_key(connection, county, device_id) is None:
        return None
    table = tables.device_seal
    found = connection.execute(
        select(table.c.recipient).where(
            table.c.county == county, table.c.device_id == str(device_id)
        )
    ).scalar()
    return None if found is None else str(found)


def _is(table: Table, key: dict[str, str]) -> list[Any]:
    return [table.c[name] == value for name, value in key.items()]


def enrol(act: Act, device: DevicePublic) -> None:
    """Let a device's bundles in; enrolling it again renews its name and ends a revocation.

    Raises `UserError` when the device is known under another key.
    """
    connection, table, seal = act.connection, tables.device, tables.device_seal
    known = device_row(connection, act.county, device.device_id)
    if known is not None and known.key != device.key:
        raise UserError(
            Text(
                "设备 {device} 已用另一把密钥登记，请核对指纹",
                "device {device} is enrolled with another key; compare the fingerprints",
            ).format(device=device.device_id)
        )
    mine = {"county": act.county, "device_id": str(device.device_id)}
    values = {"surveyor": device.surveyor, "revoked_at": None}
    if known is not None:
        connection.execute(update(table).where(*_is(table, mine)).values(**values))
    else:
        enrolled = {"key": device.key, "enrolled_at": act.at.isoformat()}
        connection.execute(insert(table).values(**mine, **enrolled, **values))
    connection.execute(delete(seal).where(*_is(seal, mine)))
    if device.seal:
        connection.execute(insert(seal).values(**mine, recipient=device.seal))
    act.note("enrol", {"device": str(device.device_id)})


def revoke(act: Act, device_id: UUID) -> None:
    """Let no further bundles of a device in. Raises `UserError` for one never enrolled."""
    table = tables.device
    if device_row(act.connection, act.county, device_id) is None:
        raise UserError(
            Text("设备 {device} 没有登记", "device {device} is not enrolled").format(
                device=device_id
            )
        )
    act.connection.execute(
        update(table)
        .where(table.c.county == act.county, table.c.device_id == str(device_id))
        .values(revoked_at=act.at.isoformat())
    )
    act.note("revoke", {"device": str(device_id)})
