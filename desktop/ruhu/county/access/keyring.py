"""The county's data key, wrapped for each user by a password of their own, and for recovery by age.

One JSON document: beside an SQLite file as `NAME.keys.json`, in PostgreSQL as the county's row of
`keyring`. It holds nothing that opens anything without a password. Wrong passwords are counted in
it for each user, whichever of the county's computers they were tried on.
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
"""Whose password the one passphrase of an older county file becomes."""
Fields = dict[str, Any]


class KeyringStorage(Protocol):
    """Where a keyring lies."""

    def read(self) -> Fields | None:
        """The document; `None` where there is none. Raises `KeyFileDamaged`."""

    def write(self, fields: Fields) -> None:
        """Replace the document."""

    def exclusive(self) -> Any:
        """A context in which nobody else changes it."""


def _damaged(place: object) -> KeyFileDamaged:
    return KeyFileDamaged(
        BilingualText(
            "密钥文件 {path} 已损坏或不全，这不是口令的问题；请从备份恢复",
            "the key file {path} is damaged, which no passphrase mends; restore it from a backup",
        ).format(path=place)
    )


class FileStorage:
    """A keyring beside an SQLite file."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(f"{database.name}.keys.json")

    def read(self) -> Fields | None:
        if not self.path.exists():
            return None
        try:
            fields = json.loads(self.path.read_bytes())
            whole = isinstance(fields, dict) and fields.get("digest") == key_file_digest(fields)
        except (OSError, ValueError):
            whole, fields = False, {}
        if whole and fields.get("format") == ONE_PASSPHRASE:
            wrapped = {k: v for k, v in fields.items() if k in ("argon2id", "salt", "wrapped")}
            old = {**wrapped, "domain": ONE_PASSPHRASE}
            return {"format": FORMAT, "users": {FIRST_USER: old}, "recovery": None}
        if not whole or fields.get("format") != FORMAT:
            raise _damaged(self.path)
        return dict(fields)

    def write(self, fields: Fields) -> None:
        whole = {**fields, "digest": key_file_digest(fields)}
        text = json.dumps(whole, indent=1, ensure_ascii=False)
        write_atomic(self.path, text.encode(), private=True)

    def exclusive(self) -> Any:
        return FileLock(f"{self.path}.lock", timeout=30)

    def __str__(self) -> str:
        return str(self.path)


class TableStorage:
    """A keyring in the database whose columns its key seals."""

    def __init__(self, engine: Engine, county: str) -> None:
        self._engine, self._county = engine, county

    def _mine(self) -> Any:
        return tables.keyring.c.county == self._county

    def read(self) -> Fields | None:
        with translate_errors(), self._engine.connect() as connection:
            text = connection.execute(select(tables.keyring.c.document).where(self._mine()))
            found = text.scalar()
        if found is None:
            return None
        try:
            fields = json.loads(found)
        except ValueError:
            fields = {}
        if not isinstance(fields, dict) or fields.get("format") != FORMAT:
            raise _damaged(self)
        return fields

    def write(self, fields: Fields) -> None:
        text = json.dumps(fields, ensure_ascii=False)
        with translate_errors(), self._engine.begin() as connection:
            changed = connection.execute(
                update(tables.keyring).where(self._mine()).values(document=text)
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
    """Who may open the county's data, each by a password of their own. `cost` is for passwords that
    are put in from now on.
    """

    def __init__(
        self, keeper: KeyringStorage, clock: Clock = utc_now, cost: HashCost = STANDARD_COST
    ) -> None:
        self._keeper, self._clock, self._cost = keeper, clock, cost

    def users(self) -> list[str]:
        """The names that have a password, in order."""
        fields = self._keeper.read()
        return sorted(fields["users"]) if fields else []

    def open(self, user: str, passphrase: str) -> bytes:
        """Unwrap the data key. Raises `WrongPassphrase`, `TooManyTries`, `KeyFileDamaged`.

        An unknown name is answered as a wrong password is.
        """
        with self._keeper.exclusive():
            fields = self._keeper.read()
            if fields is None:
                raise _damaged(self._keeper)
            entry = fields["users"].get(user)
            if entry is None:
                raise wrong_passphrase(1)
            wrong, told, now = entry.get("wrong", 0), entry.get("last"), self._clock()
            last = datetime.fromisoformat(told) if told else now
            if last > now:  # a clock was set back, or another computer's is ahead
                last, entry["last"] = now, now.isoformat()
                self._keeper.write(fields)
            enforce_retry_delay(wrong, last, now)
            key = unwrap_key(entry, passphrase, entry.get("domain", self._domain(user)))
            if key is None:
                entry |= {"wrong": wrong + 1, "last": now.isoformat()}
                self._keeper.write(fields)
                raise wrong_passphrase(wrong + 1)
            if wrong:
                fields["users"][user] = {
                    k: v for k, v in entry.items() if k not in ("wrong", "last")
                }
                self._keeper.write(fields)
        return key

    def put(self, user: str, key: bytes, passphrase: str) -> None:
        """Let a user in by a password, or give them another. Raises `WeakPassphrase`."""
        entry = wrap_key(key, passphrase, self._domain(user), self._cost)
        with self._keeper.exclusive():
            fields = self._read_or_new()
            fields["users"][user] = entry
            self._keeper.write(fields)

    def remove(self, user: str) -> None:
        """Let a user in no more."""
        with self._keeper.exclusive():
            fields = self._read_or_new()
            fields["users"].pop(user, None)
            self._keeper.write(fields)

    def wrap_for_recovery(self, key: bytes, recipient: str) -> None:
        """Wrap the key for the county's recovery key as well."""
        sealed = pyrage.encrypt(key, [pyrage.x25519.Recipient.from_str(recipient)])
        with self._keeper.exclusive():
            fields = self._read_or_new()
            fields["recovery"] = base64.b64encode(sealed).decode()
            self._keeper.write(fields)

    def recover(self, identity: str) -> bytes:
        """Unwrap the data key by the recovery identity. Raises `WrongPassphrase`."""
        fields = self._keeper.read() or {}
        try:
            sealed = base64.b64decode(fields.get("recovery") or "")
            return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]))
        except (pyrage.DecryptError, pyrage.IdentityError, binascii.Error):
            raise WrongPassphrase(
                BilingualText(
                    "这把恢复密钥打不开此数据", "this recovery key does not open the data"
                )
            ) from None

    def is_for_recovery(self) -> bool:
        """Whether the recovery key opens it, too."""
        return bool((self._keeper.read() or {}).get("recovery"))

    def _read_or_new(self) -> Fields:
        return self._keeper.read() or {"format": FORMAT, "users": {}, "recovery": None}

    @staticmethod
    def _domain(user: str) -> str:
        """Binds an entry to its user, so that none can be passed off as another's."""
        return f"{FORMAT} {user}"


def the_only_user(users: list[str]) -> str:
    """Who signs in where no name was given. Raises `UserError` where there are several."""
    if len(users) > 1:
        raise UserError(
            BilingualText(
                "请写明用户名（--user）", "several people use this county: say who you are (--user)"
            )
        )
    return users[0] if users else FIRST_USER
