"""The middle column: the record's facts in sections that stay in sight."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ruhu.policy.evaluation.finding import Assessment
from ruhu.store.record_list import Summary, title_of
from ruhu.survey.changes.returned import returned_survey
from ruhu.survey.facts.catalogue import Fact, FactKind, catalogue
from ruhu.survey.facts.paths import get_value, split_path
from ruhu.survey.facts.relevance import applies
from ruhu.survey.facts.suggestions import suggest_values
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.in_steps import IdleTask
from ruhu.ui.core.record_labels import default_title
from ruhu.ui.core.theme import is_large
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
from ruhu.ui.surveyor.form.id_card_reader import CardReader
from ruhu.ui.surveyor.form.item_table import ItemTable
from ruhu.ui.surveyor.form.notices import DuplicatePersons, FormNotices, registered_at
from ruhu.ui.surveyor.session import Session, UndoState
from ruhu.ui.widgets.touch_scrolling import enable_touch_scrolling

PREBUILT_KIND = "household"
"""The kind of record whose form is made before one is opened."""


class FormPanel(QWidget):
    """The form of the record in hand."""

    close_asked = Signal()
    sign_asked = Signal()
    place_asked = Signal()
    split_asked = Signal()
    join_asked = Signal()
    history_asked = Signal()
    abandon_asked = Signal()
    told = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._kind = ""
        self._building: IdleTask | None = None
        self._rows: dict[str, FieldRow] = {}
        self._lists: dict[str, ItemTable] = {}
        self._sections: list[FormSection] = []
        self._pages: list[QScrollArea] = []
        self._held: DuplicatePersons = {}
        self._awaited: set[str] = set()
        self._shown_anyway = ""
        self._title = QLabel()
        self._title.setObjectName("heading")
        self._title.setWordWrap(True)
        self._title.setMinimumWidth(1)  # a long name takes no room from the other columns
        self._done = QPushButton(self.tr("完成入户"))
        self._done.setObjectName("primary")
        self._done.setToolTip("Ctrl+Return")
        self._done.clicked.connect(self.close_asked)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.close_asked.emit)
        for number in range(1, 10):
            QShortcut(QKeySequence(f"F{number}"), self, lambda n=number: self._go_to_tab(n - 1))
        for keys, act in (
            ("Ctrl+I", lambda part: part.add()),
            ("Ctrl+PgDown", lambda part: part.show_item(part.shown_item() + 1)),
            ("Ctrl+PgUp", lambda part: part.show_item(part.shown_item() - 1)),
        ):
            QShortcut(QKeySequence(keys), self, partial(self._do_in_list, act))
        self._tabs = QTabWidget()
        self._tabs.setDocumentMode(True)
        self._tabs.setAccessibleName(self.tr("表单分节"))
        self._empty = QLabel(self.tr("请在左侧选一户，或点“新建”。"))
        self._empty.setObjectName("dim")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sign = QPushButton(self.tr("签字…"))
        self._sign.clicked.connect(self.sign_asked)
        self._more = QToolButton()
        self._more.setText("⋯")
        self._more.setAccessibleName(self.tr("更多"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        menu = QMenu(self._more)
        self._of_households: list[QAction] = []
        for label, signal in (
            (self.tr("选行政区划…"), self.place_asked),
            (self.tr("分户…"), self.split_asked),
            (self.tr("并户…"), self.join_asked),
            (self.tr("修改历史…"), self.history_asked),
            (self.tr("放弃这次入户…"), self.abandon_asked),
        ):
            action = menu.addAction(label)
            action.triggered.connect(signal)
            if signal in (self.split_asked, self.join_asked):
                self._of_households.append(action)
            if signal is self.abandon_asked:
                menu.aboutToShow.connect(lambda a=action: a.setEnabled(self._session.begun))
        self._more.setMenu(menu)
        self.notices = FormNotices()
        self.notices.asked_for.connect(self.focus_path)
        # At large text the buttons stand below the name: a narrow screen has no room beside it.
        large = is_large(self.font())
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self._more, self._sign, self._done):
            buttons.addWidget(button)
        top = QBoxLayout(
            QBoxLayout.Direction.TopToBottom if large else QBoxLayout.Direction.LeftToRight
        )
        top.setContentsMargins(12, 8, 12, 4)
        top.setSpacing(8)
        top.addWidget(self._title, 1)
        top.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.notices)
        layout.addWidget(self._tabs, 1)
        layout.addWidget(self._empty, 1)
        self._cursor_at_card = ""
        self._member_at_card: str | None = None
        self._before_card: UndoState = session.bookmark
        cards = CardReader(self)
        cards.began.connect(self._card_began)
        cards.read.connect(self._take_card)
        self._cards = cards
        session.opened.connect(self._open)
        session.changed.connect(self._changed)
        session.undo_applied.connect(self._show_step)
        session.duplicates_found.connect(self._show_held)
        session.assessed.connect(self._assessed)
        session.assessment_failed.connect(lambda _: self._show_awaited(set()))
        self._show_empty(True)

    def _show_empty(self, empty: bool) -> None:
        self._empty.setVisible(empty)
        self._tabs.setVisible(not empty)
        self._done.setVisible(not empty)
        self._sign.setVisible(not empty)
        self._more.setVisible(not empty)
        self.notices.setVisible(not empty)
        self._title.setVisible(not empty)

    def clear(self) -> None:
        """Show no record."""
        self._show_empty(True)

    def _open(self, field: str) -> None:
        # Building takes ten times as long as showing other values in the fields that are there.
        building, self._building = self._building, None
        if building is not None:
            end = building.finish if self._session.kind == PREBUILT_KIND else building.stop
            end()
        if self._session.kind != self._kind:
            for _ in self._build(self._session.kind):
                pass
        for part in self._lists.values():
            part.begin()
        for area in self._pages:
            area.verticalScrollBar().setValue(0)
        self._show_empty(False)
        self.notices.card.tell("", "")
        for action in self._of_households:
            action.setEnabled(self._session.kind == "household")
        self._show_all()
        returned = returned_survey(self._session.document)
        asked = field or (returned.path if returned is not None else "")
        if asked:
            self.focus_path(asked)
        else:
            self._tabs.setCurrentIndex(0)
            first = next(iter(self._rows.values()), None)
            if first is not None:
                first.editor.setFocus()

    @property
    def is_made(self) -> bool:
        """Whether the fields of some kind of record are there."""
        return bool(self._kind)

    def build_ahead(self) -> None:
        """Begin to make the form of a household, field by field while nobody does anything: so the first
        one opens as fast as the others.
        """
        if not self.is_made and self._building is None:
            self._building = IdleTask(self, self._build(PREBUILT_KIND))

    def _build(self, kind: str) -> Iterator[None]:
        self._tabs.clear()
        self.papers = PapersPanel(self._session)
        self.papers.told.connect(self.told)
        self._rows, self._lists, self._pages = {}, {}, []
        self._sections = form_sections(kind)
        facts = catalogue(kind)
        for number, section in enumerate(self._sections, start=1):
            layout = self._add_page(interface.translate(section.title), f"F{number}")
            if section.key == PAPERS:
                layout.addWidget(self.papers, 1)
            for path in section.paths:
                if facts[path].kind is FactKind.LIST:
                    part = ItemTable(self._session, path, self._make_row)
                    part.shown.connect(self._item_shown)
                    self._lists[path] = part
                    layout.addWidget(part)
                    yield from part.build_ahead()
                else:
                    self._rows[path] = self._make_row(facts[path], path)
                    layout.addWidget(self._rows[path])
                yield
            if section.key != PAPERS:
                layout.addStretch(1)
            yield
        self._kind = kind

    def _add_page(self, title: str, key: str) -> QVBoxLayout:
        """Add a section's page, still empty: what is added to it then gets its looks piece by piece."""
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
        self._tabs.setTabToolTip(self._tabs.addTab(area, title), key)
        self._pages.append(area)
        return layout

    def _make_row(
        self, fact: Fact, path: str, typed: Callable[[str, Any], None] | None = None
    ) -> FieldRow:
        row = FieldRow(fact, path, whole=typed is not None)
        row.value_changed.connect(typed or self._session.set_value)
        row.advance_requested.connect(self.go_on)
        row.editing_finished.connect(lambda p: self._session.save(field=p))
        return row

    def _stops(self, section: FormSection) -> "Sequence[FieldRow | ItemTable]":
        return [self._lists.get(path) or self._rows[path] for path in section.paths]

    def go_on(self, path: str) -> None:
        """Go to the next field without an answer, also of the next member or section."""
        stops = [stop for section in self._sections for stop in self._stops(section)]
        row = field_after(stops, path)
        if row is None:
            self._done.setFocus()
        else:
            self.focus_path(row.path)

    def _all_lists(self) -> Iterator[ItemTable]:
        """Every list, each before those inside its items."""
        waiting = list(self._lists.values())
        while waiting:
            part = waiting.pop()
            yield part
            waiting += part.inner.values()

    def rows(self) -> dict[str, FieldRow]:
        """Every field that is built, by its addressed path."""
        found = dict(self._rows)
        for part in self._lists.values():
            found |= part.all_rows()
        return found

    def _show_step(self, path: str) -> None:
        """Go to where something was undone or redone: unseen, it would leave doubt what it was."""
        if path:
            self.focus_path(path)

    def _changed(self, path: str) -> None:
        self.notices.card.tell("", "")
        if path.startswith(PAPERS):
            self._show_title()
            self.papers.show_papers()
            return
        if path in self.rows() and not path.endswith(".id_number"):
            self._show_title()
            self._show_problems()
            for part in self._lists.values():
                if path.startswith(part.path):
                    part.refresh()
            self._show_relevant()
            self.papers.show_papers()
            return
        self._show_all()

    def _show_all(self) -> None:
        for path, row in self._rows.items():
            row.show_fact(get_fact(self._session.document, path, self._kind))
        for part in self._lists.values():
            part.refresh()
        self._show_title()
        self._show_problems()
        self._show_relevant()
        self.papers.show_papers()

    def _show_relevant(self) -> None:
        """Hide what does not apply, mark what answers wait for, and offer what is likely."""
        document, kind = self._session.document, self._kind
        for path, row in self.rows().items():
            row.setVisible(path == self._shown_anyway or applies(document, path, kind))
            row.mark_awaited(path in self._awaited)
            row.offer(suggest_values(document, path) if kind == "household" else [])

    def _assessed(self, assessment: Assessment) -> None:
        self._show_awaited({path for finding in assessment.findings for path in finding.missing})

    def _show_awaited(self, paths: set[str]) -> None:
        self._awaited = paths
        self._show_relevant()

    def _item_shown(self) -> None:
        self._show_problems()
        self._show_relevant()

    def _show_title(self) -> None:
        name = title_of(self._session.document) or interface.translate(
            default_title(self._session.kind)
        )
        number = get_value(self._session.document, "registration.household_no", self._kind)
        self._title.setText(f"{name}　{number}" if number else name)
        self.notices.show_record(self._session.document, self._held, self._session.disputed)

    def _show_held(self, found: DuplicatePersons) -> None:
        """Say who of these people is registered elsewhere, too: above the form and at the id number."""
        self._held = found
        self.notices.show_record(self._session.document, found, self._session.disputed)
        self._show_problems()

    @property
    def held_with(self) -> list[Summary]:
        """The other households in which somebody of this one is registered too, each once."""
        return list({s.record_id: s for found in self._held.values() for s in found}.values())

    def _held_at(self, path: str) -> str:
        if not self._held or not path.endswith(".id_number"):
            return ""
        others = self._held.get(str(get_value(self._session.document, path, self._kind)))
        return self.tr("这个人也登记在：{0}").format(registered_at(others)) if others else ""

    def _sent_back_at(self) -> dict[str, str]:
        """What the county wrote about one field, by its path."""
        returned = returned_survey(self._session.document)
        if returned is None or not returned.path:
            return {}
        return {returned.path: self.tr("↩ 县里：{0}").format(returned.comment)}

    def _show_problems(self) -> None:
        problems, returned = problems_of(self._session.document), self._sent_back_at()
        for path, row in self.rows().items():
            problem = problems.get(path)
            told = interface.translate(sentence(problem)) if problem else self._held_at(path)
            row.show_problem(told or returned.get(path, ""))
        for index, section in enumerate(self._sections):
            title = interface.translate(section.title)
            wrong = any(section_of(self._kind, path) == section.key for path in problems)
            back = any(section_of(self._kind, path) == section.key for path in returned)
            self._tabs.setTabText(index, f"{title}{' !' if wrong else ' ↩' if back else ''}")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._cards.listen_to(self.window().windowHandle())

    def _card_began(self) -> None:
        people = self._lists.get("members")
        self._before_card = self._session.bookmark
        self._cursor_at_card = self._path_here()
        self._member_at_card = people.current_id() if people and people.isVisible() else None

    def _path_here(self) -> str:
        """The path of the field in which the cursor stands, empty outside of fields."""
        focused = QApplication.focusWidget()
        rows = self.rows().items()
        return next((p for p, row in rows if focused and row.isAncestorOf(focused)), "")

    def _take_card(self, number: str) -> None:
        """Give a card's number to the member in hand, or show whose it is; where the cursor stood when
        the card was read, nothing is typed.
        """
        self._session.return_to(self._before_card)
        people = self._lists.get("members")
        if people is None:
            return
        holder = next((m for m in people.items if m.get("id_number") == number), None)
        if holder is not None:
            self.focus_path(f"members[{holder['member_id']}].id_number")
            return
        path = f"members[{self._member_at_card}].id_number"
        kept = get_value(self._session.document, path, self._kind)
        if self._member_at_card and (not kept or path == self._cursor_at_card):
            self.focus_path(path)
            self._session.set_value(path, number)
            self._session.save(field=path)
            self.go_on(path)
            return
        told = self.tr("这一户里还没有这张证件的人：请选一位成员或添加一位，再刷一次")
        self.notices.card.tell(told, "")
        self._tabs.setCurrentIndex([s.key for s in self._sections].index("members"))
        people.table.setFocus()

    def _go_to_tab(self, index: int) -> None:
        if index >= self._tabs.count():
            return
        self._tabs.setCurrentIndex(index)
        row = first_field(self._stops(self._sections[index]))
        if row is not None:
            self.focus_path(row.path)

    def _do_in_list(self, act: Callable[[ItemTable], object]) -> None:
        """Act on the list in which the cursor stands, else on the first of the section."""
        focused = QApplication.focusWidget()
        around = [part for part in self._all_lists() if focused and part.isAncestorOf(focused)]
        here = self._stops(self._sections[self._tabs.currentIndex()]) if self._sections else ()
        lists = [*reversed(around), *(stop for stop in here if isinstance(stop, ItemTable))]
        if lists:
            self._session.save(field="")
            act(lists[0])

    def focus_path(self, path: str) -> None:
        """Go to the field at an addressed path: its tab, its item, itself."""
        keys = [section.key for section in self._sections]
        section = section_of(self._kind, path)
        self._tabs.setCurrentIndex(keys.index(section))
        if section == PAPERS:
            self.papers.focus_path(path)
            return
        for part in self._lists.values():
            self._choose_items(part, path)
        row = self.rows().get(path)
        if row is None:
            for part in self._lists.values():
                if path.startswith(part.path):
                    part.table.setFocus()
            return
        # A field that somebody is sent to is shown, whether or not it applies by now.
        self._shown_anyway = path
        row.show()
        row.editor.setFocus()
        area = self._tabs.currentWidget()
        if isinstance(area, QScrollArea):
            area.ensureWidgetVisible(row)

    def _choose_items(self, part: ItemTable, path: str) -> None:
        if not path.startswith(f"{part.path}["):
            return
        part.choose(split_path(path[len(part.path) :])[0][1:-1])
        for inner in part.inner.values():
            self._choose_items(inner, path)
