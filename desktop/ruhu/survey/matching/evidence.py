"""Who is who: whether two descriptions of a person, or of a household, are of the same one.

Evidence counts, never the place in a file: an id number, else the national register's person number,
else name with birth date, else name with relationship inside one household.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ruhu.strict_json import Document
from ruhu.survey.divisions import bare_name

PERSON_NUMBER = re.compile("[0-9]{15,20}")
"""The register's number of a person; shorter ones are some office's own."""

_LEVELS = ("county", "township", "village")


def folded_name(member: Document) -> str:
    """A name without width, blanks, invisible characters and the dots of minority names."""
    text = unicodedata.normalize("NFKC", str(member.get("name") or "")).casefold()
    return "".join(c for c in text if unicodedata.category(c)[0] in "LNM" or c == "\ue863")


def names_differ(one: Document, other: Document) -> bool:
    """Whether both have a name, and not the same."""
    first, second = folded_name(one), folded_name(other)
    return bool(first and second and first != second)


def _person_number(member: Document) -> str:
    number = str(member.get("member_id") or "")
    return number if PERSON_NUMBER.fullmatch(number) else ""


def _agree(one: Any, other: Any) -> bool | None:
    """Whether two facts agree; `None` where one of them is not known."""
    return None if not one or not other else bool(one == other)


def are_one_person(one: Document, other: Document) -> bool | None:
    """Whether two members of one household are the same person; `None` where evidence leaves it open.

    Nobody is who bears another name, but for an id number, which leaves it open.
    """
    by_number = _agree(one.get("id_number"), other.get("id_number"))
    if names_differ(one, other):
        return None if by_number else False
    if by_number is not None:
        return by_number
    by_register = _agree(_person_number(one), _person_number(other))
    if by_register:
        return True
    if not (folded_name(one) and folded_name(other)):
        return False
    by_birth = _agree(one.get("birth_date"), other.get("birth_date"))
    if by_birth is not None:
        return by_birth
    if one.get("relationship") == other.get("relationship"):
        return True
    return True if one.get("member_id") == other.get("member_id") else None


def share_a_person(mine: Sequence[Document], theirs: Sequence[Document]) -> bool:
    """Whether two households that bear the same number have a person in common."""
    return any(are_one_person(one, other) for one in mine for other in theirs)


def places_agree(one: Document, other: Document) -> bool:
    """Whether two places can be the same: what both name is the same."""
    for level in _LEVELS:
        codes = one.get(level), other.get(level)
        names = [bare_name(str(p.get(f"{level}_name") or "")) for p in (one, other)]
        if all(codes):
            if codes[0] != codes[1]:
                return False
        elif all(names) and names[0] != names[1]:
            return False
    return True


@dataclass(slots=True)
class Matching:
    """The members of one source as those of another: under whose ids, and what is open."""

    members: list[Document] = field(default_factory=list)
    """Each under the id of the recorded person, or under an id that is free."""

    open: list[Document] = field(default_factory=list)
    """Who may or may not be somebody recorded: left out."""


def match_members(recorded: Sequence[Document], others: Sequence[Document]) -> Matching:
    """Find the recorded person of each of `others`, so that nobody is given another's facts."""
    matching = Matching()
    free = list(recorded)
    taken = {str(m.get("member_id")) for m in (*recorded, *others)}
    used = {str(m.get("member_id")) for m in recorded}
    for other in others:
        answers = [(member, are_one_person(member, other)) for member in free]
        same = [member for member, answer in answers if answer]
        if len(same) > 1:
            same = [
                m
                for m in same
                if m.get("id_number") and m.get("id_number") == other.get("id_number")
            ]
        if len(same) == 1:
            free = [member for member in free if member is not same[0]]
            matching.members.append({**other, "member_id": same[0]["member_id"]})
        elif any(answer is not False for _, answer in answers) or any(
            are_one_person(member, other) for member in recorded
        ):
            matching.open.append(other)
        else:
            member_id = str(other.get("member_id"))
            if member_id in used:
                member_id = next(f"m{n}" for n in range(1, 10_000) if f"m{n}" not in taken)
                taken.add(member_id)
            used.add(member_id)
            matching.members.append({**other, "member_id": member_id})
    return matching
