"""Wrap a data key with a passphrase, and delay attempts after wrong passphrases."""

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
    """The cost of one guess of a passphrase: Argon2id's memory, passes and lanes."""

    memory_kib: int
    passes: int
    lanes: int


STANDARD_COST = HashCost(memory_kib=64 * 1024, passes=3, lanes=4)
"""RFC 9106's second recommendation. Wrapped keys store their own settings, so older files open."""

FREE_ATTEMPTS, FIRST_RETRY_DELAY_S, MAX_RETRY_DELAY_S = 3, 5, 900


class WrongPassphrase(UserError):
    """The passphrase does not open the key."""


class TooManyTries(UserError):
    """After three wrong passphrases, every further attempt is delayed."""


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
    """Wrap the key with what Argon2id derives from the passphrase; return it as JSON.

    Raises `WeakPassphrase`.
    """
    if len(passphrase) < MIN_PASSPHRASE_CHARS:
        raise WeakPassphrase(
            BilingualText(
                "口令至少{n}个字符", "the passphrase needs at least {n} characters"
            ).format(n=MIN_PASSPHRASE_CHARS)
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


def unwrap_key(fields: dict[str, Any], passphrase: str, domain: str) -> bytes | None:
    """Return the key that `wrap_key` wrapped, `None` for a wrong passphrase."""
    wrapped = base64.b64decode(fields["wrapped"])
    outer = _derive(passphrase, base64.b64decode(fields["salt"]), fields["argon2id"])
    try:
        return ChaCha20Poly1305(outer).decrypt(wrapped[:12], wrapped[12:], domain.encode())
    except InvalidTag:
        return None


def enforce_retry_delay(wrong: int, last: datetime, now: datetime) -> None:
    """Raise `TooManyTries` while the delay after several wrong passphrases lasts.

    If `last` is in the future, the caller must reset it to `now` first and save that.
    """
    if wrong < FREE_ATTEMPTS:
        return
    delay_s = min(FIRST_RETRY_DELAY_S * 2 ** (wrong - FREE_ATTEMPTS), MAX_RETRY_DELAY_S)
    remaining_s = delay_s - max(0.0, min((now - last).total_seconds(), delay_s))
    if remaining_s > 0:
        raise TooManyTries(
            BilingualText(
                "口令已错{n}次，请等{s}秒再试",
                "{n} wrong passphrases; wait {s} seconds before the next attempt",
            ).format(n=wrong, s=int(remaining_s) + 1)
        )


def wrong_passphrase(tries: int) -> WrongPassphrase:
    """Return the error for the wrong passphrase number `tries`."""
    return WrongPassphrase(
        BilingualText("口令不对（第{n}次）", "wrong passphrase (attempt {n})").format(n=tries)
    )
