"""Facts that cannot both be true."""

from decimal import Decimal
from typing import Any

from ruhu.survey.problems import Problem
from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text
from ruhu.survey.values import read_amount


def _amount(section: Any, name: str) -> Decimal | None:
    try:
        value = read_amount(section.get(name)) if isinstance(section, dict) else None
    except ValueError:
        return None
    return value if isinstance(value, Decimal) else None


def find_contradictions(document: Document, kind: str) -> list[Problem]:
    """Storage over the floor area, and more registered participants than participants."""
    problems: list[Problem] = []
    if kind == "household":
        housing = document.get("housing")
        floor, storage = _amount(housing, "floor_area_m2"), _amount(housing, "storage_area_m2")
        if floor is not None and storage is not None and storage > floor:
            problems.append(
                Problem(
                    "housing.storage_area_m2",
                    storage,
                    Text(f"不大于建筑面积 {floor} ㎡", f"at most the floor area, {floor} ㎡"),
                    Text("其中储藏谷物、放置农具等用房", "Of it storage rooms"),
                )
            )
    if kind == "training_class":
        everybody = _amount(document, "participants")
        registered = _amount(document, "registered_participants")
        if everybody is not None and registered is not None and registered > everybody:
            problems.append(
                Problem(
                    "registered_participants",
                    registered,
                    Text(f"不大于参训人数 {everybody}", f"at most the participants, {everybody}"),
                    Text("其中建档立卡贫困人口", "Of them registered poor"),
                )
            )
    return problems
