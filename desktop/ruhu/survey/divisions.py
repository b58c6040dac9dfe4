"""Guangxi's administrative divisions as of 2017."""

import csv
from dataclasses import dataclass
from functools import cache

from ruhu.resources import resource

_SUFFIXES = ("街道办事处", "村民委员会", "居民委员会", "村委会", "居委会", "社区")


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division: city (4 digits), county (6), township (9) or village (12)."""

    code: str
    name: str


@cache
def divisions() -> dict[str, Division]:
    """Return all divisions by code, each level in the order of its codes."""
    path = resource("divisions") / "guangxi-2017.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["code"]: Division(row["code"], row["name"]) for row in csv.DictReader(stream)}


@cache
def _by_parent() -> dict[tuple[str, int], list[Division]]:
    children: dict[tuple[str, int], list[Division]] = {}
    for division in divisions().values():
        level = len(division.code)
        for parent in {"": 0, "city": 4, "county": 6, "township": 9}.values():
            if parent < level:
                children.setdefault((division.code[:parent], level), []).append(division)
    return children


def divisions_in(parent: str, level: int) -> list[Division]:
    """Return the divisions with codes of `level` digits below the code `parent` ("" for all)."""
    return _by_parent().get((parent, level), [])


def find_villages(text: str, limit: int) -> list[Division]:
    """Return at most `limit` villages: those whose name begins with a text, then those that contain it."""
    if not text:
        return []
    matches = [d for d in divisions_in("", 12) if text in d.name]
    return sorted(matches, key=lambda d: not d.name.startswith(text))[:limit]


def bare_name(name: str) -> str:
    """Return a name without the suffixes that lists write differently (村民委员会, 街道办事处 ...)."""
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            return name.removesuffix(suffix).removesuffix("村")
    return name.removesuffix("村") if len(name) > 2 else name


def find_division(name: str, parent: str, level: int) -> Division | None:
    """Return the one division below `parent` with that name, `None` if there is none or several."""
    bare = bare_name(name.strip())
    matches = [d for d in divisions_in(parent, level) if bare_name(d.name) == bare]
    return matches[0] if len(matches) == 1 else None
