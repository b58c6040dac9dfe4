"""Read and change one fact of a document by its path with item ids (`members[m2].name`)."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from ruhu.strict_json import Document
from ruhu.survey.facts.catalogue import catalogue, schema_path


@lru_cache(maxsize=10_000)
def split_path(path: str) -> tuple[str, ...]:
    """Return the parts of an addressed path: `members[m2].name` gives `members`, `[m2]`, `name`.

    Cached: an export reads the same few paths of every household.
    """
    return tuple(re.findall(r"\[[^\]]*\]|[^.\[\]]+", path))


def _item_key(plain_list: str, kind: str) -> str:
    key = catalogue(kind)[plain_list].item_key
    assert key is not None
    return key


def get_value(document: Document, path: str, kind: str = "") -> Any:
    """Return the value at a path, `None` if absent.

    `kind` is the kind of the record; a path without items (`[m2]`) does not need it.
    """
    value: Any = document
    if "[" not in path:
        for name in split_path(path):
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value
    list_path = ""
    for part in split_path(path):
        if part.startswith("["):
            key = _item_key(list_path, kind)
            items = value if isinstance(value, list) else []
            value = next(
                (i for i in items if isinstance(i, dict) and i.get(key) == part[1:-1]), None
            )
            list_path += "[]"
        else:
            value = value.get(part) if isinstance(value, dict) else None
            if kind:
                list_path = f"{list_path}.{part}" if list_path else part
        if value is None:
            return None
    return value


def put_value(document: Document, path: str, value: Any, kind: str) -> Document:
    """Return a copy of the document with a new value at a path; `None` removes the fact."""
    result = _put(document, split_path(path), value, "", kind)
    assert isinstance(result, dict)
    return result


def _put(value_here: Any, parts: Sequence[str], value: Any, name: str, kind: str) -> Any:
    if not parts:
        return value
    first, rest = parts[0], parts[1:]
    if first.startswith("["):
        return _put_item(value_here or [], first[1:-1], rest, value, name, kind)
    section = dict(value_here) if isinstance(value_here, dict) else {}
    child_name = f"{name}.{first}" if name else first
    changed = _put(section.get(first), rest, value, child_name, kind)
    if changed is None or changed == {}:
        section.pop(first, None)
    else:
        section[first] = changed
    return section


def _put_item(
    items: list[Any], item_id: str, rest: Sequence[str], value: Any, name: str, kind: str
) -> list[Any]:
    """Return the items with one of them changed, removed (`None`) or added."""
    key = _item_key(name, kind)
    changed = [
        _put(item, rest, value, f"{name}[]", kind) if item.get(key) == item_id else item
        for item in items
    ]
    if not rest and value is not None and all(item.get(key) != item_id for item in items):
        changed.append(value)
    return [item for item in changed if item is not None]


def put_fact(document: Document, path: str, value: Any) -> None:
    """Set the value at a path without items in place, creating the sections on the way."""
    *sections, name = path.split(".")
    for section in sections:
        document = document.setdefault(section, {})
    document[name] = value


def new_item_id(document: Document, list_path: str, kind: str) -> str:
    """Return an id that no item of the list has."""
    items = get_value(document, list_path, kind) or []
    key = _item_key(schema_path(list_path), kind)
    taken = {item.get(key) for item in items}
    letter = schema_path(list_path).rsplit(".", 1)[-1][0]
    return next(f"{letter}{n}" for n in range(1, len(taken) + 2) if f"{letter}{n}" not in taken)
