"""Find the next unanswered field, in the order of the interview."""

from collections.abc import Sequence
from typing import Protocol

from ruhu.ui.surveyor.form.field_row import FieldRow


class FieldList(Protocol):
    """A list of the form that shows the fields of one item."""

    path: str

    def stops(self) -> "Sequence[FieldOrList]":
        """Return the fields and lists of the shown item, in their order."""

    def show_item(self, number: int) -> bool:
        """Show an item by its index; returns False if there is none."""

    def shown_item(self) -> int:
        """Return the index of the shown item."""


FieldOrList = FieldRow | FieldList


def first_field(stops: Sequence[FieldOrList]) -> FieldRow | None:
    """Return the first field that is shown and unanswered, or None."""
    for stop in stops:
        if isinstance(stop, FieldRow):
            if stop.is_open():
                return stop
        elif (row := _from_item(stop, 0)) is not None:
            return row
    return None


def field_after(stops: Sequence[FieldOrList], path: str) -> FieldRow | None:
    """Return the first such field after the one at an addressed path, or None at the end."""
    index = next((number for number, stop in enumerate(stops) if _holds(stop, path)), -1)
    here = stops[index] if index >= 0 else None
    if here is not None and not isinstance(here, FieldRow):
        row = field_after(here.stops(), path) or _from_item(here, here.shown_item() + 1)
        if row is not None:
            return row
    return first_field(stops[index + 1 :])


def _holds(stop: FieldOrList, path: str) -> bool:
    if isinstance(stop, FieldRow):
        return stop.path == path
    return path == stop.path or path.startswith(f"{stop.path}[")


def _from_item(part: FieldList, number: int) -> FieldRow | None:
    while part.show_item(number):
        row = first_field(part.stops())
        if row is not None:
            return row
        number += 1
    return None
