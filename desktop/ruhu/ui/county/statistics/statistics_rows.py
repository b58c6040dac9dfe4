"""Rows and bars of the statistics, without Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ruhu.county.assessment.statistics import DrillDown, Figures, Scope, SurveyProgress
from ruhu.county.ledgers.benefits.payments import PaymentTotals
from ruhu.county.ledgers.labels import place_name, rules, title_of_rule
from ruhu.export.spreadsheet import Cell, CellKind, Column, Sheet
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import Finding, Outcome
from ruhu.policy.language.numbers import to_plain
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.status_glyphs import GLYPHS
from ruhu.ui.widgets.bar_chart import Bar

NOT_MONEY = frozenset({"housing.eligible", "housing.priority"})
ELSEWHERE = BilingualText("（未填地点）", "(no place)")


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """A row of statistics: cells, sort keys, bar, and what is behind it.

    `behind` selects its records, `place` is the division that a double click goes to.
    """

    cells: tuple[str, ...]
    keys: tuple[object, ...]
    bar: Bar | None = None
    behind: DrillDown | None = None
    place: str | None = None


def name_of_place(place: str) -> str:
    """Return the name of a township or village."""
    return place_name(place) or interface.translate(ELSEWHERE)


def _share(part: int, total: int) -> float:
    return 100 * part / total if total else 0.0


def progress_rows(figures: Figures) -> list[StatisticsRow]:
    """Return the survey progress of each part of the scope."""
    return [_progress_row(part, figures.scope) for part in figures.parts]


def _progress_row(part: SurveyProgress, scope: Scope) -> StatisticsRow:
    name, share = name_of_place(part.place), _share(part.visited, part.households)
    cells = (
        name,
        str(part.households),
        str(part.visited),
        f"{share:.1f}%",
        str(part.persons),
        str(part.registered),
    )
    keys = (name, part.households, part.visited, share, part.persons, part.registered)
    below = scope.within(part.place) if scope.village is None else scope
    bar = Bar(name, share, f"{part.visited}/{part.households}")
    return StatisticsRow(cells, keys, bar, DrillDown(below), part.place)


def sum_rows(figures: Figures, paid: Sequence[PaymentTotals]) -> list[StatisticsRow]:
    """Return what each rule grants, and what was paid in the whole county."""
    by_rule = {each.rule: each for each in paid}
    order = {name: at for at, name in enumerate(rules())}
    rows = []
    granted = [each for each in figures.sums if each.rule not in NOT_MONEY]
    for each in sorted(granted, key=lambda s: order.get(s.rule, len(order))):
        title = interface.translate(title_of_rule(each.rule))
        per = interface.translate(each.per.label) if each.per else ""
        done = by_rule.get(each.rule)
        cells = (
            title,
            str(each.entitled),
            f"{each.amount:,.2f}" if each.amount else "",
            per,
            str(each.without_amount or ""),
            str(each.open or ""),
            f"{done.paid:,.2f}" if done and figures.scope == Scope() else "",
        )
        keys = (title, each.entitled, each.amount, per, each.without_amount, each.open,
                done.paid if done else Decimal(0))  # fmt: skip
        bar = Bar(title, float(each.amount), f"{each.amount:,.0f}") if each.amount else None
        behind = DrillDown(figures.scope, each.rule, (Outcome.ELIGIBLE, Outcome.UNKNOWN))
        rows.append(StatisticsRow(cells, keys, bar, behind))
    return rows


def failing_rows(figures: Figures) -> list[StatisticsRow]:
    """Return the checks that fail."""
    order = {name: at for at, name in enumerate(rules())}
    rows = []
    for each in sorted(figures.failing, key=lambda f: order.get(f.rule, len(order))):
        title = interface.translate(title_of_rule(each.rule))
        behind = DrillDown(figures.scope, each.rule, (Outcome.FAIL, Outcome.CONFLICT))
        bar = Bar(title, each.subjects, str(each.subjects))
        rows.append(StatisticsRow((title, str(each.subjects)), (title, each.subjects), bar, behind))
    return rows


def stage_rows(figures: Figures) -> list[StatisticsRow]:
    """Return the households at each stage of renovation."""
    return [
        StatisticsRow(
            (interface.translate(stage.label), str(number)),
            (at, number),
            Bar(interface.translate(stage.label), number, str(number)),
            DrillDown(figures.scope, stage=stage),
        )
        for at, (stage, number) in enumerate(figures.stages.items())
    ]


def indicator_rows(figures: Figures) -> list[StatisticsRow]:
    """Return the notice's indicators and their targets."""
    if figures.indicators is None:
        return []
    return [_indicator_row(finding) for finding in figures.indicators.findings]


def _indicator_row(finding: Finding) -> StatisticsRow:
    title, outcome = interface.translate(finding.title), interface.translate(finding.outcome.label)
    rate = "–" if finding.value is None else f"{to_plain(finding.value.quantize(Decimal('0.1')))}%"
    target = "–" if finding.limit is None else f"{to_plain(finding.limit)}%"
    cells = (
        title,
        f"{GLYPHS[finding.outcome]} {outcome}",
        rate,
        target,
        interface.translate(finding.steps[0].text),
    )
    value = float(finding.value or 0)
    bar = Bar(title, value, rate, None if finding.limit is None else float(finding.limit))
    return StatisticsRow(cells, (title, cells[1], value, float(finding.limit or 0), cells[4]), bar)


def visit_rows(figures: Figures) -> list[StatisticsRow]:
    """Return the households visited each month, and the running total."""
    rows, total = [], 0
    for month, number in sorted(figures.visits.items()):
        total += number
        cells = (month, str(number), str(total))
        rows.append(StatisticsRow(cells, (month, number, total), Bar(month, number, str(number))))
    return rows


def sheet_of(title: str, headings: Sequence[str], rows: Sequence[StatisticsRow]) -> Sheet:
    """Return rows as a sheet for Excel and print, with numbers as numbers."""
    columns = []
    for at, heading in enumerate(headings):
        kinds = {type(row.keys[at]) for row in rows} if at else {str}
        kind: CellKind = "text"
        if kinds and kinds <= {int, float, Decimal}:
            kind = "count" if kinds == {int} else "money"
        columns.append(Column(heading, 16 if at else 30, kind))
    return Sheet(title, columns, [[_cell(row, at) for at in range(len(columns))] for row in rows])


def _cell(row: StatisticsRow, at: int) -> Cell:
    key = row.keys[at]
    if isinstance(key, float):
        return Decimal(str(round(key, 2)))
    return key if isinstance(key, (int, Decimal)) and at else row.cells[at]
