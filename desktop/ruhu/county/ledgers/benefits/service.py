"""Benefits: what people are owed, and recording claims and payments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.ledgers.benefits import payments
from ruhu.county.ledgers.benefits.payments import Benefit, PaymentTotals
from ruhu.county.ledgers.benefits.periods import PersonHash
from ruhu.county.ledgers.dates import refuse_future
from ruhu.errors import UserError
from ruhu.i18n import BilingualText

MAX_SHOWN_ERRORS = 10


@dataclass(frozen=True, slots=True)
class BatchResult:
    """Number of rows recorded, and the errors for the rest."""

    done: int
    refused: tuple[BilingualText, ...] = ()


class BenefitService:
    """The ledger of benefits."""

    def __init__(self, session: DatabaseSession, hashed: PersonHash) -> None:
        self._session, self._hashed = session, hashed

    def dues(self, rule: str, year: int) -> list[Benefit]:
        """Return what is owed under a rule for the periods of a year."""
        with self._session.reader() as connection:
            return payments.dues(connection, self._session.county, rule, year, self._hashed)

    def totals(self) -> list[PaymentTotals]:
        """Return what was claimed and paid, rule by rule."""
        with self._session.reader() as connection:
            return payments.payment_totals(connection, self._session.county)

    def claim(self, benefits: Iterable[Benefit], on: date) -> BatchResult:
        """Record claims. One that is refused is reported; the others are recorded."""
        return self._record(Permission.PLAN, "claim", benefits, on)

    def pay(self, benefits: Iterable[Benefit], on: date) -> BatchResult:
        """Record payments of claims. One that is refused is reported; the others are recorded."""
        return self._record(Permission.PAY, "pay", benefits, on)

    def _record(
        self, right: Permission, entry: str, benefits: Iterable[Benefit], on: date
    ) -> BatchResult:
        record = payments.claim if right is Permission.PLAN else payments.pay
        done, refused = 0, []
        with self._session.transaction(right) as tx:
            refuse_future(tx, on)
            for benefit in benefits:
                try:
                    _refuse_lapsed(benefit)
                    record(tx.connection, tx.county, benefit, on)
                except UserError as error:
                    refused.append(error.text)
                    continue
                done += 1
                key = {"rule": benefit.key.rule, "period": benefit.key.period.name}
                tx.log(entry, {**key, "record": str(benefit.record_id), "on": str(on)})
        return BatchResult(done, tuple(refused))


def _refuse_lapsed(benefit: Benefit) -> None:
    if benefit.lapsed:
        raise UserError(
            BilingualText(
                "{name}：按现有事实已不再应发，请先核实",
                "{name}: no longer due by the current facts; verify first",
            ).format(name=benefit.person.name)
        )


def format_errors(errors: Sequence[BilingualText]) -> BilingualText:
    """Return several errors as one text, a line each, the first ten of them."""
    shown = list(errors[:MAX_SHOWN_ERRORS])
    if len(errors) > MAX_SHOWN_ERRORS:
        shown.append(BilingualText(f"……共{len(errors)}条", f"… {len(errors)} in all"))
    return BilingualText(
        "\n".join(error.zh for error in shown), "\n".join(error.en for error in shown)
    )
