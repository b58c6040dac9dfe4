"""Issued slips: numbered, stored with their content, reprints counted."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ruhu.clock import Clock
from ruhu.store.identity import Identity
from ruhu.store.record_list import to_json
from ruhu.store.records import Records
from ruhu.store.settings import Settings
from ruhu.store.sqlite_driver import Database, transaction
from ruhu.strict_json import Document


@dataclass(frozen=True, slots=True)
class SlipIssue:
    """One slip as issued. `printed` counts its prints; more than 1 is a reprint.

    `revision` is the revision it was issued on, empty if the visit was not closed yet.
    """

    number: str
    record_id: UUID
    policy: str
    facts_hash: str
    issued_on: datetime
    content: dict[str, Any]
    printed: int
    revision: str = ""

    @property
    def reprint(self) -> bool:
        """Whether it was printed more than once."""
        return self.printed > 1


_SKIPPED_TO = "slips_skipped_to"
SKIPPED_SLIPS = 10_000
"""Numbers skipped when a backup is restored: more slips than a laptop prints between two backups, so that
no number is issued twice.
"""
NO_COUNTY = "000000"
"""Stands in slip numbers for the county code until a county is set."""


class Slips:
    """The slips of an open store."""

    def __init__(self, db: Database, records: Records, identity: Identity, clock: Clock) -> None:
        self._db, self._records = db, records
        self._identity, self._clock = identity, clock

    def issue(
        self, record_id: UUID, *, policy: str, facts_hash: str, content: Document
    ) -> SlipIssue:
        """Number a slip and store it, or count a reprint if the record's last slip has the same content."""
        stored = to_json(content)
        with transaction(self._db):
            last = self._db.execute(
                "select number, content from slip where record_id = ? order by sequence desc limit 1",
                [str(record_id)],
            ).fetchone()
            if last and last[1] == stored:
                self._db.execute(
                    "update slip set printed = printed + 1 where number = ?", [last[0]]
                )
            else:
                self._insert(record_id, policy, facts_hash, stored)
            return self.issued(record_id)[-1]

    def _insert(self, record_id: UUID, policy: str, facts_hash: str, content: str) -> None:
        county, device = self._identity.county, str(self._identity.device_id)
        sequence = _last_number(self._db) + 1
        heads = [] if self._records.has_draft(record_id) else self._records.current(record_id).heads
        self._db.table("slip").insert(
            {
                "number": f"{county.county if county else NO_COUNTY}-{device[-4:].upper()}-{sequence:06d}",
                "sequence": sequence,
                "record_id": str(record_id),
                "facts_hash": facts_hash,
                "policy": policy,
                "issued_on": self._clock().isoformat(),
                "content": content,
                "revision": " ".join(str(head.revision_id) for head in heads),
                "printed": 1,
            }
        )

    def issued(self, record_id: UUID) -> list[SlipIssue]:
        """Return the slips issued for a record, the oldest first."""
        rows = self._db.execute(
            "select number, record_id, policy, facts_hash, issued_on, content, printed, revision from slip "
            "where record_id = ? order by sequence",
            [str(record_id)],
        )
        return [
            SlipIssue(
                row[0], UUID(row[1]), row[2], row[3], datetime.fromisoformat(row[4]),
                json.loads(row[5]), row[6], row[7],
            )
            for row in rows.fetchall()
        ]  # fmt: skip


def skip_slips(db: Database) -> None:
    """Skip `SKIPPED_SLIPS` numbers before the next slip."""
    Settings(db).set(_SKIPPED_TO, _last_number(db) + SKIPPED_SLIPS)


def _last_number(db: Database) -> int:
    issued = db.execute("select coalesce(max(sequence), 0) from slip").fetchone()[0]
    return max(int(issued), int(Settings(db).get(_SKIPPED_TO, 0)))
