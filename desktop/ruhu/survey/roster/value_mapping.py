"""The national register's words and the contract's: what a cell means, or that it is doubtful."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ruhu.survey.facts.types import fold_width

FIRST_LOST = 10**15
"""From here on a number cell does not hold every digit."""

MAX_CELL_CHARS = 200
MAX_NOTE_CHARS = 2000
"""Characters of a fact and of a text that is kept as read."""


class AmbiguousCell(Exception):
    """The cell's value cannot be mapped with certainty."""


class DigitsLost(AmbiguousCell):
    """The cell stores a number of many digits in a way that lost some."""


class NothingSaid(AmbiguousCell):
    """A sign stands there that says nothing is known (`无`, `/`, `待定` ...)."""


_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Characters that are letters or symbols to Unicode and blank to everybody else."""


def is_unwritable(character: str) -> bool:
    """Whether a character is a control, half of one, or none at all (U+FFFE, U+FFFF ...)."""
    code = ord(character)
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    return noncharacter or unicodedata.category(character) in ("Cc", "Cs")


def visible(text: str) -> str:
    """A text without what nobody sees: controls, zero-width and direction marks, soft hyphens."""
    if text.isprintable() and not any(c in _BLANK for c in text):
        return text
    return "".join(
        c for c in text
        if not is_unwritable(c) and unicodedata.category(c) != "Cf" and c not in _BLANK
    )  # fmt: skip


def as_read(value: Any) -> str:
    """A cell as it stands, to be kept: only what can be neither stored nor shown is taken out."""
    text = value if isinstance(value, str) else text_of(value)
    text = text.replace("\r\n", "\n")
    return "".join(c for c in text if c in "\n\t" or not is_unwritable(c))


def text_of(value: Any) -> str:
    """A cell as one line of text: numbers without a trailing `.0`, invisible characters gone."""
    if isinstance(value, float) and value.is_integer():
        # All digits of a large one would be invented.
        return str(int(value)) if abs(value) < FIRST_LOST else str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat()
    return fold_width(visible(str(value)))


_NO_WORD = re.compile(
    r"无|没有|暂无|暂缺|暂未?录入|待定|待录入?|待补录?|待填|待核实?|待编|未录入?|未填写?|未编号?|未知|"
    r"不详|不清楚?|无编?号|没有?编号|同上|同前|同左|空白?|缺|n/?a|nil|null|none|nan|tbd|unknown|[x×]+|0+(\.0+)?"
)


def says_nothing(value: Any) -> bool:
    """Whether a cell stands for nothing: blank, a zero, a dash or star, or a word as `待定`."""
    if isinstance(value, bool):
        return False
    text = re.sub(r"[\s#＃]", "", text_of(value)).lower()
    return not any(c.isalnum() for c in text.replace("×", "x")) or bool(_NO_WORD.fullmatch(text))


def digits_are_lost(value: Any) -> bool:
    """Whether a number of many digits is stored as a number, or is written as `6.217E+18`."""
    if isinstance(value, (int, float)):
        return not isinstance(value, bool) and not abs(value) < FIRST_LOST
    return bool(re.fullmatch(r"[+-]?[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,3}", text_of(value)))


def read_digits(value: Any) -> str:
    """A number that tells things apart (an account, a household): no blanks, every digit there."""
    if digits_are_lost(value):
        raise DigitsLost
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise AmbiguousCell
    if says_nothing(value):
        raise NothingSaid
    text = text_of(value)
    compact = re.sub(r"\s", "", text)
    if len(text) > MAX_CELL_CHARS:
        raise AmbiguousCell
    return compact if re.fullmatch("[0-9A-Za-z-]+", compact) else text


def read_phone(value: Any) -> str:
    """A telephone number; one of an area code loses its first 0 in a number cell."""
    text = read_digits(value)
    whole = re.fullmatch(r"1[0-9]{10}|[2-9][0-9]{6,7}", text)
    if not isinstance(value, str) and not whole:
        raise DigitsLost
    return text


def read_yes_no(value: Any) -> bool:
    """是/否 in the ways people write it."""
    text = text_of(value).upper()
    if text in ("是", "有", "√", "Y", "YES", "1", "TRUE", "对", "已", "通"):
        return True
    if text in ("否", "无", "×", "X", "N", "NO", "0", "FALSE", "没有", "未", "不", "未通"):
        return False
    raise AmbiguousCell


def read_sex(value: Any) -> str:
    """男/女."""
    word = {"男": "male", "男性": "male", "女": "female", "女性": "female"}.get(text_of(value))
    if word is None:
        raise AmbiguousCell
    return word


_FIVE_GUARANTEE = re.compile(
    r"(农村|城镇|分散供养|集中供养)?(五保|特困供养|特困人员)(供养)?(人员|对象|贫困)?户?"
)
_LOW_INCOME = re.compile(r"(农村|城镇|扶贫|建档立卡|纳入)?低保(贫困|对象|扶贫)?户?")


def read_attribute(value: Any) -> str:
    """贫困户属性, by the whole word: `非低保户` and `取消低保` are no 低保户."""
    text = text_of(value)
    if _FIVE_GUARANTEE.fullmatch(text):
        return "five_guarantee"
    if _LOW_INCOME.fullmatch(text):
        return "low_income"
    if text in ("一般贫困户", "一般农户", "一般", "扶贫户"):
        return "general"
    raise AmbiguousCell


NOT_IN_SCHOOL = ("非在校生", "非在校", "否", "无")
"""The register's own words for somebody who is not in school."""

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
    """在校生状况, by the whole word: who finished or left a school is not in it.

    “大专及以上” says neither college nor university, 休学 and 未毕业 neither in nor out: doubtful.
    """
    text = re.sub(r"[\s()\[\]、,.·]", "", text_of(value))
    for pattern, stage in _SCHOOLING:
        if text and re.fullmatch(pattern, text):
            return stage
    raise AmbiguousCell


def read_labour(value: Any) -> bool:
    """劳动技能: whether the person is able to work. “弱劳动力” is left open."""
    text = text_of(value)
    if text in ("普通劳动力", "技能劳动力"):
        return True
    if text in ("丧失劳动力", "无劳动力", "无劳动能力", "丧失劳动能力"):
        return False
    raise AmbiguousCell


def read_grade(value: Any) -> str:
    """危房等级, also `C级`."""
    found = re.fullmatch(r"([A-D])级?", text_of(value).upper())
    if found is None:
        raise AmbiguousCell
    return found[1]


def read_year(value: Any) -> int:
    """A year from 2000 on, also written as a date; a year that a cell shows as a date is 1905."""
    if isinstance(value, (datetime, date)):
        year = value.year
    else:
        found = re.fullmatch(
            r"([0-9]{4})(?:年度?|\.0|-[0-9]{1,2}(?:-[0-9]{1,2})?)?", text_of(value)
        )
        if found is None:
            raise AmbiguousCell
        year = int(found[1])
    if not 2000 <= year <= 2100:
        raise AmbiguousCell
    return year


_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width characters to ASCII; other folding would make a number of `10²` and `①`."""


def read_number(value: Any) -> str:
    """A number of 0 or more, as exact text."""
    if isinstance(value, bool):
        raise AmbiguousCell
    if isinstance(value, float):
        text = f"{value:.15g}"  # what a cell holds beyond is not what anybody typed
    else:
        text = visible(str(value)).translate(_NARROW).strip()
    found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,8})?)\s*(?:平方米|平米|㎡|m²|m2|M2|分)?", text)
    if found is None:
        raise AmbiguousCell
    return f"{Decimal(found[1]):f}"


def read_group(value: Any) -> str:
    """村民小组: `第1组` and `1` are the same."""
    text = text_of(value)
    found = re.fullmatch(r"第?\s*([0-9]+)\s*(?:村民小组|小组|组|队)?", text)
    group = found[1] if found else text
    if len(group) > 100:
        raise AmbiguousCell
    return group


def read_words(value: Any) -> str:
    """Text as it stands, blanks around it gone."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise AmbiguousCell
    text = text_of(value)
    if len(text) > MAX_CELL_CHARS:
        raise AmbiguousCell
    return text


def read_name(value: Any) -> str:
    """A name; blanks between Chinese characters are typists' padding."""
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
"""Column to the fact it fills and how it is read."""

MEMBER_FIELDS = (
    "name", "sex", "relationship", "ethnicity", "education_level", "schooling", "condition",
    "labour", "insured", "phone",
)  # fmt: skip
HOUSEHOLD_FIELDS = (
    "attribute", "score", "exit_year", "current_area", "danger_grade", "relocation", "water_safe",
    "tap", "card_account",
)  # fmt: skip
