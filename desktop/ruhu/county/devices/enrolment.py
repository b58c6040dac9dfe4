"""Requests to be enrolled over the network, until somebody compares the fingerprint."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select

from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables
from ruhu.county.devices.devices import device_row, enrol, refuse_revoked
from ruhu.errors import UserError
from ruhu.exchange.keys.device import DevicePublic
from ruhu.i18n import BilingualText

MAX_PENDING_ENROLMENTS = 1000


class OtherKey(UserError):
    """The device is enrolled with another key."""


@dataclass(frozen=True, slots=True)
class PendingEnrolment:
    """A request to be enrolled; `at` is ISO 8601."""

    device: DevicePublic
    at: str


def request(tx: Transaction, device: DevicePublic) -> bool:
    """Save a laptop's request; return whether it is enrolled already.

    Raises `RevokedBefore`, `OtherKey`, and `UserError` if too many requests are pending.
    """
    refuse_revoked(tx.connection, tx.county, device)
    row = device_row(tx.connection, tx.county, device.device_id)
    if row is not None and row.key != device.key:
        raise OtherKey(
            BilingualText("此设备已用另一把密钥登记", "the device is enrolled with another key")
        )
    if row is not None:
        return True
    table = tables.enrolment
    delete_request(tx.connection, tx.county, device.device_id)
    pending = tx.connection.execute(
        select(func.count()).select_from(table).where(table.c.county == tx.county)
    ).scalar_one()
    if pending >= MAX_PENDING_ENROLMENTS:
        raise UserError(
            BilingualText("等待登记的设备太多", "too many enrolment requests are pending")
        )
    tx.connection.execute(
        insert(table).values(
            county=tx.county,
            device_id=str(device.device_id),
            public=device.model_dump_json(),
            at=tx.at.isoformat(),
        )
    )
    return False


def delete_request(connection: Connection, county: str, device_id: UUID) -> None:
    """Delete a request."""
    table = tables.enrolment
    connection.execute(
        delete(table).where(table.c.county == county, table.c.device_id == str(device_id))
    )


def list_requests(connection: Connection, county: str) -> list[PendingEnrolment]:
    """Return the pending requests, the oldest first."""
    table = tables.enrolment
    rows = connection.execute(
        select(table.c.public, table.c.at).where(table.c.county == county).order_by(table.c.at)
    )
    return [
        PendingEnrolment(DevicePublic.model_validate(json.loads(row.public)), row.at)
        for row in rows
    ]


def resolve(tx: Transaction, device_id: UUID, *, good: bool) -> None:
    """Enrol a laptop that has asked for it, or reject the request.

    Raises `UserError` if the request is gone, and what `enrol` raises.
    """
    matches = [
        a for a in list_requests(tx.connection, tx.county) if a.device.device_id == device_id
    ]
    if not matches:
        raise UserError(
            BilingualText("这台设备已不在等待", "this enrolment request is no longer pending")
        )
    delete_request(tx.connection, tx.county, device_id)
    if good:
        enrol(tx, matches[0].device)
    else:
        tx.log("turn away", {"device": str(device_id)})
