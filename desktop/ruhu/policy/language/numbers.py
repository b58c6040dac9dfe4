"""Exact numbers, and their form for people and JSON."""

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from ruhu.i18n import NO_TEXT, BilingualText

UNITS = {
    "m2": BilingualText("㎡", " m²"),
    "m2/person": BilingualText("㎡/人", " m² a person"),
    "CNY": BilingualText("元", " CNY"),
    "CNY/person-day": BilingualText("元/人·天", " CNY a person and day"),
    "%": BilingualText("%", "%"),
    "h": BilingualText("小时", " h"),
    "Mbps": BilingualText("Mbps", " Mbps"),
    "year": BilingualText("年", " years"),
    "years_old": BilingualText("周岁", " years of age"),
    "month": BilingualText("个月", " months"),
    "persons": BilingualText("人", " persons"),
    "days": BilingualText("天", " days"),
}


def is_finite_decimal(denominator: int) -> bool:
    """Return whether a reduced fraction with this denominator has a finite decimal form."""
    return pow(10, denominator.bit_length(), denominator) == 0 or denominator == 1


EXACT = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX, rounding=ROUND_HALF_UP)
"""Context for sums, differences and products without rounding; quotients may be fractions instead."""

_CONTEXT = Context(prec=120, rounding=ROUND_HALF_UP)
_FEN = Decimal("0.01")

Number = int | Decimal | Fraction
"""An exact number; a fraction only as the result of a division."""


def is_whole(number: Number) -> bool:
    """Return whether a number has no fractional part."""
    if isinstance(number, Decimal):
        return number == number.to_integral_value()
    return isinstance(number, int) or number.denominator == 1


def as_decimal(number: Number) -> Decimal:
    """Return the exact decimal without trailing zeros, or rounded half-up to 4 places if it is infinite."""
    if isinstance(number, Decimal):
        if _is_shortest(str(number)):
            return number
        return Decimal(int(number)) if is_whole(number) else number.normalize(EXACT)
    if not is_finite_decimal(number.denominator):
        return _rounded(number, 4)
    quotient = _CONTEXT.divide(Decimal(number.numerator), Decimal(number.denominator))
    return as_decimal(quotient)


def _is_shortest(text: str) -> bool:
    """Return whether a decimal has no exponent and no trailing zeros; most have neither."""
    return text.isdecimal() or ("." in text and text[-1] != "0" and "E" not in text)


def _rounded(number: int | Fraction, places: int) -> Decimal:
    """Round a number half-up, in integer arithmetic."""
    top, bottom = number.numerator, number.denominator
    units = (2 * 10**places * abs(top) + bottom) // (2 * bottom)
    return EXACT.scaleb(Decimal(-units if top < 0 else units), -places)


def to_fen(number: Number) -> Decimal:
    """Round money half-up to the fen; whole yuan stay whole."""
    if isinstance(number, Decimal):
        text = str(number)
        if text.isdecimal() or (text[-3:-2] == "." and text[-2:] != "00"):
            return number
        rounded = number.quantize(_FEN, ROUND_HALF_UP, EXACT)
    else:
        rounded = _rounded(number, 2)
    return Decimal(int(rounded)) if is_whole(rounded) else rounded


def to_plain(number: Decimal) -> str:
    """Return a decimal as text without exponent or trailing zeros."""
    text = str(number)
    if "E" in text:
        text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=4096)
def show_number(number: Number, unit: str | None = None) -> BilingualText:
    """Return a number with its unit; money with thousands separators. Cached, as bounds and figures are few."""
    unit_text = UNITS.get(unit or "", NO_TEXT)
    text = in_thousands(number) if unit == "CNY" else format_digits(number)
    return BilingualText(text + unit_text.zh, text + unit_text.en)


def format_digits(number: Number) -> str:
    """Return a number as text without trailing zeros, or half-up to 4 places if it is infinite."""
    if isinstance(number, int):
        return str(number)
    decimal = number if isinstance(number, Decimal) else as_decimal(number)
    return to_plain(decimal) if decimal else "0"


def in_thousands(amount: Number) -> str:
    """Return money with thousands separators: whole yuan, or to the fen."""
    fen = to_fen(amount)
    text = str(fen)
    if not text.isdecimal() or len(text) > 6:
        return f"{fen:,f}"
    return text if len(text) < 4 else f"{text[:-3]},{text[-3:]}"
