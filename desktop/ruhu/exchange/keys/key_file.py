"""The key file: the random data key of an encrypted database, wrapped.

It is wrapped by a key that Argon2id derives from the passphrase and, once the county is known, by age for the
county's recovery key. A new passphrase rewraps the key; the database is never rekeyed.
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
    enforce_retry_delay,
    unwrap_key,
    wrap_key,
    wrong_passphrase,
)
from ruhu.files.atomic_write import write_atomic
from ruhu.i18n import BilingualText

FORMAT = "ruhu.keys/1"


class KeyFileDamaged(UserError):
    """The key file is incomplete or altered; the passphrase was not tried."""


def key_file_digest(fields: dict[str, Any]) -> str:
    """Return the digest that protects a key file's other fields."""
    bare = {k: v for k, v in fields.items() if k != "digest"}
    return hashlib.sha256(json.dumps(bare, sort_keys=True).encode()).hexdigest()


class KeyFile:
    """The wrapped key in `path`; failed attempts are counted in a file next to it.

    `cost` applies to keys wrapped from now on.
    """

    def __init__(self, path: Path, clock: Clock = utc_now, cost: HashCost = STANDARD_COST) -> None:
        self.path = path
        self._tries = path.with_name("tries.json")
        self._clock, self._cost = clock, cost

    def create(self, passphrase: str) -> bytes:
        """Create a random key of 32 bytes and wrap it. Raises `WeakPassphrase`, `WriteFailed`."""
        key = secrets.token_bytes(32)
        self._write(self._wrap(key, passphrase))
        return key

    def open(self, passphrase: str) -> bytes:
        """Unwrap the key. Raises `WrongPassphrase`, `TooManyTries` or `KeyFileDamaged`."""
        fields = self._read()
        wrong, last = self._past_tries()
        now = self._clock()
        if last > now:
            # The clock was set back; otherwise the wait could last for years.
            last = now
            self._keep_tries(wrong, now)
        enforce_retry_delay(wrong, last, now)
        key = unwrap_key(fields, passphrase, FORMAT)
        if key is None:
            raise self._count_wrong_try()
        self._tries.unlink(missing_ok=True)
        return key

    def change_passphrase(self, old: str, new: str) -> None:
        """Wrap the key for a new passphrase. Raises what `open` and `create` raise."""
        key = self.open(old)
        self._write({**self._read(), **self._rewrap(key, new)})

    def wrap_for_recovery(self, key: bytes, recipient: str) -> None:
        """Also wrap the key for the county's recovery key."""
        sealed = pyrage.encrypt(key, [pyrage.x25519.Recipient.from_str(recipient)])
        self._write({**self._read(), "recovery": base64.b64encode(sealed).decode()})

    @property
    def wrapped_for_recovery(self) -> str:
        """The key wrapped for the county's recovery key (base64), empty if it is not."""
        return str(self._read().get("recovery") or "")

    @property
    def recovered(self) -> tuple[datetime, ...]:
        """The times of passphrase recoveries with the county's key."""
        return tuple(map(datetime.fromisoformat, self._read().get("recovered", [])))

    def accept_recovery(self, key: bytes, passphrase: str, at: datetime) -> None:
        """Wrap the key that the county opened for a new passphrase, and record the recovery.

        Raises `WeakPassphrase`.
        """
        times = [*(moment.isoformat() for moment in self.recovered), at.isoformat()]
        self._write({**self._read(), **self._rewrap(key, passphrase), "recovered": times})
        self._tries.unlink(missing_ok=True)

    def _rewrap(self, key: bytes, passphrase: str) -> dict[str, Any]:
        """Return the fields that a new passphrase changes."""
        return {k: v for k, v in self._wrap(key, passphrase).items() if k != "recovery"}

    def _wrap(self, key: bytes, passphrase: str) -> dict[str, Any]:
        wrapped = wrap_key(key, passphrase, FORMAT, self._cost)
        return {"format": FORMAT, **wrapped, "recovery": None}

    def _write(self, fields: dict[str, Any]) -> None:
        complete = {**fields, "digest": key_file_digest(fields)}
        write_atomic(self.path, json.dumps(complete, indent=1).encode(), private=True)

    def _read(self) -> dict[str, Any]:
        try:
            fields = json.loads(self.path.read_bytes())
            intact = isinstance(fields, dict) and fields.get("digest") == key_file_digest(fields)
        except (OSError, ValueError):
            intact, fields = False, {}
        if not intact or fields.get("format") != FORMAT:
            raise KeyFileDamaged(
                BilingualText(
                    "密钥文件 {path} 已损坏或不全，这不是口令的问题；请从备份恢复，或找县里用恢复密钥打开",
                    "the key file {path} is damaged; the passphrase is not the problem. Restore it from a "
                    "backup or ask the county to recover it",
                ).format(path=self.path)
            )
        return dict(fields)

    def _past_tries(self) -> tuple[int, datetime]:
        try:
            saved = json.loads(self._tries.read_bytes())
            return int(saved["wrong"]), datetime.fromisoformat(saved["last"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0, self._clock()

    def _count_wrong_try(self) -> WrongPassphrase:
        wrong = self._past_tries()[0] + 1
        self._keep_tries(wrong, self._clock())
        return wrong_passphrase(wrong)

    def _keep_tries(self, wrong: int, last: datetime) -> None:
        document = {"wrong": wrong, "last": last.isoformat()}
        write_atomic(self._tries, json.dumps(document).encode())
