"""Validate members' id numbers and derive absent birth dates and sexes."""

from datetime import date
from typing import Any

from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.facts.types import read_date
from ruhu.survey.validation.id_number import IdNumber, IdNumberFault, normalise, read_id_number
from ruhu.survey.validation.problems import Problem

ACCEPTED = {
    IdNumberFault.SHAPE: BilingualText(
        "18位公民身份号码（前17位为数字，末位数字或X）",
        "an id number of 18 characters (17 digits, then a digit or X)",
    ),
    IdNumberFault.BIRTH_DATE: BilingualText(
        "第7至14位为真实日期的公民身份号码", "an id number whose 7th to 14th digits are a real date"
    ),
    IdNumberFault.CHECK_DIGIT: BilingualText(
        "校验码正确的公民身份号码（GB 11643），请核对证件",
        "an id number with the right check digit (GB 11643); compare it with the card",
    ),
}
LABEL = BilingualText("公民身份号码", "Id number")


def complete_identities(document: Document) -> tuple[Document, list[Problem], list[BilingualText]]:
    """Validate every member's id number and fill in absent birth dates and sexes.

    Returns the completed document, the problems and notes on normalised numbers.
    """
    members = document.get("members")
    if not isinstance(members, list):
        return document, [], []
    problems: list[Problem] = []
    notes: list[BilingualText] = []
    completed: list[Any] = []
    for index, member in enumerate(members):
        if isinstance(member, dict) and isinstance(member.get("id_number"), str):
            name = member.get("member_id")
            path = f"members[{name if isinstance(name, str) and name else f'#{index + 1}'}]"
            completed.append(_complete(member, path, problems, notes))
        else:
            completed.append(member)
    return {**document, "members": completed}, problems, notes


def _complete(
    member: Document, member_path: str, problems: list[Problem], notes: list[BilingualText]
) -> Document:
    path = f"{member_path}.id_number"
    written = member["id_number"]
    if not written.strip():
        return {k: v for k, v in member.items() if k != "id_number"}
    result = read_id_number(written)
    if isinstance(result, IdNumberFault):
        problems.append(Problem(path, written, ACCEPTED[result], LABEL))
        return member
    if result.number != written:
        notes.append(
            BilingualText(
                "{path}：已改为规范写法（半角、无空格、大写X）",
                "{path}: written in the standard form (ASCII digits, no blanks, upper-case X)",
            ).format(path=path)
        )
    problems.extend(_contradictions(member, member_path, result))
    return {
        **member,
        "id_number": normalise(written),
        "birth_date": member.get("birth_date", result.birth_date.isoformat()),
        "sex": member.get("sex", result.sex.value),
    }


def _is_other_day(written: str, day: date) -> bool:
    """Return whether a valid date differs from `day`; an invalid one is reported elsewhere."""
    try:
        return bool(read_date(written) != day)
    except ValueError:
        return False


def _contradictions(member: Document, member_path: str, id_number: IdNumber) -> list[Problem]:
    problems = []
    birth_date, sex = member.get("birth_date"), member.get("sex")
    if isinstance(birth_date, str) and _is_other_day(birth_date, id_number.birth_date):
        problems.append(
            Problem(
                f"{member_path}.birth_date",
                birth_date,
                BilingualText("与公民身份号码第7至14位一致的日期", "the date in the id number"),
                BilingualText("出生日期", "Birth date"),
            )
        )
    if isinstance(sex, str) and sex in ("male", "female") and sex != id_number.sex.value:
        problems.append(
            Problem(
                f"{member_path}.sex",
                sex,
                BilingualText(
                    "与公民身份号码第17位一致的性别", "the sex in the id number's 17th digit"
                ),
                BilingualText("性别", "Sex"),
            )
        )
    return problems
