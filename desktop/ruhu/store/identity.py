"""Who the laptop is: its device keys, its surveyor and its county."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from ruhu.clock import Clock
from ruhu.data_folder import keys_of
from ruhu.errors import UserError
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.keys.device import DeviceKey, DevicePublic
from ruhu.exchange.keys.key_file import KeyFile
from ruhu.i18n import BilingualText
from ruhu.store.settings import Settings
from ruhu.strict_json import Document


class CountyChanged(UserError):
    """The known county has not signed for the new county key file: a person must compare fingerprints."""

    def __init__(self, known: CountyPublic, offered: CountyPublic) -> None:
        super().__init__(
            BilingualText(
                f"这份公钥不是{known.name}的旧密钥交接来的，请先与县里核对指纹：{offered.words.zh}",
                f"the old keys of {known.name} did not sign for these; first compare the "
                f"fingerprint with the county: {offered.words.en}",
            )
        )
        self.offered = offered


class Identity:
    """The laptop's keys and names, kept in the settings of the store."""

    def __init__(self, settings: Settings, folder: Path, data_key: bytes, clock: Clock) -> None:
        self._settings, self._data_key = settings, data_key
        self._key_file = KeyFile(keys_of(folder), clock)
        self._device_key = self._load_device_key()

    def _load_device_key(self) -> DeviceKey:
        saved = self._settings.get("device", None)
        if saved is None:
            key = DeviceKey.generate()
            self._settings.set("device", _to_document(key))
            return key
        return DeviceKey(
            UUID(saved["id"]),
            bytes.fromhex(saved["secret"]),
            saved["identity"].splitlines(),
            saved.get("handovers", ()),
        )

    @property
    def device(self) -> DevicePublic:
        """The laptop's public key."""
        return DevicePublic(
            device_id=self._device_key.device_id,
            key=self._device_key.public,
            surveyor=self.surveyor,
            seal=self._device_key.recipient,
        )

    @property
    def device_id(self) -> UUID:
        """The laptop's id."""
        return self._device_key.device_id

    @property
    def device_key(self) -> DeviceKey:
        """The laptop's private keys."""
        return self._device_key

    def replace_device_key(self, key: DeviceKey) -> None:
        """Save new private keys and use them from now on."""
        self._settings.set("device", _to_document(key))
        self._device_key = key

    def sign(self, data: bytes) -> bytes:
        """Sign with the device key."""
        return self._device_key.sign(data)

    @property
    def surveyor(self) -> str:
        """The surveyor's name."""
        return str(self._settings.get("surveyor", ""))

    @surveyor.setter
    def surveyor(self, name: str) -> None:
        self._settings.set("surveyor", name)

    @property
    def county(self) -> CountyPublic | None:
        """The county that bundles are sealed to; `None` until its key file is imported."""
        saved = self._settings.get("county", None)
        return CountyPublic.model_validate(saved) if saved else None

    def set_county(self, county: CountyPublic, *, confirmed: bool = False) -> None:
        """Save the county and wrap the data key for its recovery key.

        `confirmed` means that a person compared the fingerprint. It is required for keys that the known
        county's keys did not sign for. Raises `CountyChanged`.
        """
        known = self.county
        if known is not None and not confirmed and not county.is_successor_of(known):
            raise CountyChanged(known, county)
        self._key_file.wrap_for_recovery(self._data_key, county.recovery)
        self._settings.set("county", county.model_dump(mode="json"))

    def change_passphrase(self, old: str, new: str) -> None:
        """Choose a new passphrase. Raises what `KeyFile.change_passphrase` raises."""
        self._key_file.change_passphrase(old, new)

    @property
    def unreported_recoveries(self) -> tuple[datetime, ...]:
        """Times of passphrase recoveries with the county's key that no bundle has reported yet."""
        return self._key_file.recovered[self._reported_recoveries :]

    def mark_recoveries_reported(self, count: int) -> None:
        """Record that a bundle reported `count` more recoveries."""
        self._settings.set("recovered_told", self._reported_recoveries + count)

    @property
    def _reported_recoveries(self) -> int:
        return int(self._settings.get("recovered_told", 0))


def _to_document(key: DeviceKey) -> Document:
    return {
        "id": str(key.device_id),
        "secret": key.secret.hex(),
        "identity": "\n".join(key.identities),
        "handovers": list(key.handovers),
    }
