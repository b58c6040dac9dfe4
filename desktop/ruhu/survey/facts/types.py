"""Parse single facts from JSON: exact numbers and real dates, without guessing.

Every reader takes what `json.loads(..., parse_float=Decimal)` returns and raises `ValueError` if the contract
does not accept the value. Full-width digits are folded to ASCII.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from ruhu.i18n import BilingualText

MAX_AMOUNT = Decimal(10) ** 12
MAX_DECIMALS = 8
EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 12, 31)
_PLAIN_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,8})?")
_PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that can be neither shown nor written to a workbook: controls, surrogates, noncharacters."""


@dataclass(frozen=True, slots=True)
class Label:
    """A fact's name, and the unit of its value (`m2`, `CNY`, `h` ...)."""

    zh: str
    en: str
    unit: str | None = None

    @property
    def text(self) -> BilingualText:
        """The name in both languages."""
        return BilingualText(self.zh, self.en)

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Name the fact in JSON Schemas."""
        unit = {"x-unit": self.unit} if self.unit else {}
        return {**handler(core_schema), "title": f"{self.zh} / {self.en}", **unit}


@dataclass(frozen=True, slots=True)
class Accepts:
    """The accepted values of a fact, in words a person can act on."""

    text: BilingualText

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the accepted values in JSON Schemas."""
        return {**handler(core_schema), "description": f"{self.text.zh} / {self.text.en}"}


def fold_width(value: str) -> str:
    """Strip blanks and fold full-width characters to ASCII."""
    return value.strip() if value.isascii() else unicodedata.normalize("NFKC", value).strip()


def read_decimal(value: Any) -> Any:
    """Read an exact number of at most 12 digits before and 8 after the point."""
    if value is None:
        return None
    if isinstance(value, str) and _PLAIN_DECIMAL.fullmatch(value):
        return Decimal(value)
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        raise ValueError("not a number")
    if isinstance(value, str):
        value = fold_width(value)
        if not re.fullmatch(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?", value):
            raise ValueError("not a number")
    if isinstance(value, int) and value.bit_length() > 128:
        raise ValueError("too large")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError("not a number") from None
    if not number.is_finite() or abs(number) >= MAX_AMOUNT:
        raise ValueError("too large")
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MAX_DECIMALS:
        raise ValueError("too many decimals")
    return number


def read_amount(value: Any) -> Any:
    """Read an exact number of 0 or more."""
    if isinstance(value, str) and _PLAIN_DECIMAL.fullmatch(value):
        return Decimal(value)
    number = read_decimal(value)
    if number is not None and number < 0:
        raise ValueError("negative")
    return number


def read_share(value: Any) -> Any:
    """Read a share from 0 to 1."""
    number = read_amount(value)
    if number is not None and number > 1:
        raise ValueError("over 1")
    return number


def read_count(value: Any) -> Any:
    """Read a whole number of 0 or more."""
    number = read_amount(value)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise ValueError("not a whole number")
    return int(number)


def read_population(value: Any) -> Any:
    """Read a whole number of 1 or more."""
    number = read_count(value)
    if number is not None and not 1 <= number <= 1000:
        raise ValueError("not 1 to 1000")
    return number


def read_year(value: Any) -> Any:
    """Read a calendar year."""
    number = read_count(value)
    if number is not None and not EARLIEST.year <= number <= LATEST.year:
        raise ValueError("not a year")
    return number


def read_date(value: Any) -> Any:
    """Read a date written `YYYY-MM-DD`."""
    if value is None or (isinstance(value, date) and type(value) is date):
        return value
    if not isinstance(value, str):
        raise ValueError("not a date")
    text = value if _PLAIN_DAY.fullmatch(value) else fold_width(value)
    if not _PLAIN_DAY.fullmatch(text):
        raise ValueError("not a date")
    day = date.fromisoformat(text)
    if not EARLIEST <= day <= LATEST:
        raise ValueError("outside 1900 to 2100")
    return day


_WRITTEN = re.compile(
    r"(\d{4})(?:\s*[-/.年]\s*|\s+)(\d{1,2})(?:\s*[-/.月]\s*|\s+)(\d{1,2})\s*日?", re.ASCII
)
_DATE_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)


def read_written_day(typed: str) -> date:
    """Parse a day as people write it: `2017-6-1`, `2017.06.01`, `20170601`, `2017年6月1日`.

    Raises `ValueError`, also for an incomplete date such as `2017-12`.
    """
    text = fold_width(typed.strip())
    match = _DATE_DIGITS.fullmatch(text) or _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError("not a day")
    return date(int(match[1]), int(match[2]), int(match[3]))


def read_yes_no(value: Any) -> Any:
    """Read `true` or `false`."""
    if value is not None and not isinstance(value, bool):
        raise ValueError("not true or false")
    return value


def read_text(value: Any) -> Any:
    """Read text of at most 500 characters; blanks alone count as empty."""
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > 500:
        raise ValueError("not text")
    if not value.isprintable() and _CONTROL.search(value):
        raise ValueError("control characters")
    return "" if value.isspace() else value


def read_name(value: Any) -> Any:
    """Read the id of a list item: non-empty text of at most 64 characters."""
    text = read_text(value)
    if text is None or not text.strip() or len(text) > 64 or any(c in "[]\n\t" for c in text):
        raise ValueError("not an id")
    return text


def read_code(length: int) -> BeforeValidator:
    """Return the reader of an administrative division code of `length` digits."""

    def read(value: Any) -> Any:
        if value is None:
            return None
        text = fold_width(value) if isinstance(value, str) else ""
        if not re.fullmatch(rf"[0-9]{{{length}}}", text):
            raise ValueError("not a division code")
        return text

    return BeforeValidator(read)


def _code_text(length: int) -> Accepts:
    return Accepts(
        BilingualText(f"{length}位数字的行政区划代码", f"a division code of {length} digits")
    )


def _say(zh: str, en: str) -> Accepts:
    return Accepts(BilingualText(zh, en))


YesNo = Annotated[
    bool | None,
    BeforeValidator(read_yes_no),
    _say("true（是）或 false（否）", "true or false"),
]
Amount = Annotated[
    Decimal | None,
    BeforeValidator(read_amount),
    _say("0以上的数，至多8位小数", "a number of 0 or more, up to 8 decimals"),
]
Share = Annotated[
    Decimal | None,
    BeforeValidator(read_share),
    _say("0至1之间的比例", "a share from 0 to 1"),
]
Figure = Annotated[
    Decimal | None,
    BeforeValidator(read_decimal),
    _say("一个数，至多8位小数", "a number, up to 8 decimals"),
]
Count = Annotated[
    int | None,
    BeforeValidator(read_count),
    _say("0以上的整数", "a whole number of 0 or more"),
]
Population = Annotated[
    int | None,
    BeforeValidator(read_population),
    _say("1至1000的整数", "a whole number from 1 to 1000"),
]
Year = Annotated[
    int | None,
    BeforeValidator(read_year),
    _say("四位数的年份", "a year of four digits"),
]
Day = Annotated[
    date | None,
    BeforeValidator(read_date),
    _say("1900至2100年间的日期，如 2017-06-01", "a date from 1900 to 2100, such as 2017-06-01"),
]
Words = Annotated[
    str | None,
    BeforeValidator(read_text),
    _say(
        "500字以内的文字，不含控制字符",
        "text of at most 500 characters, without control characters",
    ),
]
IdNumberText = Annotated[
    str | None,
    BeforeValidator(read_text),
    _say("18位公民身份号码（文字）", "an id number of 18 characters, as text"),
]
ItemName = Annotated[
    str,
    BeforeValidator(read_name),
    _say("不为空的编号，64字以内", "an id that is not empty, of at most 64 characters"),
]
CountyCode = Annotated[str | None, read_code(6), _code_text(6)]
TownshipCode = Annotated[str | None, read_code(9), _code_text(9)]
VillageCode = Annotated[str | None, read_code(12), _code_text(12)]
