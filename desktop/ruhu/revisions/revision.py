"""Revisions: every saved change of a record, immutable, linked to what it changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Reason = Literal["roster", "visit", "edit", "merge", "split", "join", "sent_back"]


class Revision(BaseModel):
    """One saved state of a record. `document` is `None` where the record was deleted.

    `at` is the author's wall clock and orders nothing; `parents` do. A `reason` that this program does
    not know comes from a newer one.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    revision_id: UUID
    record_id: UUID
    parents: tuple[UUID, ...] = ()
    device_id: UUID
    author: str = ""
    at: datetime
    reason: Reason | Annotated[str, Field(max_length=40)]
    document: dict[str, Any] | None


def with_known_ancestors(revisions: Iterable[Revision]) -> list[Revision]:
    """The revisions of which all that they build on is there as well; all of them where there is none such.

    Of the others it cannot be told what they have seen of what is there, and with it what they decided.
    """
    known = {revision.revision_id: revision for revision in revisions}
    children: dict[UUID, list[UUID]] = {}
    for key, revision in known.items():
        for parent in revision.parents:
            children.setdefault(parent, []).append(key)
    gone = [parent for parent in children if parent not in known]
    floating: set[UUID] = set()
    while gone:
        for child in children.get(gone.pop(), ()):
            if child not in floating:
                floating.add(child)
                gone.append(child)
    return [r for key, r in known.items() if key not in floating] or list(known.values())


def heads(revisions: Iterable[Revision]) -> list[Revision]:
    """The revisions that none of the others builds on, in the order of their ids."""
    known = {revision.revision_id: revision for revision in revisions}
    built_on = {parent for revision in known.values() for parent in revision.parents}
    return sorted(
        (revision for key, revision in known.items() if key not in built_on),
        key=lambda revision: revision.revision_id.bytes,
    )
