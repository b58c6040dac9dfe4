"""The fields of the open record, in sections that are tabs."""

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from ruhu.store.record_list import Summary
from ruhu.survey.changes.returned import returned_survey
from ruhu.survey.facts.catalogue import Fact, FactKind, catalogue
from ruhu.survey.facts.paths import get_value, split_path
from ruhu.survey.facts.relevance import applies
from ruhu.survey.facts.suggestions import suggest_values
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.idle_task import IdleTask
from ruhu.ui.surveyor.attachments.attachments_panel import PapersPanel
from ruhu.ui.surveyor.form.field_navigation import field_after, first_field
from ruhu.ui.surveyor.form.field_row import FieldRow
from ruhu.ui.surveyor.form.form_model import (
    PAPERS,
    FormSection,
    form_sections,
    get_fact,
    problems_of,
    section_of,
    sentence,
)
from ruhu.ui.surveyor.form.item_table import ItemTable
from ruhu.ui.surveyor.form.notices import registered_at
from ruhu.ui.surveyor.session import Session
from ruhu.ui.widgets.touch_scrolling import enable_touch_scrolling

PREBUILT_KIND = "household"
"""The kind of record whose fields are built before a record is opened."""


class FormFields(QTabWidget):
    """A tab per section; fields are built once per kind of record and then show other records.

    Building takes ten times as long as showing other values in existing fields.
    """

    status_message = Signal(str)
    end_reached = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._editor = session, session.editor
        self._building: IdleTask | None = None
        self._rows: dict[str, FieldRow] = {}
        self._sections: list[FormSection] = []
        self._awaited: set[str] = set()
        self._kept_visible = ""
        self.kind = ""
        self.lists: dict[str, ItemTable] = {}
        self.setDocumentMode(True)
        self.setAccessibleName(self.tr("表单分节"))

    # Building

    @property
    def is_built(self) -> bool:
        """Whether the fields of some kind of record exist."""
        return bool(self.kind)

    def build_ahead(self) -> None:
        """Build the fields of a household while the user is idle, so the first one opens fast."""
        if not self.is_built and self._building is None:
            self._building = IdleTask(self, self._build(PREBUILT_KIND))

    def build(self, kind: str) -> None:
        """Build the fields for a kind of record, unless they exist."""
        building, self._building = self._building, None
        if building is not None:
            end = building.finish if kind == PREBUILT_KIND else building.stop
            end()
        if kind != self.kind:
            for _ in self._build(kind):
                pass

    def _build(self, kind: str) -> Iterator[None]:
        self.clear()
        self.papers = PapersPanel(self._session)
        self.papers.status_message.connect(self.status_message)
        self._rows, self.lists = {}, {}
        self._sections = form_sections(kind)
        for number, section in enumerate(self._sections, start=1):
            layout = self._add_page(interface.translate(section.title), f"F{number}")
            if section.key == PAPERS:
                layout.addWidget(self.papers, 1)
            else:
                yield from self._fill_page(layout, section, kind)
                layout.addStretch(1)
            yield
        self.kind = kind

    def _fill_page(self, layout: QVBoxLayout, section: FormSection, kind: str) -> Iterator[None]:
        facts = catalogue(kind)
        for path in section.paths:
            if facts[path].kind is FactKind.LIST:
                table = ItemTable(self._editor, path, self._make_row)
                table.shown.connect(self._show_item_state)
                self.lists[path] = table
                layout.addWidget(table)
                yield from table.build_ahead()
            else:
                self._rows[path] = self._make_row(facts[path], path)
                layout.addWidget(self._rows[path])
            yield

    def _add_page(self, title: str, key: str) -> QVBoxLayout:
        """Add a section's empty page: widgets added to it later are styled one by one."""
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(12, 8, 12, 12)
        area = QScrollArea()
        area.setObjectName("plain")
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        enable_touch_scrolling(area)
        self.setTabToolTip(self.addTab(area, title), key)
        return layout

    def _make_row(
        self, fact: Fact, path: str, on_change: Callable[[str, Any], None] | None = None
    ) -> FieldRow:
        row = FieldRow(fact, path, on_leave=on_change is not None)
        row.value_changed.connect(on_change or self._editor.set_value)
        row.advance_requested.connect(self.focus_next)
        row.editing_finished.connect(lambda field: self._editor.save(field=field))
        return row

    def rows(self) -> dict[str, FieldRow]:
        """Return every field that is built, by its addressed path."""
        rows = dict(self._rows)
        for table in self.lists.values():
            rows |= table.all_rows()
        return rows

    # What is shown

    def show_start(self) -> None:
        """Show the first item of each list, and scroll each page to its top."""
        for table in self.lists.values():
            table.begin()
        for index in range(self.count()):
            area = self.widget(index)
            if isinstance(area, QScrollArea):
                area.verticalScrollBar().setValue(0)

    def show_values(self) -> None:
        """Show the values of all facts, and what follows from them."""
        for path, row in self._rows.items():
            row.show_fact(get_fact(self._editor.document, path, self.kind))
        self.show_consequences("")

    def show_consequences(self, path: str) -> None:
        """Show what follows from a change at a path: lists, problems, relevance and photos."""
        for table in self.lists.values():
            if path.startswith(table.path) or not path:
                table.refresh()
        self.show_problems()
        self._show_relevance()
        self.papers.show_papers()

    def show_awaited(self, paths: set[str]) -> None:
        """Mark the facts that findings wait for."""
        self._awaited = paths
        self._show_relevance()

    def show_problems(self) -> None:
        """Show problems and the county's remarks at their fields, and mark their tabs."""
        problems, remarks = problems_of(self._editor.document), self._remarks()
        for path, row in self.rows().items():
            problem = problems.get(path)
            text = interface.translate(sentence(problem)) if problem else self._duplicate_at(path)
            row.show_problem(text or remarks.get(path, ""))
        wrong = {section_of(self.kind, path) for path in problems}
        returned = {section_of(self.kind, path) for path in remarks}
        for index, section in enumerate(self._sections):
            mark = " !" if section.key in wrong else " ↩" if section.key in returned else ""
            self.setTabText(index, f"{interface.translate(section.title)}{mark}")

    def _show_relevance(self) -> None:
        """Hide facts that do not apply, mark awaited ones, and offer likely values."""
        document, kind = self._editor.document, self.kind
        for path, row in self.rows().items():
            row.setVisible(path == self._kept_visible or applies(document, path, kind))
            row.mark_awaited(path in self._awaited)
            row.suggest(suggest_values(document, path) if kind == "household" else [])

    def _show_item_state(self) -> None:
        self.show_problems()
        self._show_relevance()

    def _duplicate_at(self, path: str) -> str:
        duplicates = self._editor.duplicates
        if not duplicates or not path.endswith(".id_number"):
            return ""
        number = str(get_value(self._editor.document, path, self.kind))
        records: list[Summary] | None = duplicates.get(number)
        return self.tr("这个人也登记在：{0}").format(registered_at(records)) if records else ""

    def _remarks(self) -> dict[str, str]:
        """Return what the county wrote about a fact when it sent the record back, by path."""
        returned = returned_survey(self._editor.document)
        if returned is None or not returned.path:
            return {}
        return {returned.path: self.tr("↩ 县里：{0}").format(returned.comment)}

    # Going from field to field

    def _stops(self, section: FormSection) -> "list[FieldRow | ItemTable]":
        return [self.lists.get(path) or self._rows[path] for path in section.paths]

    def focus_first(self) -> None:
        """Focus the first field of the first section."""
        self.setCurrentIndex(0)
        first = next(iter(self._rows.values()), None)
        if first is not None:
            first.editor.setFocus()

    def focus_next(self, path: str) -> None:
        """Focus the next unanswered field after a path, also of the next member or section."""
        stops = [stop for section in self._sections for stop in self._stops(section)]
        row = field_after(stops, path)
        if row is None:
            self.end_reached.emit()
        else:
            self.focus_path(row.path)

    def focus_section(self, index: int) -> None:
        """Show a section and focus its first unanswered field."""
        if index >= self.count():
            return
        self.setCurrentIndex(index)
        row = first_field(self._stops(self._sections[index]))
        if row is not None:
            self.focus_path(row.path)

    def show_section(self, key: str) -> None:
        """Show the section of a key."""
        self.setCurrentIndex([section.key for section in self._sections].index(key))

    def focus_path(self, path: str) -> None:
        """Focus the field at an addressed path: its tab, its item, itself."""
        section = section_of(self.kind, path)
        self.show_section(section)
        if section == PAPERS:
            self.papers.focus_path(path)
            return
        for table in self.lists.values():
            _choose_items(table, path)
        row = self.rows().get(path)
        if row is None:
            for table in self.lists.values():
                if path.startswith(table.path):
                    table.table.setFocus()
            return
        # A field that the user was sent to is shown, even if it no longer applies.
        self._kept_visible = path
        row.show()
        row.editor.setFocus()
        area = self.currentWidget()
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(row)

    def focused_path(self) -> str:
        """Return the path of the field that has the cursor, or an empty string."""
        focused = QApplication.focusWidget()
        rows = self.rows().items()
        return next((p for p, row in rows if focused and row.isAncestorOf(focused)), "")

    def act_on_list(self, act: Callable[[ItemTable], object]) -> None:
        """Act on the list that has the cursor, else on the first list of the section."""
        focused = QApplication.focusWidget()
        around = [part for part in self._all_lists() if focused and part.isAncestorOf(focused)]
        here = self._stops(self._sections[self.currentIndex()]) if self._sections else ()
        lists = [*reversed(around), *(stop for stop in here if isinstance(stop, ItemTable))]
        if lists:
            self._editor.save(field="")
            act(lists[0])

    def _all_lists(self) -> Iterator[ItemTable]:
        """Yield every list, each before the lists of its items."""
        pending = list(self.lists.values())
        while pending:
            part = pending.pop()
            yield part
            pending += part.inner.values()


def _choose_items(table: ItemTable, path: str) -> None:
    """Choose the items in a list, and in the lists of its items, that an addressed path names."""
    if not path.startswith(f"{table.path}["):
        return
    table.choose(split_path(path[len(table.path) :])[0][1:-1])
    for inner in table.inner.values():
        _choose_items(inner, path)
