"""Rotate a device's keys: the old key signs the new one, so earlier signatures stay verifiable.

Every bundle signed by a new key carries the rotations that lead to it, so bundles may arrive in any order.
The old key is valid for the bundles before the rotation, and for no later one.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import rfc8785

from ruhu.exchange.keys.device import DeviceKey
from ruhu.exchange.keys.key_document import KeyDocument, verify

FORMAT: Literal["ruhu.handover/1"] = "ruhu.handover/1"
DOMAIN = b"ruhu.handover/1\0"
MAX_ROTATIONS = 50
"""Rotations that a bundle may carry."""


class KeyRotation(KeyDocument):
    """The key that takes the place of `old` after the bundle numbered `after`.

    `seal` is the age recipient for the county's answers from then on. Signed by the old key.
    """

    format: Literal["ruhu.handover/1"] = FORMAT
    device_id: UUID
    after: int
    old: str
    key: str
    seal: str
    at: datetime
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """Return what the signature covers: everything but itself, as canonical JSON after the domain."""
        return DOMAIN + rfc8785.dumps(self.model_dump(mode="json", exclude={"signature"}))

    @property
    def genuine(self) -> bool:
        """Whether the old key signed it."""
        try:
            signature = base64.b64decode(self.signature, validate=True)
            signed = self.signed_bytes()
        except ValueError:  # without canonical JSON there is nothing that could have been signed
            return False
        return verify(self.old, signature, signed)


@dataclass(frozen=True, slots=True)
class Signer:
    """The device that signs with a key.

    `until` is the last bundle that a replaced key may sign; a `revoked` device may send none.
    """

    device_id: UUID
    until: int | None = None
    revoked: bool = False


FindSigner = Callable[[str], Signer | None]


def rotate(device: DeviceKey, after: int, at: datetime) -> DeviceKey:
    """Return the device with new keys signed by its old one. `after` is its last bundle's number."""
    fresh = DeviceKey.generate()
    bare = KeyRotation(
        device_id=device.device_id,
        after=after,
        old=device.public,
        key=fresh.public,
        seal=fresh.recipient,
        at=at,
    )
    signature = base64.b64encode(device.sign(bare.signed_bytes())).decode()
    signed = bare.model_copy(update={"signature": signature}).model_dump(mode="json")
    return DeviceKey(
        device.device_id,
        fresh.secret,
        [*fresh.identities, *device.identities],
        [*device.handovers, signed],
    )


def read_handovers(value: Any) -> tuple[KeyRotation, ...]:
    """Parse the rotations of an envelope. Raises `ValueError` for anything else."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_ROTATIONS:
        raise ValueError("handovers")
    return tuple(KeyRotation.model_validate(each) for each in value)


def follow_rotations(
    key: str, handovers: Sequence[KeyRotation], find_signer: FindSigner
) -> tuple[Signer | None, tuple[KeyRotation, ...]]:
    """Return who signs with a key: a known one, or one that rotations lead to from a known one.

    Also returns the rotations that were needed. A replaced key cannot hand over to a second one.
    """
    known = find_signer(key)
    if known is not None:
        return known, ()
    needed: list[KeyRotation] = []
    by_new = {handover.key: handover for handover in handovers}
    key_to_find = key
    while key_to_find in by_new and len(needed) < len(by_new):
        handover = by_new[key_to_find]
        needed.insert(0, handover)
        start = find_signer(handover.old)
        if start is None:
            key_to_find = handover.old
            continue
        sound = all(h.genuine and h.device_id == start.device_id for h in needed)
        if start.until is None and sound:
            return Signer(start.device_id, revoked=start.revoked), tuple(needed)
        break
    return None, ()
