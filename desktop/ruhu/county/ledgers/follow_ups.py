"""Follow-ups of failed checks: pupils out of school, unsafe water and the like.

The notice requires such a ledger for pupils who left school (education/2/2): where they are, why
they left, what was done to bring them back. A follow-up is open while its check fails. Once the
check passes, it is resolved and its notes are kept.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select
from uuid_utils.compat import uuid7

from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.assessment.results import stored_findings
from ruhu.county.database.documents import document_of, documents_of
from ruhu.county.database.ledger_tables import follow_up
from ruhu.county.ledgers.benefits.periods import Payee, person_of
from ruhu.county.ledgers.dates import refuse_future
from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import Outcome
from ruhu.strict_json import Document

DROPOUT, WATER = "education.dropout", "water.safety"
MAX_NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class FollowUpNote:
    """A note on a follow-up: what was done or learnt, when, and by whom."""

    on: date
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A failed check to follow up, with its person and its notes, the newest first."""

    rule: str
    record_id: UUID
    address: str
    person: Payee
    document: Document
    is_open: bool
    notes: tuple[FollowUpNote, ...]


def _unhashed(text: str) -> str:
    return text


def _notes(
    connection: Connection, county: str, rule: str
) -> dict[tuple[str, str], list[FollowUpNote]]:
    notes: dict[tuple[str, str], list[FollowUpNote]] = {}
    rows = connection.execute(
        select(follow_up)
        .where(follow_up.c.county == county, follow_up.c.rule == rule)
        .order_by(follow_up.c.on.desc(), follow_up.c.note_id.desc())
    )
    for row in rows:
        note = FollowUpNote(date.fromisoformat(row.on), row.note, row.by)
        notes.setdefault((row.record_id, row.address), []).append(note)
    return notes


def list_follow_ups(connection: Connection, county: str, rule: str) -> list[FollowUp]:
    """Return the follow-ups of a check by place, and resolved ones that have notes."""
    notes = _notes(connection, county, rule)
    failing = stored_findings(connection, county, [rule], outcomes=[Outcome.FAIL, Outcome.CONFLICT])
    follow_ups = [
        _follow_up(rule, record_id, finding.address, document, notes, is_open=True)
        for record_id, document in documents_of(connection, county, list(failing))
        for finding in failing[record_id]
    ]
    open_keys = {(str(each.record_id), each.address) for each in follow_ups}
    for record_id, address in notes:
        if (record_id, address) not in open_keys:
            document = document_of(connection, county, record_id) or {"record_id": record_id}
            follow_ups.append(_follow_up(rule, record_id, address, document, notes, is_open=False))
    return follow_ups


def _follow_up(
    rule: str,
    record_id: str,
    address: str,
    document: Document,
    notes: dict[tuple[str, str], list[FollowUpNote]],
    *,
    is_open: bool,
) -> FollowUp:
    person = person_of(document, address, _unhashed)
    own_notes = tuple(notes.get((record_id, address), ()))
    return FollowUp(rule, UUID(record_id), address, person, document, is_open, own_notes)


def add_note(
    connection: Connection, county: str, target: FollowUp, *, text: str, on: date, by: str
) -> None:
    """Add a note to a follow-up. Raises `UserError` for an empty one."""
    note = text.strip()[:MAX_NOTE_LENGTH]
    if not note:
        raise UserError(BilingualText("请写明情况", "enter what was found or done"))
    values: dict[str, Any] = {
        "county": county,
        "note_id": str(uuid7()),
        "rule": target.rule,
        "record_id": str(target.record_id),
        "address": target.address,
        "on": on.isoformat(),
        "note": note,
        "by": by,
    }
    connection.execute(insert(follow_up).values(values))


class FollowUpService:
    """The ledger of follow-ups."""

    def __init__(self, session: DatabaseSession) -> None:
        self._session = session

    def find(self, rule: str) -> list[FollowUp]:
        """Return the follow-ups of a check."""
        with self._session.reader() as connection:
            return list_follow_ups(connection, self._session.county, rule)

    def add_note(self, follow_up: FollowUp, text: str, on: date) -> None:
        """Add a note. Raises `UserError` for an empty one or a day after today."""
        with self._session.transaction(Permission.PLAN) as tx:
            refuse_future(tx, on)
            add_note(tx.connection, tx.county, follow_up, text=text, on=on, by=tx.user)
            tx.log("follow up", {"rule": follow_up.rule, "record": str(follow_up.record_id)})
