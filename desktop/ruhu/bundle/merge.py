"""The current document of a record: a pure function of the set of its revisions.

One head is the document. Several are merged three-way from their common ancestor, field by field,
list items by their id, the heads in the order of their ids; so the answer does not depend on the
order in which revisions arrived. What two sides changed differently stays open, with every value.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ruhu.bundle.revision import Revision, heads
from ruhu.survey.facts import MODELS, FactKind, catalogue

_ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that several heads changed to different values.

    `values` holds each side's value by the head's revision id; an absent one is `None`.
    """

    path: str
    values: tuple[tuple[UUID, Any], ...]


@dataclass(frozen=True, slots=True)
class Current:
    """A record as it stands: `document` is `None` when it was deleted."""

    document: dict[str, Any] | None
    heads: tuple[Revision, ...]
    conflicts: tuple[Conflict, ...] = ()


def _item_keys() -> dict[str, str]:
    keys: dict[str, str] = {}
    for kind in MODELS:
        for path, fact in catalogue(kind).items():
            if fact.kind is FactKind.LIST and fact.item_key:
                keys[path.rsplit(".", 1)[-1]] = fact.item_key
    return keys


ITEM_KEYS = _item_keys()


def _ancestors(start: Revision, known: Mapping[UUID, Revision]) -> set[UUID]:
    found: set[UUID] = set()
    open_ = [start.revision_id]
    while open_:
        key = open_.pop()
        if key in known and key not in found:
            found.add(key)
            open_ += known[key].parents
    return found


def _base(sides: list[Revision], known: Mapping[UUID, Revision]) -> dict[str, Any]:
    """The document of the nearest common ancestor; empty where there is none."""
    common = set.intersection(*(_ancestors(side, known) for side in sides))
    above = {a for key in common for a in _ancestors(known[key], known) if a != key}
    nearest = sorted(common - above, key=lambda key: key.bytes)
    return known[nearest[-1]].document or {} if nearest else {}


def _by_id(items: Any, key: str) -> dict[str, Any] | None:
    if items is _ABSENT:
        return {}
    if not isinstance(items, list) or not all(isinstance(i, dict) and key in i for i in items):
        return None
    found = {str(item[key]): item for item in items}
    return found if len(found) == len(items) else None


class _Merger:
    def __init__(self, left: UUID, right: UUID) -> None:
        self.left, self.right = left, right
        self.conflicts: list[Conflict] = []

    def value(self, path: str, name: str, base: Any, left: Any, right: Any) -> Any:
        if left == right or right == base:
            return left
        if left == base:
            return right
        if isinstance(left, dict) and isinstance(right, dict):
            return self.fields(path, base if isinstance(base, dict) else {}, left, right)
        if name in ITEM_KEYS and isinstance(left, list) and isinstance(right, list):
            merged = self.items(path, ITEM_KEYS[name], base, left, right)
            if merged is not None:
                return merged
        sides = tuple(
            (head, None if v is _ABSENT else v)
            for head, v in ((self.left, left), (self.right, right))
        )
        self.conflicts.append(Conflict(path, sides))
        # What was deleted on one side and changed on the other is kept until a person settles it.
        return right if left is _ABSENT else left

    def fields(
        self, path: str, base: dict[str, Any], left: dict[str, Any], right: dict[str, Any]
    ) -> dict[str, Any]:
        merged = {}
        for name in sorted({*base, *left, *right}):
            below = f"{path}.{name}" if path else name
            value = self.value(
                below,
                name,
                base.get(name, _ABSENT),
                left.get(name, _ABSENT),
                right.get(name, _ABSENT),
            )
            if value is not _ABSENT:
                merged[name] = value
        return merged

    def items(self, path: str, key: str, base: Any, left: Any, right: Any) -> list[Any] | None:
        sides = [_by_id(side, key) for side in (base, left, right)]
        if any(side is None for side in sides):
            return None
        old, one, other = (side or {} for side in sides)
        order = [*one, *(name for name in other if name not in one)]
        merged = []
        for name in order:
            value = self.value(
                f"{path}[{name}]",
                "",
                old.get(name, _ABSENT),
                one.get(name, _ABSENT),
                other.get(name, _ABSENT),
            )
            if value is not _ABSENT:
                merged.append(value)
        return merged


def current(revisions: Iterable[Revision]) -> Current:
    """Work out a record's document and its open conflicts from all its revisions."""
    known = {revision.revision_id: revision for revision in revisions}
    tops = heads(known.values())
    if len(tops) == 1:
        return Current(tops[0].document, (tops[0],))
    conflicts: list[Conflict] = []
    merged: Any = _or_absent(tops[0])
    for index, top in enumerate(tops[1:], start=1):
        merger = _Merger(tops[0].revision_id, top.revision_id)
        base = _base(tops[: index + 1], known)
        merged = merger.value("", "", base, merged, _or_absent(top))
        conflicts += merger.conflicts
    return Current(None if merged is _ABSENT else merged, tuple(tops), tuple(conflicts))


def _or_absent(revision: Revision) -> Any:
    return _ABSENT if revision.document is None else revision.document
