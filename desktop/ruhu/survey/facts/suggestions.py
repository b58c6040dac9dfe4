"""Suggest relationships and schooling from a member's age.

Suggestions are accepted with one key; nothing is filled in automatically.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from ruhu.strict_json import Document
from ruhu.survey.facts.paths import get_value
from ruhu.survey.facts.types import read_date
from ruhu.survey.households import HEAD, find_head, members_of
from ruhu.survey.models.choices import SchoolStage, Sex

GENERATION_YEARS = 16
"""Years of difference from which two people are probably parent and child, not a couple."""

_STAGES: tuple[tuple[int, tuple[SchoolStage, ...]], ...] = (
    (3, ()),
    (6, (SchoolStage.PRESCHOOL,)),
    (12, (SchoolStage.PRIMARY,)),
    (15, (SchoolStage.JUNIOR_HIGH,)),
    (18, (SchoolStage.SENIOR_HIGH, SchoolStage.SECONDARY_VOCATIONAL)),
    (22, (SchoolStage.UNDERGRADUATE, SchoolStage.HIGHER_VOCATIONAL, SchoolStage.NONE)),
    (200, (SchoolStage.NONE,)),
)
"""Usual school stages by the upper limit of the age on 1 September."""


def _day(document: Document, path: str) -> date | None:
    try:
        value = read_date(get_value(document, path, "household"))
    except ValueError:
        return None
    return value if isinstance(value, date) else None


def _stages(document: Document, member: str) -> list[str]:
    born, seen = _day(document, f"{member}.birth_date"), _day(document, "survey.date")
    if born is None or seen is None:
        return []
    term = seen.year if seen.month >= 9 else seen.year - 1
    age = term - born.year - ((born.month, born.day) > (9, 1))
    return [stage.value for stage in next(stages for below, stages in _STAGES if age < below)]


def _relationships(document: Document, member: str) -> list[str]:
    members = members_of(document)
    own = member[len("members[") : -1]
    head = find_head(members)
    if head is None:
        return [HEAD]
    born = _day(document, f"{member}.birth_date")
    head_born = _day(document, f"members[{head.get('member_id')}].birth_date")
    if born is None or head_born is None or own == head.get("member_id"):
        return []
    female = get_value(document, f"{member}.sex", "household") == Sex.FEMALE
    younger = born.year - head_born.year
    if younger >= 2 * GENERATION_YEARS + 6:
        return ["之孙女", "之外孙女"] if female else ["之孙子", "之外孙子"]
    if younger >= GENERATION_YEARS:
        return ["之女", "之儿媳"] if female else ["之子", "之女婿"]
    if younger <= -GENERATION_YEARS:
        return ["之母", "之岳母"] if female else ["之父", "之岳父"]
    married = any(m.get("relationship") == "配偶" for m in members)
    return ["之姐妹" if female else "之兄弟"] if married else ["配偶"]


_ABOUT: dict[str, Callable[[Document, str], list[str]]] = {
    "relationship": _relationships,
    "schooling.stage": _stages,
}


def suggest_values(document: Document, path: str) -> list[Any]:
    """Return the likely values of a member's fact at a path, the likeliest first."""
    member, _, name = path.partition("].")
    if name not in _ABOUT or not member.startswith("members["):
        return []
    return list(_ABOUT[name](document, f"{member}]"))
