"""Housing cases: recording stages, refusing and reopening."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.audit.trail import Transaction
from ruhu.county.case_rules import StageTransition, advance
from ruhu.county.ledgers.benefits import payments
from ruhu.county.ledgers.benefits.payments import Benefit, BenefitKey
from ruhu.county.ledgers.benefits.periods import ONCE, BenefitPeriod, PersonHash, person_of
from ruhu.county.ledgers.housing import cases as case_table
from ruhu.county.ledgers.housing.cases import SUBSIDY, HousingCase, transition_context
from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import PaymentPeriod
from ruhu.strict_json import Document
from ruhu.survey.models.choices import HousingStage

Revise = Callable[[Transaction, UUID, Document], None]
"""Saves a record's new revision by the county."""


class HousingService:
    """The ledger of housing cases."""

    def __init__(self, session: DatabaseSession, revise: Revise, hashed: PersonHash) -> None:
        self._session, self._revise, self._hashed = session, revise, hashed

    def cases(self) -> list[HousingCase]:
        """Return every housing case, by place."""
        with self._session.reader() as connection:
            return case_table.cases(connection, self._session.county)

    def publicity_days(self) -> int:
        """Return how many days a list is on display before a case may be reviewed."""
        with self._session.reader() as connection:
            return case_table.publicity_days(connection, self._session.county)

    def set_publicity_days(self, days: int) -> None:
        """Set the publicity period in days. Raises `UserError` if it is out of range."""
        with self._session.transaction(Permission.USERS) as tx:
            case_table.set_publicity_days(tx, days)

    def advance(self, record_id: UUID, *moves: StageTransition) -> None:
        """Record that a case reached a stage, or several in turn; a payment goes to the ledger too.

        Raises `UserErrors` with every reason against it.
        """
        pays = any(move.stage is HousingStage.PAID for move in moves)
        with self._session.transaction(Permission.PAY if pays else Permission.PLAN) as tx:
            for move in moves:
                self._advance(tx, record_id, move)

    def _advance(self, tx: Transaction, record_id: UUID, move: StageTransition) -> None:
        case = self._case(tx.connection, record_id)
        context = transition_context(case, tx.day)
        self._revise(tx, record_id, advance(case.document, move, context))
        if move.stage is HousingStage.PAID:
            self._pay_subsidy(tx, case, move.on)
        detail = {"record": str(record_id), "stage": move.stage.value, "on": str(move.on)}
        missing = [each.value for each in case_table.waive(tx, case, move)]
        tx.log("housing stage", detail | ({"lacking": missing} if missing else {}))

    def _pay_subsidy(self, tx: Transaction, case: HousingCase, on: date) -> None:
        person = person_of(case.document, "", self._hashed)
        benefit = Benefit(
            BenefitKey(SUBSIDY, person.key, BenefitPeriod(ONCE)),
            case.record_id,
            "",
            person,
            case.document,
            case.subsidy,
            PaymentPeriod.ONCE,
        )
        payments.claim(tx.connection, tx.county, benefit, on)
        payments.pay(tx.connection, tx.county, benefit, on)

    def refuse(self, record_id: UUID, reason: str) -> None:
        """Refuse a case. Raises `UserError` without a reason, or if building has begun."""
        with self._session.transaction(Permission.PLAN) as tx:
            case = self._case(tx.connection, record_id)
            case_table.refuse(tx.connection, tx.county, case, reason, tx.day)
            tx.log("housing refuse", {"record": str(record_id)})

    def reopen(self, record_id: UUID) -> None:
        """Reopen a refused case. Raises `UserError` if it was not refused."""
        with self._session.transaction(Permission.PLAN) as tx:
            case = self._case(tx.connection, record_id)
            case_table.reopen(tx.connection, tx.county, case)
            tx.log("housing reopen", {"record": str(record_id)})

    def _case(self, connection: Connection, record_id: UUID) -> HousingCase:
        cases = case_table.cases(connection, self._session.county, record_id)
        if not cases:
            raise UserError(BilingualText("没有这户的记录", "this household has no record"))
        return cases[0]
