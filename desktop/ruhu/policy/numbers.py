"""Exact numbers as people and JSON read them."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from ruhu.survey.text import NO_TEXT, Text

UNITS = {
    "m2": Text("㎡", " m²"),
    "m2/person": Text("㎡/人", " m² a person"),
    "CNY": Text("元", " CNY"),
    "CNY/person-day": Text("元/人·天", " CNY a person and day"),
    "%": Text("%", "%"),
    "h": Text("小时", " h"),
    "Mbps": Text("Mbps", " Mbps"),
    "year": Text("年", " years"),
    "years_old": Text("周岁", " years of age"),
    "month": Text("个月", " months"),
    "persons": Text("人", " persons"),
    "days": Text("天", " days"),
}


def terminates(number: Fraction) -> bool:
    """Whether the decimal form of `number` ends."""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


_EXACT = Context(prec=120, rounding=ROUND_HALF_UP)
_PLACES = Decimal("0.0001")


def as_decimal(number: Fraction) -> Decimal:
    """The exact decimal, or half-up to 4 places where it does not end."""
    if number.denominator == 1:
        return Decimal(number.numerator)
    exact = _EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))
    return exact if terminates(number) else exact.quantize(_PLACES, ROUND_HALF_UP, _EXACT)


def to_fen(number: Fraction) -> Decimal:
    """Money rounded half-up to the fen; whole yuan stay whole."""
    top, bottom = number.numerator, number.denominator
    if bottom == 1:
        return Decimal(top)
    fen = (200 * abs(top) + bottom) // (2 * bottom)
    fen = -fen if top < 0 else fen
    return Decimal(fen // 100) if fen % 100 == 0 else _EXACT.scaleb(Decimal(fen), -2)


def plain(number: Decimal) -> str:
    """A decimal without exponent or needless zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_number(number: Fraction, unit: str | None = None) -> Text:
    """A number with its unit; money with thousands separators, to the fen."""
    if number.denominator == 1:
        text = f"{number.numerator:,}" if unit == "CNY" else str(number.numerator)
    elif unit == "CNY":
        amount = to_fen(number)
        text = f"{amount:,.2f}" if amount != amount.to_integral_value() else f"{amount:,f}"
    else:
        text = plain(as_decimal(number))
    suffix = UNITS.get(unit or "", NO_TEXT)
    return Text(f"{text}{suffix.zh}", f"{text}{suffix.en}")
