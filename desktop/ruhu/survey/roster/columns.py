"""Finding the columns by their headings, wherever they stand."""

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
"""Field to the headings it goes by, bare of blanks and punctuation."""

NEEDED = {"household_no": "户编号", "name": "姓名"}
"""The columns without which no household can be told from another, and what people call them."""

_BY_HEADING = {heading: field for field, names in HEADINGS.items() for heading in names}
_HELPER = re.compile(r"帮扶|结对|包户|责任人|联系人|挂点|驻村|第一书记|干部")
_OF_A_HELPER = ("name", "sex", "phone", "id_number")
_WORK_OF_A_HELPER = ("单位", "工作单位", "职务", "手机", "单位及职务", "电话号码")


def is_blank(value: Any) -> bool:
    """Whether a cell shows nothing."""
    return value is None or (isinstance(value, str) and not visible(value).strip())


def bare(heading: Any) -> str:
    """A heading without blanks, punctuation and remarks in brackets that only number it."""
    text = re.sub(r"\s", "", str(heading or ""))
    return re.sub(r"[\s()（）\[\]【】、，,.:：*＊/／?？]", "", fold_width(visible(text)))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands, every heading by its position, and what its texts are kept under."""

    fields: dict[str, int]
    headings: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def missing(self) -> list[str]:
        """What the columns are called that are needed and not there."""
        return [word for name, word in NEEDED.items() if name not in self.fields]

    def other(self) -> list[int]:
        """Positions of headings that are mapped to no fact."""
        taken = set(self.fields.values())
        return [i for i, heading in enumerate(self.headings) if heading and i not in taken]

    def is_repeated_by(self, values: Sequence[Any]) -> bool:
        """Whether a row says the headings again, as at the top of each printed page."""
        said = [
            (name, bare(values[i]) == bare(self.headings[i]))
            for name, i in self.fields.items()
            if i < len(values) and not is_blank(values[i])
        ]
        return sum(same for _, same in said) >= 2 and all(
            same for name, same in said if name in NEEDED
        )


def read_columns(values: Sequence[Any]) -> Columns | None:
    """Read a row as headings; `None` unless it names a household, a person and one thing more."""
    positions: dict[str, list[int]] = {}
    for position, value in enumerate(values):
        field = _BY_HEADING.get(bare(value))
        if field is not None:
            positions.setdefault(field, []).append(position)
    of_helpers = _columns_of_helpers(values, positions.get("name", []))
    fields = {
        field: own[0]
        for field, found in positions.items()
        if (own := [position for position in found if position not in of_helpers])
    }
    if len(fields) < 3 or not any(name in fields for name in NEEDED):
        return None
    headings = tuple(
        re.sub(r"\s+", "", as_read(value)) if value is not None else "" for value in values
    )
    return Columns(fields, headings, _keys(headings))


def _columns_of_helpers(values: Sequence[Any], names: Sequence[int]) -> set[int]:
    """The columns that follow one as 帮扶人 and tell of the helper: name, sex, telephone, office."""
    found: set[int] = set()
    inside = False
    for position, value in enumerate(values):
        heading = bare(value)
        if _HELPER.search(heading):
            inside = True
            continue
        field = _BY_HEADING.get(heading)
        inside = inside and (field in _OF_A_HELPER or heading in _WORK_OF_A_HELPER)
        if field == "name" and all(n == position or n in found for n in names):
            inside = False  # the only name of the table is that of its people
        if inside:
            found.add(position)
    return found


def _keys(headings: Sequence[str]) -> tuple[str, ...]:
    """What texts are kept under: headings, told apart, without what would make a path of them."""
    keys: list[str] = []
    for heading in headings:
        plain = heading.replace(".", "．").replace("[", "［").replace("]", "］")
        key, number = plain, 2
        while heading and key in keys:
            key, number = f"{plain}（{number}）", number + 1
        keys.append(key)
    return tuple(keys)


def combine(upper: Sequence[Any], lower: Sequence[Any]) -> list[Any]:
    """Two rows of headings as one: the lower one's words, the upper's where it has none.

    What stands under a helper's heading stays a helper's.
    """
    out: list[Any] = []
    group = ""
    for position in range(max(len(upper), len(lower))):
        above = upper[position] if position < len(upper) else None
        below = lower[position] if position < len(lower) else None
        if not is_blank(above):
            group = str(above)
        if is_blank(below):
            out.append(above)
        else:
            out.append(f"{group}{below}" if _HELPER.search(bare(group)) else below)
    return out


def known_only(values: Sequence[Any]) -> list[Any]:
    """A row's headings that are known ones or a helper's, nothing where a title or a date stands."""
    return [
        value if bare(value) in _BY_HEADING or _HELPER.search(bare(value)) else None
        for value in values
    ]


def is_second_row(values: Sequence[Any], columns: Columns) -> bool:
    """Whether the row under the headings says more of them: words, and nothing of a household."""
    if any(
        columns.fields[n] < len(values) and not is_blank(values[columns.fields[n]]) for n in NEEDED
    ):
        return False
    words = [value for value in values if not is_blank(value)]
    return any(bare(word) in _BY_HEADING for word in words) and all(
        isinstance(word, str) and len(bare(word)) <= 20 for word in words
    )


def is_numbering(values: Sequence[Any]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 … or 甲, 乙, 1, 2 …"""
    marks = [bare(value) for value in values if not is_blank(value)]
    numbers = [int(mark) for mark in marks if re.fullmatch("[0-9]{1,3}", mark)]
    return (
        len(numbers) >= 3
        and all(re.fullmatch("[0-9]{1,3}|[甲乙丙丁戊己]|栏次", mark) for mark in marks)
        and all(later == before + 1 for before, later in pairwise(numbers))
    )
