"""A reader that recalculates the arithmetic printed in an explanation, in either language.

It knows how formulas are written on paper and nothing of the rules or the program that wrote them.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_NUMBER = re.compile(r"(?P<sign>[-－−]?)(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<unit>\D*)$")
_OPENING, _CLOSING = "（(“", "）)”"


class NotArithmetic(ValueError):
    """The text is not a formula that a reader could calculate."""


@dataclass(frozen=True, slots=True)
class Style:
    """The notation of formulas in a language."""

    equals: str
    colon: str
    plus: str
    minus: str
    larger: str
    smaller: str
    opening: str
    closing: str
    between: str
    taken_as: str


CHINESE = Style(" ＝ ", "：", " ＋ ", " － ", "较大者（", "较小者（", "（", "）", "，", "（按）")
ENGLISH = Style(
    " = ", ": ", " + ", " − ", "the larger of (", "the smaller of (", "(", ")", ", ", "(taken as)"
)
TIMES, OVER = " × ", " ÷ "


@dataclass(frozen=True, slots=True)
class Operand:
    """A number as it stands in a formula, and what it is called there, empty for a bare number."""

    label: str
    value: Fraction
    unit: str


@dataclass(frozen=True, slots=True)
class Line:
    """`label = formula = result`: what comes of the formula, its operands, and the printed result."""

    label: str
    value: Fraction
    operands: tuple[Operand, ...]
    result: Operand

    @property
    def right(self) -> bool:
        """Return whether the formula yields the printed result.

        Money is compared to the fen, other numbers exactly, or to four places if they are recurring.
        """
        if self.result.unit.strip() in ("元", "CNY"):
            return rounded(self.value, 2) == self.result.value
        return self.result.value in (self.value, rounded(self.value, 4))


def rounded(number: Fraction, places: int) -> Fraction:
    """Round half up, as for money."""
    scaled = number * 10**places
    whole = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if scaled >= 0 else -whole, 10**places)


def money(amount: Decimal) -> Fraction:
    """Return an amount rounded to the fen."""
    return Fraction(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))


def read_operand(text: str, style: Style) -> Operand:
    """Parse `label number unit`. Raise `NotArithmetic` if it is malformed."""
    found = _NUMBER.search(text)
    if found is None:
        raise NotArithmetic(text)
    value = Fraction(found["digits"].replace(",", ""))
    label = text[: found.start()].strip().rsplit(style.taken_as, 1)[-1].strip()
    return Operand(label, -value if found["sign"] else value, found["unit"])


def read_line(text: str, style: Style) -> Line | None:
    """Parse a line with a formula; return `None` for any other. Raise `NotArithmetic` if it is malformed."""
    parts = text.split(style.equals)
    if len(parts) < 3:
        return None
    reader = _Reader(style.equals.join(parts[1:-1]), style)
    value = reader.sum("")
    if reader.rest:
        raise NotArithmetic(text)
    return Line(parts[0], value, tuple(reader.operands), read_operand(parts[-1], style))


class _Reader:
    """A parser of one formula from left to right."""

    def __init__(self, text: str, style: Style) -> None:
        self.rest, self._style = text, style
        self.operands: list[Operand] = []

    def _take(self, token: str) -> bool:
        if not self.rest.startswith(token):
            return False
        self.rest = self.rest.removeprefix(token)
        return True

    def sum(self, end: str) -> Fraction:
        """Parse terms up to a separator, a closing bracket or the end."""
        value = self._product(end)
        while True:
            if self._take(self._style.plus):
                value += self._product(end)
            elif self._take(self._style.minus):
                value -= self._product(end)
            else:
                return value

    def _product(self, end: str) -> Fraction:
        value = self._factor(end)
        while True:
            if self._take(TIMES):
                value *= self._factor(end)
            elif self._take(OVER):
                value /= self._factor(end)
            else:
                return value

    def _factor(self, end: str) -> Fraction:
        style = self._style
        for opening, choose in ((style.larger, max), (style.smaller, min)):
            if self._take(opening):
                values = [self.sum(style.between)]
                while self._take(style.between):
                    values.append(self.sum(style.between))
                self._close()
                return choose(values)
        if self._take(style.opening):
            value = self.sum("")
            self._close()
            return value
        if not re.match(r"[-－−]\d", self.rest) and self._take(style.minus.strip()):
            return -self._factor(end)
        return self._operand(end)

    def _close(self) -> None:
        if not self._take(self._style.closing):
            raise NotArithmetic(self.rest)

    def _operand(self, end: str) -> Fraction:
        """Parse one operand; its label may hold brackets and quotation marks with any text inside."""
        style, depth, at = self._style, 0, 0
        signs = (style.plus, style.minus, TIMES, OVER, *([end] if end else []))
        while at < len(self.rest):
            letter = self.rest[at]
            if depth == 0 and (letter in _CLOSING or self.rest.startswith(signs, at)):
                break
            depth += (letter in _OPENING) - (letter in _CLOSING)
            at += 1
        operand = read_operand(self.rest[:at], style)
        self.rest = self.rest[at:]
        self.operands.append(operand)
        return operand.value
