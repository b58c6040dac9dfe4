"""Searching and reading the county's records."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from ruhu.county.access.session import DatabaseSession
from ruhu.county.database.documents import documents_of
from ruhu.county.records.record_list import (
    Counts,
    RecordListing,
    count_all,
    invalid_records,
    list_records,
)
from ruhu.county.records.revisions import attachment_data, revisions_of
from ruhu.county.records.search_index import RecordSearchIndex
from ruhu.revisions.revision import Revision


class RecordService:
    """The current state, the history and the attachments of records."""

    def __init__(self, session: DatabaseSession, index: RecordSearchIndex) -> None:
        self._session, self._index = session, index

    def counts(self) -> Counts:
        """Count records, devices, bundles and open conflicts."""
        with self._session.reader() as connection:
            return count_all(connection, self._session.county)

    def search(
        self, text: str = "", *, invalid: bool = False, limit: int = 200
    ) -> list[RecordListing]:
        """Return households whose number, members or village match a text.

        With `invalid`, return the records of every kind that the rules cannot assess.
        """
        county = self._session.county
        with self._session.reader() as connection:
            entries = self._index.refreshed(connection, county).search("household", text)
            keys = [entry.record_id for entry in entries]
            if invalid:
                candidates = invalid_records(connection, county)
                keys = [key for key in candidates if self._index.matches(key, text)]
            return list_records(connection, county, keys[:limit])

    def count_invalid(self) -> int:
        """Count the records whose values the rules cannot assess."""
        with self._session.reader() as connection:
            return len(invalid_records(connection, self._session.county))

    def household_names(self) -> dict[str, str]:
        """Return the name of the first member and the number of each household, by its id."""
        with self._session.reader() as connection:
            index = self._index.refreshed(connection, self._session.county)
            entries = index.search("household")
        return {
            entry.record_id: f"{entry.people[0].name} {entry.number}".strip()
            for entry in entries
            if entry.people
        }

    def documents(self, kind: str = "household") -> Iterator[dict[str, Any]]:
        """Yield the current documents of a kind, by household number."""
        with self._session.reader() as connection:
            index = self._index.refreshed(connection, self._session.county)
            keys = [entry.record_id for entry in index.search(kind)]
            for _, document in documents_of(connection, self._session.county, keys):
                yield document

    def revisions(self, record_id: UUID) -> list[Revision]:
        """Return all revisions of a record."""
        with self._session.reader() as connection:
            return revisions_of(connection, self._session.county, record_id)

    def attachment(self, digest: str) -> bytes | None:
        """Return the bytes of an attachment, `None` if it has not arrived."""
        with self._session.reader() as connection:
            return attachment_data(connection, self._session.county, digest)
