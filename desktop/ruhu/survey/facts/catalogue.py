"""The catalogue of facts: every path of every model with its label and accepted values.

The models are the only definition. The form, the error messages, the explanations and the policy packs' name
check all read this catalogue.
"""

import re
import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from pydantic.fields import FieldInfo

from ruhu.i18n import BilingualText
from ruhu.survey.facts.types import Accepts, Label
from ruhu.survey.models.base import Section
from ruhu.survey.models.choices import Choice
from ruhu.survey.models.enterprise import Enterprise
from ruhu.survey.models.household import Household
from ruhu.survey.models.training_class import TrainingClass
from ruhu.survey.models.village import Village

MODELS: dict[str, type[Section]] = {
    "household": Household,
    "enterprise": Enterprise,
    "training_class": TrainingClass,
    "village": Village,
}


class FactKind(Enum):
    """The type of a fact's value."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    DECIMAL = "decimal"
    WHOLE = "whole"
    DATE = "date"
    TEXT = "text"
    LIST = "list"
    ID = "id"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a record kind.

    `path` has `[]` where it passes a list (`members[].schooling.stage`). `item_key` is the id field of a
    list's items.
    """

    path: str
    label: BilingualText
    kind: FactKind
    accepts: BilingualText
    unit: str | None = None
    choices: tuple[Choice, ...] = ()
    item_key: str | None = None
    required: bool = False


def unwrap_annotation(annotation: Any) -> Any:
    """Return an annotation without `None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [a for a in get_args(annotation) if a is not type(None)]
        return inner[0] if len(inner) == 1 else annotation
    return annotation


def _metadata(field: FieldInfo) -> list[Any]:
    """Return all `Annotated` metadata of a field, including that of aliases inside its annotation."""
    return [*field.metadata, *getattr(field.annotation, "__metadata__", ())]


_KINDS: dict[type, FactKind] = {
    bool: FactKind.YES_NO,
    Decimal: FactKind.DECIMAL,
    int: FactKind.WHOLE,
    date: FactKind.DATE,
    str: FactKind.TEXT,
    UUID: FactKind.ID,
}


def _make(path: str, field: FieldInfo) -> Fact | None:
    metadata = _metadata(field)
    label = next((m for m in metadata if isinstance(m, Label)), None)
    if label is None:
        return None
    accepts = next((m.text for m in metadata if isinstance(m, Accepts)), None)
    annotation = unwrap_annotation(field.annotation)
    choices: tuple[Choice, ...] = ()
    item_key = None
    if get_origin(annotation) is list:
        kind = FactKind.LIST
        item = get_args(annotation)[0]
        item_key = next(n for n, f in item.model_fields.items() if f.is_required())
        limit = next((m.max_length for m in metadata if hasattr(m, "max_length")), None)
        accepts = BilingualText(f"至多{limit}项的列表", f"a list of at most {limit} items")
    elif isinstance(annotation, type) and issubclass(annotation, Choice):
        kind = FactKind.CHOICE
        choices = tuple(annotation)
        values = "、".join(choices)
        accepts = BilingualText(values, values.replace("、", ", "))
    else:
        kind = _KINDS[annotation]
    if accepts is None:
        accepts = BilingualText("UUID 格式的编号", "a UUID")
    return Fact(path, label.text, kind, accepts, label.unit, choices, item_key, field.is_required())


def _walk(model: type[Section], prefix: str) -> Iterator[Fact]:
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        annotation = unwrap_annotation(field.annotation)
        if isinstance(annotation, type) and issubclass(annotation, Section):
            yield from _walk(annotation, f"{path}.")
            continue
        fact = _make(path, field)
        if fact is None:
            continue
        yield fact
        if fact.kind is FactKind.LIST:
            yield from _walk(get_args(annotation)[0], f"{path}[].")


@cache
def catalogue(kind: str) -> dict[str, Fact]:
    """Return all facts of a record kind by path, in the order of the models."""
    return {fact.path: fact for fact in _walk(MODELS[kind], "")}


@cache
def sections(kind: str) -> frozenset[str]:
    """Return all paths that are objects, not facts (`housing`, `members[].schooling`)."""
    paths: set[str] = set()
    for path in catalogue(kind):
        parts = path.split(".")
        paths.update(".".join(parts[:end]) for end in range(1, len(parts)))
    return frozenset(paths)


@lru_cache(maxsize=10_000)
def schema_path(path: str) -> str:
    """Convert an item path to the catalogue's: `members[m2].name` gives `members[].name`."""
    return re.sub(r"\[[^\]]*\]", "[]", path)


def find_fact(kind: str, path: str) -> Fact | None:
    """Return the fact at an item path, or `None`."""
    return catalogue(kind).get(schema_path(path))
