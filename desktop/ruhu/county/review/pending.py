"""A record whose conflicts wait for a person."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ruhu.i18n import BilingualText
from ruhu.revisions.merge import Conflict, MergedRecord
from ruhu.revisions.revision import Revision


@dataclass(frozen=True, slots=True)
class PendingReview:
    """A record with conflicts: its merged state, and the revisions in conflict by their ids."""

    record_id: UUID
    state: MergedRecord
    sides: dict[UUID, Revision]
    base: dict[str, Any]
    """The common ancestor of all sides."""
    outcomes: dict[str, tuple[tuple[BilingualText, ...], ...]]
    """By path and value: the outcomes of the rules that only this value leads to."""
    proposed: bool
    """Whether somebody has resolved it and a second person is to confirm."""

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The fields that were changed differently."""
        return self.state.conflicts
