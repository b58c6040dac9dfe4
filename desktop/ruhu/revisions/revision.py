"""Revisions: immutable states of a record, linked to their parents."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Reason = Literal["roster", "visit", "edit", "merge", "split", "join", "sent_back"]


class Revision(BaseModel):
    """One saved state of a record. `document` is `None` if the record was deleted.

    `at` is the author's wall clock and defines no order; `parents` do. An unknown `reason` comes from a newer
    program.
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
    """Return the revisions whose ancestors are all present, or all revisions if none qualify.

    For the others it is unknown which of the present revisions they have seen and decided on.
    """
    known = {revision.revision_id: revision for revision in revisions}
    children: dict[UUID, list[UUID]] = {}
    for key, revision in known.items():
        for parent in revision.parents:
            children.setdefault(parent, []).append(key)
    missing = [parent for parent in children if parent not in known]
    incomplete: set[UUID] = set()
    while missing:
        for child in children.get(missing.pop(), ()):
            if child not in incomplete:
                incomplete.add(child)
                missing.append(child)
    return [r for key, r in known.items() if key not in incomplete] or list(known.values())


def heads(revisions: Iterable[Revision]) -> list[Revision]:
    """Return the revisions that no other builds on, by id."""
    known = {revision.revision_id: revision for revision in revisions}
    built_on = {parent for revision in known.values() for parent in revision.parents}
    return sorted(
        (revision for key, revision in known.items() if key not in built_on),
        key=lambda revision: revision.revision_id.bytes,
    )
