"""Nonces that the service gives out: each counts once, whatever the laptop's clock says.

A nonce is the server's own time with a proof that it gave it. A device's next one must be younger than
the last it used, which its standing remembers; so nothing piles up, and a restart forgets none.
"""

import hashlib
import hmac
import secrets
import time

LIFE_SECONDS = 90 * 24 * 3600
"""Laptops ask again after weeks in the villages; one too old costs one more request."""


class Nonces:
    """Gives and judges nonces under a secret of 32 bytes."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def _proof(self, nonce: str) -> str:
        return hmac.new(self._secret, nonce.encode(), hashlib.sha256).hexdigest()[:32]

    def issue(self) -> str:
        """A new one."""
        told = f"{time.time_ns():020d}-{secrets.token_hex(8)}"
        return f"{told}-{self._proof(told)}"

    def mark(self, nonce: str) -> str | None:
        """What is remembered of a nonce once it was used; `None` for one that was not given here or
        long ago. Of two nonces the younger has the greater mark.
        """
        told, _, proof = nonce.rpartition("-")
        if not hmac.compare_digest(self._proof(told).encode(), proof.encode("utf-8", "replace")):
            return None
        age = time.time_ns() - int(told[:20])
        return told if age < LIFE_SECONDS * 10**9 else None
