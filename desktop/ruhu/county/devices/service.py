"""Administration of the county's laptops."""

from datetime import datetime
from uuid import UUID

from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.devices import devices, enrolment
from ruhu.county.devices.device_list import Device, list_devices
from ruhu.county.devices.enrolment import PendingEnrolment
from ruhu.exchange.keys.device import DevicePublic, IssuingDevice


class DeviceService:
    """Enrolling, revoking and listing laptops."""

    def __init__(self, session: DatabaseSession) -> None:
        self._session = session

    def all(self) -> list[Device]:
        """Return every device, revoked ones last."""
        with self._session.reader() as connection:
            return list_devices(connection, self._session.county)

    def enrol(self, device: DevicePublic, *, again: bool = False) -> None:
        """Accept a device's bundles, a revoked device's only with `again`; see `devices.enrol`."""
        with self._session.transaction(Permission.DEVICES) as tx:
            devices.enrol(tx, device, again=again)

    def revoke(self, device_id: UUID, since: datetime | None = None) -> None:
        """Refuse the bundles that a device makes from a time on; see `devices.revoke`."""
        with self._session.transaction(Permission.DEVICES) as tx:
            devices.revoke(tx, device_id, since)

    def find_issuer(self, device_id: UUID) -> IssuingDevice | None:
        """Return a device that signs slips and requests, `None` if it was never enrolled."""
        with self._session.reader() as connection:
            row = devices.device_row(connection, self._session.county, device_id)
            if row is None:
                return None
            former = devices.former_keys(connection, self._session.county, device_id)
        is_revoked = row.revoked_at is not None
        return IssuingDevice(str(row.key), str(row.surveyor), is_revoked, former)

    def request_enrolment(self, device: DevicePublic) -> bool:
        """Save a laptop's request to be enrolled; return whether it is enrolled already."""
        with self._session.transaction(Permission.IMPORT) as tx:
            return enrolment.request(tx, device)

    def enrolment_requests(self) -> list[PendingEnrolment]:
        """Return the requests that wait for a decision, the oldest first."""
        with self._session.reader(Permission.DEVICES) as connection:
            return enrolment.list_requests(connection, self._session.county)

    def decide_enrolment(self, device_id: UUID, *, good: bool) -> None:
        """Enrol a laptop that has asked for it, or reject the request."""
        with self._session.transaction(Permission.DEVICES) as tx:
            enrolment.resolve(tx, device_id, good=good)

    def record_recovery(self, request_words: str) -> None:
        """Log that a laptop's passphrase was recovered, with the words of its request."""
        with self._session.transaction(Permission.DEVICES) as tx:
            tx.log("recover passphrase", {"words": request_words})
