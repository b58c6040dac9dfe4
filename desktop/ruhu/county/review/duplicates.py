"""Duplicates: one person in two households, by id number, or by name and birth date."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, insert, select

from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables
from ruhu.county.records.search_index import PersonEntry, SearchEntry
from ruhu.survey.validation.id_number import IdNumber, normalise, read_id_number

MatchReason = Literal["id_number", "name_and_birth", "near"]
MAX_BUCKET = 40
"""Larger groups of one name and month are not compared: the name is no evidence."""


@dataclass(frozen=True, slots=True)
class MemberRef:
    """A member of a household."""

    entry: SearchEntry
    person: PersonEntry

    @property
    def key(self) -> str:
        """The ids of the household and of the member."""
        return f"{self.entry.record_id} {self.person.member_id}"


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two entries that look like one person, and the evidence."""

    first: MemberRef
    second: MemberRef
    reason: MatchReason

    @property
    def pair_hash(self) -> str:
        """The key under which a pair is stored as two people."""
        text = "\n".join(sorted((self.first.key, self.second.key)))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def records(self) -> tuple[UUID, UUID]:
        """The two households."""
        return UUID(self.first.entry.record_id), UUID(self.second.entry.record_id)


def find_duplicates(entries: Iterable[SearchEntry], distinct: set[str]) -> list[DuplicatePair]:
    """Return every pair that was not marked as distinct: same number first, then name and birth."""
    members = [MemberRef(face, person) for face in entries for person in face.people]
    pairs: dict[str, DuplicatePair] = {}
    for reason, buckets in (
        ("id_number", _by_number(members)),
        ("name_and_birth", _by_name(members)),
        ("near", _by_near(members)),
    ):
        for bucket in buckets:
            for pair in _pairs(bucket, reason):  # type: ignore[arg-type]
                if pair.pair_hash not in distinct:
                    pairs.setdefault(pair.pair_hash, pair)
    return list(pairs.values())


def _pairs(bucket: list[MemberRef], reason: MatchReason) -> Iterator[DuplicatePair]:
    if reason != "id_number" and len(bucket) > MAX_BUCKET:
        return
    for first, second in combinations(bucket, 2):
        if first.entry.record_id == second.entry.record_id:
            continue
        if reason == "id_number" or _could_match(first.person, second.person):
            yield DuplicatePair(first, second, reason)


def _by_number(members: list[MemberRef]) -> Iterable[list[MemberRef]]:
    buckets: dict[str, list[MemberRef]] = defaultdict(list)
    for each in members:
        number = normalise(each.person.id_number)
        if len(number) == 18:
            buckets[number].append(each)
    return buckets.values()


def _by_name(members: list[MemberRef]) -> Iterable[list[MemberRef]]:
    buckets: dict[tuple[str, str], list[MemberRef]] = defaultdict(list)
    for each in members:
        name, born = _name(each.person), _born(each.person)
        if len(name) > 1 and born:
            buckets[name, born].append(each)
    return buckets.values()


def _by_near(members: list[MemberRef]) -> Iterator[list[MemberRef]]:
    """Group by the same name and month, and by the same birth date and all but one character."""
    buckets: dict[tuple[str, str], list[MemberRef]] = defaultdict(list)
    for each in members:
        name, born = _name(each.person), _born(each.person)
        if len(name) < 2 or not born:
            continue
        buckets[name, born[:7]].append(each)
        if len(name) > 2:
            for at in range(len(name)):
                buckets[f"{name[:at]}*{name[at + 1 :]}", born].append(each)
    yield from buckets.values()


def _name(person: PersonEntry) -> str:
    return re.sub(r"[\s·•]", "", person.name)


def _born(person: PersonEntry) -> str:
    read = read_id_number(person.id_number) if person.id_number else None
    return read.birth_date.isoformat() if isinstance(read, IdNumber) else person.born[:10]


def _could_match(first: PersonEntry, second: PersonEntry) -> bool:
    """Return whether two people may be one: valid numbers differ in at most two digits."""
    numbers = [normalise(person.id_number) for person in (first, second)]
    are_valid = [isinstance(read_id_number(number), IdNumber) for number in numbers]
    return not all(are_valid) or sum(a != b for a, b in zip(*numbers, strict=True)) <= 2


def distinct_pairs(connection: Connection, county: str) -> set[str]:
    """Return the keys of pairs that somebody marked as two people."""
    table = tables.told_apart
    return set(connection.execute(select(table.c.pair).where(table.c.county == county)).scalars())


def mark_distinct(tx: Transaction, pair: DuplicatePair) -> None:
    """Record that a pair is two people."""
    distinct = tables.told_apart
    if pair.pair_hash not in distinct_pairs(tx.connection, tx.county):
        tx.connection.execute(
            insert(distinct).values(county=tx.county, pair=pair.pair_hash, at=tx.at.isoformat())
        )
        tx.log("tell apart", {"one": pair.first.key, "other": pair.second.key})
