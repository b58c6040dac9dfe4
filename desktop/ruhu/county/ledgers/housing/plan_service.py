"""The yearly plans of housing: drafting, changing and finalising."""

from uuid import UUID

from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.ledgers.housing import plans
from ruhu.county.ledgers.housing.cases import cases
from ruhu.county.ledgers.housing.plan_ranking import ManualDecision
from ruhu.county.ledgers.housing.plans import YearPlan


class PlanService:
    """Which households are rebuilt in a year."""

    def __init__(self, session: DatabaseSession) -> None:
        self._session = session

    def years(self) -> list[int]:
        """Return the years that have a plan, the newest first."""
        with self._session.reader() as connection:
            return plans.plan_years(connection, self._session.county)

    def read(self, year: int) -> YearPlan:
        """Return a year's plan. Raises `UserError` if the year has none."""
        county = self._session.county
        with self._session.reader() as connection:
            return plans.read_plan(connection, county, year, cases(connection, county))

    def draw_up(self, year: int, quota: int) -> None:
        """Rank the cases in a year's draft, again if there is one.

        Raises `UserError` if the plan is final.
        """
        with self._session.transaction(Permission.PLAN) as tx:
            known = cases(tx.connection, tx.county)
            plans.draw_up_plan(tx.connection, tx.county, year, quota, known)
            tx.log("plan draw up", {"year": year, "quota": quota})

    def override(
        self, year: int, record_id: UUID, decision: ManualDecision | None, reason: str = ""
    ) -> None:
        """Include or exclude a household by hand, with the reason; `None` restores the ranking."""
        with self._session.transaction(Permission.PLAN) as tx:
            known = cases(tx.connection, tx.county)
            plans.override(tx.connection, tx.county, year, record_id, decision, reason, known)
            tx.log("plan pin", {"year": year, "record": str(record_id), "pinned": decision})

    def finalise(self, year: int) -> None:
        """Make a year's plan final. Raises `UserError` if it does not exist or is final already."""
        with self._session.transaction(Permission.PLAN) as tx:
            plans.finalise(tx.connection, tx.county, year, tx.at.isoformat())
            tx.log("plan freeze", {"year": year})
