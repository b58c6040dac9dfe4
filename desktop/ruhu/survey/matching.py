"""Match the persons and households of two sources by evidence.

The position in a file is no evidence. An id number counts most, then the national register's person number,
then name with birth date, then name with relationship inside one household.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruhu.strict_json import Document
from ruhu.survey.divisions import bare_name
from ruhu.survey.facts.types import fold_width
from ruhu.survey.validation.id_number import IdNumber, normalise, read_id_number

PERSON_NUMBER = re.compile("[0-9]{15,20}")
"""The register's number of a person; shorter ones are an office's own."""

_LEVELS = ("county", "township", "village")


def folded_name(member: Document) -> str:
    """Return the name without width, blanks, invisible characters and the dots of minority names."""
    text = unicodedata.normalize("NFKC", str(member.get("name") or "")).casefold()
    return "".join(c for c in text if unicodedata.category(c)[0] in "LNM" or c == "\ue863")


def names_differ(one: Document, other: Document) -> bool:
    """Return whether both have a name and the names differ."""
    first, second = folded_name(one), folded_name(other)
    return bool(first and second and first != second)


def _id_number(member: Document) -> str:
    return normalise(str(member.get("id_number") or ""))


def _birth_date(member: Document) -> str:
    id_number = read_id_number(_id_number(member))
    if isinstance(id_number, IdNumber):
        return id_number.birth_date.isoformat()
    return fold_width(str(member.get("birth_date") or ""))


def _person_number(member: Document) -> str:
    number = str(member.get("member_id") or "")
    return number if PERSON_NUMBER.fullmatch(number) else ""


def _agree(one: Any, other: Any) -> bool | None:
    """Return whether two facts agree, `None` if one of them is not known."""
    return None if not one or not other else bool(one == other)


def are_one_person(one: Document, other: Document) -> bool | None:
    """Return whether two members of one household are the same person, `None` if evidence leaves it open.

    Different names are different persons, unless the id number agrees: then it is open.
    """
    by_number = _agree(_id_number(one), _id_number(other))
    if names_differ(one, other):
        return None if by_number else False
    if by_number is not None:
        return by_number
    by_register = _agree(_person_number(one), _person_number(other))
    if by_register:
        return True
    if not (folded_name(one) and folded_name(other)):
        return False
    by_birth = _agree(_birth_date(one), _birth_date(other))
    if by_birth is not None:
        return by_birth
    if _agree(one.get("relationship"), other.get("relationship")):
        return True
    return True if one.get("member_id") == other.get("member_id") else None


def share_a_person(mine: Sequence[Document], theirs: Sequence[Document]) -> bool:
    """Return whether two households with the same number have a person in common."""
    return any(are_one_person(one, other) for one in mine for other in theirs)


def places_agree(one: Document, other: Document) -> bool:
    """Return whether two places can be the same: every level that both name agrees."""
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
class MemberPairs:
    """Which members of two sources are one person, by their positions in both."""

    positions: dict[int, int] = field(default_factory=dict)
    """Positions among the recorded members by the position among the others."""

    uncertain: set[int] = field(default_factory=set)
    """Positions of others who may or may not be a recorded person."""


def pair_members(recorded: Sequence[Document], others: Sequence[Document]) -> MemberPairs:
    """Find the recorded person of each of `others`. Each recorded person is paired once at most."""
    pairs = MemberPairs()
    free = set(range(len(recorded)))

    def pair(position: int, candidates: list[int]) -> bool:
        if len(candidates) != 1:
            return False
        pairs.positions[position] = candidates[0]
        free.discard(candidates[0])
        return True

    # Id numbers first, so that nobody with weaker evidence takes the place of their owner.
    for position, other in enumerate(others):
        number = _id_number(other)
        if number:
            pair(position, [
                n for n in sorted(free)
                if _id_number(recorded[n]) == number and are_one_person(recorded[n], other)
            ])  # fmt: skip
    for position, other in enumerate(others):
        if position in pairs.positions:
            continue
        answers = {n: are_one_person(recorded[n], other) for n in sorted(free)}
        if pair(position, [n for n, answer in answers.items() if answer]):
            continue
        if any(answer is not False for answer in answers.values()) or any(
            are_one_person(member, other) for member in recorded
        ):
            pairs.uncertain.add(position)
    return pairs


def assign_ids(
    recorded: Sequence[Document], others: Sequence[Document], positions: Mapping[int, int]
) -> list[str]:
    """Return the member ids of `others` among the recorded: a paired person's id, otherwise a free one."""
    used = {str(m.get("member_id")) for m in recorded}
    reserved = used | {str(m.get("member_id")) for m in others}
    ids: list[str] = []
    for position, other in enumerate(others):
        if position in positions:
            ids.append(str(recorded[positions[position]].get("member_id")))
            continue
        member_id = str(other.get("member_id"))
        if member_id in used:
            member_id = next(f"m{n}" for n in range(1, 10_000) if f"m{n}" not in reserved)
        used.add(member_id)
        reserved.add(member_id)
        ids.append(member_id)
    return ids


@dataclass(frozen=True, slots=True)
class Matching:
    """The members of one source under the ids of another."""

    members: list[Document]
    """Each under the id of the recorded person, or under a free id."""

    uncertain: list[Document]
    """Members who may or may not be a recorded person; left out of `members`."""


def match_members(recorded: Sequence[Document], others: Sequence[Document]) -> Matching:
    """Give each of `others` the id of the recorded person, so that nobody gets another's facts."""
    pairs = pair_members(recorded, others)
    ids = assign_ids(recorded, others, pairs.positions)
    return Matching(
        [
            {**other, "member_id": member_id}
            for n, (other, member_id) in enumerate(zip(others, ids, strict=True))
            if n not in pairs.uncertain
        ],
        [others[n] for n in sorted(pairs.uncertain)],
    )
