"""A laptop as the county sees it: a key, and bundles of revisions one after the other."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from ruhu.county.county import CountyStore
from ruhu.county.records.import_result import ImportResult
from ruhu.exchange.formats.bundle import Manifest, recipient_fingerprints, seal_bundle
from ruhu.exchange.formats.container import digest
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.keys.device import DeviceKey, DevicePublic
from ruhu.revisions.revision import Reason, Revision

BEGIN = datetime(2017, 6, 1, 8, tzinfo=UTC)


class Laptop:
    """One surveyor's."""

    def __init__(self, county: CountyStore, surveyor: str, folder: Path) -> None:
        self.surveyor, self._folder = surveyor, folder
        self.device = DeviceKey.generate()
        self._county: CountyPublic = county.public
        self._sequence = 0
        self._previous: str | None = None
        county.devices.enrol(self.public)

    @property
    def public(self) -> DevicePublic:
        device = self.device
        return DevicePublic(
            device_id=device.device_id,
            key=device.public,
            surveyor=self.surveyor,
            seal=device.recipient,
        )

    def revision(
        self,
        document: dict[str, Any] | None,
        *,
        record_id: UUID | None = None,
        on: Sequence[Revision] = (),
        hour: int = 0,
        reason: Reason = "visit",
    ) -> Revision:
        """A revision that builds on others."""
        key = record_id or UUID((document or {})["record_id"])
        return Revision(
            revision_id=uuid7(),
            record_id=key,
            parents=tuple(each.revision_id for each in on),
            device_id=self.device.device_id,
            author=self.surveyor,
            at=BEGIN + timedelta(hours=hour),
            reason=reason,
            document=document,
        )

    def bundle(self, *revisions: Revision) -> Path:
        """A bundle file with these revisions."""
        self._sequence += 1
        manifest = Manifest(
            bundle_id=uuid7(),
            device_id=self.device.device_id,
            sequence=self._sequence,
            previous=self._previous,
            county=self._county.county,
            created=BEGIN,
            app="test",
            policy="test",
            counts={"revisions": len(revisions), "attachments": 0},
            recipients=recipient_fingerprints(self._county),
        )
        sealed = seal_bundle(manifest, revisions, self.device, self._county)
        self._previous = digest(sealed)
        self._folder.mkdir(exist_ok=True)
        path = self._folder / f"{self.device.device_id}-{self._sequence:06}.bundle.age"
        path.write_bytes(sealed)
        return path

    def send(self, county: CountyStore, *revisions: Revision) -> ImportResult:
        """Make a bundle and bring it in."""
        return county.exchange.import_file(self.bundle(*revisions))
