"""What the notice leaves to the county: read, checked, and never invented."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ruhu.policy.expressions import Scalar
from ruhu.survey.problems import Problem
from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text, UserErrors
from ruhu.survey.values import read_amount, read_date, read_share

MONEY = Text("0以上的金额（元）", "an amount of 0 or more, CNY")
SHARE = Text("0至1之间的比例", "a share from 0 to 1")
SWITCH = Text("true（是）或 false（否）", "true or false")


@dataclass(frozen=True, slots=True)
class StandardFigure:
    """One figure a county may set. `floor` is the least the notice allows."""

    label: Text
    accepts: Text
    floor: Fraction | None = None


def _money(zh: str, en: str, floor: int | None = None) -> StandardFigure:
    if floor is None:
        return StandardFigure(Text(zh, en), MONEY)
    accepts = Text(
        f"不低于{floor}元（通知规定的下限）", f"at least {floor} CNY (the notice's floor)"
    )
    return StandardFigure(Text(zh, en), accepts, Fraction(floor))


def _share(zh: str, en: str) -> StandardFigure:
    return StandardFigure(Text(zh, en), SHARE)


_CATEGORIES = {
    "extreme": Text("极端贫困", "extreme"),
    "special": Text("特别贫困", "special"),
    "medium": Text("中等贫困", "medium"),
    "general": Text("一般贫困", "general"),
}
_LEVELS = {
    "township": Text("乡镇级", "township"),
    "county": Text("县级", "county"),
    "city": Text("市级", "city"),
    "region": Text("自治区级", "region"),
}

FIGURES: dict[str, StandardFigure] = {
    **{
        f"housing.subsidy.{key}": _money(
            f"危房改造补助（{name.zh}）", f"Housing subsidy ({name.en})"
        )
        for key, name in _CATEGORIES.items()
    },
    **{
        f"housing.category_from_score.{key}": StandardFigure(
            Text(f"识别分数上限（{name.zh}）", f"Highest score ({name.en})"),
            Text("0以上的分数，依次不减", "a score of 0 or more, not falling in this order"),
        )
        for key, name in _CATEGORIES.items()
    },
    "farming.base_rate": _share("贷款基准年利率", "Base rate a year"),
    "farming.region_income_growth": _share("全区农民收入增幅", "Income growth of the region"),
    "employment.startup_subsidy": _money("创业补贴", "Start-up subsidy", 10000),
    "employment.public_job_monthly": _money("公益性岗位月补贴", "Public job, a month"),
    "employment.minimum_wage": _money("当地最低工资", "Minimum wage, a month"),
    "employment.training_award_2016": _money("自主培训奖励（2016年）", "Self-training award, 2016"),
    **{
        path: figure
        for key, name in _LEVELS.items()
        for path, figure in (
            (
                f"health.basic.{key}.deductible",
                _money(f"基本医保起付线（{name.zh}）", f"Basic insurance deductible ({name.en})"),
            ),
            (
                f"health.basic.{key}.rate",
                _share(f"基本医保报销比例（{name.zh}）", f"Basic insurance rate ({name.en})"),
            ),
        )
    },
    "health.major.deductible": _money("大病保险起付线", "Major illness deductible"),
    "health.commercial_top_up": StandardFigure(
        Text("开展商业健康保险补偿", "Commercial top-up in place"), SWITCH
    ),
    "health.premium": _money("城乡居民医保个人缴费", "Premium of basic insurance"),
    "health.premium_subsidy": _money("个人缴费补助", "Subsidy of the premium"),
}
"""Every figure by its path; `health.major.tiers` besides, a list."""

TIERS = "health.major.tiers"
TIERS_LABEL = Text("大病保险分段报销比例", "Rates of major illness insurance")


class StandardsErrors(UserErrors):
    """A standards file that cannot be used, with every problem."""


@dataclass(frozen=True, slots=True, eq=False)
class Standards:
    """A county's figures from `valid_from` on, up to and with `valid_to` where that is set.

    Paths are without the leading `standards.`
    """

    county: str
    valid_from: date
    values: dict[str, Scalar]
    tiers: tuple[tuple[Fraction | None, Fraction], ...] | None = None
    sample: bool = False
    unknown_keys: tuple[str, ...] = field(default=())
    valid_to: date | None = None

    @property
    def span(self) -> Text:
        """From when to when it counts."""
        start, end = self.valid_from.isoformat(), self.valid_to
        if end is None:
            return Text(f"{start} 起", f"from {start}")
        return Text(f"{start} 至 {end}", f"{start} to {end}")

    def on(self, day: date, county: str | None) -> "Standards | None":
        """These where they are in force, as a book of one set."""
        return self if self.in_force(day, county) else None

    def in_force(self, day: date, county: str | None) -> bool:
        """Whether these count on `day` for a record of `county` (`None`: not recorded)."""
        ended = self.valid_to is not None and day > self.valid_to
        return day >= self.valid_from and not ended and county in (None, self.county)


@dataclass(frozen=True, slots=True)
class StandardsBook:
    """Sets of standards, one after the other; a later set takes over from the one before."""

    sets: tuple[Standards, ...] = ()

    @classmethod
    def of(cls, sets: Iterable[Standards]) -> "StandardsBook":
        """The book of some sets in any order.

        Raises `StandardsErrors` where two sets of one county start on the same day, or one starts
        before another says it ends.
        """
        book = cls(tuple(sorted(sets, key=lambda one: (one.county, one.valid_from))))
        overlaps = [
            _OVERLAP.format(county=one.county, first=one.span, second=other.span)
            for one, other in pairwise(book.sets)
            if one.county == other.county
            and (
                one.valid_from == other.valid_from
                or (one.valid_to is not None and other.valid_from <= one.valid_to)
            )
        ]
        if overlaps:
            raise StandardsErrors(overlaps)
        return book

    def on(self, day: date, county: str | None) -> Standards | None:
        """The set in force on `day` for a record of `county`: the one that started last."""
        found = [one for one in self.sets if one.in_force(day, county)]
        return max(found, key=lambda one: one.valid_from, default=None)


DatedStandards = Standards | StandardsBook
"""A set, or a book of them: `on` finds what is in force on a day."""

_OVERLAP = Text(
    "县 {county} 的两套标准日期重叠：{first} 与 {second}",
    "two sets of county {county} overlap: {first} and {second}",
)


_SECTIONS = {
    ".".join(names[:end])
    for names in (path.split(".") for path in (*FIGURES, TIERS))
    for end in range(1, len(names))
}
"""The paths of tables that hold figures."""


def _flatten(document: Document, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict) and path not in FIGURES and path != TIERS:
            yield from _flatten(value, f"{path}.")
        elif value is not None:
            yield path, value


def _read_figure(figure: StandardFigure, value: Any) -> Scalar:
    if figure.accepts is SWITCH:
        if not isinstance(value, bool):
            raise ValueError("not true or false")
        return value
    number = read_share(value) if figure.accepts is SHARE else read_amount(value)
    if figure.floor is not None and number < figure.floor:
        raise ValueError("under the floor")
    return Fraction(number)


def _read_tiers(value: Any) -> tuple[tuple[Fraction | None, Fraction], ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= 20:
        raise ValueError("no list of tiers")
    tiers: list[tuple[Fraction | None, Fraction]] = []
    for index, entry in enumerate(value):
        if not isinstance(entry, dict):
            raise ValueError("no tier")
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
    "county": Text("6位数字的县代码", "a county code of 6 digits"),
    "valid_from": Text("生效日期，如 2017-04-01", "the first day in force, such as 2017-04-01"),
    "valid_to": Text(
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
    """Check a standards document (parsed TOML or JSON).

    Raises `StandardsErrors` with every problem: no county or date, a figure that is none, one
    under the notice's floor, tiers or scores that do not rise.
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


_TABLE = Text("一组标准", "a table of standards")
_TIERS_ACCEPTED = Text(
    "各段按 up_to 递增、比例0至1，最后一段无 up_to",
    "tiers with rising up_to and rates from 0 to 1, the last without up_to",
)


def _falling_scores(values: dict[str, Scalar]) -> list[Problem]:
    highest = Fraction(0)
    problems = []
    for key in _CATEGORIES:
        path = f"housing.category_from_score.{key}"
        bound = values.get(path)
        if isinstance(bound, Fraction):
            if bound < highest:
                figure = FIGURES[path]
                read = f"{float(bound):g}"
                problems.append(Problem(f"standards.{path}", read, figure.accepts, figure.label))
            highest = max(highest, bound)
    return problems
