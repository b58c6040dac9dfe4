"""Parse and validate a county's standards."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from ruhu.i18n import BilingualText
from ruhu.policy.language.nodes import Scalar
from ruhu.policy.standards.model import (
    BOOLEAN,
    CATEGORY_LABELS,
    FIGURES,
    FRACTION,
    TIERS,
    TIERS_LABEL,
    StandardFigure,
    Standards,
    StandardsErrors,
)
from ruhu.strict_json import Document
from ruhu.survey.facts.types import read_amount, read_date, read_share
from ruhu.survey.validation.problems import Problem

_SECTIONS = {
    ".".join(names[:end])
    for names in (path.split(".") for path in (*FIGURES, TIERS))
    for end in range(1, len(names))
}
"""The paths of tables that contain figures."""


def _flatten(document: Document, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict) and path not in FIGURES and path != TIERS:
            yield from _flatten(value, f"{path}.")
        elif value is not None:
            yield path, value


def _read_figure(figure: StandardFigure, value: Any) -> Scalar:
    if figure.accepts is BOOLEAN:
        if not isinstance(value, bool):
            raise ValueError("not true or false")
        return value
    number = read_share(value) if figure.accepts is FRACTION else read_amount(value)
    if figure.floor is not None and number < figure.floor:
        raise ValueError("under the floor")
    return Fraction(number)


def _read_tiers(value: Any) -> tuple[tuple[Fraction | None, Fraction], ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= 20:
        raise ValueError("not a list of tiers")
    tiers: list[tuple[Fraction | None, Fraction]] = []
    for index, entry in enumerate(value):
        if not isinstance(entry, dict):
            raise ValueError("not a tier")
        rate = read_share(entry.get("rate"))
        end = read_amount(entry.get("up_to"))
        if rate is None or (end is None) != (index == len(value) - 1):
            raise ValueError("only the last tier has no end")
        before = tiers[-1][0] if tiers else Fraction(0)
        if end is not None and before is not None and Fraction(end) <= before:
            raise ValueError("tiers must rise")
        tiers.append((None if end is None else Fraction(end), Fraction(rate)))
    return tuple(tiers)


_HEADER = {
    "county": BilingualText("6位数字的县代码", "a county code of 6 digits"),
    "valid_from": BilingualText(
        "生效日期，如 2017-04-01", "the first day in force, such as 2017-04-01"
    ),
    "valid_to": BilingualText(
        "最后一天，不早于生效日期；也可不填", "the last day, not before the first; or none"
    ),
}


def _read_header(document: Document, problems: list[Problem]) -> tuple[str, date, date | None]:
    county = document.get("county")
    if (
        not isinstance(county, str)
        or not (county.isascii() and county.isdigit())
        or len(county) != 6
    ):
        problems.append(Problem("standards.county", county, _HEADER["county"], None))
        county = ""
    day: Any = document.get("valid_from")
    try:
        day = read_date(day)
    except ValueError:
        day = None
    if day is None:
        read = document.get("valid_from")
        problems.append(Problem("standards.valid_from", read, _HEADER["valid_from"], None))
        day = date.max
    end: Any = document.get("valid_to")
    try:
        end = read_date(end)
        if end is not None and day != date.max and end < day:
            raise ValueError("before the first day")
    except ValueError:
        problems.append(Problem("standards.valid_to", end, _HEADER["valid_to"], None))
        end = None
    return county, day, end


def parse_standards(document: Any) -> Standards:
    """Validate a standards document (parsed TOML or JSON).

    Raises `StandardsErrors` with every problem: no county or date, an invalid figure, one below the notice's
    floor, tiers or scores that do not rise.
    """
    if not isinstance(document, dict):
        raise StandardsErrors([Problem("standards", document, _TABLE, None).text])
    problems: list[Problem] = []
    county, valid_from, valid_to = _read_header(document, problems)
    values: dict[str, Scalar] = {}
    tiers = None
    unknown: list[str] = []
    for path, value in _flatten(document):
        if path in ("county", "valid_from", "valid_to", "sample"):
            continue
        if path in _SECTIONS:
            problems.append(Problem(f"standards.{path}", value, _TABLE, None))
            continue
        figure = FIGURES.get(path)
        try:
            if path == TIERS:
                tiers = _read_tiers(value)
            elif figure is None:
                unknown.append(path)
            else:
                values[path] = _read_figure(figure, value)
        except ValueError:
            accepted = figure.accepts if figure else _TIERS_ACCEPTED
            label = figure.label if figure else TIERS_LABEL
            problems.append(Problem(f"standards.{path}", value, accepted, label))
    problems += _falling_scores(values)
    if problems:
        raise StandardsErrors([problem.text for problem in problems])
    sample = document.get("sample") is True
    return Standards(county, valid_from, values, tiers, sample, tuple(unknown), valid_to)


_TABLE = BilingualText("一组标准", "a table of standards")
_TIERS_ACCEPTED = BilingualText(
    "各段按 up_to 递增、比例0至1，最后一段无 up_to",
    "tiers with rising up_to and rates from 0 to 1, the last without up_to",
)


def _falling_scores(values: dict[str, Scalar]) -> list[Problem]:
    highest = Fraction(0)
    problems = []
    for key in CATEGORY_LABELS:
        path = f"housing.category_from_score.{key}"
        bound = values.get(path)
        if isinstance(bound, Fraction):
            if bound < highest:
                figure = FIGURES[path]
                read = f"{float(bound):g}"
                problems.append(Problem(f"standards.{path}", read, figure.accepts, figure.label))
            highest = max(highest, bound)
    return problems
