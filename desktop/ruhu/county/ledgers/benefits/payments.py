"""The table of payments: benefits due, claimed and paid, by rule and period.

The key of a payment is its rule, its person and its period. So the table itself prevents a second
payment, in any household and from any computer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from ruhu.county.assessment.evaluate import StoredFinding, yuan
from ruhu.county.assessment.results import stored_findings
from ruhu.county.database.documents import document_of, documents_of
from ruhu.county.database.ledger_tables import payment
from ruhu.county.ledgers.benefits.periods import (
    BenefitPeriod,
    Payee,
    PersonHash,
    periods_in,
    person_of,
    read_period,
)
from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import Outcome, PaymentPeriod
from ruhu.strict_json import Document


@dataclass(frozen=True, slots=True)
class BenefitKey:
    """The key of a payment."""

    rule: str
    person: str
    period: BenefitPeriod


@dataclass(frozen=True, slots=True)
class Benefit:
    """What a person is owed for a period.

    `amount` in CNY is `None` if the rule waives a fee or the figure is unknown; `paid` is what was
    recorded. `elsewhere`: the person has it by another record. `lapsed`: it was claimed or paid,
    but by today's facts it is no longer due.
    """

    key: BenefitKey
    record_id: UUID
    address: str
    person: Payee
    document: Document
    amount: Decimal | None
    per: PaymentPeriod | None
    claimed_on: date | None = None
    paid_on: date | None = None
    paid: Decimal | None = None
    elsewhere: bool = False
    lapsed: bool = False


def _recorded(connection: Connection, county: str, rule: str) -> dict[tuple[str, str], Any]:
    rows = connection.execute(
        select(payment).where(payment.c.county == county, payment.c.rule == rule)
    )
    return {(row.person, row.period): row for row in rows}


def _entitlements(
    connection: Connection, county: str, rule: str
) -> Iterator[tuple[str, Document, StoredFinding]]:
    findings = stored_findings(connection, county, [rule], outcomes=[Outcome.ELIGIBLE])
    for record_id, document in documents_of(connection, county, list(findings)):
        for finding in findings[record_id]:
            yield record_id, document, finding


def _fen(amount: Decimal | None) -> int:
    return 0 if amount is None else int(amount * 100)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def dues(
    connection: Connection, county: str, rule: str, year: int, hashed: PersonHash
) -> list[Benefit]:
    """Return what is owed under a rule for the periods of a year, by place.

    What was claimed or paid but is no longer due comes last.
    """
    recorded = _recorded(connection, county, rule)
    benefits: list[Benefit] = []
    seen: set[tuple[str, str]] = set()
    for record_id, document, finding in _entitlements(connection, county, rule):
        person = person_of(document, finding.address, hashed)
        for period in periods_in(finding.per, year):
            payment_row = recorded.get((person.key, period.name))
            seen.add((person.key, period.name))
            benefit = Benefit(
                BenefitKey(rule, person.key, period),
                UUID(record_id),
                finding.address,
                person,
                document,
                finding.amount,
                finding.per,
            )
            benefits.append(benefit if payment_row is None else _with_payment(benefit, payment_row))
    names = [period.name for per in (*PaymentPeriod, None) for period in periods_in(per, year)]
    unmatched = [row for key, row in recorded.items() if key not in seen and key[1] in names]
    return benefits + [_no_longer_due(connection, county, row, hashed) for row in unmatched]


def _with_payment(benefit: Benefit, row: Any) -> Benefit:
    return Benefit(
        benefit.key,
        benefit.record_id,
        benefit.address,
        benefit.person,
        benefit.document,
        benefit.amount,
        benefit.per,
        _day(row.claimed_on),
        _day(row.paid_on),
        yuan(row.amount_fen),
        elsewhere=row.record_id != str(benefit.record_id),
    )


def _no_longer_due(connection: Connection, county: str, row: Any, hashed: PersonHash) -> Benefit:
    document = document_of(connection, county, row.record_id) or {"record_id": row.record_id}
    person = person_of(document, row.address, hashed)
    return Benefit(
        BenefitKey(row.rule, row.person, read_period(row.period)),
        UUID(row.record_id),
        row.address,
        person,
        document,
        None,
        None,
        _day(row.claimed_on),
        _day(row.paid_on),
        yuan(row.amount_fen),
        lapsed=True,
    )


def claim(connection: Connection, county: str, benefit: Benefit, on: date) -> None:
    """Record that a benefit was claimed.

    Raises `UserError` if it was claimed before, in any household.
    """
    refuse_claimed(connection, county, benefit)
    connection.execute(
        insert(payment).values(
            county=county,
            rule=benefit.key.rule,
            person=benefit.key.person,
            period=benefit.key.period.name,
            record_id=str(benefit.record_id),
            address=benefit.address,
            amount_fen=_fen(benefit.amount),
            claimed_on=on.isoformat(),
        )
    )


def refuse_claimed(connection: Connection, county: str, benefit: Benefit) -> None:
    """Raise `UserError` if the person has claimed the benefit already."""
    row = _row(connection, county, benefit.key)
    if row is not None:
        raise UserError(
            BilingualText(
                "{name}，{period}：{day} 已登记过申领，不重复登记",
                "{name}, {period}: already claimed on {day}",
            ).format(name=benefit.person.name, period=benefit.key.period.label, day=row.claimed_on)
        )


def pay(
    connection: Connection, county: str, benefit: Benefit, on: date, amount: Decimal | None = None
) -> None:
    """Record that a claim was paid in full; `amount` in CNY is by default what is due.

    Raises `UserError` if it was paid before, was never claimed, or another amount is due.
    """
    row = _row(connection, county, benefit.key)
    name, period = benefit.person.name, benefit.key.period.label
    if row is None:
        raise UserError(
            BilingualText(
                "{name}，{period}：先登记申领", "{name}, {period}: record the claim first"
            ).format(name=name, period=period)
        )
    if row.paid_on is not None:
        raise UserError(
            BilingualText(
                "{name}，{period}：{day} 已发放，不重复发放",
                "{name}, {period}: already paid on {day}",
            ).format(name=name, period=period, day=row.paid_on)
        )
    if on.isoformat() < row.claimed_on:
        raise UserError(
            BilingualText(
                "{name}：发放日期不能早于申领日期 {day}",
                "{name}: the date of payment must not be before the claim ({day})",
            ).format(name=name, day=row.claimed_on)
        )
    full_amount = benefit.amount if benefit.amount is not None else yuan(row.amount_fen)
    if amount is not None and amount != full_amount:
        raise UserError(
            BilingualText(
                "{name}：应发 {whole} 元", "{name}: the amount due is {whole} CNY"
            ).format(name=name, whole=f"{full_amount:,f}")
        )
    statement = update(payment).where(
        *_key_filter(county, benefit.key), payment.c.paid_on.is_(None)
    )
    connection.execute(statement.values(paid_on=on.isoformat(), amount_fen=_fen(full_amount)))


def _key_filter(county: str, key: BenefitKey) -> tuple[Any, ...]:
    return (
        payment.c.county == county,
        payment.c.rule == key.rule,
        payment.c.person == key.person,
        payment.c.period == key.period.name,
    )


def _row(connection: Connection, county: str, key: BenefitKey) -> Any:
    return connection.execute(select(payment).where(*_key_filter(county, key))).one_or_none()


@dataclass(frozen=True, slots=True)
class PaymentTotals:
    """What was claimed and paid under a rule, in CNY."""

    rule: str
    claims: int
    claimed: Decimal
    payments: int
    paid: Decimal


def payment_totals(connection: Connection, county: str) -> list[PaymentTotals]:
    """Return what was claimed and paid, rule by rule."""
    is_paid = payment.c.paid_on.is_not(None)
    rows: Sequence[Any] = connection.execute(
        select(
            payment.c.rule,
            is_paid.label("is_paid"),
            func.count().label("number"),
            func.sum(payment.c.amount_fen).label("total"),
        )
        .where(payment.c.county == county)
        .group_by(payment.c.rule, is_paid)
    ).all()
    totals: dict[str, PaymentTotals] = {}
    for row in rows:
        old = totals.get(row.rule, PaymentTotals(row.rule, 0, Decimal(0), 0, Decimal(0)))
        total = yuan(int(row.total)) or Decimal(0)
        totals[row.rule] = PaymentTotals(
            row.rule,
            old.claims + row.number,
            old.claimed + total,
            old.payments + (row.number if row.is_paid else 0),
            old.paid + (total if row.is_paid else Decimal(0)),
        )
    return [totals[rule] for rule in sorted(totals)]
