"""What a store remembers by name: any JSON value."""

import json
from typing import Any

from ruhu.store.sqlite_driver import Database


def setting(db: Database, name: str, default: Any) -> Any:
    """A setting, or what stands for one that was never kept."""
    row = db.execute("select value from setting where name = ?", [name]).fetchone()
    return json.loads(row[0]) if row else default


def put_setting(db: Database, name: str, value: Any) -> None:
    """Keep a setting."""
    # Written at every field that is left: in SQL, as the library's upsert reads the table's shape anew.
    db.execute(
        "insert into setting (name, value) values (?, ?) "
        "on conflict (name) do update set value = excluded.value",
        [name, json.dumps(value)],
    )
