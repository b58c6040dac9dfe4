"""The right column: live findings with reasons, and the next question."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from ruhu.i18n import BilingualText
from ruhu.policy.advice.next_questions import Question, next_questions
from ruhu.policy.evaluation.finding import Assessment, Finding, Outcome
from ruhu.policy.packs.loader import pack_for
from ruhu.policy.packs.model import Pack
from ruhu.survey.facts.item_names import item_names, owner_of_subject
from ruhu.survey.facts.unknown import is_marked_unknown
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.theme import Colours
from ruhu.ui.surveyor.assessment.assessment_text import (
    STATUS_GLYPHS,
    FindingFilter,
    headline,
    plan_heading,
    plans_of,
    question_text,
    question_with_money,
    summary_of_assessment,
)
from ruhu.ui.surveyor.session import Session
from ruhu.ui.widgets.touch_scrolling import enable_touch_scrolling
from ruhu.ui.widgets.word_wrap import WrappingButton, WrappingDelegate
from ruhu.ui.widgets.wrapped_label import wrapped_label

TARGET_ROLE = Qt.ItemDataRole.UserRole
RULE = Qt.ItemDataRole.UserRole + 1
CLAUSE = "clause:"
QUESTIONS = "questions"
MAX_QUESTIONS = 12


class AssessmentLine(NamedTuple):
    """A line of the tree: text, key, target path and style."""

    text: str
    key: str = ""
    goes_to: str = ""
    colour: str = ""
    bold: bool = False
    opens: bool = False


Group = tuple[AssessmentLine, list[AssessmentLine]]
"""A heading and the lines below it."""


def _shape(lines: list[Group]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(line.key, [(child.key, child.goes_to) for child in below]) for line, below in lines]


class AnswersPanel(QFrame):
    """Findings of the open record, updated while the user types."""

    asked_for = Signal(str)
    clause_asked = Signal(str)

    def __init__(self, session: Session, colours: Colours) -> None:
        super().__init__()
        self.setObjectName("column")
        self._session, self._colours = session, colours
        self._open: set[str] = set()
        self._closed: dict[str, Callable[[QTreeWidgetItem], None]] = {}
        self.lines: list[Group] = []
        self._items: list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]] = []
        self.next_path = ""
        self.assessment: Assessment | None = None
        self.money = wrapped_label("heading")
        self._open_count = wrapped_label()
        self.policy = wrapped_label("dim")
        self._next = self._make_next_button()
        self.filter = self._make_filter()
        self.tree = self._make_tree()
        self._lay_out()
        session.assessments.assessed.connect(self.show_assessment)
        session.assessments.failed.connect(self.show_no_answer)
        self.clear()

    def _make_next_button(self) -> WrappingButton:
        button = WrappingButton()
        button.setObjectName("question")
        button.setToolTip("F12")
        button.clicked.connect(self._ask_next)
        QShortcut(QKeySequence("F12"), self, self._ask_next)
        return button

    def _make_filter(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("显示哪些结论"))
        for choice in FindingFilter:
            box.addItem(interface.translate(choice.label), choice)
        box.currentIndexChanged.connect(self._show_again)
        return box

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setAccessibleName(self.tr("核对结果"))
        tree.setHeaderHidden(True)
        tree.setWordWrap(True)
        tree.setItemDelegate(WrappingDelegate(tree))
        tree.setUniformRowHeights(False)
        tree.setIndentation(14)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        enable_touch_scrolling(tree)
        tree.itemActivated.connect(self._follow)
        tree.itemClicked.connect(self._follow)
        tree.itemExpanded.connect(self._expand)
        tree.itemCollapsed.connect(lambda item: self._open.discard(item.data(0, RULE)))
        return tree

    def _lay_out(self) -> None:
        band = QFrame()
        band.setObjectName("band")
        top = QVBoxLayout(band)
        top.setContentsMargins(12, 8, 12, 8)
        for widget in (self.money, self._open_count, self.policy, self._next, self.filter):
            top.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(band)
        layout.addWidget(self.tree, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tree.scheduleDelayedItemsLayout()

    def clear(self) -> None:
        """Show no findings."""
        self.assessment, self.next_path = None, ""
        self.lines, self._items = [], []
        self.tree.clear()
        self.money.setText(self.tr("核对结果"))
        self._open_count.setText(self.tr("选一户后，边填边出结果。"))
        self.policy.setText("")
        self._next.hide()

    def show_no_answer(self, reason: BilingualText) -> None:
        """Show why there is no assessment; earlier findings would be for other facts."""
        self.clear()
        self.money.setText(self.tr("还不能核对"))
        self._open_count.setText(interface.translate(reason))

    def _ask_next(self) -> None:
        if self.next_path:
            self.asked_for.emit(self.next_path)

    def summary(self) -> str:
        """Return the text at the top: the known amount and the number of open findings."""
        return f"{self.money.text()}　{self._open_count.text()}"

    def show_assessment(self, assessment: Assessment) -> None:
        """Show the latest findings; expanded items stay expanded."""
        self.assessment = assessment
        pack = pack_for(assessment.as_of)
        questions = next_questions(assessment)
        summary = summary_of_assessment(assessment, questions)
        money = interface.translate(summary.known) or self.tr("0 元")
        self.money.setText(self.tr("已知金额 {0}").format(money))
        self._open_count.setText(
            self.tr("待定 {0} 项，还需核实 {1} 项").format(summary.open, summary.questions)
        )
        policy = f"{interface.translate(pack.title)}　{assessment.as_of.isoformat()}"
        if assessment.standards is not None and assessment.standards.sample:
            policy += "　" + self.tr("县标准为示例")
        self.policy.setText(policy)
        names = item_names(self._session.editor.document)
        # A fact that nobody in the home knew is not the next question again; it stays on the list.
        document = self._session.editor.document
        unasked = [q.path for q in questions if not is_marked_unknown(document, q.path)]
        self.next_path = unasked[0] if unasked else ""
        self._next.setVisible(bool(unasked))
        if unasked:
            text = interface.translate(question_text(unasked[0], assessment.kind, pack, names))
            self._next.set_wrapped_text(self.tr("下一问：{0}").format(text))
        self._fill(assessment, pack, names, questions)

    def _show_again(self) -> None:
        if self.assessment is not None:
            self.show_assessment(self.assessment)

    def _fill(
        self,
        assessment: Assessment,
        pack: Pack,
        names: dict[str, str],
        questions: Sequence[Question],
    ) -> None:
        lines = [
            *self._questions(assessment, pack, names, questions),
            *self._plans(assessment, pack, names),
        ]
        if _shape(lines) == _shape(self.lines):
            self._update(lines)
        else:
            self._build(lines)
        self.lines = lines

    def _update(self, lines: list[Group]) -> None:
        """Update the texts of existing lines: most keystrokes change only a few."""
        for (line, below), (old, old_below), (item, items) in zip(
            lines, self.lines, self._items, strict=True
        ):
            if line != old:
                self._dress(item, line)
            for child, old_child, child_item in zip(below, old_below, items, strict=True):
                if child != old_child:
                    self._dress(child_item, child)
                if child.key in self._open:
                    child_item.takeChildren()
                    self._closed.pop(child.key)(child_item)

    def _build(self, lines: list[Group]) -> None:
        scrolled = self.tree.verticalScrollBar().value()
        self.tree.blockSignals(True)
        self.tree.clear()
        self._items = []
        for line, below in lines:
            group = self._dress(QTreeWidgetItem(self.tree), line)
            items = [self._dress(QTreeWidgetItem(group), child) for child in below]
            group.setExpanded(line.key in self._open if line.key == QUESTIONS else True)
            for child, item in zip(below, items, strict=True):
                if child.key in self._open:
                    self._closed.pop(child.key)(item)
                    item.setExpanded(True)
            self._items.append((group, items))
        self.tree.blockSignals(False)
        self.tree.verticalScrollBar().setValue(scrolled)

    def _questions(
        self,
        assessment: Assessment,
        pack: Pack,
        names: dict[str, str],
        questions: Sequence[Question],
    ) -> list[Group]:
        if not questions:
            return []
        below = []
        for question in questions[:MAX_QUESTIONS]:
            label = interface.translate(question_with_money(question, assessment.kind, pack, names))
            if is_marked_unknown(self._session.editor.document, question.path):
                label += self.tr("（已问，不清楚）")
            below.append(self._link(f"？ {label}", question.path))
        if len(questions) > MAX_QUESTIONS:
            below.append(
                AssessmentLine(self.tr("……另有 {0} 项").format(len(questions) - MAX_QUESTIONS))
            )
        return [
            (AssessmentLine(self.tr("还需核实（点一下就去填）"), key=QUESTIONS, bold=True), below)
        ]

    def _plans(self, assessment: Assessment, pack: Pack, names: dict[str, str]) -> Iterator[Group]:
        self._closed.clear()
        for title, findings in plans_of(assessment, pack, FindingFilter(self.filter.currentData())):
            heading = interface.translate(plan_heading(title, findings))
            below = [self._finding(finding, pack, names) for finding in findings]
            yield AssessmentLine(heading, key=f"plan {title.en}", bold=True), below

    def _finding(self, finding: Finding, pack: Pack, names: dict[str, str]) -> AssessmentLine:
        line = interface.translate(headline(finding))
        owner = owner_of_subject(finding.subject, names)
        key = f"{finding.rule} {finding.subject}"
        self._closed[key] = partial(self._add_details, finding=finding, pack=pack, names=names)
        colour = self._colour(finding.outcome)
        return AssessmentLine(
            interface.with_parenthesis(line, owner) if owner else line,
            key=key,
            colour=colour,
            opens=True,
        )

    def _add_details(
        self, item: QTreeWidgetItem, finding: Finding, pack: Pack, names: dict[str, str]
    ) -> None:
        """Add the lines below a finding when it is expanded: most stay collapsed."""
        lines = [
            AssessmentLine(f"{STATUS_GLYPHS[step.mark]} {interface.translate(step.text)}")
            for step in finding.steps
        ]
        for path in finding.missing:
            label = interface.translate(question_text(path, self._session.editor.kind, pack, names))
            lines.append(self._link(self.tr("→ 去填：{0}").format(label), path))
        clause = pack.clause(finding.clause)
        text = interface.labelled(
            f"§ {interface.translate(clause.place)}", interface.translate(clause.summary)
        )
        lines.append(self._link(text, f"{CLAUSE}{clause.id}"))
        for line in lines:
            self._dress(QTreeWidgetItem(item), line)

    def _expand(self, item: QTreeWidgetItem) -> None:
        key = item.data(0, RULE)
        self._open.add(key)
        if key in self._closed:
            self._closed.pop(key)(item)

    def _colour(self, outcome: Outcome) -> str:
        if outcome in (Outcome.FAIL, Outcome.CONFLICT):
            return self._colours.wrong
        if outcome in (Outcome.PASS, Outcome.ELIGIBLE):
            return self._colours.good
        return self._colours.open if outcome is Outcome.UNKNOWN else self._colours.dim

    def _link(self, text: str, goes_to: str) -> AssessmentLine:
        return AssessmentLine(text, goes_to=goes_to, colour=self._colours.accent)

    def _dress(self, item: QTreeWidgetItem, line: AssessmentLine) -> QTreeWidgetItem:
        """Show a line in an item of the tree."""
        item.setText(0, line.text)
        item.setToolTip(0, line.text)
        item.setData(0, RULE, line.key)
        item.setData(0, TARGET_ROLE, line.goes_to)
        if line.bold:
            font = self.font()
            font.setBold(True)
            item.setFont(0, font)
        if line.colour:
            item.setForeground(0, QBrush(QColor(line.colour)))
        if line.opens:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        return item

    def _follow(self, item: QTreeWidgetItem) -> None:
        path = item.data(0, TARGET_ROLE)
        if path and path.startswith(CLAUSE):
            self.clause_asked.emit(path.removeprefix(CLAUSE))
        elif path and not path.startswith("standards."):
            self.asked_for.emit(path)
        elif item.data(0, RULE) and item.parent() is not None:
            item.setExpanded(not item.isExpanded())
