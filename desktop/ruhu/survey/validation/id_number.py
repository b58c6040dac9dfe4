"""Parse citizen identity numbers (GB 11643): check digit, birth date and sex."""

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum

from ruhu.survey.facts.types import fold_width
from ruhu.survey.models.choices import Sex

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


class IdNumberFault(Enum):
    """Why a text is not an id number."""

    SHAPE = "shape"
    BIRTH_DATE = "birth_date"
    CHECK_DIGIT = "check_digit"


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A valid id number with its holder's birth date and sex."""

    number: str
    birth_date: date
    sex: Sex


def normalise(text: str) -> str:
    """Fold full-width digits, drop blanks and write the check digit X in upper case."""
    return re.sub(r"\s", "", fold_width(text)).upper()


def check_digit(first_17: str) -> str:
    """Return the check digit (ISO 7064 MOD 11-2) of the first 17 digits."""
    return CHECK_DIGITS[sum(int(d) * w for d, w in zip(first_17, WEIGHTS, strict=True)) % 11]


def read_id_number(text: str) -> IdNumber | IdNumberFault:
    """Parse an id number, or return what is wrong with it."""
    number = normalise(text)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return IdNumberFault.SHAPE
    try:
        birth_date = date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    except ValueError:
        return IdNumberFault.BIRTH_DATE
    if birth_date.year < 1850:
        return IdNumberFault.BIRTH_DATE
    if check_digit(number[:17]) != number[17]:
        return IdNumberFault.CHECK_DIGIT
    return IdNumber(number, birth_date, Sex.MALE if int(number[16]) % 2 else Sex.FEMALE)


def mask(text: str) -> str:
    """Hide all characters of an id number except the last two."""
    number = normalise(text)
    return "*" * max(len(number) - 2, 0) + number[-2:] if len(number) > 2 else "*" * len(number)
