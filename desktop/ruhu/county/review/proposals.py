"""Proposals: decisions that wait until a second person confirms them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select
from uuid_utils.compat import uuid7

from ruhu.county.access.accounts import Account
from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables
from ruhu.errors import UserError
from ruhu.i18n import BilingualText


@dataclass(frozen=True, slots=True)
class ResolveConflicts:
    """The decision to resolve a record's conflicts with a value for each path."""

    chosen: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MergeHouseholds:
    """The decision to merge another household into the record; `names` of both, for people."""

    removed: UUID
    names: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class RemoveMember:
    """The decision to remove a member; `names` of household and member, for people."""

    member_id: str
    names: tuple[str, str] = ("", "")


Change = ResolveConflicts | MergeHouseholds | RemoveMember
"""A decision about a record."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that waits: by whom, when, and on which revisions (`heads`) it was decided."""

    proposal_id: UUID
    record_id: UUID
    user_id: str
    by: str
    at: str
    change: Change
    heads: tuple[str, ...]


def _to_json(change: Change) -> dict[str, Any]:
    match change:
        case ResolveConflicts(chosen):
            return {"chosen": dict(chosen)}
        case MergeHouseholds(other, called):
            return {"other": str(other), "called": called}
        case RemoveMember(member_id, called):
            return {"member": member_id, "called": called}


def _from_json(body: Mapping[str, Any]) -> Change:
    if "other" in body:
        return MergeHouseholds(UUID(body["other"]), tuple(body["called"]))
    if "member" in body:
        return RemoveMember(body["member"], tuple(body["called"]))
    return ResolveConflicts(body["chosen"])


def propose(
    tx: Transaction, user: Account, record_id: UUID, heads: Sequence[str], change: Change
) -> None:
    """Save a change for a second person, in place of an earlier one of the same record."""
    table = tables.proposal
    tx.connection.execute(
        delete(table).where(table.c.county == tx.county, table.c.record_id == str(record_id))
    )
    written = _to_json(change)
    body = {"by": user.name, "heads": list(heads), **written}
    tx.connection.execute(
        insert(table).values(
            county=tx.county,
            proposal_id=str(uuid7()),
            record_id=str(record_id),
            user_id=user.user_id,
            at=tx.at.isoformat(),
            body=json.dumps(body, ensure_ascii=False),
        )
    )
    tx.log("propose", {"record": str(record_id), **_log_detail(change)})


def _log_detail(change: Change) -> dict[str, Any]:
    match change:
        case ResolveConflicts(chosen):
            return {"paths": sorted(chosen)}
        case MergeHouseholds(other):
            return {"other": str(other)}
        case RemoveMember(member_id):
            return {"member": member_id}


def list_proposals(connection: Connection, county: str) -> list[Proposal]:
    """Return the pending proposals, the oldest first."""
    table = tables.proposal
    rows = connection.execute(
        select(table).where(table.c.county == county).order_by(table.c.proposal_id)
    )
    result = []
    for row in rows:
        body = json.loads(row.body)
        result.append(
            Proposal(
                UUID(row.proposal_id),
                UUID(row.record_id),
                row.user_id,
                body["by"],
                row.at,
                _from_json(body),
                tuple(body["heads"]),
            )
        )
    return result


def proposed_records(connection: Connection, county: str) -> set[UUID]:
    """Return the records with a pending proposal."""
    table = tables.proposal
    rows = connection.execute(select(table.c.record_id).where(table.c.county == county))
    return {UUID(key) for key in rows.scalars()}


def pop(tx: Transaction, proposal_id: UUID) -> Proposal:
    """Delete a proposal and return it, to apply or discard it. Raises `UserError` if it is gone."""
    matches = [p for p in list_proposals(tx.connection, tx.county) if p.proposal_id == proposal_id]
    if not matches:
        raise UserError(BilingualText("这一条已不在了", "this proposal no longer exists"))
    table = tables.proposal
    tx.connection.execute(
        delete(table).where(table.c.county == tx.county, table.c.proposal_id == str(proposal_id))
    )
    return matches[0]


def require_confirmable(proposal: Proposal, user: Account, heads: Sequence[str]) -> None:
    """Raise `UserError` for the proposal's own author, or if the record has changed since."""
    if proposal.user_id == user.user_id:
        raise UserError(BilingualText("须由另一人复核", "another person must confirm it"))
    if proposal.heads != tuple(heads):
        raise UserError(
            BilingualText(
                "此户又有新的修订，请重新核对", "the record has changed since; resolve it again"
            )
        )
