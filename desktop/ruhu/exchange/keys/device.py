"""Keys of a laptop: the public document and the private half."""

import base64
from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from ruhu.errors import UserError
from ruhu.exchange.keys.fingerprint import device_fingerprint, device_words
from ruhu.exchange.keys.key_document import KeyDocument
from ruhu.i18n import BilingualText
from ruhu.strict_json import read_json


class DevicePublic(KeyDocument):
    """What the county needs to know of a laptop."""

    format: Literal["ruhu.device/1"] = "ruhu.device/1"
    device_id: UUID
    key: str
    surveyor: str = ""
    seal: str = ""
    """The age recipient that the county's answers are sealed to."""

    @property
    def fingerprint(self) -> str:
        """Short groups to compare over the telephone."""
        return device_fingerprint(str(self.device_id), self.key, self.seal)

    @property
    def words(self) -> BilingualText:
        """The fingerprint as ten words."""
        return device_words(str(self.device_id), self.key, self.seal)


class DeviceKey:
    """A device's private keys in the encrypted store: one signs, one opens the county's replies.

    `identities` are age identities, the current one first. `handovers` (as JSON) lead from the first key to
    this one.
    """

    def __init__(
        self,
        device_id: UUID,
        secret: bytes,
        identities: Sequence[str],
        handovers: Sequence[dict[str, Any]] = (),
    ) -> None:
        self.device_id, self.identities = device_id, tuple(identities)
        self.handovers = tuple(handovers)
        self._key = Ed25519PrivateKey.from_private_bytes(secret)

    @classmethod
    def generate(cls) -> "DeviceKey":
        """Create a new device with random keys."""
        secret = Ed25519PrivateKey.generate().private_bytes_raw()
        return cls(uuid7(), secret, [str(pyrage.x25519.Identity.generate())])

    @property
    def secret(self) -> bytes:
        """The 32 secret bytes."""
        return self._key.private_bytes_raw()

    @property
    def public(self) -> str:
        """The public key in base64."""
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    @property
    def recipient(self) -> str:
        """The age recipient of the current identity."""
        return str(pyrage.x25519.Identity.from_str(self.identities[0]).to_public())

    @property
    def private_key(self) -> Ed25519PrivateKey:
        """The signing key."""
        return self._key

    def sign(self, data: bytes) -> bytes:
        """Sign with Ed25519."""
        return self._key.sign(data)


def read_device(data: bytes) -> DevicePublic:
    """Read a device's public key file. Raises `UserError` for anything else."""
    try:
        public = DevicePublic.model_validate(read_json(data, max_bytes=65536))
        Ed25519PublicKey.from_public_bytes(base64.b64decode(public.key, validate=True))
        if public.seal:
            pyrage.x25519.Recipient.from_str(public.seal)
    except (UserError, ValidationError, pyrage.RecipientError, ValueError):
        raise UserError(
            BilingualText(
                "这不是设备公钥文件（device.json）", "not a device key file (device.json)"
            )
        ) from None
    return public
