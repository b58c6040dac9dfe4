"""The county's data key, wrapped by each user's password and by the recovery key.

The keyring is one JSON document: next to an SQLite file as `NAME.keys.json`, in PostgreSQL as the
county's row of `keyring`. Without a password it opens nothing. It counts wrong passwords per user,
whichever computer they were tried on.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pyrage
from filelock import FileLock
from sqlalchemy import Engine, insert, select, update

from ruhu.clock import Clock, utc_now
from ruhu.county.database import tables
from ruhu.county.database.engine import translate_errors
from ruhu.errors import UserError
from ruhu.exchange.keys.key_file import FORMAT as ONE_PASSPHRASE
from ruhu.exchange.keys.key_file import KeyFileDamaged, key_file_digest
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

FORMAT = "ruhu.county.keys/1"
FIRST_USER = "admin"
"""The user who gets the single passphrase of an older county file."""
Fields = dict[str, Any]


class KeyringStorage(Protocol):
    """A place where a keyring is stored."""

    def read(self) -> Fields | None:
        """Return the document, `None` if there is none. Raises `KeyFileDamaged`."""

    def write(self, fields: Fields) -> None:
        """Replace the document."""

    def exclusive(self) -> Any:
        """Return a context in which nobody else changes the document."""


def _damaged(storage: object) -> KeyFileDamaged:
    return KeyFileDamaged(
        BilingualText(
            "密钥文件 {path} 已损坏或不全，这不是口令的问题；请从备份恢复",
            "the key file {path} is damaged, whatever the passphrase; restore it from a backup",
        ).format(path=storage)
    )


class FileStorage:
    """A keyring in a file next to the SQLite file."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(f"{database.name}.keys.json")

    def read(self) -> Fields | None:
        if not self.path.exists():
            return None
        try:
            fields = json.loads(self.path.read_bytes())
            is_valid = isinstance(fields, dict) and fields.get("digest") == key_file_digest(fields)
        except (OSError, ValueError):
            is_valid, fields = False, {}
        if is_valid and fields.get("format") == ONE_PASSPHRASE:
            wrapped = {k: v for k, v in fields.items() if k in ("argon2id", "salt", "wrapped")}
            old = {**wrapped, "domain": ONE_PASSPHRASE}
            return {"format": FORMAT, "users": {FIRST_USER: old}, "recovery": None}
        if not is_valid or fields.get("format") != FORMAT:
            raise _damaged(self.path)
        return dict(fields)

    def write(self, fields: Fields) -> None:
        content = {**fields, "digest": key_file_digest(fields)}
        text = json.dumps(content, indent=1, ensure_ascii=False)
        write_atomic(self.path, text.encode(), private=True)

    def exclusive(self) -> Any:
        return FileLock(f"{self.path}.lock", timeout=30)

    def __str__(self) -> str:
        return str(self.path)


class TableStorage:
    """A keyring in the database whose columns its key encrypts."""

    def __init__(self, engine: Engine, county: str) -> None:
        self._engine, self._county = engine, county

    def _county_filter(self) -> Any:
        return tables.keyring.c.county == self._county

    def read(self) -> Fields | None:
        with translate_errors(), self._engine.connect() as connection:
            text = connection.execute(
                select(tables.keyring.c.document).where(self._county_filter())
            )
            document = text.scalar()
        if document is None:
            return None
        try:
            fields = json.loads(document)
        except ValueError:
            fields = {}
        if not isinstance(fields, dict) or fields.get("format") != FORMAT:
            raise _damaged(self)
        return fields

    def write(self, fields: Fields) -> None:
        text = json.dumps(fields, ensure_ascii=False)
        with translate_errors(), self._engine.begin() as connection:
            changed = connection.execute(
                update(tables.keyring).where(self._county_filter()).values(document=text)
            )
            if changed.rowcount == 0:
                connection.execute(
                    insert(tables.keyring).values(county=self._county, document=text)
                )

    def __str__(self) -> str:
        return f"keyring {self._county}"

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        with translate_errors(), self._engine.begin() as connection:
            lock = "select pg_advisory_xact_lock(hashtext('ruhu keyring'), %(county)s)"
            connection.exec_driver_sql(lock, {"county": int(self._county)})
            yield


class Keyring:
    """The data key of a county, wrapped for each user; `cost` applies to passwords set from now on."""

    def __init__(
        self, storage: KeyringStorage, clock: Clock = utc_now, cost: HashCost = STANDARD_COST
    ) -> None:
        self._storage, self._clock, self._cost = storage, clock, cost

    def users(self) -> list[str]:
        """Return the names that have a password, sorted."""
        fields = self._storage.read()
        return sorted(fields["users"]) if fields else []

    def open(self, user: str, passphrase: str) -> bytes:
        """Unwrap the data key. Raises `WrongPassphrase`, `TooManyTries`, `KeyFileDamaged`.

        An unknown name fails as a wrong password does.
        """
        with self._storage.exclusive():
            fields = self._storage.read()
            if fields is None:
                raise _damaged(self._storage)
            entry = fields["users"].get(user)
            if entry is None:
                raise wrong_passphrase(1)
            wrong, last_try, now = entry.get("wrong", 0), entry.get("last"), self._clock()
            last = datetime.fromisoformat(last_try) if last_try else now
            if last > now:  # a clock was set back, or another computer's clock is fast
                last, entry["last"] = now, now.isoformat()
                self._storage.write(fields)
            enforce_retry_delay(wrong, last, now)
            key = unwrap_key(entry, passphrase, entry.get("domain", self._domain(user)))
            if key is None:
                entry |= {"wrong": wrong + 1, "last": now.isoformat()}
                self._storage.write(fields)
                raise wrong_passphrase(wrong + 1)
            if wrong:
                fields["users"][user] = {
                    k: v for k, v in entry.items() if k not in ("wrong", "last")
                }
                self._storage.write(fields)
        return key

    def put(self, user: str, key: bytes, passphrase: str) -> None:
        """Wrap the key by a user's password. Raises `WeakPassphrase`."""
        entry = wrap_key(key, passphrase, self._domain(user), self._cost)
        with self._storage.exclusive():
            fields = self._read_or_new()
            fields["users"][user] = entry
            self._storage.write(fields)

    def remove(self, user: str) -> None:
        """Remove a user's password."""
        with self._storage.exclusive():
            fields = self._read_or_new()
            fields["users"].pop(user, None)
            self._storage.write(fields)

    def wrap_for_recovery(self, key: bytes, recipient: str) -> None:
        """Wrap the key for the county's recovery key as well."""
        sealed = pyrage.encrypt(key, [pyrage.x25519.Recipient.from_str(recipient)])
        with self._storage.exclusive():
            fields = self._read_or_new()
            fields["recovery"] = base64.b64encode(sealed).decode()
            self._storage.write(fields)

    def recover(self, identity: str) -> bytes:
        """Unwrap the data key by the recovery identity. Raises `WrongPassphrase`."""
        fields = self._storage.read() or {}
        try:
            sealed = base64.b64decode(fields.get("recovery") or "")
            return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]))
        except (pyrage.DecryptError, pyrage.IdentityError, binascii.Error):
            raise WrongPassphrase(
                BilingualText(
                    "这把恢复密钥打不开此数据", "this recovery key does not match the data"
                )
            ) from None

    def has_recovery(self) -> bool:
        """Return whether the recovery key can unwrap the data key."""
        return bool((self._storage.read() or {}).get("recovery"))

    def _read_or_new(self) -> Fields:
        return self._storage.read() or {"format": FORMAT, "users": {}, "recovery": None}

    @staticmethod
    def _domain(user: str) -> str:
        """Return the text that binds an entry to its user, so that entries cannot be swapped."""
        return f"{FORMAT} {user}"


def only_user(users: list[str]) -> str:
    """Return the single user, the default without `--user`. Raises `UserError` if there are
    several.
    """
    if len(users) > 1:
        raise UserError(
            BilingualText(
                "请写明用户名（--user）", "this county has several users; give a user name (--user)"
            )
        )
    return users[0] if users else FIRST_USER
