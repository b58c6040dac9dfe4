"""Read the layout of a workbook: hidden sheets and rows, merged regions, formulas without a result.

The library that reads the cells row by row reports none of these.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import Any, NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
MAX_REGIONS = 100_000
CHUNK_BYTES = 1 << 20


class Region(NamedTuple):
    """A merged region: its column counted from 0, its rows as Excel numbers them."""

    column: int
    top: int
    bottom: int


@dataclass(slots=True)
class Layout:
    """The layout of one sheet."""

    hidden: bool = False
    filtered: bool = False
    """Whether a filter is set: rows that it hides are part of the table."""

    hidden_rows: set[int] = field(default_factory=set)
    regions: dict[int, list[Region]] = field(default_factory=dict)
    """The regions of more than one row, by their first row."""

    without_result: dict[int, set[int]] = field(default_factory=dict)
    """Columns, by row, of formulas that were never calculated."""


def read_layouts(container: zipfile.ZipFile) -> dict[str, Layout]:
    """Read the layout of every sheet by its name; unreadable sheets are left out."""
    targets: dict[str, str] = {}
    sheets: dict[str, tuple[str, bool]] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            targets[attributes.get("Id", "")] = _part(attributes.get("Target", ""))

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            state = attributes.get("state", "visible")
            sheets[attributes.get("name", "")] = _relation_of(attributes), state != "visible"

    try:
        _parse(container, RELATIONS, relation)
        _parse(container, WORKBOOK, sheet)
    except (KeyError, ExpatError):
        return {}
    layouts: dict[str, Layout] = {}
    for title, (key, hidden) in sheets.items():
        reader = _SheetReader(Layout(hidden=hidden))
        try:
            _parse(container, targets.get(key, ""), reader.begin, reader.end, reader.text)
        except (KeyError, ValueError, ExpatError):
            continue
        layouts[title] = reader.layout
    return layouts


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _relation_of(attributes: dict[str, str]) -> str:
    return next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")


def _parse(
    container: zipfile.ZipFile,
    part: str,
    begin: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Parse the elements of a part; names are passed without prefixes."""
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: begin(name.rpartition(":")[2], attributes)
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    with container.open(part) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)


class _SheetReader:
    """SAX handler for one sheet."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._row = self._column = 0
        self._formula = self._result = self._in_value = False
        self._regions = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes.get("r"))
        elif name == "f":
            self._formula = True
        elif name == "v":
            self._in_value = True
        elif name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            if attributes.get("hidden") in ("1", "true"):
                self.layout.hidden_rows.add(self._row)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "filterColumn":
            self.layout.filtered = True

    def _begin_cell(self, reference: str | None) -> None:
        from openpyxl.utils.cell import coordinate_to_tuple

        self._formula = self._result = False
        self._column += 1
        if reference:
            self._column = int(coordinate_to_tuple(reference)[1])

    def _merge(self, reference: str) -> None:
        from openpyxl.utils.cell import range_boundaries

        bounds: tuple[Any, ...] = range_boundaries(reference)
        if None in bounds:
            return
        left, top, _, bottom = bounds
        self._regions += 1
        if bottom > top and self._regions <= MAX_REGIONS:
            self.layout.regions.setdefault(top, []).append(Region(left - 1, top, bottom))

    def text(self, text: str) -> None:
        if self._in_value and text:
            self._result = True

    def end(self, name: str) -> None:
        if name == "v":
            self._in_value = False
        elif name == "c" and self._formula and not self._result:
            self.layout.without_result.setdefault(self._row, set()).add(self._column - 1)
