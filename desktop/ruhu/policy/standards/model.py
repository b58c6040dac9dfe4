"""County standards: the figures that the notice leaves to the county, and their dates."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import pairwise

from ruhu.errors import UserErrors
from ruhu.i18n import BilingualText
from ruhu.policy.language.nodes import Scalar

MONEY = BilingualText("0以上的金额（元）", "an amount of 0 or more, CNY")
FRACTION = BilingualText("0至1之间的比例", "a share from 0 to 1")
BOOLEAN = BilingualText("true（是）或 false（否）", "true or false")


@dataclass(frozen=True, slots=True)
class StandardFigure:
    """A figure that a county may set. `floor` is the notice's minimum."""

    label: BilingualText
    accepts: BilingualText
    floor: Fraction | None = None


def _money(zh: str, en: str, floor: int | None = None) -> StandardFigure:
    if floor is None:
        return StandardFigure(BilingualText(zh, en), MONEY)
    accepts = BilingualText(
        f"不低于{floor}元（通知规定的下限）", f"at least {floor} CNY (the notice's floor)"
    )
    return StandardFigure(BilingualText(zh, en), accepts, Fraction(floor))


def _share(zh: str, en: str) -> StandardFigure:
    return StandardFigure(BilingualText(zh, en), FRACTION)


CATEGORY_LABELS = {
    "extreme": BilingualText("极端贫困", "extreme"),
    "special": BilingualText("特别贫困", "special"),
    "medium": BilingualText("中等贫困", "medium"),
    "general": BilingualText("一般贫困", "general"),
}
_LEVELS = {
    "township": BilingualText("乡镇级", "township"),
    "county": BilingualText("县级", "county"),
    "city": BilingualText("市级", "city"),
    "region": BilingualText("自治区级", "region"),
}
FIGURES: dict[str, StandardFigure] = {
    **{
        f"housing.subsidy.{key}": _money(
            f"危房改造补助（{name.zh}）", f"Housing subsidy ({name.en})"
        )
        for key, name in CATEGORY_LABELS.items()
    },
    **{
        f"housing.category_from_score.{key}": StandardFigure(
            BilingualText(f"识别分数上限（{name.zh}）", f"Highest score ({name.en})"),
            BilingualText(
                "0以上的分数，依次不减", "a score of 0 or more, not falling in this order"
            ),
        )
        for key, name in CATEGORY_LABELS.items()
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
        BilingualText("开展商业健康保险补偿", "Commercial top-up in place"), BOOLEAN
    ),
    "health.premium": _money("城乡居民医保个人缴费", "Premium of basic insurance"),
    "health.premium_subsidy": _money("个人缴费补助", "Subsidy of the premium"),
}
"""Every figure by its path, except the list `health.major.tiers`."""
TIERS = "health.major.tiers"
TIERS_LABEL = BilingualText("大病保险分段报销比例", "Rates of major illness insurance")


class StandardsErrors(UserErrors):
    """A standards file is invalid; lists every problem."""


@dataclass(frozen=True, slots=True, eq=False)
class Standards:
    """A county's figures from `valid_from` to `valid_to` inclusive, without end if that is `None`.

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
    def span(self) -> BilingualText:
        """The first and the last day in force, in words."""
        start, end = self.valid_from.isoformat(), self.valid_to
        if end is None:
            return BilingualText(f"{start} 起", f"from {start}")
        return BilingualText(f"{start} 至 {end}", f"{start} to {end}")

    def on(self, day: date, county: str | None) -> "Standards | None":
        """Return these standards if they are in force, like a book of one set."""
        return self if self.in_force(day, county) else None

    def in_force(self, day: date, county: str | None) -> bool:
        """Return whether these apply on `day` to a record of `county` (`None`: not recorded)."""
        ended = self.valid_to is not None and day > self.valid_to
        return day >= self.valid_from and not ended and county in (None, self.county)


@dataclass(frozen=True, slots=True)
class StandardsBook:
    """Sets of standards; each set replaces the one before."""

    sets: tuple[Standards, ...] = ()

    @classmethod
    def of(cls, sets: Iterable[Standards]) -> "StandardsBook":
        """Build a book of sets in any order.

        Raises `StandardsErrors` if two sets of one county start on the same day, or one starts before another
        ends.
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
        """Return the set in force on `day` for a record of `county`: the one that started last."""
        in_force = [one for one in self.sets if one.in_force(day, county)]
        return max(in_force, key=lambda one: one.valid_from, default=None)


DatedStandards = Standards | StandardsBook
"""A set, or a book of sets: `on` returns the one in force on a day."""
_OVERLAP = BilingualText(
    "县 {county} 的两套标准日期重叠：{first} 与 {second}",
    "two sets of county {county} overlap: {first} and {second}",
)
