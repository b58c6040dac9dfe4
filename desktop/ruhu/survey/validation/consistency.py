"""Find facts that contradict each other: a part that exceeds its whole."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.facts.types import read_amount
from ruhu.survey.validation.problems import Problem


@dataclass(frozen=True, slots=True)
class PartOfWhole:
    """A number that is at most another one, by their fact paths."""

    part: str
    whole: str
    label: BilingualText
    accepted: BilingualText


PARTS = {
    "household": PartOfWhole(
        "housing.storage_area_m2",
        "housing.floor_area_m2",
        BilingualText("其中储藏谷物、放置农具等用房", "Of it storage rooms"),
        BilingualText("不大于建筑面积 {whole} ㎡", "at most the floor area, {whole} ㎡"),
    ),
    "training_class": PartOfWhole(
        "registered_participants",
        "participants",
        BilingualText("其中建档立卡贫困人口", "Of them registered poor"),
        BilingualText("不大于参训人数 {whole}", "at most the participants, {whole}"),
    ),
}
"""The pair to check, by kind of record."""


def _amount(document: Any, path: str) -> Decimal | None:
    for name in path.split("."):
        document = document.get(name) if isinstance(document, dict) else None
    try:
        value = read_amount(document)
    except ValueError:
        return None
    return value if isinstance(value, Decimal) else None


def find_contradictions(document: Document, kind: str) -> list[Problem]:
    """Return a problem if the part exceeds the whole."""
    pair = PARTS.get(kind)
    if pair is None:
        return []
    part, whole = _amount(document, pair.part), _amount(document, pair.whole)
    if part is None or whole is None or part <= whole:
        return []
    return [Problem(pair.part, part, pair.accepted.format(whole=whole), pair.label)]
