"""Which field of the form comes next, in the order of the talk: the next that has no answer yet."""

from collections.abc import Sequence
from typing import Protocol

from ruhu.ui.surveyor.form.field_row import FieldRow


class FieldList(Protocol):
    """A list of the form, of whose items one shows its fields."""

    path: str

    def stops(self) -> "Sequence[FieldOrList]":
        """The fields and lists of the item that is shown, as they stand."""

    def show_item(self, number: int) -> bool:
        """Show an item by its number from 0; false where there is none."""

    def shown_item(self) -> int:
        """The number of the item that is shown."""


FieldOrList = FieldRow | FieldList


def first_field(stops: Sequence[FieldOrList]) -> FieldRow | None:
    """The first field that is in sight and without an answer."""
    for stop in stops:
        if isinstance(stop, FieldRow):
            if stop.is_open():
                return stop
        elif (found := _from_item(stop, 0)) is not None:
            return found
    return None


def field_after(stops: Sequence[FieldOrList], path: str) -> FieldRow | None:
    """The first such field after the one at an addressed path; `None` at the end."""
    at = next((number for number, stop in enumerate(stops) if _holds(stop, path)), -1)
    here = stops[at] if at >= 0 else None
    if here is not None and not isinstance(here, FieldRow):
        found = field_after(here.stops(), path) or _from_item(here, here.shown_item() + 1)
        if found is not None:
            return found
    return first_field(stops[at + 1 :])


def _holds(stop: FieldOrList, path: str) -> bool:
    if isinstance(stop, FieldRow):
        return stop.path == path
    return path == stop.path or path.startswith(f"{stop.path}[")


def _from_item(part: FieldList, number: int) -> FieldRow | None:
    while part.show_item(number):
        found = first_field(part.stops())
        if found is not None:
            return found
        number += 1
    return None
