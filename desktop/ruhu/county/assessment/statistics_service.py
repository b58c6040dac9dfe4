"""The county's figures, and the assessments that they are computed from."""

from decimal import Decimal

from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.assessment import statistics
from ruhu.county.assessment.published_standards import book_of, published
from ruhu.county.assessment.results import assess_records, unassessed_records
from ruhu.county.assessment.statistics import WHOLE_COUNTY, DrillDown, Figures, Scope
from ruhu.strict_json import Document


class StatisticsService:
    """Figures of the county, a township or a village."""

    def __init__(self, session: DatabaseSession) -> None:
        self._session = session

    def assess_missing(self) -> int:
        """Assess the records that an earlier version imported; return how many there were."""
        county = self._session.county
        with self._session.reader() as connection:
            if not unassessed_records(connection, county):
                return 0
        with self._session.transaction(Permission.READ) as tx:
            keys = unassessed_records(tx.connection, county)
            book = book_of(published(tx.connection, county))
            assess_records(tx.connection, county, keys, book)
            tx.log("assess", {"records": len(keys)})
        return len(keys)

    def figures(self, scope: Scope = WHOLE_COUNTY) -> Figures:
        """Return the figures of a scope."""
        with self._session.reader() as connection:
            return statistics.figures(connection, self._session.county, scope)

    def records_behind(self, behind: DrillDown) -> list[Document]:
        """Return the records that a number counts, by place."""
        with self._session.reader() as connection:
            return statistics.records_behind(connection, self._session.county, behind)

    def amounts(self, rule: str) -> dict[str, Decimal]:
        """Return what a rule grants each record, in CNY by record id."""
        with self._session.reader() as connection:
            return statistics.amounts_by_record(connection, self._session.county, rule)
