"""Named values that a store remembers: any JSON value."""

import json
from typing import Any

from ruhu.store.sqlite_driver import Database, transaction


class Settings:
    """The settings table of an open store."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def get(self, name: str, default: Any) -> Any:
        """Return a setting, or `default` if it was never set."""
        row = self._db.execute("select value from setting where name = ?", [name]).fetchone()
        return json.loads(row[0]) if row else default

    def set(self, name: str, value: Any) -> None:
        """Save a setting. Raises `DiskError`."""
        # Runs for every field that is left. Plain SQL: the library's upsert reads the table's schema each time.
        with transaction(self._db):
            self._db.execute(
                "insert into setting (name, value) values (?, ?) "
                "on conflict (name) do update set value = excluded.value",
                [name, json.dumps(value)],
            )
