"""Decisions of county staff about records: conflicts, duplicates, records sent back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ruhu.county.access import settings
from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.audit.trail import Transaction
from ruhu.county.records.search_index import RecordSearchIndex
from ruhu.county.review import duplicates, proposals, review
from ruhu.county.review.duplicates import DuplicatePair
from ruhu.county.review.pending import PendingReview
from ruhu.county.review.proposals import (
    Change,
    MergeHouseholds,
    Proposal,
    RemoveMember,
    ResolveConflicts,
)

MAX_BULK_RECORDS = 100_000


class ReviewService:
    """Resolving conflicts and duplicates; `author` signs the county's own revisions.

    Where the county requires a second person, a decision becomes a proposal that somebody else
    confirms.
    """

    def __init__(self, session: DatabaseSession, author: str, index: RecordSearchIndex) -> None:
        self._session, self._author, self._index = session, author, index

    def pending(self, *, limit: int = 200) -> list[PendingReview]:
        """Return the records with conflicts."""
        with self._session.reader() as connection:
            return review.pending_reviews(connection, self._session.county, limit)

    def settle(self, record_id: UUID, chosen: Mapping[str, Any]) -> None:
        """Resolve a record's conflicts with a value for each path; see `review.settle`."""
        with self._session.transaction(Permission.REVIEW) as tx:
            self._decide(tx, record_id, ResolveConflicts(chosen))

    def settle_by_policy(self, policy: review.ResolutionPolicy) -> int:
        """Resolve every record that a policy resolves completely; return how many there were."""
        number = 0
        with self._session.transaction(Permission.REVIEW) as tx:
            for pending in review.pending_reviews(tx.connection, tx.county, MAX_BULK_RECORDS):
                chosen = None if pending.proposed else review.choose_values(pending, policy)
                if chosen is not None:
                    self._decide(tx, pending.record_id, ResolveConflicts(chosen))
                    number += 1
        return number

    def send_back(self, record_id: UUID, comment: str, path: str = "") -> None:
        """Return a record to its surveyor with a comment; see `review.return_to_worker`."""
        with self._session.transaction(Permission.REVIEW) as tx:
            review.return_to_worker(tx, self._author, record_id, comment, path)

    def _decide(self, tx: Transaction, record_id: UUID, change: Change) -> bool:
        """Apply a change, or propose it to a second person; return whether it was applied."""
        if settings.read_setting(tx.connection, tx.county, settings.FOUR_EYES) == "yes":
            heads = review.required_heads(tx, record_id, change)
            proposals.propose(tx, self._session.user, record_id, heads, change)
            return False
        review.apply(tx, self._author, record_id, change)
        return True

    def proposals(self) -> list[Proposal]:
        """Return the changes that wait for a second person."""
        with self._session.reader() as connection:
            return proposals.list_proposals(connection, self._session.county)

    def confirm(self, proposal_id: UUID) -> None:
        """Apply somebody else's proposal. Raises what `require_confirmable` raises."""
        with self._session.transaction(Permission.REVIEW) as tx:
            proposal = proposals.pop(tx, proposal_id)
            heads = review.required_heads(tx, proposal.record_id, proposal.change)
            proposals.require_confirmable(proposal, self._session.user, heads)
            tx.log("confirm", {"record": str(proposal.record_id), "by": proposal.by})
            review.apply(tx, self._author, proposal.record_id, proposal.change)

    def reject(self, proposal_id: UUID) -> None:
        """Discard a proposal; its record is pending again."""
        with self._session.transaction(Permission.REVIEW) as tx:
            proposal = proposals.pop(tx, proposal_id)
            tx.log("reject", {"record": str(proposal.record_id), "by": proposal.by})

    def duplicates(self) -> list[DuplicatePair]:
        """Return pairs of members who look like one person in two households.

        Pairs that were marked as two people are left out.
        """
        county = self._session.county
        with self._session.reader() as connection:
            distinct = duplicates.distinct_pairs(connection, county)
            entries = self._index.refreshed(connection, county).search("household")
            return duplicates.find_duplicates(entries, distinct)

    def mark_distinct(self, pair: DuplicatePair) -> None:
        """Record that a pair is two people."""
        with self._session.transaction(Permission.REVIEW) as tx:
            duplicates.mark_distinct(tx, pair)

    def merge(self, remaining: UUID, removed: UUID) -> bool:
        """Merge a household into another; see `review.merge_households`.

        Returns whether it was done and does not wait for a second person.
        """
        with self._session.transaction(Permission.REVIEW) as tx:
            names = review.display_name(tx, remaining), review.display_name(tx, removed)
            return self._decide(tx, remaining, MergeHouseholds(removed, names))

    def remove_member(self, record_id: UUID, member_id: str) -> bool:
        """Remove a member from a household; see `review.remove_member`.

        Returns whether it was done and does not wait for a second person.
        """
        with self._session.transaction(Permission.REVIEW) as tx:
            names = (
                review.display_name(tx, record_id),
                review.display_name(tx, record_id, member_id),
            )
            return self._decide(tx, record_id, RemoveMember(member_id, names))
