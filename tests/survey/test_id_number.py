from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhu.survey.models.choices import Sex
from ruhu.survey.validation.id_number import (
    IdNumber,
    IdNumberFault,
    check_digit,
    mask,
    read_id_number,
)

VALID = "451099198606190789"


def test_says_birth_date_and_sex() -> None:
    found = read_id_number(VALID)
    assert isinstance(found, IdNumber)
    assert (found.birth_date, found.sex) == (date(1986, 6, 19), Sex.FEMALE)


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("451099198606190780", IdNumberFault.CHECK_DIGIT),
        ("45109919860619078", IdNumberFault.SHAPE),
        ("", IdNumberFault.SHAPE),
        ("451099198602300789", IdNumberFault.BIRTH_DATE),
        ("45109919860619078Y", IdNumberFault.SHAPE),
    ],
)
def test_tells_what_is_wrong(written: str, fault: IdNumberFault) -> None:
    assert read_id_number(written) is fault


def test_full_width_blanks_and_lower_case_are_normalised() -> None:
    first = "45109919391206661"
    found = read_id_number(f" ４５{first[2:]}{check_digit(first).lower()} ")
    assert isinstance(found, IdNumber)
    assert found.number == first + check_digit(first)


@given(st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(place: int, shift: int) -> None:
    digit = str((int(VALID[place]) + shift) % 10)
    wrong = VALID[:place] + digit + VALID[place + 1 :]
    assert isinstance(read_id_number(wrong), IdNumberFault)


def test_mask_shows_two_characters() -> None:
    assert mask(VALID) == "*" * 16 + "89"
