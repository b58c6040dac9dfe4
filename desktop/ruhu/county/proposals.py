"""Four eyes: what one person has settled waits here until a second one confirms it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select
from uuid_utils.compat import uuid7

from ruhu.bundle.merge import Current
from ruhu.county import tables
from ruhu.county.accounts import Account
from ruhu.county.audit import Act
from ruhu.survey.text import Text, UserError


@dataclass(frozen=True, slots=True)
class Proposal:
    """A settlement that waits: by whom, when, and what was chosen for each path.

    `heads` are the revisions it was made on.
    """

    proposal_id: UUID
    record_id: UUID
    user_id: str
    by: str
    at: str
    chosen: dict[str, Any]
    heads: tuple[str, ...]


def _heads(state: Current) -> list[str]:
    return [str(head.revision_id) for head in state.heads]


def propose(
    act: Act, user: Account, record_id: UUID, state: Current, chosen: Mapping[str, Any]
) -> None:
    """Keep a settlement for a second person; an earlier one of the same record makes way."""
    table = tables.proposal
    act.connection.execute(
        delete(table).where(table.c.county == act.county, table.c.record_id == str(record_id))
    )
    body = {"by": user.name, "chosen": dict(chosen), "heads": _heads(state)}
    act.connection.execute(
        insert(table).values(
            county=act.county,
            proposal_id=str(uuid7()),
            record_id=str(record_id),
            user_id=user.user_id,
            at=act.at.isoformat(),
            body=json.dumps(body, ensure_ascii=False),
        )
    )
    act.note("propose", {"record": str(record_id), "paths": sorted(chosen)})


def proposals(connection: Connection, county: str) -> list[Proposal]:
    """What waits for a second person, the oldest first."""
    table = tables.proposal
    rows = connection.execute(
        select(table).where(table.c.county == county).order_by(table.c.proposal_id)
    )
    found = []
    for row in rows:
        body = json.loads(row.body)
        found.append(
            Proposal(
                UUID(row.proposal_id),
                UUID(row.record_id),
                row.user_id,
                body["by"],
                row.at,
                body["chosen"],
                tuple(body["heads"]),
            )
        )
    return found


def proposed_records(connection: Connection, county: str) -> set[UUID]:
    """The records that somebody has settled and nobody confirmed."""
    table = tables.proposal
    rows = connection.execute(select(table.c.record_id).where(table.c.county == county))
    return {UUID(key) for key in rows.scalars()}


def take(act: Act, proposal_id: UUID) -> Proposal:
    """Take a proposal out, to act on it or to drop it. Raises `UserError` when it is gone."""
    found = [p for p in proposals(act.connection, act.county) if p.proposal_id == proposal_id]
    if not found:
        raise UserError(Text("这一条已不在了", "it is no longer there"))
    table = tables.proposal
    act.connection.execute(
        delete(table).where(table.c.county == act.county, table.c.proposal_id == str(proposal_id))
    )
    return found[0]


def require_confirmable(proposal: Proposal, user: Account, state: Current) -> None:
    """Raises `UserError` for whoever made it, and when the record has moved on since."""
    if proposal.user_id == user.user_id:
        raise UserError(Text("须由另一人复核", "somebody else has to confirm it"))
    if list(proposal.heads) != _heads(state):
        raise UserError(
            Text("此户又有新的修订，请重新核对", "the record has changed since: settle it anew")
        )
