"""Base class of JSON documents with keys, and verification of signatures."""

import base64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict


class KeyDocument(BaseModel):
    """A public key file; unknown fields travel untouched."""

    model_config = ConfigDict(frozen=True, extra="allow")


def verify(public_key: str, signature: bytes, data: bytes) -> bool:
    """Return whether `signature` over `data` is by the public key (base64)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True
