"""Recognise rows of a roster that are not persons, and cells with Excel errors."""

import re
from collections.abc import Sequence
from typing import Any

from ruhu.survey.roster.columns import is_blank
from ruhu.survey.roster.value_mapping import text_of

_ERROR = re.compile(
    r"#(?:N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|"
    r"CONNECT!|UNKNOWN!|BUSY!|EXTERNAL!|PYTHON!)|ERR:[0-9]{3}"
)
_TOTAL = re.compile(
    r"(?:本页|本表|本村|本组|本屯|全村|全组|全屯|全乡|全镇|全县)?(?:合计|总计|小计|共计|累计)"
)
_NOTE = re.compile(r"(?:备注|附注|注释?|说明|填表说明|填报说明|注意事项?)(?:[:：].*|[0-9]*)")
_LABEL = (
    r"(?:制表|填表|填报|填写|审核|审批|审定|复核|校对|核对|核实|统计|登记|调查|录入|经办|报送|签字|签名|负责|主管|分管|"
    r"包村|驻村|村支部|村委会?|乡镇|单位|领导|村主任|村支书|第一书记|村民小组长?)"
)
_SIGNATURE = re.compile(
    rf"{_LABEL}+(?:负责|主要)?(?:人员?|单位|时间|日期|领导|书记|主任|[（(]?(?:盖章|签章|签字|签名|公章)[)）]?)*(?:[:：].*)?"
)


def is_error(value: Any) -> bool:
    """Return whether a cell contains an Excel error (`#N/A`, `#REF!` ...)."""
    return isinstance(value, str) and bool(_ERROR.fullmatch(text_of(value).upper()))


def first_visible_text(values: Sequence[Any]) -> str:
    """Return the first visible cell without blanks."""
    first = next((value for value in values if not is_blank(value)), "")
    return re.sub(r"\s", "", text_of(first))


def is_total(values: Sequence[Any]) -> bool:
    """Return whether a row is a total."""
    return bool(_TOTAL.match(first_visible_text(values)))


def is_footer(values: Sequence[Any]) -> bool:
    """Return whether a row is a footer of the table: author, signature or remarks."""
    text = first_visible_text(values)
    return bool(_NOTE.fullmatch(text) or _SIGNATURE.fullmatch(text))
