"""Decisions about records: resolving conflicts, merging households, sending records back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import Connection, select
from uuid_utils.compat import uuid7

from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables
from ruhu.county.records.revisions import revisions_of, revisions_of_all, save_own_revision
from ruhu.county.review.conflict_impact import outcomes_per_side
from ruhu.county.review.pending import PendingReview
from ruhu.county.review.proposals import (
    Change,
    MergeHouseholds,
    RemoveMember,
    ResolveConflicts,
    proposed_records,
)
from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.revisions.merge import Conflict, MergedRecord, common_base, merge_revisions
from ruhu.revisions.revision import Reason, Revision
from ruhu.strict_json import Document
from ruhu.survey.changes.returned import send_back
from ruhu.survey.changes.split_join import join_documents
from ruhu.survey.facts.paths import put_value


@dataclass(frozen=True, slots=True)
class ResolutionPolicy:
    """A policy for many conflicts: the newest value, or that of one surveyor."""

    prefer: Literal["newest", "author"]
    author: str = ""

    def choose(self, conflict: Conflict, sides: Mapping[UUID, Revision]) -> Any:
        """Return the side whose value wins, `None` if the policy does not decide."""
        heads = [head for head, _ in conflict.values]
        if self.prefer == "newest":
            latest = max(sides[head].at for head in heads)
            heads = [head for head in heads if sides[head].at == latest]
        else:
            heads = [head for head in heads if sides[head].author == self.author]
        return heads[0] if len(heads) == 1 else None


def pending_reviews(connection: Connection, county: str, limit: int) -> list[PendingReview]:
    """Return the records with conflicts, at most `limit`."""
    record = tables.record
    keys = connection.execute(
        select(record.c.record_id)
        .where(record.c.county == county, record.c.conflicts > 0)
        .order_by(record.c.changed, record.c.record_id)
        .limit(limit)
    ).scalars()
    by_record = revisions_of_all(connection, county, [UUID(key) for key in keys])
    proposed = proposed_records(connection, county)
    return [
        _pending_review(key, revisions, key in proposed) for key, revisions in by_record.items()
    ]


def _pending_review(record_id: UUID, revisions: list[Revision], proposed: bool) -> PendingReview:
    state = merge_revisions(revisions)
    sides = {revision.revision_id: revision for revision in revisions}
    document = state.document or {}
    outcomes = {each.path: outcomes_per_side(document, each) for each in state.conflicts}
    return PendingReview(record_id, state, sides, common_base(revisions), outcomes, proposed)


def choose_values(pending: PendingReview, policy: ResolutionPolicy) -> dict[str, Any] | None:
    """Return what a policy chooses for each conflict, `None` if it leaves one open."""
    chosen = {}
    for conflict in pending.conflicts:
        head = policy.choose(conflict, pending.sides)
        if head is None:
            return None
        chosen[conflict.path] = dict(conflict.values)[head]
    return chosen


def settle(tx: Transaction, author: str, record_id: UUID, chosen: Mapping[str, Any]) -> None:
    """Resolve a record's conflicts by one revision that builds on all sides.

    `chosen` has a value for each conflicting path. Raises `UserError` if a path is missing.
    """
    state = merged_record(tx.connection, tx.county, record_id)
    document = state.document
    require_all_chosen(state, chosen)
    for path, value in chosen.items():
        if not path:  # one side deleted the record
            document = value
        elif document is not None:
            kind = str(document.get("kind", "household"))
            document = put_value(document, path, value, kind)
    add_revision(tx, author, state, record_id, document, "merge")
    tx.log("settle", {"record": str(record_id), "paths": sorted(chosen)})


def require_all_chosen(state: MergedRecord, chosen: Mapping[str, Any]) -> None:
    """Raise `UserError` if a conflicting path has no value."""
    missing = [c.path for c in state.conflicts if c.path not in chosen]
    if missing:
        raise UserError(
            BilingualText("还有没选的：{paths}", "no value chosen for: {paths}").format(
                paths=", ".join(missing)
            )
        )


def return_to_worker(
    tx: Transaction, author: str, record_id: UUID, comment: str, path: str = ""
) -> None:
    """Send a record back to its surveyor, who gets it with the county's next reply.

    `path` names the field that the comment is about. Raises `UserError` without a comment, or while
    the record has conflicts.
    """
    state = _record_without_conflicts(tx, record_id)
    assert state.document is not None
    document = send_back(state.document, comment=comment, by=author, on=tx.at.date(), path=path)
    add_revision(tx, author, state, record_id, document, "sent_back")
    tx.log("send back", {"record": str(record_id)})


def required_heads(tx: Transaction, record_id: UUID, change: Change) -> list[str]:
    """Return the revisions that a change is decided on. Raises `UserError` if it is not possible."""
    states = [merged_record(tx.connection, tx.county, record_id)]
    match change:
        case ResolveConflicts(chosen):
            require_all_chosen(states[0], chosen)
        case MergeHouseholds(other):
            states = [
                _record_without_conflicts(tx, record_id),
                _record_without_conflicts(tx, other),
            ]
        case RemoveMember(member_id):
            _members_without(_record_without_conflicts(tx, record_id), member_id)
    return [str(head.revision_id) for state in states for head in state.heads]


def apply(tx: Transaction, author: str, record_id: UUID, change: Change) -> None:
    """Apply a change to a record. Raises `UserError` if it is not possible."""
    match change:
        case ResolveConflicts(chosen):
            settle(tx, author, record_id, chosen)
        case MergeHouseholds(other):
            merge_households(tx, author, record_id, other)
        case RemoveMember(member_id):
            remove_member(tx, author, record_id, member_id)


def display_name(tx: Transaction, record_id: UUID, member_id: str | None = None) -> str:
    """Return a household's number and first member, or the name of one of its members."""
    document = merged_record(tx.connection, tx.county, record_id).document or {}
    members = [m for m in document.get("members") or [] if member_id in (None, m.get("member_id"))]
    name = str(members[0].get("name") or "") if members else ""
    number = str((document.get("registration") or {}).get("household_no") or "")
    return name if member_id else f"{number} {name}".strip()


def merge_households(tx: Transaction, author: str, remaining: UUID, removed: UUID) -> None:
    """Merge a household into another: its members and facts move, its record is deleted.

    Raises `UserError` while either has conflicts or is deleted.
    """
    stays, goes = _record_without_conflicts(tx, remaining), _record_without_conflicts(tx, removed)
    assert stays.document is not None
    assert goes.document is not None
    merged, _ = join_documents(stays.document, goes.document)
    add_revision(tx, author, stays, remaining, merged, "join")
    add_revision(tx, author, goes, removed, None, "join")
    tx.log("join", {"record": str(remaining), "other": str(removed)})


def remove_member(tx: Transaction, author: str, record_id: UUID, member_id: str) -> None:
    """Remove a member who belongs to another household.

    Raises `UserError` while the household has conflicts, or if nobody would remain.
    """
    state = _record_without_conflicts(tx, record_id)
    assert state.document is not None
    document = {**state.document, "members": _members_without(state, member_id)}
    add_revision(tx, author, state, record_id, document, "merge")
    tx.log("take out", {"record": str(record_id), "member": member_id})


def _members_without(state: MergedRecord, member_id: str) -> list[Document]:
    members: list[Document] = (state.document or {}).get("members") or []
    remaining = [member for member in members if member.get("member_id") != member_id]
    if not remaining or len(remaining) == len(members):
        raise UserError(
            BilingualText(
                "这一户只剩此人，请改用并户",
                "this household has no other member; merge the two households",
            )
        )
    return remaining


def change_record(tx: Transaction, record_id: UUID, document: Document, *, author: str) -> None:
    """Change a record on the county's behalf. Raises `UserError` while it has conflicts."""
    add_revision(tx, author, _record_without_conflicts(tx, record_id), record_id, document, "edit")


def merged_record(connection: Connection, county: str, record_id: UUID) -> MergedRecord:
    """Return the merged state of a record. Raises `UserError` if it does not exist."""
    revisions = revisions_of(connection, county, record_id)
    if not revisions:
        raise UserError(BilingualText("没有这条记录", "this record does not exist"))
    return merge_revisions(revisions)


def _record_without_conflicts(tx: Transaction, record_id: UUID) -> MergedRecord:
    state = merged_record(tx.connection, tx.county, record_id)
    if state.document is None or state.conflicts:
        raise UserError(BilingualText("请先核对合并这一户", "resolve the record's conflicts first"))
    return state


def add_revision(
    tx: Transaction,
    author: str,
    state: MergedRecord,
    record_id: UUID,
    document: Document | None,
    reason: Reason,
) -> None:
    """Save a revision of the county that builds on all sides."""
    revision = Revision(
        revision_id=uuid7(),
        record_id=record_id,
        parents=tuple(head.revision_id for head in state.heads),
        device_id=uuid5(NAMESPACE_OID, f"ruhu county {tx.county}"),
        author=author,
        at=tx.at,
        reason=reason,
        document=document,
    )
    save_own_revision(tx, revision)
