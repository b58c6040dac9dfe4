"""Finding the columns by their headings, wherever they stand."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ruhu.survey.values import fold

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
    "water_safe": ("饮水是否安全", "是否安全饮水", "有无安全饮水", "饮水安全"),
    "tap": ("是否通自来水", "自来水", "是否自来水入户"),
    "phone": ("联系电话", "电话", "手机号码"),
    "card_account": ("银行账号", "一卡通账号", "银行卡号", "账号", "一折通账号"),
}  # fmt: skip
"""Field to the headings it goes by, bare of blanks and punctuation."""

NEEDED = ("household_no", "name")
_BY_HEADING = {heading: field for field, names in HEADINGS.items() for heading in names}


def bare(heading: Any) -> str:
    """A heading without blanks, punctuation and remarks in brackets that only number it."""
    return re.sub(r"[\s()（）\[\]【】、，,.:：*＊/／?？]", "", fold(str(heading or "")))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands, and every heading by its position."""

    fields: dict[str, int]
    headings: tuple[str, ...]

    def other(self) -> list[int]:
        """Positions of headings that are mapped to no fact."""
        taken = set(self.fields.values())
        return [i for i, heading in enumerate(self.headings) if heading and i not in taken]


def read_columns(values: Sequence[Any]) -> Columns | None:
    """Read a row as headings; `None` unless it names a household, a person and one thing more."""
    fields: dict[str, int] = {}
    for position, value in enumerate(values):
        field = _BY_HEADING.get(bare(value))
        if field is not None and field not in fields:
            fields[field] = position
    if len(fields) < 3 or not any(name in fields for name in NEEDED):
        return None
    headings = tuple(
        re.sub(r"\s+", "", str(value)) if value is not None else "" for value in values
    )
    return Columns(fields, headings)
