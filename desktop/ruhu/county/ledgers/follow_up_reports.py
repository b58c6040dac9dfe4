"""Reports of follow-ups: dropouts, safe water and others."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from ruhu.county.ledgers.follow_ups import WATER, FollowUp
from ruhu.county.ledgers.labels import title_of_rule, township_of, village_of
from ruhu.county.ledgers.report_columns import (
    HOUSEHOLD_COLUMNS,
    PLACE_COLUMNS,
    household_cells,
    masked_id,
    place_cells,
    population,
)
from ruhu.export.spreadsheet import Cell, Column, Sheet


def follow_up_sheet(rule: str, follow_ups: Iterable[FollowUp]) -> Sheet:
    """Return the follow-ups of a check, with the newest note of each."""
    columns = [
        *PLACE_COLUMNS,
        *HOUSEHOLD_COLUMNS,
        Column("姓名", 10),
        Column("身份证号", 20),
        Column("状态", 8),
        Column("最近记录日期", 12, "date"),
        Column("最近记录", 40),
        Column("记录次数", 9, "count"),
    ]
    rows: list[Sequence[Cell]] = []
    for follow_up in follow_ups:
        last = follow_up.notes[0] if follow_up.notes else None
        rows.append(
            [
                *place_cells(follow_up.document),
                *household_cells(follow_up.document),
                follow_up.person.name,
                masked_id(follow_up.person.id_number),
                "待办" if follow_up.is_open else "已解决",
                last.on if last else None,
                last.text if last else "",
                len(follow_up.notes),
            ]
        )
    return Sheet(f"{title_of_rule(rule).zh}台账", columns, rows)


def water_sheet(follow_ups: Iterable[FollowUp], subsidies: dict[str, Decimal]) -> Sheet:
    """Return the water projects: villages with unsafe water, their households, people and subsidy.

    `subsidies` are in CNY, by record.
    """
    columns = [
        Column("乡镇", 14),
        Column("行政村", 18),
        Column("饮水不安全户数", 12, "count"),
        Column("人口", 8, "count"),
        Column("工程补助（元，约）", 14, "money"),
    ]
    villages: dict[tuple[str, str], list[Any]] = {}
    for follow_up in follow_ups:
        if not follow_up.is_open or follow_up.rule != WATER:
            continue
        key = (township_of(follow_up.document), village_of(follow_up.document))
        total = villages.setdefault(key, [0, 0, Decimal(0)])
        total[0] += 1
        total[1] += population(follow_up.document)
        total[2] += subsidies.get(str(follow_up.record_id), Decimal(0))
    rows = [[*key, *total] for key, total in sorted(villages.items())]
    return Sheet("饮水安全工程台账", columns, rows)
