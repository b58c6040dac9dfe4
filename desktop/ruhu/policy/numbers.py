"""Exact numbers as people and JSON read them."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

from ruhu.survey.text import Text

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


def as_decimal(number: Fraction) -> Decimal:
    """The exact decimal, or half-up to 4 places where it does not end."""
    if number.denominator == 1:
        return Decimal(number.numerator)
    with localcontext() as context:
        context.prec = 120
        exact = Decimal(number.numerator) / Decimal(number.denominator)
        if not terminates(number):
            return exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)
        return exact


def to_fen(number: Fraction) -> Decimal:
    """Money rounded half-up to the fen; whole yuan stay whole."""
    if number.denominator == 1:
        return Decimal(number.numerator)
    with localcontext() as context:
        context.prec = 120
        exact = Decimal(number.numerator) / Decimal(number.denominator)
        rounded = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        whole = rounded.to_integral_value()
        return whole if rounded == whole else rounded


def plain(number: Decimal) -> str:
    """A decimal without exponent or needless zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=10_000)
def show_number(number: Fraction, unit: str | None = None) -> Text:
    """A number with its unit; money with thousands separators, to the fen."""
    if unit == "CNY":
        amount = to_fen(number)
        text = f"{amount:,.2f}" if amount != amount.to_integral_value() else f"{amount:,f}"
    else:
        text = plain(as_decimal(number))
    suffix = UNITS.get(unit or "", Text("", ""))
    return Text(f"{text}{suffix.zh}", f"{text}{suffix.en}")
