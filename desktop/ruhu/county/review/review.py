"""What a person settles: conflicts of a record, records sent back, the same person held twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy import Connection, select
from uuid_utils.compat import uuid7

from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables
from ruhu.county.listings import PendingReview
from ruhu.county.records.revisions import revise_record, revisions_of, revisions_of_all
from ruhu.county.review.conflict_impact import answers_for
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
    """What settles many conflicts alike: the newest value, or that of one surveyor."""

    take: Literal["newest", "author"]
    author: str = ""

    def choose(self, conflict: Conflict, sides: Mapping[UUID, Revision]) -> Any:
        """The side whose value is to stand, `None` where the rule does not tell."""
        heads = [head for head, _ in conflict.values]
        if self.take == "newest":
            latest = max(sides[head].at for head in heads)
            heads = [head for head in heads if sides[head].at == latest]
        else:
            heads = [head for head in heads if sides[head].author == self.author]
        return heads[0] if len(heads) == 1 else None


def all_waiting(connection: Connection, county: str, most: int) -> list[PendingReview]:
    """The records with conflicts that wait for a person, at most so many."""
    record = tables.record
    keys = connection.execute(
        select(record.c.record_id)
        .where(record.c.county == county, record.c.conflicts > 0)
        .order_by(record.c.changed, record.c.record_id)
        .limit(most)
    ).scalars()
    found = revisions_of_all(connection, county, [UUID(key) for key in keys])
    proposed = proposed_records(connection, county)
    return [_waiting(key, revisions, key in proposed) for key, revisions in found.items()]


def _waiting(record_id: UUID, revisions: list[Revision], proposed: bool) -> PendingReview:
    state = merge_revisions(revisions)
    sides = {revision.revision_id: revision for revision in revisions}
    document = state.document or {}
    answers = {each.path: answers_for(document, each) for each in state.conflicts}
    return PendingReview(record_id, state, sides, common_base(revisions), answers, proposed)


def by_rule(waiting: PendingReview, rule: ResolutionPolicy) -> dict[str, Any] | None:
    """What a rule chooses for each conflict of a record; `None` where it leaves one open."""
    chosen = {}
    for conflict in waiting.conflicts:
        head = rule.choose(conflict, waiting.sides)
        if head is None:
            return None
        chosen[conflict.path] = dict(conflict.values)[head]
    return chosen


def settle(act: Transaction, author: str, record_id: UUID, chosen: Mapping[str, Any]) -> None:
    """Settle a record's conflicts: a value for each conflicting path, as one revision of the
    county that builds on all sides. Raises `UserError` when a path was left out.
    """
    state = state_of(act.connection, act.county, record_id)
    document = state.document
    require_all(state, chosen)
    for path, value in chosen.items():
        if not path:  # one side took the record away
            document = value
        elif document is not None:
            kind = str(document.get("kind", "household"))
            document = put_value(document, path, value, kind)
    add_revision(act, author, state, record_id, document, "merge")
    act.log("settle", {"record": str(record_id), "paths": sorted(chosen)})


def require_all(state: MergedRecord, chosen: Mapping[str, Any]) -> None:
    """Raises `UserError` when a conflicting path has no value chosen."""
    left = [c.path for c in state.conflicts if c.path not in chosen]
    if left:
        raise UserError(
            BilingualText("还有没选的：{paths}", "not chosen yet: {paths}").format(
                paths=", ".join(left)
            )
        )


def return_to_worker(
    act: Transaction, author: str, record_id: UUID, comment: str, path: str = ""
) -> None:
    """Send a record back to its worker, who gets it with the county's next answer.

    `path` names the field that the comment is about. Raises `UserError` without a comment, or
    while the record has conflicts.
    """
    state = _settled(act, record_id)
    assert state.document is not None
    document = send_back(state.document, comment=comment, by=author, on=act.at.date(), path=path)
    add_revision(act, author, state, record_id, document, "sent_back")
    act.log("send back", {"record": str(record_id)})


def required_heads(act: Transaction, record_id: UUID, change: Change) -> list[str]:
    """The revisions that a change is decided on. Raises `UserError` for one that is not possible."""
    states = [state_of(act.connection, act.county, record_id)]
    match change:
        case ResolveConflicts(chosen):
            require_all(states[0], chosen)
        case MergeHouseholds(other):
            states = [_settled(act, record_id), _settled(act, other)]
        case RemoveMember(member_id):
            _members_without(_settled(act, record_id), member_id)
    return [str(head.revision_id) for state in states for head in state.heads]


def apply(act: Transaction, author: str, record_id: UUID, change: Change) -> None:
    """Do what was decided of a record. Raises `UserError` where it is not possible."""
    match change:
        case ResolveConflicts(chosen):
            settle(act, author, record_id, chosen)
        case MergeHouseholds(other):
            join_households(act, author, record_id, other)
        case RemoveMember(member_id):
            take_out(act, author, record_id, member_id)


def called(act: Transaction, record_id: UUID, member_id: str | None = None) -> str:
    """What people know a household by, its number and first person; or one of its persons."""
    document = state_of(act.connection, act.county, record_id).document or {}
    members = [m for m in document.get("members") or [] if member_id in (None, m.get("member_id"))]
    name = str(members[0].get("name") or "") if members else ""
    number = str((document.get("registration") or {}).get("household_no") or "")
    return name if member_id else f"{number} {name}".strip()


def join_households(act: Transaction, author: str, kept: UUID, other: UUID) -> None:
    """Make one household of two: its people and facts go into `kept`, the other is taken away.

    Raises `UserError` while either has conflicts or is gone already.
    """
    stays, goes = _settled(act, kept), _settled(act, other)
    assert stays.document is not None
    assert goes.document is not None
    joined, _ = join_documents(stays.document, goes.document)
    add_revision(act, author, stays, kept, joined, "join")
    add_revision(act, author, goes, other, None, "join")
    act.log("join", {"record": str(kept), "other": str(other)})


def take_out(act: Transaction, author: str, record_id: UUID, member_id: str) -> None:
    """Take a person out of a household, because they belong to another.

    Raises `UserError` while it has conflicts, or when nobody would be left.
    """
    state = _settled(act, record_id)
    assert state.document is not None
    document = {**state.document, "members": _members_without(state, member_id)}
    add_revision(act, author, state, record_id, document, "merge")
    act.log("take out", {"record": str(record_id), "member": member_id})


def _members_without(state: MergedRecord, member_id: str) -> list[Document]:
    members: list[Document] = (state.document or {}).get("members") or []
    left = [member for member in members if member.get("member_id") != member_id]
    if not left or len(left) == len(members):
        raise UserError(
            BilingualText(
                "这一户只剩此人，请改用并户", "nobody else is in that household: join the two"
            )
        )
    return left


def change_record(act: Transaction, record_id: UUID, document: Document, *, author: str) -> None:
    """Change a record as the county's own act. Raises `UserError` while the record has conflicts."""
    add_revision(act, author, _settled(act, record_id), record_id, document, "edit")


def state_of(connection: Connection, county: str, record_id: UUID) -> MergedRecord:
    """How a record stands. Raises `UserError` for one that is not there."""
    revisions = revisions_of(connection, county, record_id)
    if not revisions:
        raise UserError(BilingualText("没有这条记录", "there is no such record"))
    return merge_revisions(revisions)


def _settled(act: Transaction, record_id: UUID) -> MergedRecord:
    state = state_of(act.connection, act.county, record_id)
    if state.document is None or state.conflicts:
        raise UserError(BilingualText("请先核对合并这一户", "first settle the record's conflicts"))
    return state


def add_revision(
    act: Transaction,
    author: str,
    state: MergedRecord,
    record_id: UUID,
    document: Document | None,
    reason: Reason,
) -> None:
    """Write a revision of the county's own that builds on all sides."""
    revision = Revision(
        revision_id=uuid7(),
        record_id=record_id,
        parents=tuple(head.revision_id for head in state.heads),
        device_id=uuid5(NAMESPACE_OID, f"ruhu county {act.county}"),
        author=author,
        at=act.at,
        reason=reason,
        document=document,
    )
    revise_record(act, revision)
