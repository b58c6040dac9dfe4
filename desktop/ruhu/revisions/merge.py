"""Merge the revisions of a record: a pure function of the set of revisions.

With one head, its document is the result. Several heads are merged field by field, list items by id. Where a
field differs, only values count that no other head has seen and replaced. A head has seen a value if the
revision that wrote it is among its ancestors. One remaining value wins; several are a conflict, kept with
every value and its author until a person resolves it by a revision on all heads.

So the result depends neither on the order of arrival nor on earlier merges, and nothing that a person decided
is asked again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any
from uuid import UUID

from ruhu.revisions.revision import Revision, heads
from ruhu.survey.facts.catalogue import MODELS, FactKind, catalogue

_ABSENT: Any = object()
_Step = tuple[str, str]
"""A field's name and an empty text, or the item key of a list and an item's id."""
_Path = tuple[_Step, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that several heads changed to different values.

    `values` maps each head's revision id to its value; an absent value is `None`.
    """

    path: str
    values: tuple[tuple[UUID, Any], ...]


@dataclass(frozen=True, slots=True)
class MergedRecord:
    """The merged state of a record: `document` is `None` if it was deleted."""

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


def _at(revision: Revision, path: _Path) -> Any:
    """Return a revision's value at a path."""
    value: Any = _ABSENT if revision.document is None else revision.document
    for name, item in path:
        if not item:
            value = value.get(name, _ABSENT) if isinstance(value, dict) else _ABSENT
        else:
            value = _item_of(value, name, item)
    return value


def _item_of(items: Any, key: str, item: str) -> Any:
    if isinstance(items, list):
        for each in items:
            if isinstance(each, dict):
                id_ = each.get(key)
                if id_ == item or str(id_) == item:
                    return each
    return _ABSENT


def _format_path(path: _Path) -> str:
    """Return a path as people and screens write it."""
    text = ""
    for name, item in path:
        text += f"[{item}]" if item else (f".{name}" if text else name)
    return text


def _keyed(items: Any, key: str) -> bool:
    """Return whether all items of a list have distinct ids."""
    if not isinstance(items, list) or not all(isinstance(i, dict) and key in i for i in items):
        return False
    return len({str(item[key]) for item in items}) == len(items)


class _Ancestry:
    """Ancestors of every revision, including itself, as a bit set."""

    def __init__(self, known: Mapping[UUID, Revision]) -> None:
        self.parents = {
            key: [parent for parent in revision.parents if parent in known]
            for key, revision in known.items()
        }
        self.bit: dict[UUID, int] = {}
        self.seen: dict[UUID, int] = {}
        for start in known:
            self._look(start)

    def _look(self, start: UUID) -> None:
        stack, visited = [start], set[UUID]()
        while stack:
            key = stack[-1]
            # A cycle of parents, which only a forger makes, is cut where it closes.
            unvisited = [p for p in self.parents[key] if p not in self.seen and p not in visited]
            visited.add(key)
            if key in self.seen or not unvisited:
                stack.pop()
                self._note(key)
            else:
                stack += unvisited

    def _note(self, key: UUID) -> None:
        if key in self.seen:
            return
        self.bit[key] = mask = 1 << len(self.bit)
        for parent in self.parents[key]:
            mask |= self.seen.get(parent, 0)
        self.seen[key] = mask


class _Merger:
    """The merge of several heads."""

    def __init__(self, tops: list[Revision], known: Mapping[UUID, Revision]) -> None:
        self._tops, self._known = tops, known
        self._ancestry = _Ancestry(known)
        self._seen = [self._ancestry.seen[top.revision_id] for top in tops]
        self.conflicts: list[Conflict] = []

    def _writers(self, start: UUID, path: _Path) -> int:
        """Return, as bits, the revisions that wrote a head's value at a path."""
        ancestry, writers, values = self._ancestry, dict[UUID, int](), dict[UUID, Any]()
        start = self._unbranched(start, path)

        def value_of(key: UUID) -> Any:
            if key not in values:
                values[key] = _at(self._known[key], path)
            return values[key]

        stack, visited = [start], set[UUID]()
        while stack:
            key = stack[-1]
            bit, parents = ancestry.bit[key], ancestry.parents[key]
            same = [p for p in parents if value_of(p) == value_of(key)]
            if not same:  # a value that never existed was not deleted by anyone
                writers[key] = bit if parents or value_of(key) is not _ABSENT else 0
            else:
                unvisited = [p for p in parents if p not in writers and p not in visited]
                visited.add(key)
                if unvisited:
                    stack += unvisited
                    continue
                writers[key] = self._merged(bit, parents, same, writers)
            stack.pop()
        return writers[start]

    def _unbranched(self, start: UUID, path: _Path) -> UUID:
        """Return the earliest revision of an unbranched line with the same value throughout."""
        known, parents = self._known, self._ancestry.parents
        value, key = _at(known[start], path), start
        for _ in known:
            if len(parents[key]) != 1 or _at(known[parents[key][0]], path) != value:
                break
            key = parents[key][0]
        return key

    def _merged(
        self, bit: int, parents: list[UUID], same: list[UUID], writers: Mapping[UUID, int]
    ) -> int:
        """Return who wrote the value that a revision has from its parents.

        The result is the revision itself if it decided against what another parent wrote.
        """
        for parent in parents:
            if parent not in same and not any(
                writers.get(parent, 0) & ~self._ancestry.seen[same_parent] == 0
                for same_parent in same
            ):
                return bit
        return reduce(or_, (writers.get(same_parent, 0) for same_parent in same))

    def _standing(self, path: _Path, values: list[Any]) -> list[tuple[Revision, Any]]:
        """Return the heads whose value no head with another value has seen."""
        standing = []
        for top, value in zip(self._tops, values, strict=True):
            writers = self._writers(top.revision_id, path)
            replaced = any(
                other_value != value and writers & ~seen == 0
                for seen, other_value in zip(self._seen, values, strict=True)
            )
            if not replaced:
                standing.append((top, value))
        return standing or list(zip(self._tops, values, strict=True))

    def value(self, path: _Path) -> Any:
        """Return the merged value at a path; add an unresolved difference to `conflicts`."""
        values = [_at(top, path) for top in self._tops]
        if all(value == values[0] for value in values):
            return values[0]
        present = [value for value in values if value is not _ABSENT]
        name = path[-1][0] if path and not path[-1][1] else ""
        branched = all(isinstance(value, dict) for value in present)
        listed = name in ITEM_KEYS and all(_keyed(value, ITEM_KEYS[name]) for value in present)
        if len(present) < len(values) or not (branched or listed):
            standing = self._standing(path, values)
            if all(value == standing[0][1] for _, value in standing):
                return standing[0][1]
            removed = any(value is _ABSENT for _, value in standing)
            if not listed and (removed or not branched):
                return self._open(path, standing)
        return self._items(path, name, present) if listed else self._fields(path, present)

    def _open(self, path: _Path, standing: list[tuple[Revision, Any]]) -> Any:
        values = tuple((top.revision_id, None if v is _ABSENT else v) for top, v in standing)
        self.conflicts.append(Conflict(_format_path(path), values))
        # A field deleted on one side and changed on the other is kept until a person decides.
        return next(value for _, value in standing if value is not _ABSENT)

    def _fields(self, path: _Path, present: list[dict[str, Any]]) -> dict[str, Any]:
        names = sorted({name for value in present for name in value})
        merged = ((name, self.value((*path, (name, "")))) for name in names)
        return {name: value for name, value in merged if value is not _ABSENT}

    def _items(self, path: _Path, name: str, present: list[list[Any]]) -> list[Any]:
        key = ITEM_KEYS[name]
        ids = dict.fromkeys(str(item[key]) for items in present for item in items)
        merged = (self.value((*path, (key, id_))) for id_ in ids)
        return [value for value in merged if value is not _ABSENT]


def common_base(revisions: Iterable[Revision]) -> dict[str, Any]:
    """Return the document of the last common ancestor of all heads, empty if there is none."""
    known = {revision.revision_id: revision for revision in revisions}
    ancestry = _Ancestry(known)
    shared = reduce(and_, (ancestry.seen[top.revision_id] for top in heads(known.values())))
    common = [key for key, bit in ancestry.bit.items() if bit & shared]
    last = max(common, key=lambda key: (ancestry.seen[key].bit_count(), key.bytes), default=None)
    return (known[last].document or {}) if last is not None else {}


def merge_revisions(revisions: Iterable[Revision]) -> MergedRecord:
    """Merge all revisions of a record into its document and its conflicts."""
    known = {revision.revision_id: revision for revision in revisions}
    tops = heads(known.values())
    if len(tops) == 1:
        return MergedRecord(tops[0].document, (tops[0],))
    merger = _Merger(tops, known)
    merged = merger.value(())
    document = None if merged is _ABSENT else merged
    return MergedRecord(document, tuple(tops), tuple(merger.conflicts))
