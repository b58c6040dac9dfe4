"""Nonces of the server: each is valid once, whatever the laptop's clock says.

A nonce is the server's own time with a proof that the server issued it. It must be newer than the
last one that the device used, which the database stores. So nothing accumulates, and a restart
invalidates none.
"""

import hashlib
import hmac
import secrets
import time

LIFE_SECONDS = 90 * 24 * 3600
"""Laptops come back after weeks in the villages; one that is too old costs one more request."""


class Nonces:
    """Issue and verify nonces with a secret of 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def _proof(self, nonce: str) -> str:
        return hmac.new(self._secret, nonce.encode(), hashlib.sha256).hexdigest()[:32]

    def issue(self) -> str:
        """Return a new nonce."""
        text = f"{time.time_ns():020d}-{secrets.token_hex(8)}"
        return f"{text}-{self._proof(text)}"

    def mark(self, nonce: str) -> str | None:
        """Return the part of a nonce that is stored once it was used; `None` for an invalid one.

        Nonces that were not issued here, or too long ago, are invalid. Newer nonces have greater
        marks.
        """
        text, _, proof = nonce.rpartition("-")
        if not hmac.compare_digest(self._proof(text).encode(), proof.encode("utf-8", "replace")):
            return None
        age = time.time_ns() - int(text[:20])
        return text if age < LIFE_SECONDS * 10**9 else None
