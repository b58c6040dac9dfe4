"""Rows of the record list."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from ruhu.store.sqlite_driver import Database
from ruhu.strict_json import Document, json_default
from ruhu.survey.households import head_of, members_of

TO_VISIT, BEGUN, DONE, SENT_BACK = "to_visit", "begun", "done", "sent_back"


@dataclass(frozen=True, slots=True)
class Summary:
    """A row of the record list. `persons` is the number of members."""

    record_id: UUID
    kind: str
    title: str
    village: str
    township: str
    group: str
    household_no: str
    status: str
    persons: int
    updated_at: str
    on_route: bool = False


@dataclass(frozen=True, slots=True)
class VisitProgress:
    """Number of households to visit, begun, done, and sent back by the county."""

    to_visit: int
    begun: int
    done: int
    sent_back: int

    @property
    def total(self) -> int:
        """The number of all households."""
        return self.to_visit + self.begun + self.done + self.sent_back


def text_at(document: Any, *path: str) -> str:
    value = document
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def title_of(document: Document) -> str:
    """Return a record's title: the name of the head, the enterprise or the village."""
    head = head_of(document)
    return text_at(head, "name") if head else text_at(document, "name")


def summary_row(record_id: UUID, document: Document, status: str, at: str) -> dict[str, Any]:
    """Return a document's row of the list."""
    location = document.get("place") or {}
    return {
        "record_id": str(record_id),
        "kind": text_at(document, "kind"),
        "title": title_of(document),
        "village": text_at(location, "village_name") or text_at(location, "village"),
        "township": text_at(location, "township_name") or text_at(location, "township"),
        "place_group": text_at(location, "group"),
        "household_no": text_at(document, "registration", "household_no"),
        "status": status,
        "persons": len(members_of(document)),
        "updated_at": at,
    }


def summary_of(document: Document) -> Summary:
    """Return the summary of a document that is not stored yet."""
    row = summary_row(UUID(str(document["record_id"])), document, TO_VISIT, "")
    return read_summary((*row.values(), False))


def put_summary(db: Database, row: dict[str, Any]) -> None:
    """Insert or update a row of the list; a new title also gets its sort key.

    Only changed columns are written, as this runs for every field that is saved. Writing an indexed column
    costs a page, and most edits change nothing here.
    """
    key, names = row["record_id"], ", ".join(row)
    cursor = db.execute(f"select {names} from record where record_id = ?", [key])  # noqa: S608
    old = cursor.fetchone()
    before = dict(zip(row, old, strict=True)) if old else {}
    changed = {name: value for name, value in row.items() if not before or before[name] != value}
    if "title" in changed:
        changed["sort_name"] = initials_of(row["title"])
    if not before:
        placeholders = ", ".join(f":{name}" for name in changed)
        db.execute(f"insert into record ({', '.join(changed)}) values ({placeholders})", changed)  # noqa: S608
    elif changed.keys() - {"updated_at"}:
        assignments = ", ".join(f"{name} = :{name}" for name in changed)
        db.execute(
            f"update record set {assignments} where record_id = :record_id",  # noqa: S608
            {**changed, "record_id": key},
        )


SUMMARY_COLUMNS = (
    "record_id, kind, title, village, township, place_group, household_no, status, persons, "
    "updated_at, exists (select 1 from route where route.record_id = record.record_id)"
)


def read_summary(row: tuple[Any, ...]) -> Summary:
    """Convert a database row to a summary."""
    values: list[Any] = [UUID(row[0]), *row[1:-1], bool(row[-1])]
    return Summary(*values)


def count_progress(db: Database) -> VisitProgress:
    """Count the households by status."""
    counts = dict(
        db.execute(
            "select status, count(*) from record where kind = 'household' group by status"
        ).fetchall()
    )
    return VisitProgress(*(counts.get(status, 0) for status in (TO_VISIT, BEGUN, DONE, SENT_BACK)))


def to_json(document: Any) -> str:
    """Return a document as stored JSON, with decimals as plain strings."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=json_default)


@lru_cache(maxsize=4096)
def initials_of(name: str) -> str:
    """Return the first letters of a name's pinyin in lower case."""
    # Its tables take longer to load than the rest of the store; opening the list needs none.
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
