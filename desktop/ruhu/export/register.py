"""Write households to Excel and CSV in the national register's columns, and to JSON."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruhu.errors import UserError
from ruhu.export.cell_text import AlteredCells, find_altered, replace_surrogates
from ruhu.export.spreadsheet import CellKind, Column, Sheet, build_workbook, safe_cell
from ruhu.files.atomic_write import write_atomic
from ruhu.i18n import BilingualText
from ruhu.strict_json import Document, json_default
from ruhu.survey.divisions import divisions
from ruhu.survey.facts.paths import get_value
from ruhu.survey.facts.types import read_date, read_decimal
from ruhu.survey.models.choices import Attribute, DangerGrade, SchoolStage, Sex
from ruhu.survey.roster.value_mapping import AmbiguousCell, read_labour

HEADINGS = (
    "序号", "省", "市", "县(市、区、旗)", "镇(乡)", "行政村", "自然村(组)", "户编号", "人编号", "姓名",
    "性别", "证件号码", "与户主关系", "民族", "文化程度", "在校生状况", "健康状况", "劳动技能", "务工状况",
    "是否参加城乡居民基本医疗保险", "贫困户属性", "识别分数", "脱贫年度", "住房面积", "危房等级",
    "是否整体搬迁户", "饮水是否安全", "是否通自来水", "联系电话", "开户银行", "银行账号",
    "改造方式", "改造后建筑面积", "其中储藏间面积", "入户日期", "调查员",
)  # fmt: skip
"""The columns of the national register in its order, then ours."""
WIDTHS = {"证件号码": 21, "户编号": 17, "人编号": 20, "银行账号": 22, "姓名": 11, "省": 17}
KINDS: dict[str, CellKind] = {
    "住房面积": "area", "改造后建筑面积": "area", "其中储藏间面积": "area", "入户日期": "date",
}  # fmt: skip
PROVINCE = ("45", "广西壮族自治区")
SKILLS = {True: "普通劳动力", False: "无劳动力"}


def _yes_no(value: Any) -> str | None:
    return None if value is None else "是" if value else "否"


def _word(choice: type[Attribute | DangerGrade | SchoolStage | Sex], value: Any) -> Any:
    try:
        return choice(value).label.zh if value is not None else None
    except ValueError:
        return value


def _figure(value: Any) -> Any:
    """Return a numeric text as a number, other values unchanged."""
    try:
        return read_decimal(value)
    except ValueError:
        return value


def _day(value: Any) -> Any:
    """Return a date text as a date, other values unchanged."""
    try:
        return read_date(value)
    except ValueError:
        return value


def _skill(roster_value: Any, able: Any) -> str | None:
    """Return 劳动技能 in the register's words: the roster's unless the visit contradicts it."""
    with suppress(AmbiguousCell):
        if roster_value and able not in (None, read_labour(roster_value)):
            roster_value = None
    return roster_value or SKILLS.get(able)


def _household_cells(household: dict[str, Any]) -> dict[str, Any]:
    def at(path: str) -> Any:
        return get_value(household, path)

    return {
        "贫困户属性": _word(Attribute, at("registration.attribute")),
        "识别分数": _figure(at("registration.score")),
        "脱贫年度": at("registration.exit_year"),
        "住房面积": _figure(at("housing.current_area_m2")),
        "危房等级": _word(DangerGrade, at("housing.danger_grade")),
        "是否整体搬迁户": _yes_no(at("housing.relocation_listed")),
        "饮水是否安全": _yes_no(at("water.safe")),
        "是否通自来水": _yes_no(at("water.tap")),
        "银行账号": at("housing.card_account"),
        "改造方式": {"rebuild": "新建", "repair": "维修加固"}.get(at("housing.renovation")),
        "改造后建筑面积": _figure(at("housing.floor_area_m2")),
        "其中储藏间面积": _figure(at("housing.storage_area_m2")),
        "入户日期": _day(at("survey.date")),
        "调查员": at("survey.surveyor"),
    }


def _place_cells(household: dict[str, Any]) -> dict[str, Any]:
    """Return the cells that every person of a household has."""

    def at(path: str) -> Any:
        return get_value(household, path)

    county = str(at("place.county") or "")
    city = divisions().get(county[:4])
    return {
        "省": PROVINCE[1] if county.startswith(PROVINCE[0]) else None,
        "市": city.name if city else None,
        "县(市、区、旗)": at("place.county_name") or at("place.county"),
        "镇(乡)": at("place.township_name") or at("place.township"),
        "行政村": at("place.village_name") or at("place.village"),
        "自然村(组)": at("place.group"),
        "户编号": at("registration.household_no"),
    }


def _member_cells(member: dict[str, Any]) -> dict[str, Any]:
    recorded = member.get("roster")
    roster = recorded if isinstance(recorded, dict) else {}
    return {
        "人编号": member.get("member_id"),
        "姓名": member.get("name"),
        "性别": _word(Sex, member.get("sex")),
        "证件号码": member.get("id_number"),
        "与户主关系": member.get("relationship"),
        "民族": member.get("ethnicity"),
        "文化程度": member.get("education_level"),
        "在校生状况": _word(SchoolStage, get_value(member, "schooling.stage")),
        "健康状况": get_value(member, "health.condition"),
        "劳动技能": _skill(roster.get("劳动技能"), get_value(member, "labour.able")),
        "务工状况": roster.get("务工状况"),
        "是否参加城乡居民基本医疗保险": _yes_no(get_value(member, "health.insured")),
        "联系电话": member.get("phone"),
        "开户银行": roster.get("开户银行"),
        **{heading: cell for heading in ("省", "市") if (cell := roster.get(heading))},
    }


def register_rows(households: Iterable[Document]) -> Iterator[list[Any]]:
    """Yield a row for each person; household columns only on its first row, as in the national register."""
    number = 0
    for household in households:
        place = _place_cells(household)
        members = household.get("members") or [{}]
        for index, member in enumerate(members):
            number += 1
            cells = {"序号": number, **place, **_member_cells(member)}
            if index == 0:
                cells |= _household_cells(household)
            yield [cells.get(heading) for heading in HEADINGS]


@dataclass(frozen=True, slots=True)
class RegisterExport:
    """The number of persons written, and the cells with replaced characters."""

    persons: int
    altered: AlteredCells


_Made = tuple[bytes, AlteredCells]


def _workbook(households: list[Document]) -> _Made:
    columns = [
        Column(
            heading,
            WIDTHS.get(heading, max(8, len(heading) * 2 + 2)),
            KINDS.get(heading, "text"),
        )
        for heading in HEADINGS
    ]
    rows = list(register_rows(households))
    return build_workbook(Sheet("贫困户信息", columns, rows)), find_altered(rows)


def _csv(households: list[Document]) -> _Made:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    rows = list(register_rows(households))
    writer.writerows(map(safe_cell, row) for row in rows)
    # Excel recognises UTF-8 only by a byte order mark.
    return out.getvalue().encode("utf-8-sig"), find_altered(rows)


def _json(households: list[Document] | Document) -> _Made:
    """Return a document as JSON; JSON escapes everything it cannot hold except unpaired surrogates."""
    text = json.dumps(households, ensure_ascii=False, indent=1, default=json_default)
    encodable = replace_surrogates(text)
    if encodable == text:
        return text.encode(), AlteredCells()
    lines = zip(text.split("\n"), encodable.split("\n"), strict=True)
    altered_lines = tuple(
        number for number, (line, new_line) in enumerate(lines, 1) if line != new_line
    )
    return encodable.encode(), AlteredCells(len(altered_lines), altered_lines)


_WRITERS: dict[str, Callable[[list[Document]], _Made]] = {
    ".xlsx": _workbook,
    ".csv": _csv,
    ".json": _json,
}


def write_register(households: Iterable[Document], path: Path) -> RegisterExport:
    """Write households to `path` by its ending: .xlsx or .csv in the register's columns, or .json.

    Raises `WriteFailed`, and `UserError` for another ending.
    """
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise UserError(
            BilingualText(
                "{path}：文件名请以 {endings} 结尾",
                "{path}: the file name must end with one of {endings}",
            ).format(path=path, endings=", ".join(_WRITERS))
        )
    records = list(households)
    data, altered = write(records)
    write_atomic(path, data)
    return RegisterExport(
        sum(len(household.get("members") or [None]) for household in records), altered
    )


def write_record(document: Document, path: Path) -> AlteredCells:
    """Write one record as JSON for `ruhu check`; return the lines with replaced characters.

    Raises `WriteFailed`.
    """
    data, altered = _json(document)
    write_atomic(path, data)
    return altered
