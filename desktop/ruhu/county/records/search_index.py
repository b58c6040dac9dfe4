"""In-memory search index of all records.

Names and numbers are encrypted in the database, which therefore cannot search them. The index
decrypts a few hundred bytes for each household once, then only changed ones. Entries hold only
texts, so the garbage collector need not track them (`gc=False`).
"""

import threading
from operator import attrgetter
from typing import Any, Self

import msgspec
from sqlalchemy import Connection, select

from ruhu.county.database import tables
from ruhu.strict_json import Document


class PersonEntry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A household member in the index; unknown fields are empty."""

    member_id: str
    name: str
    id_number: str
    born: str


class SearchEntry(msgspec.Struct, frozen=True, gc=False):
    """A record in the index; a deleted one has an empty kind."""

    record_id: str
    kind: str
    number: str
    village: str
    people: tuple[PersonEntry, ...]


_ORDER = attrgetter("number", "record_id")
"""The order of lists."""


def _section(document: Document, name: str) -> Document:
    part = document.get(name)
    return part if isinstance(part, dict) else {}


def _to_texts(*values: Any) -> list[str]:
    return [value if isinstance(value, str) else str(value or "") for value in values]


def encode_entry(document: Document) -> str:
    """Encode the index entry of a document for its column."""
    location, registration = _section(document, "place"), _section(document, "registration")
    members = document.get("members")
    people = [
        _to_texts(m.get("member_id"), m.get("name"), m.get("id_number"), m.get("birth_date"))
        for m in (members if isinstance(members, list) else [])
        if isinstance(m, dict)
    ]
    entry = {
        "number": str(registration.get("household_no") or ""),
        "village": str(location.get("village_name") or location.get("village") or ""),
        "people": people,
    }
    return msgspec.json.encode(entry).decode()


class _StoredEntry(msgspec.Struct, gc=False):
    number: str
    village: str
    people: tuple[PersonEntry, ...]


_DECODER = msgspec.json.Decoder(_StoredEntry)


def _decode(record_id: str, kind: str, stored: str) -> SearchEntry:
    entry = _DECODER.decode(stored)
    return SearchEntry(record_id, kind, entry.number, entry.village, entry.people)


class RecordSearchIndex:
    """The entries of every record, as of the last call of `refreshed`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[str, SearchEntry] = {}
        self._texts: dict[str, str] = {}
        self._order: list[str] = []
        self._last_change = 0

    def refreshed(self, connection: Connection, county: str) -> Self:
        """Read the records that changed since the last call; return the index."""
        table = tables.record
        with self._lock:
            rows = connection.execute(
                select(table.c.record_id, table.c.kind, table.c.face, table.c.changed).where(
                    table.c.county == county, table.c.changed >= self._last_change
                )
            ).all()
            reordered = False
            for record_id, kind, stored, changed in rows:
                entry, previous = _decode(record_id, kind, stored), self._entries.get(record_id)
                reordered = reordered or previous is None or previous.number != entry.number
                self._entries[record_id] = entry
                lines = [f"{person.name}\n{person.id_number}" for person in entry.people]
                self._texts[record_id] = "\n".join((entry.number, entry.village, *lines)).casefold()
                if changed > self._last_change:
                    self._last_change = changed
            if reordered:
                in_order = sorted(self._entries.values(), key=_ORDER)
                self._order = [entry.record_id for entry in in_order]
        return self

    def matches(self, record_id: str, text: str) -> bool:
        """Return whether a text occurs in a record."""
        with self._lock:
            return text.strip().casefold() in self._texts.get(record_id, "")

    def search(self, kind: str, text: str = "") -> list[SearchEntry]:
        """Return the records of a kind in which a text occurs, by number."""
        needle = text.strip().casefold()
        with self._lock:
            return [
                self._entries[key]
                for key in self._order
                if self._entries[key].kind == kind and needle in self._texts[key]
            ]
