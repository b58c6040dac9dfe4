"""The national register's words and the contract's: what a cell means, or that it is doubtful."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ruhu.survey.values import fold


class Doubtful(Exception):
    """The cell's value cannot be mapped with certainty."""


def text_of(value: Any) -> str:
    """A cell as one line of text: numbers without a trailing `.0`, control characters gone."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    kept = "".join(c for c in str(value) if unicodedata.category(c) not in ("Cc", "Cs"))
    return fold(kept)


def read_yes_no(value: Any) -> bool:
    """是/否 in the ways people write it."""
    text = text_of(value).upper()
    if text in ("是", "有", "√", "Y", "YES", "1", "TRUE", "对", "已", "通"):
        return True
    if text in ("否", "无", "×", "X", "N", "NO", "0", "FALSE", "没有", "未", "不", "未通"):
        return False
    raise Doubtful


def read_sex(value: Any) -> str:
    """男/女."""
    word = {"男": "male", "男性": "male", "女": "female", "女性": "female"}.get(text_of(value))
    if word is None:
        raise Doubtful
    return word


def read_attribute(value: Any) -> str:
    """贫困户属性."""
    text = text_of(value)
    if "五保" in text or "特困供养" in text:
        return "five_guarantee"
    if "低保" in text:
        return "low_income"
    if text in ("一般贫困户", "一般农户", "一般", "扶贫户"):
        return "general"
    raise Doubtful


_SCHOOLING: tuple[tuple[str, str], ...] = (
    (r"非在校生|非在校|否|无", "none"),
    (r"学前教育|幼儿园.*|学前班", "preschool"),
    (r"小学.*|[一二三四五六]年级", "primary"),
    (r"初中.*|[七八九]年级", "junior_high"),
    (r"高中.*|普通高中.*|普高.*", "senior_high"),
    (r"中职.*|中专.*|职高.*|技工学校.*|技校.*|中等职业.*", "secondary_vocational"),
    (r"高职.*|大专[一二三]年级|专科.*|高等职业.*", "higher_vocational"),
    (r"本科.*|大学本科.*", "undergraduate"),
    (r"硕士.*|博士.*|研究生.*", "postgraduate"),
)


def read_schooling(value: Any) -> str:
    """在校生状况. “大专及以上” says neither college nor university: doubtful."""
    text = text_of(value)
    for pattern, stage in _SCHOOLING:
        if re.fullmatch(pattern, text):
            return stage
    raise Doubtful


def read_labour(value: Any) -> bool:
    """劳动技能: whether the person is able to work. “弱劳动力” is left open."""
    text = text_of(value)
    if text in ("普通劳动力", "技能劳动力"):
        return True
    if text in ("丧失劳动力", "无劳动力", "无劳动能力", "丧失劳动能力"):
        return False
    raise Doubtful


def read_grade(value: Any) -> str:
    """危房等级, also `C级`."""
    found = re.fullmatch(r"([A-D])级?", text_of(value).upper())
    if found is None:
        raise Doubtful
    return found[1]


def read_year(value: Any) -> int:
    """A year, also written as a date."""
    if isinstance(value, (datetime, date)):
        return value.year
    found = re.fullmatch(r"((?:19|20)[0-9]{2})(?:年|\.0|-.*)?", text_of(value))
    if found is None:
        raise Doubtful
    return int(found[1])


def read_number(value: Any) -> str:
    """A number of 0 or more, as exact text."""
    try:
        number = Decimal(re.sub(r"(平方米|㎡|分|m2)$", "", text_of(value)))
    except InvalidOperation:
        raise Doubtful from None
    if not number.is_finite() or not 0 <= number < 10**9 or abs(number.as_tuple().exponent) > 8:  # type: ignore[arg-type]
        raise Doubtful
    return f"{number:f}"


def read_group(value: Any) -> str:
    """村民小组: `第1组` and `1` are the same."""
    text = text_of(value)
    found = re.fullmatch(r"第?\s*([0-9]+)\s*(?:村民小组|小组|组|队)?", text)
    return found[1] if found else text[:100]


def read_words(value: Any) -> str:
    """Text as it stands, blanks around it gone."""
    text = text_of(value)
    if len(text) > 200:
        raise Doubtful
    return text


def read_name(value: Any) -> str:
    """A name; blanks between Chinese characters are typists' padding."""
    return re.sub(r"(?<=[㐀-鿿])\s+(?=[㐀-鿿])", "", read_words(value))


READERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "group": ("place.group", read_group),
    "name": ("name", read_name),
    "sex": ("sex", read_sex),
    "relationship": ("relationship", read_words),
    "ethnicity": ("ethnicity", read_words),
    "education_level": ("education_level", read_words),
    "schooling": ("schooling.stage", read_schooling),
    "condition": ("health.condition", read_words),
    "labour": ("labour.able", read_labour),
    "insured": ("health.insured", read_yes_no),
    "phone": ("phone", read_words),
    "attribute": ("registration.attribute", read_attribute),
    "score": ("registration.score", read_number),
    "exit_year": ("registration.exit_year", read_year),
    "current_area": ("housing.current_area_m2", read_number),
    "danger_grade": ("housing.danger_grade", read_grade),
    "relocation": ("housing.relocation_listed", read_yes_no),
    "water_safe": ("water.safe", read_yes_no),
    "tap": ("water.tap", read_yes_no),
    "card_account": ("housing.card_account", read_words),
}
"""Column to the fact it fills and how it is read."""

MEMBER_FIELDS = (
    "name", "sex", "relationship", "ethnicity", "education_level", "schooling", "condition",
    "labour", "insured", "phone",
)  # fmt: skip
HOUSEHOLD_FIELDS = (
    "attribute", "score", "exit_year", "current_area", "danger_grade", "relocation", "water_safe",
    "tap", "card_account",
)  # fmt: skip
