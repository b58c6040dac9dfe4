"""The county's standards: signing, publishing and the impact of new ones."""

from collections.abc import Callable

from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.assessment import published_standards
from ruhu.county.assessment.results import Progress, assess_all
from ruhu.county.assessment.standards_impact import StandardsImpact
from ruhu.county.audit.trail import Transaction
from ruhu.policy.standards.model import StandardsBook
from ruhu.strict_json import Document

Sign = Callable[[Transaction, Document], Document]
"""Signs standards with the county's key."""


class StandardsService:
    """The standards in force, which records are assessed by."""

    def __init__(self, session: DatabaseSession, sign: Sign) -> None:
        self._session, self._sign = session, sign

    def sign(self, document: Document) -> Document:
        """Sign the county's own standards for its laptops; see `signing.sign_own_standards`."""
        with self._session.transaction(Permission.STANDARDS) as tx:
            return self._sign(tx, document)

    def published(self) -> list[Document]:
        """Return the signed standards, by the day they start."""
        with self._session.reader() as connection:
            return published_standards.published(connection, self._session.county)

    def book(self) -> StandardsBook:
        """Return the published standards in the form the rules use."""
        return published_standards.book_of(self.published())

    def impact(self, document: Document, progress: Progress | None = None) -> StandardsImpact:
        """Compute what publishing a document would change for every record.

        Raises `StandardsErrors` for a faulty one, or one whose dates overlap with another.
        """
        with self._session.reader() as connection:
            current = published_standards.published(connection, self._session.county)
            after = published_standards.including(current, {"standards": document})
            return published_standards.compute_impact(
                connection,
                self._session.county,
                published_standards.book_of(current),
                published_standards.book_of(after),
                progress,
            )

    def publish(self, document: Document, progress: Progress | None = None) -> Document:
        """Sign standards, put them in force and assess every record again.

        Returns the signed document. Raises `StandardsErrors` as `impact` does.
        """
        with self._session.transaction(Permission.STANDARDS) as tx:
            current = published_standards.published(tx.connection, tx.county)
            after = published_standards.including(current, {"standards": document})
            book = published_standards.book_of(after)
            signed = self._sign(tx, document)
            published_standards.save(tx, signed)
            assess_all(tx.connection, tx.county, book, progress)
            tx.log("publish standards", {"valid_from": published_standards.start_date(signed)})
        return signed
