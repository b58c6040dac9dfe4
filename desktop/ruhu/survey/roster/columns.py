"""Find the columns of a roster by their headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ruhu.survey.facts.types import fold_width
from ruhu.survey.roster.value_mapping import as_read, visible

HEADINGS: dict[str, tuple[str, ...]] = {
    "county": ("县", "县市区旗", "县区", "县市区", "县名", "区县"),
    "township": ("镇乡", "乡镇", "乡", "镇", "乡镇街道"),
    "village": ("行政村", "村", "村名", "行政村名"),
    "group": ("自然村组", "自然村", "村民小组", "组", "屯", "村组"),
    "household_no": ("户编号", "户编码", "户号", "家庭编号", "贫困户编号"),
    "member_id": ("人编号", "人员编号", "人编码", "成员编号"),
    "name": ("姓名", "成员姓名", "家庭成员姓名"),
    "sex": ("性别",),
    "id_number": ("证件号码", "身份证号", "身份证号码", "公民身份号码", "证件号", "身份证"),
    "relationship": ("与户主关系", "关系", "与户主的关系", "户主关系"),
    "ethnicity": ("民族",),
    "education_level": ("文化程度",),
    "schooling": ("在校生状况", "在校生情况", "在校状况"),
    "condition": ("健康状况", "身体健康状况"),
    "labour": ("劳动技能", "劳动能力"),
    "insured": (
        "是否参加城乡居民基本医疗保险", "是否参加基本医疗保险", "是否参加新农合",
        "是否参加新型农村合作医疗", "是否参加医保",
    ),
    "attribute": ("贫困户属性", "属性"),
    "score": ("识别分数", "精准识别分数", "得分", "评分"),
    "exit_year": ("脱贫年度", "脱贫年份", "预脱贫年度"),
    "current_area": ("住房面积", "现住房面积", "住房面积平方米"),
    "danger_grade": ("危房等级", "房屋危险等级", "危房级别"),
    "relocation": ("是否整体搬迁户", "是否易地搬迁户", "是否搬迁户", "是否易地扶贫搬迁户"),
    "water_safe": ("饮水是否安全", "是否安全饮水", "有无安全饮水", "饮水安全",
                   "是否解决安全饮用水", "是否解决安全饮水"),
    "tap": ("是否通自来水", "自来水", "是否自来水入户"),
    "phone": ("联系电话", "电话", "手机号码", "人联系电话", "本人联系电话"),
    "card_account": ("银行账号", "一卡通账号", "银行卡号", "账号", "一折通账号"),
}  # fmt: skip
"""Known headings of each field, without blanks and punctuation."""

NEEDED = {"household_no": "户编号", "name": "姓名"}
"""The columns required to tell households apart, and their usual headings."""

_BY_HEADING = {heading: field for field, names in HEADINGS.items() for heading in names}
_HELPER = re.compile(r"帮扶|结对|包户|责任人|联系人|挂点|驻村|第一书记|干部")
_OF_A_HELPER = ("name", "sex", "phone", "id_number")
_WORK_OF_A_HELPER = ("单位", "工作单位", "职务", "手机", "单位及职务", "电话号码")


def is_blank(value: Any) -> bool:
    """Return whether a cell shows nothing."""
    return value is None or (isinstance(value, str) and not visible(value).strip())


def bare_heading(heading: Any) -> str:
    """Return a heading without blanks, punctuation and brackets."""
    text = re.sub(r"\s", "", str(heading or ""))
    return re.sub(r"[\s()（）\[\]【】、，,.:：*＊/／?？]", "", fold_width(visible(text)))


@dataclass(frozen=True, slots=True)
class Columns:
    """The position of each field, all headings, and the keys that unmapped texts are kept under."""

    fields: dict[str, int]
    headings: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        """The usual headings of required columns that are missing."""
        return [word for name, word in NEEDED.items() if name not in self.fields]

    def unmapped(self) -> list[int]:
        """Return the positions of headings that map to no fact."""
        taken = set(self.fields.values())
        return [i for i, heading in enumerate(self.headings) if heading and i not in taken]

    def is_repeated_by(self, values: Sequence[Any]) -> bool:
        """Return whether a row repeats the headings, as at the top of each printed page."""
        matches = [
            (name, bare_heading(values[i]) == bare_heading(self.headings[i]))
            for name, i in self.fields.items()
            if i < len(values) and not is_blank(values[i])
        ]
        return sum(same for _, same in matches) >= 2 and all(
            same for name, same in matches if name in NEEDED
        )


def read_columns(values: Sequence[Any]) -> Columns | None:
    """Parse a row as headings; `None` unless it names a household, a person and one more field."""
    positions: dict[str, list[int]] = {}
    for position, value in enumerate(values):
        field = _BY_HEADING.get(bare_heading(value))
        if field is not None:
            positions.setdefault(field, []).append(position)
    of_helpers = _columns_of_helpers(values, positions.get("name", []))
    fields = {
        field: own[0]
        for field, candidates in positions.items()
        if (own := [position for position in candidates if position not in of_helpers])
    }
    if len(fields) < 3 or not any(name in fields for name in NEEDED):
        return None
    headings = tuple(
        re.sub(r"\s+", "", as_read(value)) if value is not None else "" for value in values
    )
    return Columns(fields, headings, _keys(headings))


def _columns_of_helpers(values: Sequence[Any], names: Sequence[int]) -> set[int]:
    """Return the columns after one such as 帮扶人 that describe the helper: name, sex, telephone, office."""
    positions: set[int] = set()
    inside = False
    for position, value in enumerate(values):
        heading = bare_heading(value)
        if _HELPER.search(heading):
            inside = True
            continue
        field = _BY_HEADING.get(heading)
        inside = inside and (field in _OF_A_HELPER or heading in _WORK_OF_A_HELPER)
        if field == "name" and all(n == position or n in positions for n in names):
            inside = False  # the table's only name column is that of its people
        if inside:
            positions.add(position)
    return positions


def _keys(headings: Sequence[str]) -> tuple[str, ...]:
    """Return the keys that unmapped texts are kept under: unique headings without path characters."""
    keys: list[str] = []
    for heading in headings:
        plain = heading.replace(".", "．").replace("[", "［").replace("]", "］")
        key, number = plain, 2
        while heading and key in keys:
            key, number = f"{plain}（{number}）", number + 1
        keys.append(key)
    return tuple(keys)


def combine_headings(upper: Sequence[Any], lower: Sequence[Any]) -> list[Any]:
    """Merge two rows of headings: the lower row's text, or the upper's if it is empty.

    Columns under a helper's heading stay a helper's.
    """
    out: list[Any] = []
    group = ""
    for position in range(max(len(upper), len(lower))):
        upper_heading = upper[position] if position < len(upper) else None
        lower_heading = lower[position] if position < len(lower) else None
        if not is_blank(upper_heading):
            group = str(upper_heading)
        if is_blank(lower_heading):
            out.append(upper_heading)
        else:
            out.append(
                f"{group}{lower_heading}" if _HELPER.search(bare_heading(group)) else lower_heading
            )
    return out


def keep_known_headings(values: Sequence[Any]) -> list[Any]:
    """Return a row's known and helper's headings; titles and dates become `None`."""
    return [
        value if bare_heading(value) in _BY_HEADING or _HELPER.search(bare_heading(value)) else None
        for value in values
    ]


def is_second_row(values: Sequence[Any], columns: Columns) -> bool:
    """Return whether the row below the headings continues them: only text, and no household."""
    if any(
        columns.fields[n] < len(values) and not is_blank(values[columns.fields[n]]) for n in NEEDED
    ):
        return False
    headings = [value for value in values if not is_blank(value)]
    return any(bare_heading(heading) in _BY_HEADING for heading in headings) and all(
        isinstance(heading, str) and len(bare_heading(heading)) <= 20 for heading in headings
    )


def is_numbering(values: Sequence[Any]) -> bool:
    """Return whether a row only numbers the columns: 1, 2, 3 … or 甲, 乙, 1, 2 …"""
    marks = [bare_heading(value) for value in values if not is_blank(value)]
    numbers = [int(mark) for mark in marks if re.fullmatch("[0-9]{1,3}", mark)]
    return (
        len(numbers) >= 3
        and all(re.fullmatch("[0-9]{1,3}|[甲乙丙丁戊己]|栏次", mark) for mark in marks)
        and all(later == before + 1 for before, later in pairwise(numbers))
    )
