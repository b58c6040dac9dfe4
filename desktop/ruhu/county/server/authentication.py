"""Authentication of requests: RFC 9421 signatures of enrolled devices, with a nonce each."""

import base64
import hashlib
from collections.abc import Mapping
from uuid import UUID

from ruhu.county.county import CountyStore
from ruhu.county.devices.devices import RevokedDevice
from ruhu.county.server.nonces import Nonces
from ruhu.exchange.protocol.http_signature import NotSigned, verify_request


class RequestAuthenticator:
    """Verifies who sent a request; a nonce is derived from the server's key and valid once."""

    def __init__(self, store: CountyStore) -> None:
        self._store = store
        key, _ = store.keys.server_certificate()
        self._nonces = Nonces(hashlib.sha256(b"ruhu nonces\0" + key.encode()).digest())

    def issue_nonce(self) -> str:
        """Return a nonce for a device's next request."""
        return self._nonces.issue()

    def authenticate(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> UUID:
        """Return the device that signed a request, and use the nonce up.

        With a `body` its digest must be signed, too. Raises `NotSigned`, `RevokedDevice`.
        """
        revoked: set[UUID] = set()

        def find_key(device_id: UUID) -> bytes | None:
            issuer = self._store.devices.issuer(device_id)
            if issuer is None:
                return None
            if issuer[2]:
                revoked.add(device_id)
            return base64.b64decode(issuer[0])

        signed = verify_request(method, path, headers, find_key, body)
        mark = self._nonces.mark(signed.nonce)
        if mark is None or not self._store.replies.use_nonce(signed.device_id, mark):
            raise NotSigned
        if signed.device_id in revoked:
            raise RevokedDevice(signed.device_id)
        return signed.device_id
