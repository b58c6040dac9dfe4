"""Compute what each revision of a record changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruhu.revisions.merge import ITEM_KEYS
from ruhu.revisions.revision import Revision


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A fact that a revision changed, by its path; absent values are `None`."""

    path: str
    before: Any
    after: Any


def field_changes(before: dict[str, Any], after: dict[str, Any]) -> list[FieldChange]:
    """Return every fact in which two documents differ; list items are matched by id."""
    return list(_walk("", "", before, after))


def _items(value: Any, key: str) -> dict[str, Any] | None:
    if value is None:
        return {}
    if not isinstance(value, list) or not all(isinstance(i, dict) and key in i for i in value):
        return None
    return {str(item[key]): item for item in value}


def _walk(path: str, name: str, before: Any, after: Any) -> Iterator[FieldChange]:
    if before == after:
        return
    if isinstance(before, dict) or isinstance(after, dict):
        old_fields = before if isinstance(before, dict) else {}
        new_fields = after if isinstance(after, dict) else {}
        for key in [*old_fields, *(k for k in new_fields if k not in old_fields)]:
            below = f"{path}.{key}" if path else key
            yield from _walk(below, key, old_fields.get(key), new_fields.get(key))
        return
    if name in ITEM_KEYS:
        old, new = _items(before, ITEM_KEYS[name]), _items(after, ITEM_KEYS[name])
        if old is not None and new is not None:
            for key in [*old, *(k for k in new if k not in old)]:
                yield from _walk(f"{path}[{key}]", "", old.get(key), new.get(key))
            return
    yield FieldChange(path, before, after)


def history(revisions: list[Revision]) -> list[tuple[Revision, list[FieldChange]]]:
    """Return the revisions, newest first, each with its changes against its parent."""
    known = {revision.revision_id: revision for revision in revisions}
    entries = []
    for revision in sorted(revisions, key=lambda r: r.revision_id.bytes, reverse=True):
        base = next((known[p].document for p in revision.parents if p in known), None)
        entries.append((revision, field_changes(base or {}, revision.document or {})))
    return entries
