"""A device's new key, vouched for by the one before: what was signed earlier stays verifiable.

Every bundle signed by a new key carries the hand-overs that lead to it, so bundles may arrive in any
order. The old key counts for the bundles it was there for, and for no later one.
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
"""Hand-overs that a bundle may carry."""


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
        """What the signature covers: all but itself, as canonical JSON after the domain."""
        return DOMAIN + rfc8785.dumps(self.model_dump(mode="json", exclude={"signature"}))

    @property
    def genuine(self) -> bool:
        """Whether the old key signed it."""
        try:
            signature = base64.b64decode(self.signature, validate=True)
            signed = self.signed_bytes()
        except ValueError:  # of what has no canonical JSON nobody can have signed any
            return False
        return verify(self.old, signature, signed)


@dataclass(frozen=True, slots=True)
class Signer:
    """The device that signs with a key, the last bundle it may sign where it was replaced, and whether
    the device was `revoked` and may send no such bundle.
    """

    device_id: UUID
    until: int | None = None
    revoked: bool = False


FindSigner = Callable[[str], Signer | None]


def rotate(device: DeviceKey, after: int, at: datetime) -> DeviceKey:
    """The device with new keys, which its old key vouches for. `after` is its last bundle's number."""
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
    told = bare.model_copy(update={"signature": signature}).model_dump(mode="json")
    return DeviceKey(
        device.device_id,
        fresh.secret,
        [*fresh.identities, *device.identities],
        [*device.handovers, told],
    )


def read_handovers(value: Any) -> tuple[KeyRotation, ...]:
    """The hand-overs of an envelope. Raises `ValueError` for anything else."""
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_ROTATIONS:
        raise ValueError("handovers")
    return tuple(KeyRotation.model_validate(each) for each in value)


def follow_rotations(
    key: str, handovers: Sequence[KeyRotation], find_signer: FindSigner
) -> tuple[Signer | None, tuple[KeyRotation, ...]]:
    """Who signs with a key: one that is known, or one that hand-overs lead to from a known one.

    Returns the hand-overs that were needed, too. A key that was replaced hands over to nobody else.
    """
    known = find_signer(key)
    if known is not None:
        return known, ()
    needed: list[KeyRotation] = []
    by_new = {handover.key: handover for handover in handovers}
    wanted = key
    while wanted in by_new and len(needed) < len(by_new):
        handover = by_new[wanted]
        needed.insert(0, handover)
        start = find_signer(handover.old)
        if start is None:
            wanted = handover.old
            continue
        sound = all(h.genuine and h.device_id == start.device_id for h in needed)
        if start.until is None and sound:
            return Signer(start.device_id, revoked=start.revoked), tuple(needed)
        break
    return None, ()
