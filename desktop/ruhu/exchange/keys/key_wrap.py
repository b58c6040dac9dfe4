"""A data key wrapped by a passphrase, and how long wrong passphrases have to wait."""

import base64
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from ruhu.errors import UserError
from ruhu.exchange.keys.passphrase import MIN_PASSPHRASE_CHARS
from ruhu.i18n import BilingualText


@dataclass(frozen=True, slots=True)
class HashCost:
    """What one guess of a passphrase costs: Argon2id's memory, passes and lanes."""

    memory_kib: int
    passes: int
    lanes: int


STANDARD_COST = HashCost(memory_kib=64 * 1024, passes=3, lanes=4)
"""RFC 9106's second recommendation. What is wrapped names its own settings, so older files open."""

FREE_ATTEMPTS, FIRST_WAIT, MAX_RETRY_DELAY_S = 3, 5, 900


class WrongPassphrase(UserError):
    """The passphrase does not open the key."""


class TooManyTries(UserError):
    """After three wrong passphrases each further try has to wait."""


class WeakPassphrase(UserError):
    """The passphrase is too short."""


def _derive(passphrase: str, salt: bytes, settings: dict[str, int]) -> bytes:
    return hash_secret_raw(
        passphrase.encode(),
        salt,
        time_cost=settings["passes"],
        memory_cost=settings["memory_kib"],
        parallelism=settings["lanes"],
        hash_len=32,
        type=Type.ID,
    )


def wrap_key(
    key: bytes, passphrase: str, domain: str, cost: HashCost = STANDARD_COST
) -> dict[str, Any]:
    """The key wrapped by what Argon2id derives from the passphrase, as JSON.

    Raises `WeakPassphrase`.
    """
    if len(passphrase) < MIN_PASSPHRASE_CHARS:
        raise WeakPassphrase(
            BilingualText("口令至少{n}个字符", "a passphrase has at least {n} characters").format(
                n=MIN_PASSPHRASE_CHARS
            )
        )
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    settings = asdict(cost)
    outer = _derive(passphrase, salt, settings)
    wrapped = nonce + ChaCha20Poly1305(outer).encrypt(nonce, key, domain.encode())
    return {
        "argon2id": settings,
        "salt": base64.b64encode(salt).decode(),
        "wrapped": base64.b64encode(wrapped).decode(),
    }


def derive_key(fields: dict[str, Any], passphrase: str) -> bytes:
    """The slow part of `unwrap_key`: what Argon2id derives, whether the passphrase is right or not."""
    return _derive(passphrase, base64.b64decode(fields["salt"]), fields["argon2id"])


def unwrap_key(
    fields: dict[str, Any], passphrase: str, domain: str, derived: bytes | None = None
) -> bytes | None:
    """The key that `wrap_key` wrapped; `None` under another passphrase.

    `derived` is what `derive_key` made of the same passphrase, if it was called before.
    """
    wrapped = base64.b64decode(fields["wrapped"])
    outer = derived or derive_key(fields, passphrase)
    try:
        return ChaCha20Poly1305(outer).decrypt(wrapped[:12], wrapped[12:], domain.encode())
    except InvalidTag:
        return None


def enforce_retry_delay(wrong: int, last: datetime, now: datetime) -> None:
    """Raises `TooManyTries` while the last of several wrong passphrases is too fresh.

    A `last` that is still to come is for the caller to bring back to `now`, and to keep so.
    """
    if wrong < FREE_ATTEMPTS:
        return
    wait = min(FIRST_WAIT * 2 ** (wrong - FREE_ATTEMPTS), MAX_RETRY_DELAY_S)
    left = wait - max(0.0, min((now - last).total_seconds(), wait))
    if left > 0:
        raise TooManyTries(
            BilingualText(
                "口令已错{n}次，请等{s}秒再试",
                "{n} wrong passphrases; wait {s} seconds before the next try",
            ).format(n=wrong, s=int(left) + 1)
        )


def wrong_passphrase(tries: int) -> WrongPassphrase:
    """The error for the so-manieth wrong passphrase."""
    return WrongPassphrase(
        BilingualText("口令不对（第{n}次）", "wrong passphrase (try {n})").format(n=tries)
    )
