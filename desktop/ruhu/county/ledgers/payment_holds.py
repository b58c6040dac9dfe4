"""Holds on payment lists: rows that must not be paid yet, and why.

A row is on hold if its household has no card account. It is also on hold if its person, account or
household occurs in the list again by another record: which of the two is right cannot be decided
here, so both wait. Rows paid before are compared, too.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from ruhu.county.ledgers.benefits.payments import Benefit
from ruhu.county.ledgers.housing.cases import HousingCase
from ruhu.county.ledgers.labels import number_of, township_of, village_of
from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.facts.types import fold_width
from ruhu.survey.households import members_of
from ruhu.survey.models.choices import HousingStage
from ruhu.survey.validation.id_number import normalise

NO_ACCOUNT = BilingualText("没有一卡（折）通账号", "no card account")
PERSON_TWICE = BilingualText(
    "同一证件号在名单里不止一处", "the id number occurs more than once in the list"
)
ACCOUNT_TWICE = BilingualText(
    "同一账号在名单里不止一户", "the account occurs for more than one household in the list"
)
HOUSEHOLD_TWICE = BilingualText(
    "同村同一户编号在名单里不止一户", "the household number occurs more than once in the list"
)

Hold = tuple[BilingualText, ...]
"""The reasons why a row is on hold, empty if it may be paid."""

_MEMBER = re.compile(r"members\[([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a payment list.

    `unique_values` must not occur in the list twice: the reason, the value, and its owner.
    """

    to_pay: bool
    lacks_account: bool
    unique_values: tuple[tuple[BilingualText, Hashable, Hashable], ...]


def holds_on_benefits(benefits: Sequence[Benefit]) -> list[Hold]:
    """Return why each of the benefits of one rule is on hold."""
    return _holds([_row_of_benefit(benefit) for benefit in benefits])


def holds_on_cases(cases: Iterable[HousingCase]) -> dict[UUID, Hold]:
    """Return why housing cases that are to be paid are on hold."""
    listed = [case for case in cases if case.stage in (HousingStage.ACCEPTED, HousingStage.PAID)]
    rows = [
        _row(case.document, "", case.stage is HousingStage.ACCEPTED and bool(case.subsidy))
        for case in listed
    ]
    holds = zip(listed, _holds(rows), strict=True)
    return {case.record_id: hold for case, hold in holds if hold}


def join_reasons(hold: Hold) -> BilingualText:
    """Return the reasons as one text."""
    return BilingualText(
        "；".join(reason.zh for reason in hold), "; ".join(reason.en for reason in hold)
    )


def _holds(rows: Sequence[_Row]) -> list[Hold]:
    owners: dict[tuple[BilingualText, Hashable], set[Hashable]] = defaultdict(set)
    for row in rows:
        for reason, mark, by in row.unique_values:
            owners[reason, mark].add(by)
    return [tuple(_reasons(row, owners)) if row.to_pay else () for row in rows]


def _reasons(
    row: _Row, owners: dict[tuple[BilingualText, Hashable], set[Hashable]]
) -> list[BilingualText]:
    reasons = [NO_ACCOUNT] if row.lacks_account else []
    duplicates = [reason for reason, mark, _ in row.unique_values if len(owners[reason, mark]) > 1]
    return reasons + list(dict.fromkeys(duplicates))


def _row_of_benefit(benefit: Benefit) -> _Row:
    if benefit.lapsed and not benefit.paid_on:
        return _Row(False, False, ())
    to_pay = not benefit.paid_on and bool(benefit.amount)
    return _row(benefit.document, benefit.address, to_pay, benefit.key.period.name)


def _row(document: Document, address: str, to_pay: bool, period: str = "") -> _Row:
    record = str(document.get("record_id") or "")
    household = document.get("kind") == "household"
    account = _account(document)
    values = [*_id_numbers(document, record, address)]
    if household:
        values += [(ACCOUNT_TWICE, account, record)] if account else []
        values += [(HOUSEHOLD_TWICE, value, record) for value in _household_keys(document)]
    by_period = tuple((reason, (period, value), by) for reason, value, by in values)
    return _Row(to_pay, household and not account, by_period)


def _account(document: Document) -> str:
    """Return the digits and letters of a household's account, empty for entries such as 无 or 0."""
    account = fold_width(str((document.get("housing") or {}).get("card_account") or ""))
    characters = re.sub(r"[^0-9A-Za-z]", "", account).upper()
    return characters if re.search("[1-9]", characters) else ""


def _id_numbers(
    document: Document, record: str, address: str
) -> Iterator[tuple[BilingualText, Hashable, Hashable]]:
    """Yield the id numbers of a row: a member's, or those of the whole household."""
    members = members_of(document)
    match = _MEMBER.match(address)
    for member in members:
        id_number = normalise(str(member.get("id_number") or ""))
        member_id = str(member.get("member_id") or "")
        if not id_number or (address and (match is None or match[1] != member_id)):
            continue
        yield PERSON_TWICE, id_number, (record, member_id) if match else record


def _household_keys(document: Document) -> Iterator[Hashable]:
    """Yield the keys of a household in its village, by the village's code and by its name."""
    number = fold_width(number_of(document))
    if not re.search("[1-9]", number):
        return
    code = str((document.get("place") or {}).get("village") or "")
    if code:
        yield code, number
    yield township_of(document), village_of(document), number
