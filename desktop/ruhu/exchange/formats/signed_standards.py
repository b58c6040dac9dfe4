"""County standards signed by the county, so that a laptop knows whose they are.

A signed file is JSON: `format`, the `standards` as in the county's own file, the `signing_key` (base64) and
an Ed25519 `signature` (base64) over the domain and the canonical JSON (RFC 8785) of the standards.
"""

import base64
from collections.abc import Collection
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ruhu.errors import UserError
from ruhu.exchange.keys.fingerprint import fingerprint
from ruhu.exchange.keys.key_document import verify
from ruhu.i18n import BilingualText
from ruhu.strict_json import Document

FORMAT = "ruhu.standards/1"
DOMAIN = b"ruhu.standards/1\0"


class StandardsNotGenuine(UserError):
    """The signed file was altered, or signed by another county."""


def sign_standards(document: Document, secret: bytes) -> Document:
    """Sign a validated, JSON-ready standards document with the county's signing key."""
    key = Ed25519PrivateKey.from_private_bytes(secret)
    return {
        "format": FORMAT,
        "standards": document,
        "signing_key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        "signature": base64.b64encode(key.sign(DOMAIN + rfc8785.dumps(document))).decode(),
    }


def is_signed(document: Document) -> bool:
    """Return whether a file claims to be signed."""
    return document.get("format") == FORMAT


def open_standards(document: Document, signing_keys: Collection[str] | None = None) -> Document:
    """Return the standards of a file, signed or not; `signing_keys` are those of the known county.

    Raises `StandardsNotGenuine` if the signature is invalid or by another key.
    """
    if not is_signed(document):
        return document
    standards: Any = document.get("standards")
    key, signature = document.get("signing_key"), document.get("signature")
    if not (isinstance(standards, dict) and isinstance(key, str) and isinstance(signature, str)):
        raise _altered()
    try:
        signed = verify(
            key, base64.b64decode(signature, validate=True), DOMAIN + rfc8785.dumps(standards)
        )
    except (ValueError, rfc8785.CanonicalizationError):
        raise _altered() from None
    if not signed:
        raise _altered()
    if signing_keys is not None and key not in signing_keys:
        raise StandardsNotGenuine(
            BilingualText(
                "县标准不是本县签名的（签名钥指纹 {print}）",
                "these standards were signed by another county (key {print})",
            ).format(print=fingerprint(key))
        )
    return standards


def _altered() -> StandardsNotGenuine:
    return StandardsNotGenuine(
        BilingualText(
            "县标准的签名不符：文件被改动或已损坏，请向县里重要一份",
            "invalid signature: the standards file was altered or damaged; ask the county for another copy",
        )
    )
