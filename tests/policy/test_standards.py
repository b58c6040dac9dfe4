"""Dated sets of a county's standards, and which of them a record is assessed by."""

from datetime import date
from typing import Any

import pytest

from ruhu.errors import UserError
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.record_reader import read_record
from ruhu.policy.standards.files import read_standards_file
from ruhu.policy.standards.model import Standards, StandardsBook, StandardsErrors
from ruhu.policy.standards.parser import parse_standards


def made(
    start: str, end: str | None = None, county: str = "451024", general: int = 20000
) -> Standards:
    return parse_standards(
        {
            "county": county,
            "valid_from": start,
            "valid_to": end,
            "housing": {"subsidy": {"general": general}},
        }
    )


FIRST = made("2016-01-01", general=16000)
SECOND = made("2017-04-01", "2017-12-31", general=20000)
ELSEWHERE = made("2017-01-01", county="451025", general=99000)
BOOK = StandardsBook.of([SECOND, ELSEWHERE, FIRST])


@pytest.mark.parametrize(
    ("day", "county", "found"),
    [
        (date(2015, 12, 31), "451024", None),
        (date(2016, 1, 1), "451024", FIRST),
        (date(2017, 3, 31), "451024", FIRST),
        (date(2017, 4, 1), "451024", SECOND),
        (date(2017, 12, 31), "451024", SECOND),
        # The second set has run out; the first never said that it ends.
        (date(2018, 1, 1), "451024", FIRST),
        (date(2017, 6, 1), "451025", ELSEWHERE),
        (date(2017, 6, 1), "451026", None),
    ],
)
def test_a_record_is_assessed_by_the_set_of_its_day(
    day: date, county: str, found: Standards | None
) -> None:
    assert BOOK.on(day, county) is found


def test_the_amount_follows_the_day(household: dict[str, Any]) -> None:
    household["registration"]["poverty_category"] = "general"
    reading = read_record(household)
    amounts = {}
    for day in (date(2017, 3, 31), date(2017, 4, 1)):
        assessment = assess(reading, on=day, standards=BOOK)
        found = next(f for f in assessment.findings if f.rule == "housing.subsidy")
        amounts[day] = found.amount
    assert amounts == {date(2017, 3, 31): 16000, date(2017, 4, 1): 20000}


@pytest.mark.parametrize(
    "sets",
    [
        (made("2017-04-01"), made("2017-04-01")),
        (made("2017-01-01", "2017-06-30"), made("2017-06-30")),
        (made("2017-01-01", "2017-12-31"), made("2017-06-01", "2017-06-30")),
    ],
)
def test_overlapping_dates_are_refused_with_both(sets: tuple[Standards, Standards]) -> None:
    with pytest.raises(StandardsErrors) as caught:
        StandardsBook.of(sets)
    assert "451024" in caught.value.text.zh
    assert all(one.valid_from.isoformat() in caught.value.text.zh for one in sets)


@pytest.mark.parametrize("end", ["2017-02-30", "2016-12-31", 7])
def test_a_last_day_that_cannot_be(end: object) -> None:
    with pytest.raises(StandardsErrors) as caught:
        parse_standards({"county": "451024", "valid_from": "2017-01-01", "valid_to": end})
    assert "valid_to" in caught.value.text.en


@pytest.mark.parametrize(
    "text",
    [
        "farming = { base_rate = 1E99999999999999999999 }",
        "farming = { base_rate = 1e10001 }",
        "farming = { base_rate = nan }",
        "farming = { base_rate = -inf }",
        "farming = { base_rate = 1e999 }",
        "health.major.tiers = [{ rate = 1E99999999999999999999 }]",
        "a = [" * 2000,
    ],
)
def test_numbers_and_nesting_that_are_meant_to_harm(text: str) -> None:
    file = f'county = "451024"\nvalid_from = 2017-01-01\n{text}\n'.encode()
    with pytest.raises(UserError):
        parse_standards(read_standards_file("x.toml", file))
