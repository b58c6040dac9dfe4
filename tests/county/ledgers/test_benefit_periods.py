"""Who is paid what for which period, and that one person is one person."""

from typing import Any

import pytest

from ruhu.county.ledgers.benefits.periods import BenefitPeriod, periods_in, person_of, read_period
from ruhu.errors import UserError
from ruhu.policy.evaluation.finding import PaymentPeriod


def plainly(text: str) -> str:
    return text


@pytest.mark.parametrize(
    ("per", "names"),
    [
        (PaymentPeriod.ONCE, ["once"]),
        (PaymentPeriod.TERM, ["once"]),
        (PaymentPeriod.STAY, ["once"]),
        (None, ["once"]),
        (PaymentPeriod.YEAR, ["2017"]),
        (PaymentPeriod.SEMESTER, ["2017-1", "2017-2"]),
    ],
)
def test_the_periods_of_a_year(per: PaymentPeriod | None, names: list[str]) -> None:
    assert [p.name for p in periods_in(per, 2017)] == names


@pytest.mark.parametrize("per", [*PaymentPeriod, None])
def test_a_period_is_read_back_by_its_name(per: PaymentPeriod | None) -> None:
    for period in periods_in(per, 2017):
        assert read_period(period.name) == period
        assert period.label.zh != period.name


@pytest.mark.parametrize("text", ["", "17", "2017-13", "2017-3", "2017-06-01", "一次"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(UserError):
        read_period(text)
    assert BenefitPeriod("2017-1").label.zh == "2017年春季学期"


def test_a_person_is_the_same_in_every_household(household: dict[str, Any]) -> None:
    head = person_of(household, "members[m1].", plainly)
    moved = {
        "record_id": "b",
        "members": [{**household["members"][0], "member_id": "x9"}],
    }
    assert person_of(moved, "members[x9].", plainly).key == head.key
    assert head.name == "韦岜明"
    child = person_of(household, "members[m2].", plainly)
    assert child.key != person_of({**household, "record_id": "b"}, "members[m2].", plainly).key


def test_trainings_and_stays_are_paid_for_one_by_one(household: dict[str, Any]) -> None:
    household["members"][0]["trainings"] = [
        {"training_id": "t1", "on": "2017-05-01", "type": "short_term_skill"},
        {"training_id": "t2"},
    ]
    first = person_of(household, "members[m1].trainings[t1].", plainly)
    second = person_of(household, "members[m1].trainings[t2].", plainly)
    stay = person_of(household, "members[m1].stays[t1].", plainly)
    assert len({first.key, second.key, stay.key}) == 3
    household["members"][0]["trainings"][0]["training_id"] = "t7"
    assert person_of(household, "members[m1].trainings[t7].", plainly).key == first.key


def test_a_household_and_a_partner_go_by_the_households_number(household: dict[str, Any]) -> None:
    own = person_of(household, "", plainly)
    partner = person_of({"record_id": "e"}, "partners[45109900000009].", plainly)
    assert own.key == partner.key
    assert own.name == "韦岜明"
