"""Compute a county's rates from its households, and compare them with the notice's targets."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.batch.indicator_counts import IndicatorCount, count_indicators
from ruhu.policy.batch.record_table import build_table
from ruhu.policy.compiler.program import Program
from ruhu.policy.evaluation.assess import MISSING_SURVEY_DATE
from ruhu.policy.evaluation.context import EvaluationContext
from ruhu.policy.evaluation.finding import (
    Assessment,
    Finding,
    ObligationLevel,
    Outcome,
    RuleKind,
    Step,
    StepStatus,
)
from ruhu.policy.evaluation.record_reader import RecordView
from ruhu.policy.evaluation.record_tree import Subject
from ruhu.policy.language.numbers import as_decimal, show_number
from ruhu.policy.language.parser import depth_of
from ruhu.policy.packs.loader import pack_for
from ruhu.policy.packs.model import DatedValue, Indicator


def _finding(
    indicator: Indicator, tally: IndicatorCount, target: DatedValue, strength: ObligationLevel
) -> Finding:
    assert isinstance(target.value, Fraction)
    share = Fraction(100 * tally.met, tally.counted) if tally.counted else None
    if share is None:
        outcome = Outcome.UNKNOWN
    else:
        outcome = Outcome.PASS if share >= target.value else Outcome.FAIL
    steps = [
        Step(
            StepStatus.FIGURE,
            BilingualText(
                "计入{n}，达到{met}；没填到、未计入{out}",
                "{n} counted, {met} meet it; {out} left out for want of facts",
            ).format(n=tally.counted, met=tally.met, out=tally.left_out),
        ),
        Step(
            StepStatus.FIGURE,
            BilingualText("目标：{x}", "Target: {x}").format(x=show_number(target.value, "%")),
            target.clause,
        ),
    ]
    if indicator.say is not None:
        steps.append(Step(StepStatus.FIGURE, indicator.say))
    shown = BilingualText("还没有数据", "no data yet") if share is None else show_number(share, "%")
    sentence = BilingualText(
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
        steps=(*steps, Step(StepStatus.RESULT, sentence, target.clause)),
    )


def indicators(county: str, households: Iterable[RecordView], day: date) -> Assessment:
    """Return a county's indicators on `day` from its households; other records are skipped.

    Only targets in force on that day give findings. Raises `UserError` before the first version of the
    policy.
    """
    roots = [each.root for each in households if each.kind == "household"]
    table = build_table("household", roots, [day] * len(roots))
    counts = count_indicators(table, EvaluationContext.of(pack_for(day), "household", day))
    totals = {tallies.indicator.id: tallies.total for tallies in counts}
    return indicators_from(county, totals, day)


def indicators_from(county: str, totals: Mapping[str, IndicatorCount], day: date) -> Assessment:
    """Return a county's indicators on `day` from counted totals.

    Raises `UserError` before the first version of the policy.
    """
    pack = pack_for(day)
    program, nobody = Program(EvaluationContext.of(pack, "household", day)), Subject("", "", "")
    findings = []
    for indicator in pack.indicators:
        target = pack.figures[indicator.target].on(day)
        if target is not None:
            tally = totals.get(indicator.id, IndicatorCount())
            strength = program.strength_of(indicator, [nobody] * depth_of(indicator.subject))
            findings.append(_finding(indicator, tally, target, strength))
    return Assessment(county, "county", pack.id, day, pack.digest, {}, tuple(findings))


def indicators_by_county(
    households: Iterable[RecordView], on: date | None = None, *, otherwise: date | None = None
) -> list[Assessment]:
    """Return the indicators of every county with households among those given.

    The day is `on`, otherwise the county's latest survey, otherwise `otherwise`. Records without a county are
    left out. Raises `UserError` if there is no day.
    """
    counties: dict[str, list[RecordView]] = {}
    for reading in households:
        if reading.kind == "household" and reading.county is not None:
            counties.setdefault(reading.county, []).append(reading)
    return [
        indicators(county, records, on or _latest_survey(records, otherwise))
        for county, records in sorted(counties.items())
    ]


def _latest_survey(records: list[RecordView], otherwise: date | None) -> date:
    day = max((r.survey_day for r in records if r.survey_day is not None), default=otherwise)
    if day is None:
        raise UserError(MISSING_SURVEY_DATE)
    return day
