"""Sign and verify HTTP requests of a device (RFC 9421), each with a nonce from the server.

A signature covers the method, the path, and other relevant fields: the position of a part within a bundle,
the digest of a body. `created` is a constant, as a laptop's clock may be wrong.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
)
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from ruhu.exchange.keys.device import DeviceKey
from ruhu.exchange.protocol.messages import LENGTH, OFFSET

TAG = "ruhu/1"
CREATED = datetime(2000, 1, 1, tzinfo=UTC)
REQUIRED_COMPONENTS = ("@method", "@path")
OPTIONAL_COMPONENTS = (OFFSET.lower(), LENGTH.lower())
"""Fields that are signed whenever a request has them."""


class NotSigned(Exception):
    """The request has no signature of an authorised device."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A verified request: its device and its nonce."""

    device_id: UUID
    nonce: str


class _Request:
    """A request as the library expects it.

    Only the path of the address is signed: a server may have many names.
    """

    def __init__(self, method: str, path: str, headers: Any) -> None:
        self.method, self.url, self.headers = method, f"https://ruhu{path}", headers


class _SigningKey(HTTPSignatureKeyResolver):
    def __init__(self, device: DeviceKey) -> None:
        self._device = device

    def resolve_private_key(self, key_id: str) -> Any:
        return self._device.private_key


class _EnrolledKeys(HTTPSignatureKeyResolver):
    """Looks up the public keys of devices.

    `failure` is the exception of a failed lookup: the library reports any exception as a wrong signature.
    """

    def __init__(self, find_key: Callable[[UUID], bytes | None]) -> None:
        self._find_key = find_key
        self.failure: Exception | None = None

    def resolve_public_key(self, key_id: str) -> Any:
        device_id = UUID(key_id)
        try:
            key = self._find_key(device_id)
        except Exception as error:
            self.failure = error
            raise
        return None if key is None else Ed25519PublicKey.from_public_bytes(key)


class _Verifier(HTTPMessageVerifier):
    max_clock_skew = timedelta(days=36500)


def _covered(headers: Mapping[str, str]) -> tuple[str, ...]:
    names = {name.lower() for name in headers}
    return (*REQUIRED_COMPONENTS, *(name for name in OPTIONAL_COMPONENTS if name in names))


def sign_request(
    device: DeviceKey,
    method: str,
    path: str,
    headers: Mapping[str, str],
    nonce: str,
    body: bytes | None = None,
) -> dict[str, str]:
    """Return the headers of a request with its signature; a `body` is signed by its digest."""
    signed = dict(headers)
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_SigningKey(device)).sign(
        _Request(method, path, signed),
        key_id=str(device.device_id),
        created=CREATED,
        nonce=nonce,
        tag=TAG,
        label="ruhu",
        covered_component_ids=_covered(headers),
        body=body,
    )
    return signed


def verify_request(
    method: str,
    path: str,
    headers: Mapping[str, str],
    find_key: Callable[[UUID], bytes | None],
    body: bytes | None = None,
) -> Signed:
    """Return who signed a request. `find_key` returns a device's public key, `None` if it is not authorised.

    Raises `NotSigned`, and what `find_key` raises. The caller must check that it issued the nonce.
    """
    enrolled = _EnrolledKeys(find_key)
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=enrolled)
    try:
        (result,) = verifier.verify(
            _Request(method, path, dict(headers)),
            max_age=None,
            expect_tag=TAG,
            require_components=_covered(headers),
            body=body,
        )
        device_id = UUID(str(result.parameters["keyid"]))
    except (HTTPMessageSignaturesException, ValueError, KeyError, TypeError, ArithmeticError):
        if enrolled.failure is not None:
            raise enrolled.failure from None
        raise NotSigned from None
    return Signed(device_id, str(result.nonce or ""))
