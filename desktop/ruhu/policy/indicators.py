"""A county's rates from its household records, held to the notice's targets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from ruhu.policy.answers import Answer
from ruhu.policy.assessment import NO_DAY
from ruhu.policy.compiled.program import Program
from ruhu.policy.finding import Assessment, Finding, Mark, Outcome, RuleKind, Step, Strength
from ruhu.policy.frame import Frame
from ruhu.policy.language import SUBJECTS, depth_of
from ruhu.policy.numbers import as_decimal, show_number
from ruhu.policy.pack import Indicator, Pack, Since
from ruhu.policy.packs import pack_for
from ruhu.policy.subjects import Subject, subject_of
from ruhu.survey.household import Household
from ruhu.survey.record import Parsed
from ruhu.survey.text import Text, UserError


@dataclass(slots=True)
class Tally:
    """What was counted for one indicator: all, those who meet it, those left out."""

    counted: int = 0
    met: int = 0
    left_out: int = 0

    def add(self, of: Answer, met: Answer) -> None:
        """Count one subject; one whose absent facts leave it open stays out of both sides."""
        if of.value is False:
            return
        if not of.known or not met.known:
            self.left_out += 1
            return
        self.counted += 1
        self.met += met.value is True

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(
            self.counted + other.counted, self.met + other.met, self.left_out + other.left_out
        )


def _count(indicator: Indicator, root: Subject, program: Program, tally: Tally) -> None:
    _, place = SUBJECTS[indicator.subject]
    if place and place.removesuffix("[]") not in root.lists:
        tally.left_out += 1
    for subject in root.items(place):
        chain = (*subject.parents, subject)
        tally.add(
            program.holds(indicator.of, indicator.subject, chain),
            program.holds(indicator.met, indicator.subject, chain),
        )


@lru_cache(maxsize=64)
def _program(pack: Pack, day: date) -> Program:
    return Program(Frame.of(pack, "household", day))


def tallies_of(household: Household, day: date) -> dict[str, Tally]:
    """What one household adds to each indicator of the text in force on `day`; none where nothing.

    Raises `UserError` before the first version of the policy.
    """
    pack = pack_for(day)
    program, root = _program(pack, day), subject_of(household)
    found = {indicator.id: Tally() for indicator in pack.indicators}
    for indicator in pack.indicators:
        _count(indicator, root, program, found[indicator.id])
    return {name: tally for name, tally in found.items() if tally.counted or tally.left_out}


def _finding(indicator: Indicator, tally: Tally, target: Since, strength: Strength) -> Finding:
    assert isinstance(target.value, Fraction)
    share = Fraction(100 * tally.met, tally.counted) if tally.counted else None
    if share is None:
        outcome = Outcome.UNKNOWN
    else:
        outcome = Outcome.PASS if share >= target.value else Outcome.FAIL
    steps = [
        Step(
            Mark.FIGURE,
            Text(
                "计入{n}，达到{met}；因缺少事实未计入{out}",
                "{n} counted, {met} meet it; {out} left out for want of facts",
            ).format(n=tally.counted, met=tally.met, out=tally.left_out),
        ),
        Step(
            Mark.FIGURE,
            Text("目标：{x}", "Target: {x}").format(x=show_number(target.value, "%")),
            target.clause,
        ),
    ]
    if indicator.say is not None:
        steps.append(Step(Mark.FIGURE, indicator.say))
    shown = Text("还没有数据", "no data yet") if share is None else show_number(share, "%")
    sentence = Text(
        "{outcome}（{strength}）；{share}（{met}/{n}），目标{target}；未计入{out}",
        "{outcome} ({strength}); {share} ({met} of {n}), target {target}; {out} left out",
    ).format(
        outcome=outcome.label,
        strength=strength.label,
        share=shown,
        met=tally.met,
        n=tally.counted,
        target=show_number(target.value, "%"),
        out=tally.left_out,
    )
    return Finding(
        indicator.id,
        "county",
        RuleKind.CHECK,
        outcome,
        strength,
        target.clause,
        indicator.title,
        None if share is None else as_decimal(share),
        as_decimal(target.value),
        "%",
        explanation=sentence,
        steps=(*steps, Step(Mark.RESULT, sentence, target.clause)),
    )


def indicators(county: str, households: Iterable[Parsed], day: date) -> Assessment:
    """The indicators of one county on `day`, of the household records given (others are skipped).

    Findings come only for targets that stand on that day. Raises `UserError` before the first
    version of the policy.
    """
    totals: dict[str, Tally] = {}
    for parsed in households:
        if isinstance(parsed.record, Household):
            for name, tally in tallies_of(parsed.record, day).items():
                totals[name] = totals.get(name, Tally()) + tally
    return indicators_from(county, totals, day)


def indicators_from(county: str, totals: Mapping[str, Tally], day: date) -> Assessment:
    """The indicators on `day` of a county whose households were counted already.

    Raises `UserError` before the first version of the policy.
    """
    pack = pack_for(day)
    program, nobody = _program(pack, day), Subject("", "", "")
    findings = []
    for indicator in pack.indicators:
        target = pack.figures[indicator.target].on(day)
        if target is not None:
            tally = totals.get(indicator.id, Tally())
            strength = program.strength_of(indicator, [nobody] * depth_of(indicator.subject))
            findings.append(_finding(indicator, tally, target, strength))
    return Assessment(county, "county", pack.id, day, pack.digest, {}, tuple(findings))


def indicators_by_county(households: Iterable[Parsed], on: date | None = None) -> list[Assessment]:
    """The indicators of every county that has households among those given.

    The day is `on`, else the county's latest survey. Records without a county count for none.
    Raises `UserError` where there is no day.
    """
    counties: dict[str, list[Parsed]] = {}
    for parsed in households:
        if isinstance(parsed.record, Household) and parsed.record.place.county is not None:
            counties.setdefault(parsed.record.place.county, []).append(parsed)
    return [
        indicators(county, records, on or _latest_survey(records))
        for county, records in sorted(counties.items())
    ]


def _latest_survey(records: list[Parsed]) -> date:
    days = [p.record.survey.date for p in records if p.record.survey.date is not None]
    if not days:
        raise UserError(NO_DAY)
    return max(days)
