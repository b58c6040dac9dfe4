"""A made-up region in columns: every fact of the contract, one in ten absent."""

import numpy as np

from ruhu.policy.batch.columns import BoolColumn, CategoryColumn, Column, DateColumn, FractionColumn
from ruhu.policy.batch.record_table import ListRows, RecordTable, owner_of
from ruhu.survey.facts.catalogue import Fact, FactKind, catalogue

ABSENT = 0.1
PERSONS = (1, 2, 3, 3, 4, 4, 4, 5, 5, 7)
"""Members of a household, each as likely: 3.8 on average."""

MOST_ITEMS = {"members[].trainings": 0.15, "members[].stays": 0.1, "housing.stages": 0.5}
"""How many items a list has on average, at most one to an owner; all other lists none."""


def _counts(random: np.random.Generator, path: str, owners: int) -> np.ndarray:
    if path == "members":
        return random.choice(PERSONS, owners).astype(np.intp)
    return (random.random(owners) < MOST_ITEMS.get(path, 0)).astype(np.intp)


def _column(random: np.random.Generator, fact: Fact, size: int) -> Column | None:
    known = random.random(size) >= ABSENT
    match fact.kind:
        case FactKind.YES_NO:
            yes = random.random(size) < 0.7
            return BoolColumn(known & yes, known & ~yes)
        case FactKind.CHOICE:
            codes = random.integers(0, len(fact.choices), size).astype(np.int32)
            return CategoryColumn(np.where(known, codes, -1), tuple(c.value for c in fact.choices))
        case FactKind.DATE:
            year = random.integers(1935, 2018, size)
            number = (year * 100 + random.integers(1, 13, size)) * 100 + random.integers(
                1, 29, size
            )
            return DateColumn(np.where(known, number, 0), known)
        case FactKind.DECIMAL:
            top = np.where(known, random.integers(0, 5_000_000, size), 0)
            return FractionColumn(top, np.array([100]), known, 5_000_000, 100)
        case FactKind.WHOLE:
            top = np.where(known, random.integers(1, 60, size), 0)
            return FractionColumn(top, np.array([1]), known, 2100, 1)
    return None


def region(households: int, seed: int = 1) -> RecordTable:
    """Return a region of that many households; the same for the same seed."""
    random = np.random.default_rng(seed)
    places = {"": ListRows(households, {}, np.zeros(0, np.intp))}
    facts: dict[str, Column] = {}
    listed: dict[str, np.ndarray] = {}
    for path, fact in catalogue("household").items():
        owner = owner_of(path)
        size = places[owner].size
        if fact.kind is FactKind.LIST:
            counts = _counts(random, path, size)
            places[f"{path}[]"] = ListRows.of(counts, owner, places[owner])
            listed[path] = (counts > 0) | (random.random(size) >= ABSENT)
        elif (column := _column(random, fact, size)) is not None:
            facts[path] = column
    day = DateColumn(np.full(households, 20170601), np.ones(households, np.bool_))
    return RecordTable("household", day, places, facts, listed)
