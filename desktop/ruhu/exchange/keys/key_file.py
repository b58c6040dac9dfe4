"""The data key of an encrypted database: random, and wrapped for those who may have it.

Twice: by a key that Argon2id derives from the passphrase, and, once the county is known, by age to
the county's recovery key. A new passphrase rewraps the key; the database itself is never rekeyed.
"""

import base64
import hashlib
import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage

from ruhu.clock import Clock, utc_now
from ruhu.errors import UserError
from ruhu.exchange.keys.key_wrap import (
    STANDARD_COST,
    HashCost,
    WrongPassphrase,
    derive_key,
    enforce_retry_delay,
    unwrap_key,
    wrap_key,
    wrong_passphrase,
)
from ruhu.files.atomic_write import write_atomic
from ruhu.i18n import BilingualText

FORMAT = "ruhu.keys/1"


class KeyFileDamaged(UserError):
    """The key file is not whole; the passphrase was not even tried."""


def digest_of(fields: dict[str, Any]) -> str:
    """The digest by which a key file is known to be whole; itself left out."""
    bare = {k: v for k, v in fields.items() if k != "digest"}
    return hashlib.sha256(json.dumps(bare, sort_keys=True).encode()).hexdigest()


class KeyFile:
    """The wrapped key in `path`; wrong tries are counted in a file beside it. `cost` is for what is
    wrapped from now on.
    """

    def __init__(self, path: Path, clock: Clock = utc_now, cost: HashCost = STANDARD_COST) -> None:
        self.path = path
        self._tries = path.with_name("tries.json")
        self._clock, self._cost = clock, cost

    def create(self, passphrase: str) -> bytes:
        """Make a random key of 32 bytes and wrap it. Raises `WeakPassphrase`, `WriteFailed`."""
        key = secrets.token_bytes(32)
        self._write(self._wrap(key, passphrase))
        return key

    def derive(self, passphrase: str) -> bytes:
        """Do the slow part of `open` ahead of it. This is no try: nothing is told or counted.

        Raises `KeyFileDamaged`.
        """
        return derive_key(self._read(), passphrase)

    def open(self, passphrase: str, derived: bytes | None = None) -> bytes:
        """Unwrap the key, `derived` being what `derive` made of the same passphrase.

        Raises `WrongPassphrase`, `TooManyTries` or `KeyFileDamaged`.
        """
        fields = self._read()
        wrong, last = self._past_tries()
        now = self._clock()
        if last > now:
            # The clock was set back: by what it says now, the wait would last for years.
            last = now
            self._keep_tries(wrong, now)
        enforce_retry_delay(wrong, last, now)
        key = unwrap_key(fields, passphrase, FORMAT, derived)
        if key is None:
            raise self._count_wrong_try()
        self._tries.unlink(missing_ok=True)
        return key

    def change_passphrase(self, old: str, new: str) -> None:
        """Wrap the key anew. Raises what `open` and `create` raise."""
        key = self.open(old)
        self._write({**self._read(), **self._rewrap(key, new)})

    def wrap_for_recovery(self, key: bytes, recipient: str) -> None:
        """Wrap the key for the county's recovery key as well."""
        sealed = pyrage.encrypt(key, [pyrage.x25519.Recipient.from_str(recipient)])
        self._write({**self._read(), "recovery": base64.b64encode(sealed).decode()})

    @property
    def wrapped_for_recovery(self) -> str:
        """The key as it is wrapped for the county's recovery key (base64), empty where it is not."""
        return str(self._read().get("recovery") or "")

    @property
    def recovered(self) -> tuple[datetime, ...]:
        """When the passphrase was recovered with the county's key."""
        return tuple(map(datetime.fromisoformat, self._read().get("recovered", [])))

    def take_recovered(self, key: bytes, passphrase: str, at: datetime) -> None:
        """Wrap the key that the county has opened under a new passphrase, and note that it was.

        Raises `WeakPassphrase`.
        """
        told = [*(moment.isoformat() for moment in self.recovered), at.isoformat()]
        self._write({**self._read(), **self._rewrap(key, passphrase), "recovered": told})
        self._tries.unlink(missing_ok=True)

    def _rewrap(self, key: bytes, passphrase: str) -> dict[str, Any]:
        """The fields that a new passphrase changes."""
        return {k: v for k, v in self._wrap(key, passphrase).items() if k != "recovery"}

    def _wrap(self, key: bytes, passphrase: str) -> dict[str, Any]:
        wrapped = wrap_key(key, passphrase, FORMAT, self._cost)
        return {"format": FORMAT, **wrapped, "recovery": None}

    def _write(self, fields: dict[str, Any]) -> None:
        whole = {**fields, "digest": digest_of(fields)}
        write_atomic(self.path, json.dumps(whole, indent=1).encode(), private=True)

    def _read(self) -> dict[str, Any]:
        try:
            fields = json.loads(self.path.read_bytes())
            whole = isinstance(fields, dict) and fields.get("digest") == digest_of(fields)
        except (OSError, ValueError):
            whole, fields = False, {}
        if not whole or fields.get("format") != FORMAT:
            raise KeyFileDamaged(
                BilingualText(
                    "密钥文件 {path} 已损坏或不全，这不是口令的问题；请从备份恢复，或找县里用恢复密钥打开",
                    "the key file {path} is damaged, which no passphrase mends; restore it from a "
                    "backup or ask the county to recover it",
                ).format(path=self.path)
            )
        return dict(fields)

    def _past_tries(self) -> tuple[int, datetime]:
        try:
            told = json.loads(self._tries.read_bytes())
            return int(told["wrong"]), datetime.fromisoformat(told["last"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0, self._clock()

    def _count_wrong_try(self) -> WrongPassphrase:
        wrong = self._past_tries()[0] + 1
        self._keep_tries(wrong, self._clock())
        return wrong_passphrase(wrong)

    def _keep_tries(self, wrong: int, last: datetime) -> None:
        told = {"wrong": wrong, "last": last.isoformat()}
        write_atomic(self._tries, json.dumps(told).encode())
