"""Judge the rows and the result of a roster: what is not a person, and what contradicts itself."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ruhu.i18n import BilingualText
from ruhu.survey.households import is_head
from ruhu.survey.roster.columns import Columns, is_numbering
from ruhu.survey.roster.families import Family
from ruhu.survey.roster.lines import is_footer, is_total
from ruhu.survey.roster.report import IssueKind, SheetReport
from ruhu.survey.roster.value_mapping import text_of
from ruhu.survey.roster.workbook import Hidden, NoRoster, SheetRow


def rejection_of(
    row: SheetRow, columns: Columns, heading_row: int, number: Any
) -> tuple[IssueKind, BilingualText] | None:
    """Return why a row is not a person, `None` if it is one; `number` is its household number."""
    if columns.is_repeated_by(row.values):
        return (
            IssueKind.HEADING_AGAIN,
            BilingualText("重复的表头，未导入", "repeated headings; not imported"),
        )
    if row.number == heading_row + 1 and is_numbering(row.values):
        return (
            IssueKind.HEADING_AGAIN,
            BilingualText("列的编号，未导入", "column numbers; not imported"),
        )
    if is_total(row.values):
        return (
            IssueKind.TOTAL_LINE,
            BilingualText("合计行，不是农户，未导入", "a total, not a household; not imported"),
        )
    if is_footer(row.values) and not any(c.isdigit() for c in text_of(number or "")[:64]):
        return (
            IssueKind.FOOTER,
            BilingualText(
                "落款或说明，不是农户，未导入",
                "a signature or remark, not a household; not imported",
            ),
        )
    if row.hidden is Hidden.ROW:
        return IssueKind.HIDDEN, BilingualText(
            "隐藏的行，未导入；要导入请先取消隐藏", "a hidden row, not imported; unhide it to import it"
        )  # fmt: skip
    return None


def no_roster(missing_columns: Mapping[str, str]) -> NoRoster:
    """Return the error for a workbook without a readable sheet."""
    for sheet, word in missing_columns.items():
        return NoRoster(
            BilingualText(
                f"工作表“{sheet}”没有“{word}”一列，无法分户，没有导入",
                f"sheet “{sheet}” has no column “{word}”, so households cannot be "
                "separated; nothing was imported",
            )
        )
    return NoRoster(
        BilingualText(
            "没有找到名册的表头（至少要有“户编号”“姓名”），没有导入",
            "no roster headings found (“户编号” and “姓名” at least); nothing was imported",
        )
    )


def report_heads(report: SheetReport, families: Iterable[Family]) -> None:
    """Report households without a head, or with several."""
    for family in families:
        report.sheet = family.row.sheet
        heads = sum(map(is_head, family.document["members"]))
        if heads == 1:
            continue
        report.columns = None
        doubt = IssueKind.NO_HEAD if heads == 0 else IssueKind.SEVERAL_HEADS
        done = (
            BilingualText(
                "本户没有标户主，照原样导入，请入户核实",
                "no head is marked; imported unchanged",
            )
            if heads == 0
            else BilingualText(
                "本户标了几个户主，照原样导入", "several heads are marked; imported unchanged"
            )
        )
        report.add(doubt, family.row.number, -1, family.label, done)


def report_duplicates(
    report: SheetReport, holders: Iterable[Sequence[tuple[str, SheetRow]]]
) -> None:
    """Report id numbers that occur in several rows; `holders` are the rows of each number."""
    for rows in holders:
        if len(rows) < 2:
            continue
        keys = Counter(key for key, _ in rows)
        for key, row in rows:
            report.sheet, report.columns = row.sheet, None
            others = "、".join(sorted(k for k in keys if k != key)) or key
            report.add(
                IssueKind.SAME_PERSON, row.number, -1, "",
                BilingualText(
                    f"同一证件号也在 {others}；两处都已导入，请核实属于哪户",
                    f"the same id number is also in {others}; both imported, check where it belongs",
                ),
            )  # fmt: skip
