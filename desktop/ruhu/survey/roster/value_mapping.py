"""Map the national register's words to the contract's values, or report them as ambiguous."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ruhu.survey.facts.types import fold_width

MIN_INEXACT_NUMBER = 10**15
"""From this value on, a numeric cell does not hold every digit."""

MAX_TEXT_CHARS = 200
MAX_KEPT_CHARS = 2000
"""Characters of a fact and of a text that is kept as read."""


class AmbiguousCell(Exception):
    """The cell's value cannot be mapped with certainty."""


class DigitsLost(AmbiguousCell):
    """The cell stores a number of many digits in a way that lost some."""


class NoInformation(AmbiguousCell):
    """The cell says that nothing is known (`无`, `/`, `待定` ...)."""


_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Characters that Unicode classes as letters or symbols but that are displayed blank."""


def is_unwritable(character: str) -> bool:
    """Return whether a character is a control, a surrogate or a noncharacter (U+FFFE ...)."""
    code = ord(character)
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return noncharacter or unicodedata.category(character) in ("Cc", "Cs")


def visible(text: str) -> str:
    """Return a text without invisible characters: controls, zero-width and direction marks, soft hyphens."""
    if text.isprintable() and not any(c in _BLANK for c in text):
        return text
    return "".join(
        c for c in text
        if not is_unwritable(c) and unicodedata.category(c) != "Cf" and c not in _BLANK
    )  # fmt: skip


def as_read(value: Any) -> str:
    """Return a cell's text to keep; only what can be neither stored nor shown is removed."""
    text = value if isinstance(value, str) else text_of(value)
    text = text.replace("\r\n", "\n")
    return "".join(c for c in text if c in "\n\t" or not is_unwritable(c))


def text_of(value: Any) -> str:
    """Return a cell as one line of text: no trailing `.0`, no invisible characters."""
    if isinstance(value, float) and value.is_integer():
        # A large float has more digits than it stores.
        return str(int(value)) if abs(value) < MIN_INEXACT_NUMBER else str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat()
    return fold_width(visible(str(value)))


_NO_WORD = re.compile(
    r"无|没有|暂无|暂缺|暂未?录入|待定|待录入?|待补录?|待填|待核实?|待编|未录入?|未填写?|未编号?|未知|"
    r"不详|不清楚?|无编?号|没有?编号|同上|同前|同左|空白?|缺|n/?a|nil|null|none|nan|tbd|unknown|[x×]+|0+(\.0+)?"
)


def has_no_information(value: Any) -> bool:
    """Return whether a cell means nothing: blank, a zero, a dash or star, or a word such as `待定`."""
    if isinstance(value, bool):
        return False
    text = re.sub(r"[\s#＃]", "", text_of(value)).lower()
    return not any(c.isalnum() for c in text.replace("×", "x")) or bool(_NO_WORD.fullmatch(text))


def digits_are_lost(value: Any) -> bool:
    """Return whether a long number is stored as a number, or written as `6.217E+18`."""
    if isinstance(value, (int, float)):
        return not isinstance(value, bool) and not abs(value) < MIN_INEXACT_NUMBER
    return bool(re.fullmatch(r"[+-]?[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,3}", text_of(value)))


def read_digits(value: Any) -> str:
    """Parse an identifying number (account, household): no blanks, every digit present."""
    if digits_are_lost(value):
        raise DigitsLost
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise AmbiguousCell
    if has_no_information(value):
        raise NoInformation
    text = text_of(value)
    compact = re.sub(r"\s", "", text)
    if len(text) > MAX_TEXT_CHARS:
        raise AmbiguousCell
    return compact if re.fullmatch("[0-9A-Za-z-]+", compact) else text


def read_phone(value: Any) -> str:
    """Parse a telephone number; a numeric cell loses the first 0 of an area code."""
    text = read_digits(value)
    complete = re.fullmatch(r"1[0-9]{10}|[2-9][0-9]{6,7}", text)
    if not isinstance(value, str) and not complete:
        raise DigitsLost
    return text


def read_yes_no(value: Any) -> bool:
    """Parse 是/否 in its usual spellings."""
    text = text_of(value).upper()
    if text in ("是", "有", "√", "Y", "YES", "1", "TRUE", "对", "已", "通"):
        return True
    if text in ("否", "无", "×", "X", "N", "NO", "0", "FALSE", "没有", "未", "不", "未通"):
        return False
    raise AmbiguousCell


def read_sex(value: Any) -> str:
    """Parse 男/女."""
    word = {"男": "male", "男性": "male", "女": "female", "女性": "female"}.get(text_of(value))
    if word is None:
        raise AmbiguousCell
    return word


_FIVE_GUARANTEE = re.compile(
    r"(农村|城镇|分散供养|集中供养)?(五保|特困供养|特困人员)(供养)?(人员|对象|贫困)?户?"
)
_LOW_INCOME = re.compile(r"(农村|城镇|扶贫|建档立卡|纳入)?低保(贫困|对象|扶贫)?户?")


def read_attribute(value: Any) -> str:
    """Parse 贫困户属性 by the whole text: `非低保户` and `取消低保` are not 低保户."""
    text = text_of(value)
    if _FIVE_GUARANTEE.fullmatch(text):
        return "five_guarantee"
    if _LOW_INCOME.fullmatch(text):
        return "low_income"
    if text in ("一般贫困户", "一般农户", "一般", "扶贫户"):
        return "general"
    raise AmbiguousCell


NOT_IN_SCHOOL = ("非在校生", "非在校", "否", "无")
"""The register's own words for a person who is not in school."""

_PUPIL = r"(在校|在读|就读)?(学?生|学员)?"
_STAGES = r"小学|初中|高中|普高|普通高中|中职|中专|职高|技校|大专|专科|高职|高职高专|大学|本科|大学本科|硕士|博士|研究生"
_LEFT = rf"(否|非在校生?|不在校)?({_STAGES})?(已经?)?(毕业|肄业|结业|辍学|退学|失学)生?|({_STAGES})(文化|学历)(程度)?"
_SCHOOLING: tuple[tuple[str, str], ...] = (
    (
        rf"非在校生?|否|无|[不未没]在[校读]|[未没]有?([上入就读](过学|过书|学|书)|就读)|不[上读][学书]|{_LEFT}",
        "none",
    ),
    (r"学前(教育|班)?|幼儿园([大中小托]班)?|幼儿班|[在读上]幼儿园", "preschool"),
    (rf"(小学|(小学)?[一二三四五六1-6]年级){_PUPIL}|小学教育|小[一二三四五六]", "primary"),
    (
        rf"(初中)?([七八九7-9]年级){_PUPIL}|初中([一二三1-3]年级|教育)?{_PUPIL}|初[一二三]{_PUPIL}",
        "junior_high",
    ),
    (
        rf"(普通?)?高中([一二三1-3]年级|教育)?{_PUPIL}|普高([一二三1-3]年级)?{_PUPIL}|高[一二三]{_PUPIL}|十[一二]?年级{_PUPIL}",
        "senior_high",
    ),
    (
        rf"(中职|中专|职高|职中|技校|技工学校|中等职业(学校|教育)?|中等专业学校|职业高中)([一二三四1-4]年级)?{_PUPIL}",
        "secondary_vocational",
    ),
    (
        rf"(高职|高职高专|高专|专科|高等职业(学校|教育|院校)?(专科)?)([一二三1-3]年级)?{_PUPIL}"
        r"|大专([一二三1-3]年级(学?生)?|在校生?|在读生?|生)",
        "higher_vocational",
    ),
    (
        rf"(大学)?本科([一二三四五1-5]年级)?{_PUPIL}|大学[一二三四五1-5]年级{_PUPIL}|大[一二三四五]{_PUPIL}",
        "undergraduate",
    ),
    (rf"(硕士|博士|研究生|硕士研究生|博士研究生)([一二三四1-4]年级)?{_PUPIL}", "postgraduate"),
)


def read_schooling(value: Any) -> str:
    """Parse 在校生状况 by the whole text: graduates and dropouts are not in school.

    “大专及以上” leaves open college or university; 休学 and 未毕业 leave open in or out: ambiguous.
    """
    text = re.sub(r"[\s()\[\]、,.·]", "", text_of(value))
    for pattern, stage in _SCHOOLING:
        if text and re.fullmatch(pattern, text):
            return stage
    raise AmbiguousCell


def read_labour(value: Any) -> bool:
    """Parse 劳动技能: whether the person is able to work. “弱劳动力” is ambiguous."""
    text = text_of(value)
    if text in ("普通劳动力", "技能劳动力"):
        return True
    if text in ("丧失劳动力", "无劳动力", "无劳动能力", "丧失劳动能力"):
        return False
    raise AmbiguousCell


def read_grade(value: Any) -> str:
    """Parse 危房等级, also written `C级`."""
    match = re.fullmatch(r"([A-D])级?", text_of(value).upper())
    if match is None:
        raise AmbiguousCell
    return match[1]


def read_year(value: Any) -> int:
    """Parse a year from 2000 on, also written as a date; a year in a date cell is 1905."""
    if isinstance(value, (datetime, date)):
        year = value.year
    else:
        match = re.fullmatch(
            r"([0-9]{4})(?:年度?|\.0|-[0-9]{1,2}(?:-[0-9]{1,2})?)?", text_of(value)
        )
        if match is None:
            raise AmbiguousCell
        year = int(match[1])
    if not 2000 <= year <= 2100:
        raise AmbiguousCell
    return year


_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Maps full-width characters to ASCII; NFKC would turn `10²` and `①` into numbers."""


def read_number(value: Any) -> str:
    """Parse a number of 0 or more; return it as exact text."""
    if isinstance(value, bool):
        raise AmbiguousCell
    if isinstance(value, float):
        text = f"{value:.15g}"  # digits beyond these were not typed
    else:
        text = visible(str(value)).translate(_NARROW).strip()
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,8})?)\s*(?:平方米|平米|㎡|m²|m2|M2|分)?", text)
    if match is None:
        raise AmbiguousCell
    return f"{Decimal(match[1]):f}"


def read_group(value: Any) -> str:
    """Parse 村民小组: `第1组` and `1` are the same."""
    text = text_of(value)
    match = re.fullmatch(r"第?\s*([0-9]+)\s*(?:村民小组|小组|组|队)?", text)
    group = match[1] if match else text
    if len(group) > 100:
        raise AmbiguousCell
    return group


def read_words(value: Any) -> str:
    """Return text without surrounding blanks."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise AmbiguousCell
    text = text_of(value)
    if len(text) > MAX_TEXT_CHARS:
        raise AmbiguousCell
    return text


def read_name(value: Any) -> str:
    """Parse a name; blanks between Chinese characters are padding."""
    if not isinstance(value, str):
        raise AmbiguousCell
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
    "phone": ("phone", read_phone),
    "attribute": ("registration.attribute", read_attribute),
    "score": ("registration.score", read_number),
    "exit_year": ("registration.exit_year", read_year),
    "current_area": ("housing.current_area_m2", read_number),
    "danger_grade": ("housing.danger_grade", read_grade),
    "relocation": ("housing.relocation_listed", read_yes_no),
    "water_safe": ("water.safe", read_yes_no),
    "tap": ("water.tap", read_yes_no),
    "card_account": ("housing.card_account", read_digits),
}
"""The fact that each column fills, and its parser."""

MEMBER_FIELDS = (
    "name", "sex", "relationship", "ethnicity", "education_level", "schooling", "condition",
    "labour", "insured", "phone",
)  # fmt: skip
HOUSEHOLD_FIELDS = (
    "attribute", "score", "exit_year", "current_area", "danger_grade", "relocation", "water_safe",
    "tap", "card_account",
)  # fmt: skip
