"""The right column: what the household is entitled to, why, and what to ask next."""

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
    QLabel,
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
    asked,
    band_of,
    headline,
    plan_heading,
    plans_of,
    question_text,
)
from ruhu.ui.surveyor.session import Session
from ruhu.ui.widgets.touch_scrolling import enable_touch_scrolling
from ruhu.ui.widgets.word_wrap import WrappingButton, WrappingDelegate

TARGET_ROLE = Qt.ItemDataRole.UserRole
RULE = Qt.ItemDataRole.UserRole + 1
CLAUSE = "clause:"
QUESTIONS = "questions"
MAX_QUESTIONS = 12


class AssessmentLine(NamedTuple):
    """A line of the panel: its words, what it is known by, where it leads, how it looks."""

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
    """The live panel of the checks."""

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
        self._next_path = ""
        self._latest: Assessment | None = None
        band = QFrame()
        band.setObjectName("band")
        self._money = QLabel()
        self._money.setObjectName("heading")
        self._money.setWordWrap(True)
        self._left = QLabel()
        self._left.setWordWrap(True)
        self._policy = QLabel()
        self._policy.setObjectName("dim")
        self._policy.setWordWrap(True)
        self._next = WrappingButton()
        self._next.setObjectName("question")
        self._next.setToolTip("F12")
        self._next.clicked.connect(self._ask_next)
        QShortcut(QKeySequence("F12"), self, self._ask_next)
        inside = QVBoxLayout(band)
        inside.setContentsMargins(12, 8, 12, 8)
        for widget in (self._money, self._left, self._policy, self._next):
            inside.addWidget(widget)
        self.filter = QComboBox()
        self.filter.setAccessibleName(self.tr("显示哪些结论"))
        for shown in FindingFilter:
            self.filter.addItem(interface.translate(shown.label), shown)
        self.filter.currentIndexChanged.connect(self._show_again)
        inside.addWidget(self.filter)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.tr("核对结果"))
        self.tree.setHeaderHidden(True)
        self.tree.setWordWrap(True)
        self.tree.setItemDelegate(WrappingDelegate(self.tree))
        self.tree.setUniformRowHeights(False)
        enable_touch_scrolling(self.tree)
        self.tree.setIndentation(14)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.itemActivated.connect(self._follow)
        self.tree.itemClicked.connect(self._follow)
        self.tree.itemExpanded.connect(self._opened)
        self.tree.itemCollapsed.connect(lambda item: self._open.discard(item.data(0, RULE)))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(band)
        layout.addWidget(self.tree, 1)
        session.assessed.connect(self.show_assessment)
        session.assessment_failed.connect(self.show_no_answer)
        self.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tree.scheduleDelayedItemsLayout()

    def clear(self) -> None:
        """Show no answers."""
        self._latest, self._next_path = None, ""
        self.lines, self._items = [], []
        self.tree.clear()
        self._money.setText(self.tr("核对结果"))
        self._left.setText(self.tr("选一户后，边填边出结果。"))
        self._policy.setText("")
        self._next.hide()

    def show_no_answer(self, reason: BilingualText) -> None:
        """Say why there is no answer; those of before would be for other facts."""
        self.clear()
        self._money.setText(self.tr("还不能核对"))
        self._left.setText(interface.translate(reason))

    def _ask_next(self) -> None:
        if self._next_path:
            self.asked_for.emit(self._next_path)

    def told(self) -> str:
        """What stands on top: the money known and what is open."""
        return f"{self._money.text()}　{self._left.text()}"

    def show_assessment(self, assessment: Assessment) -> None:
        """Show the latest answers, keeping open what was open."""
        self._latest = assessment
        pack = pack_for(assessment.as_of)
        questions = next_questions(assessment)
        band = band_of(assessment, questions)
        money = interface.translate(band.known) or self.tr("0 元")
        self._money.setText(self.tr("已知金额 {0}").format(money))
        self._left.setText(
            self.tr("待定 {0} 项，还需核实 {1} 项").format(band.open, band.questions)
        )
        policy = f"{interface.translate(pack.title)}　{assessment.as_of.isoformat()}"
        if assessment.standards is not None and assessment.standards.sample:
            policy += "　" + self.tr("县标准为示例")
        self._policy.setText(policy)
        names = item_names(self._session.document)
        # What nobody in the home knew is not asked for again and again; it stays on the list.
        document = self._session.document
        unasked = [q.path for q in questions if not is_marked_unknown(document, q.path)]
        self._next_path = unasked[0] if unasked else ""
        self._next.setVisible(bool(unasked))
        if unasked:
            text = interface.translate(question_text(unasked[0], assessment.kind, pack, names))
            self._next.set_words(self.tr("下一问：{0}").format(text))
        self._fill(assessment, pack, names, questions)

    def _show_again(self) -> None:
        if self._latest is not None:
            self.show_assessment(self._latest)

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
            self._change(lines)
        else:
            self._build(lines)
        self.lines = lines

    def _change(self, lines: list[Group]) -> None:
        """Show other words in the lines that stand: at most keys a few of them change."""
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
            label = interface.translate(asked(question, assessment.kind, pack, names))
            if is_marked_unknown(self._session.document, question.path):
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
        who = owner_of_subject(finding.subject, names)
        key = f"{finding.rule} {finding.subject}"
        self._closed[key] = partial(self._details, finding=finding, pack=pack, names=names)
        colour = self._colour(finding.outcome)
        return AssessmentLine(
            interface.with_parenthesis(line, who) if who else line,
            key=key,
            colour=colour,
            opens=True,
        )

    def _details(
        self, item: QTreeWidgetItem, finding: Finding, pack: Pack, names: dict[str, str]
    ) -> None:
        """The lines below a finding, made when it is opened: most stay closed at every key."""
        lines = [
            AssessmentLine(f"{STATUS_GLYPHS[step.mark]} {interface.translate(step.text)}")
            for step in finding.steps
        ]
        for path in finding.missing:
            label = interface.translate(question_text(path, self._session.kind, pack, names))
            lines.append(self._link(self.tr("→ 去填：{0}").format(label), path))
        clause = pack.clause(finding.clause)
        text = interface.labelled(
            f"§ {interface.translate(clause.place)}", interface.translate(clause.summary)
        )
        lines.append(self._link(text, f"{CLAUSE}{clause.id}"))
        for line in lines:
            self._dress(QTreeWidgetItem(item), line)

    def _opened(self, item: QTreeWidgetItem) -> None:
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
