"""What county staff do with ledgers, plans, figures and standards: each act under its right, in one
transaction, in the audit trail.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from ruhu.county.access.permissions import Permission
from ruhu.county.assessment import published_standards
from ruhu.county.assessment import statistics as figure_tables
from ruhu.county.assessment.results import Progress, assess_again, assess_some, without_standing
from ruhu.county.assessment.standards_impact import StandardsImpact
from ruhu.county.assessment.statistics import WHOLE_COUNTY, DrillDown, Figures, Scope
from ruhu.county.audit.trail import Transaction
from ruhu.county.case_rules import StageTransition, advance
from ruhu.county.ledgers import follow_ups
from ruhu.county.ledgers import training_classes as class_tables
from ruhu.county.ledgers.benefits import payments
from ruhu.county.ledgers.benefits.payments import Benefit, BenefitKey, PaymentTotals
from ruhu.county.ledgers.benefits.periods import ONCE, BenefitPeriod, PersonHash, person_of
from ruhu.county.ledgers.follow_ups import FollowUp
from ruhu.county.ledgers.housing import cases as case_tables
from ruhu.county.ledgers.housing import plans
from ruhu.county.ledgers.housing.cases import SUBSIDY, HousingCase, transition_context
from ruhu.county.ledgers.housing.plan_ranking import ManualDecision
from ruhu.county.ledgers.housing.plans import YearPlan
from ruhu.county.ledgers.training_classes import TrainingClassEntry
from ruhu.errors import UserError
from ruhu.export.spreadsheet import Sheet
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import PaymentPeriod
from ruhu.policy.standards.model import StandardsBook
from ruhu.strict_json import Document
from ruhu.survey.models.choices import HousingStage


@dataclass(frozen=True, slots=True)
class LedgerContext:
    """What an office works with: connections to read by, acts to write by, who keeps a record's new
    revision, who signs standards, and the keyed hash that people are known by.
    """

    county: str
    reading: Callable[[], AbstractContextManager[Connection]]
    acting: Callable[[Permission], AbstractContextManager[Transaction]]
    revise: Callable[[Transaction, UUID, Document], None]
    sign: Callable[[Transaction, Document], Document]
    hashed: PersonHash


@dataclass(frozen=True, slots=True)
class BatchResult:
    """How many of several were recorded, and what stood against the others."""

    done: int
    refused: tuple[BilingualText, ...] = ()


def _day(act: Transaction) -> date:
    """The day of an act where the office is."""
    day: date = act.at.astimezone().date()
    return day


class LedgerService:
    """The ledgers of one county."""

    def __init__(self, around: LedgerContext) -> None:
        self._around, self.county = around, around.county

    # Housing cases

    def cases(self) -> list[HousingCase]:
        """Every housing case, by place."""
        with self._around.reading() as connection:
            return self._cases(connection)

    def _cases(self, connection: Connection) -> list[HousingCase]:
        return case_tables.cases(connection, self.county)

    def _case(self, connection: Connection, record_id: UUID) -> HousingCase:
        found = case_tables.cases(connection, self.county, record_id)
        if not found:
            raise UserError(BilingualText("没有这户的记录", "there is no record of this household"))
        return found[0]

    def publicity_days(self) -> int:
        """How many days a list hangs out before a case may be reviewed."""
        with self._around.reading() as connection:
            return case_tables.publicity_days(connection, self.county)

    def set_publicity_days(self, days: int) -> None:
        """Set that. Raises `UserError` for a number that is none."""
        with self._around.acting(Permission.USERS) as act:
            case_tables.set_publicity_days(act, days)

    def move(self, record_id: UUID, *moves: StageTransition) -> None:
        """Record that a case reached one stage, or several in turn.

        Raises `UserErrors` with all that stands against it; a payment is recorded as such, too.
        """
        pays = any(move.stage is HousingStage.PAID for move in moves)
        with self._around.acting(Permission.PAY if pays else Permission.PLAN) as act:
            for move in moves:
                case = self._case(act.connection, record_id)
                basis = transition_context(case, _day(act))
                self._around.revise(act, record_id, advance(case.document, move, basis))
                if move.stage is HousingStage.PAID:
                    self._pay_subsidy(act, case, move.on)
                told = {"record": str(record_id), "stage": move.stage.value, "on": str(move.on)}
                needed = [each.value for each in case_tables.waive(act, case, move)]
                act.log("housing stage", told | ({"lacking": needed} if needed else {}))

    def _pay_subsidy(self, act: Transaction, case: HousingCase, on: date) -> None:
        person = person_of(case.document, "", self._around.hashed)
        due = Benefit(
            BenefitKey(SUBSIDY, person.key, BenefitPeriod(ONCE)),
            case.record_id,
            "",
            person,
            case.document,
            case.subsidy,
            PaymentPeriod.ONCE,
        )
        payments.claim(act.connection, self.county, due, on)
        payments.pay(act.connection, self.county, due, on)

    def refuse(self, record_id: UUID, reason: str) -> None:
        """Refuse a case, with the reason. Raises `UserError` without one, or too far on."""
        with self._around.acting(Permission.PLAN) as act:
            case = self._case(act.connection, record_id)
            case_tables.refuse(act.connection, self.county, case, reason, _day(act))
            act.log("housing refuse", {"record": str(record_id)})

    def reopen(self, record_id: UUID) -> None:
        """Take a refused case up again. Raises `UserError` for one that was not refused."""
        with self._around.acting(Permission.PLAN) as act:
            case = self._case(act.connection, record_id)
            case_tables.reopen(act.connection, self.county, case)
            act.log("housing reopen", {"record": str(record_id)})

    # The year's plan

    def plan_years(self) -> list[int]:
        """The years that have a plan, the newest first."""
        with self._around.reading() as connection:
            return plans.years(connection, self.county)

    def plan(self, year: int) -> YearPlan:
        """A year's plan. Raises `UserError` where there is none."""
        with self._around.reading() as connection:
            return plans.read_plan(connection, self.county, year, self._cases(connection))

    def draw_up(self, year: int, quota: int) -> None:
        """Draw a year's draft up, or anew. Raises `UserError` for one that is final."""
        with self._around.acting(Permission.PLAN) as act:
            known = self._cases(act.connection)
            plans.draw_up_plan(act.connection, self.county, year, quota, known)
            act.log("plan draw up", {"year": year, "quota": quota})

    def pin(
        self, year: int, record_id: UUID, pinned: ManualDecision | None, reason: str = ""
    ) -> None:
        """Put a household in or out of a draft by hand, with the reason; `None` takes that back."""
        with self._around.acting(Permission.PLAN) as act:
            known = self._cases(act.connection)
            plans.override(act.connection, self.county, year, record_id, pinned, reason, known)
            act.log("plan pin", {"year": year, "record": str(record_id), "pinned": pinned})

    def freeze(self, year: int) -> None:
        """Make a year's plan final. Raises `UserError` where there is none or it is final."""
        with self._around.acting(Permission.PLAN) as act:
            plans.finalise(act.connection, self.county, year, act.at.isoformat())
            act.log("plan freeze", {"year": year})

    # What people are owed

    def dues(self, rule: str, year: int) -> list[Benefit]:
        """What is owed under a rule for the periods of a year."""
        with self._around.reading() as connection:
            return payments.dues(connection, self.county, rule, year, self._around.hashed)

    def paid(self) -> list[PaymentTotals]:
        """What was claimed and paid, rule by rule."""
        with self._around.reading() as connection:
            return payments.sums_paid(connection, self.county)

    def claim(self, dues: Iterable[Benefit], on: date) -> BatchResult:
        """Record claims; each that cannot be is told, the others are recorded."""
        return self._record(Permission.PLAN, "claim", dues, on)

    def pay(self, dues: Iterable[Benefit], on: date) -> BatchResult:
        """Record payments of claims; each that cannot be is told, the others are recorded."""
        return self._record(Permission.PAY, "pay", dues, on)

    def _record(
        self, right: Permission, word: str, dues: Iterable[Benefit], on: date
    ) -> BatchResult:
        record = payments.claim if right is Permission.PLAN else payments.pay
        done, refused = 0, []
        with self._around.acting(right) as act:
            self._not_ahead(act, on)
            for due in dues:
                try:
                    self._still_due(due)
                    record(act.connection, self.county, due, on)
                except UserError as error:
                    refused.append(error.text)
                    continue
                done += 1
                key = {"rule": due.key.rule, "period": due.key.period.name}
                act.log(word, {**key, "record": str(due.record_id), "on": str(on)})
        return BatchResult(done, tuple(refused))

    @staticmethod
    def _not_ahead(act: Transaction, on: date) -> None:
        if on > _day(act):
            raise UserError(BilingualText("日期不能晚于今天", "not a day that is still to come"))

    @staticmethod
    def _still_due(due: Benefit) -> None:
        if due.lapsed:
            raise UserError(
                BilingualText(
                    "{name}：按现有事实已不再应发，请先核实",
                    "{name}: by the facts of today it is not due; look into it first",
                ).format(name=due.person.name)
            )

    # What is to be seen to

    def matters(self, rule: str) -> list[FollowUp]:
        """What a check fails and the county sees to."""
        with self._around.reading() as connection:
            return follow_ups.matters(connection, self.county, rule)

    def note_down(self, matter: FollowUp, text: str, on: date) -> None:
        """Add a note to a matter. Raises `UserError` for an empty one or a day to come."""
        with self._around.acting(Permission.PLAN) as act:
            self._not_ahead(act, on)
            follow_ups.add_note(act.connection, self.county, matter, text=text, on=on, by=act.who)
            act.log("follow up", {"rule": matter.rule, "record": str(matter.record_id)})

    def subsidies(self, rule: str) -> dict[str, Decimal]:
        """What a rule grants each record, in CNY."""
        with self._around.reading() as connection:
            return figure_tables.amounts_of(connection, self.county, rule)

    def for_file(self, sheet: Sheet) -> Sheet:
        """A list that leaves the database, as the audit trail tells. Raises `PermissionDenied`."""
        with self._around.acting(Permission.EXPORT) as act:
            held = {"held": sheet.held} if sheet.held else {}
            act.log("export list", {"list": sheet.title, "rows": len(sheet.rows)} | held)
        return sheet

    def classes(self) -> list[TrainingClassEntry]:
        """Every training class."""
        with self._around.reading() as connection:
            return class_tables.classes(connection, self.county)

    # Figures

    def catch_up(self) -> int:
        """Assess the records that an earlier version of the program took in; how many there were."""
        with self._around.reading() as connection:
            if not without_standing(connection, self.county):
                return 0
        with self._around.acting(Permission.READ) as act:
            names = without_standing(act.connection, self.county)
            book = published_standards.book_of(
                published_standards.published(act.connection, self.county)
            )
            assess_some(act.connection, self.county, names, book)
            act.log("assess", {"records": len(names)})
        return len(names)

    def figures(self, scope: Scope = WHOLE_COUNTY) -> Figures:
        """The figures of the county, a township or a village."""
        with self._around.reading() as connection:
            return figure_tables.figures(connection, self.county, scope)

    def households_behind(self, behind: DrillDown) -> list[Document]:
        """The records a number is made of, by place."""
        with self._around.reading() as connection:
            return figure_tables.records_behind(connection, self.county, behind)

    # Standards

    def published(self) -> list[Document]:
        """The signed standards, by the day they start."""
        with self._around.reading() as connection:
            return published_standards.published(connection, self.county)

    def book(self) -> StandardsBook:
        """The published standards as the rules use them."""
        return published_standards.book_of(self.published())

    def effect(self, document: Document, progress: Progress | None = None) -> StandardsImpact:
        """What publishing a document would change for every record.

        Raises `StandardsErrors` for a faulty one, or one whose dates overlap with another.
        """
        with self._around.reading() as connection:
            now = published_standards.published(connection, self.county)
            after = published_standards.including(now, {"standards": document})
            return published_standards.effect_on_all(
                connection,
                self.county,
                published_standards.book_of(now),
                published_standards.book_of(after),
                progress,
            )

    def publish(self, document: Document, progress: Progress | None = None) -> Document:
        """Sign standards and put them in force; every record is assessed again.

        Returns the signed document. Raises `StandardsErrors` as `effect` does.
        """
        with self._around.acting(Permission.STANDARDS) as act:
            now = published_standards.published(act.connection, self.county)
            after = published_standards.including(now, {"standards": document})
            book = published_standards.book_of(after)
            signed = self._around.sign(act, document)
            published_standards.keep(act, signed)
            assess_again(act.connection, self.county, book, progress)
            act.log("publish standards", {"valid_from": published_standards.start_date(signed)})
        return signed


def refusals(problems: Sequence[BilingualText]) -> BilingualText:
    """Several refusals as one text, a line each, the first ten of them."""
    shown = list(problems[:10])
    if len(problems) > 10:
        shown.append(BilingualText(f"……共{len(problems)}条", f"… {len(problems)} in all"))
    return BilingualText("\n".join(p.zh for p in shown), "\n".join(p.en for p in shown))
