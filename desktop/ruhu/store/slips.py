"""Issued slips: numbered, kept with what they say, reprints told apart."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ruhu.store.settings import put_setting, setting
from ruhu.store.sqlite_driver import Database


@dataclass(frozen=True, slots=True)
class SlipIssue:
    """One slip as issued. `printed` counts the times it was asked for; over 1 is a reprint.

    `revision` is the one the slip was issued on, empty where the visit was not closed yet.
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
        """Whether this is not the first print."""
        return self.printed > 1


_SKIPPED_TO = "slips_skipped_to"
SKIPPED = 10_000
"""Numbers that are passed over where a copy of the data is put back: more slips than a laptop prints between
two copies, so that no two slips have the same number.
"""


def skip_slips(db: Database) -> None:
    """Let the next slip's number be far behind the last one's."""
    put_setting(db, _SKIPPED_TO, _last_number(db) + SKIPPED)


def _last_number(db: Database) -> int:
    given = db.execute("select coalesce(max(sequence), 0) from slip").fetchone()[0]
    return max(int(given), int(setting(db, _SKIPPED_TO, 0)))


def issue_slip(
    db: Database,
    record_id: UUID,
    *,
    prefix: str,
    policy: str,
    facts_hash: str,
    content: str,
    revision: str,
    at: datetime,
) -> SlipIssue:
    """Number a slip, or count a reprint when the last one says the same."""
    last = db.execute(
        "select number, content from slip where record_id = ? order by sequence desc limit 1",
        [str(record_id)],
    ).fetchone()
    if last and last[1] == content:
        db.execute("update slip set printed = printed + 1 where number = ?", [last[0]])
        return slips_of(db, record_id)[-1]
    sequence = _last_number(db) + 1
    db.table("slip").insert(
        {
            "number": f"{prefix}-{sequence:06d}",
            "sequence": sequence,
            "record_id": str(record_id),
            "facts_hash": facts_hash,
            "policy": policy,
            "issued_on": at.isoformat(),
            "content": content,
            "revision": revision,
            "printed": 1,
        }
    )
    return slips_of(db, record_id)[-1]


def slips_of(db: Database, record_id: UUID) -> list[SlipIssue]:
    """The slips issued for a record, the oldest first."""
    rows = db.execute(
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
