"""Periods and payees of benefits, the keys that prevent a second payment.

A payment is identified by its rule, its person and its period. The person is a keyed hash of the id
number; so an award that is granted once is granted once in all years and all households.
"""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import PaymentPeriod
from ruhu.strict_json import Document
from ruhu.survey.households import head_of

ONCE = "once"
PersonHash = Callable[[str], str]


def person_hash(key: bytes) -> PersonHash:
    """Return the hash that identifies people in the ledgers, under the county's data key.

    Without the key, nobody can find a person in the tables by trying id numbers.
    """
    own = hmac.digest(key, b"ruhu.person/1", "sha256")
    return lambda text: hmac.digest(own, text.encode(), "sha256").hex()


@dataclass(frozen=True, slots=True)
class BenefitPeriod:
    """The period of an amount: `once`, `2017`, `2017-1` (semester) or `2017-06`."""

    name: str

    @property
    def label(self) -> BilingualText:
        """The period in words."""
        year, _, part = self.name.partition("-")
        if self.name == ONCE:
            return BilingualText("一次性", "once")
        if not part:
            return BilingualText(f"{year}年", year)
        if len(part) == 1:
            half = {"1": BilingualText("春季", "spring"), "2": BilingualText("秋季", "autumn")}[
                part
            ]
            return BilingualText(f"{year}年{half.zh}学期", f"{half.en} semester {year}")
        return BilingualText(f"{year}年{int(part)}月", self.name)


def periods_in(per: PaymentPeriod | None, year: int) -> list[BenefitPeriod]:
    """Return the periods of a year that an amount is paid for."""
    if per is PaymentPeriod.YEAR:
        return [BenefitPeriod(f"{year}")]
    if per is PaymentPeriod.SEMESTER:
        return [BenefitPeriod(f"{year}-1"), BenefitPeriod(f"{year}-2")]
    if per is PaymentPeriod.MONTH:
        return [BenefitPeriod(f"{year}-{month:02}") for month in range(1, 13)]
    return [BenefitPeriod(ONCE)]


def read_period(text: str) -> BenefitPeriod:
    """Read a period's name. Raises `UserError`."""
    if text != ONCE and not re.fullmatch(r"20\d\d(-[12]|-(0[1-9]|1[0-2]))?", text):
        raise UserError(
            BilingualText(
                "“{text}”：应为 once、2017、2017-1（学期）或 2017-06（月）",
                "“{text}”: must be once, 2017, 2017-1 (semester) or 2017-06 (month)",
            ).format(text=text)
        )
    return BenefitPeriod(text)


@dataclass(frozen=True, slots=True)
class Payee:
    """The recipient of an amount: `key` for the ledger; `name` and `id_number` are personal data."""

    key: str
    name: str
    id_number: str


_MEMBER = re.compile(r"members\[([^\]]*)\]")
_ITEM = re.compile(r"\.(trainings|stays)\[([^\]]*)\]")
_PARTNER = re.compile(r"partners\[([^\]]*)\]")


def person_of(document: Document, address: str, hashed: PersonHash) -> Payee:
    """Return the person of a finding at `address` (`members[m2].trainings[t1].`).

    A training or a stay is paid separately, so it is part of the key. A training is identified by
    its day and type if they are known, because its id may differ between records.
    """
    record_id = str(document.get("record_id", ""))
    member = _MEMBER.match(address)
    if member:
        item_owner = _with_id(document.get("members"), "member_id", member[1])
        name, id_number = str(item_owner.get("name") or ""), str(item_owner.get("id_number") or "")
        identity = f"person:{id_number}" if id_number else f"member:{record_id}/{member[1]}"
        tail = _tail(item_owner, address[member.end() :])
        return Payee(hashed(identity + tail), name, id_number)
    partner = _PARTNER.match(address)
    if partner:
        return Payee(hashed(f"household:{partner[1]}"), partner[1], "")
    if address:
        return Payee(hashed(f"item:{record_id}/{address}"), "", "")
    number = str((document.get("registration") or {}).get("household_no") or "")
    head = head_of(document)
    name, id_number = str(head.get("name") or ""), str(head.get("id_number") or "")
    identity = f"household:{number}" if number else f"record:{record_id}"
    return Payee(hashed(identity), name, id_number)


def _tail(member: dict[str, Any], rest: str) -> str:
    item = _ITEM.match(rest)
    if item is None:
        return ""
    if item[1] == "trainings":
        training = _with_id(member.get("trainings"), "training_id", item[2])
        if training.get("on"):
            return f"/training/{training['on']}/{training.get('type', '')}"
    return f"/{item[1]}/{item[2]}"


def _with_id(items: Any, key: str, item_id: str) -> dict[str, Any]:
    listed = items if isinstance(items, list) else []
    return next((i for i in listed if isinstance(i, dict) and i.get(key) == item_id), {})
