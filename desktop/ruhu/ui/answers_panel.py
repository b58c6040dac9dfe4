"""The right column: what the household is entitled to, why, and what to ask next."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush, QColor, QResizeEvent
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

from ruhu.policy.finding import Assessment, Finding, Outcome
from ruhu.policy.pack import Pack
from ruhu.policy.packs import pack_for
from ruhu.policy.questions import Question, next_questions
from ruhu.survey.not_known import is_marked
from ruhu.ui.answers_model import (
    MARKS,
    Shown,
    asked,
    band_of,
    headline,
    plan_heading,
    plans_of,
    question_text,
)
from ruhu.ui.language import interface
from ruhu.ui.session import Session
from ruhu.ui.theme import Colours
from ruhu.ui.wrapping import WrappingButton, WrappingDelegate

GOES_TO = Qt.ItemDataRole.UserRole
RULE = Qt.ItemDataRole.UserRole + 1
CLAUSE = "clause:"
MOST_ASKED = 12


class AnswersPanel(QFrame):
    """The live panel of the checks."""

    asked_for = Signal(str)
    clause_asked = Signal(str)

    def __init__(self, session: Session, colours: Colours) -> None:
        super().__init__()
        self.setObjectName("column")
        self._session, self._colours = session, colours
        self._open: set[str] = set()
        self._closed: dict[str, Callable[[], None]] = {}
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
        self._next.clicked.connect(lambda: self.asked_for.emit(self._next_path))
        inside = QVBoxLayout(band)
        inside.setContentsMargins(12, 8, 12, 8)
        for widget in (self._money, self._left, self._policy, self._next):
            inside.addWidget(widget)
        self.filter = QComboBox()
        self.filter.setAccessibleName(self.tr("显示哪些结论"))
        for shown in Shown:
            self.filter.addItem(interface.say(shown.label), shown)
        self.filter.currentIndexChanged.connect(self._show_again)
        inside.addWidget(self.filter)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.tr("核对结果"))
        self.tree.setHeaderHidden(True)
        self.tree.setWordWrap(True)
        self.tree.setItemDelegate(WrappingDelegate(self.tree))
        self.tree.setUniformRowHeights(False)
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
        self.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.tree.scheduleDelayedItemsLayout()

    def clear(self) -> None:
        """Show no answers."""
        self._latest = None
        self.tree.clear()
        self._money.setText(self.tr("核对结果"))
        self._left.setText(self.tr("选一户后，边填边出结果。"))
        self._policy.setText("")
        self._next.hide()

    def told(self) -> str:
        """What stands on top: the money known and what is open."""
        return f"{self._money.text()}　{self._left.text()}"

    def show_assessment(self, assessment: Assessment) -> None:
        """Show the latest answers, keeping open what was open."""
        self._latest = assessment
        pack = pack_for(assessment.as_of)
        questions = next_questions(assessment)
        band = band_of(assessment, questions)
        money = interface.say(band.known) or self.tr("0 元")
        self._money.setText(self.tr("已知金额 {0}").format(money))
        self._left.setText(
            self.tr("待定 {0} 项，还需核实 {1} 项").format(band.open, band.questions)
        )
        policy = f"{interface.say(pack.title)}　{assessment.as_of.isoformat()}"
        if assessment.standards is not None and assessment.standards.sample:
            policy += "　" + self.tr("县标准为示例")
        self._policy.setText(policy)
        names = {
            m["member_id"]: str(m.get("name") or "")
            for m in self._session.document.get("members") or []
        }
        # What nobody in the home knew is not asked for again and again; it stays on the list.
        document = self._session.document
        unasked = [q.path for q in questions if not is_marked(document, q.path)]
        self._next_path = unasked[0] if unasked else ""
        self._next.setVisible(bool(unasked))
        if unasked:
            text = interface.say(question_text(unasked[0], assessment.kind, pack, names))
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
        scrolled = self.tree.verticalScrollBar().value()
        self.tree.blockSignals(True)
        self.tree.clear()
        self._closed.clear()
        if questions:
            self._questions(assessment, pack, names, questions)
        for title, findings in plans_of(assessment, pack, Shown(self.filter.currentData())):
            heading = interface.say(plan_heading(title, findings))
            group = self._item(None, heading, key=f"plan {title.en}", bold=True)
            group.setExpanded(True)
            for finding in findings:
                self._finding(group, finding, pack, names)
        self.tree.blockSignals(False)
        self.tree.verticalScrollBar().setValue(scrolled)

    def _questions(
        self,
        assessment: Assessment,
        pack: Pack,
        names: dict[str, str],
        questions: Sequence[Question],
    ) -> None:
        text = self.tr("还需核实（点一下就去填）")
        group = self._item(None, text, key="questions", bold=True)
        for question in questions[:MOST_ASKED]:
            label = interface.say(asked(question, assessment.kind, pack, names))
            if is_marked(self._session.document, question.path):
                label += self.tr("（已问，不清楚）")
            self._item(group, f"？ {label}", goes_to=question.path)
        if len(questions) > MOST_ASKED:
            self._item(group, self.tr("……另有 {0} 项").format(len(questions) - MOST_ASKED))
        group.setExpanded("questions" in self._open)

    def _finding(
        self, group: QTreeWidgetItem, finding: Finding, pack: Pack, names: dict[str, str]
    ) -> None:
        line = interface.say(headline(finding))
        _, _, identity = finding.subject.partition(":")
        who = names.get(identity, identity)
        key = f"{finding.rule} {finding.subject}"
        item = self._item(group, f"{line}（{who}）" if who else line, key=key)
        item.setForeground(0, QBrush(QColor(self._colour(finding.outcome))))
        item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        self._closed[key] = partial(self._details, item, finding, pack, names)
        if key in self._open:
            self._closed.pop(key)()
            item.setExpanded(True)

    def _details(
        self, item: QTreeWidgetItem, finding: Finding, pack: Pack, names: dict[str, str]
    ) -> None:
        """The lines below a finding, made when it is opened: most stay closed at every key."""
        for step in finding.steps:
            self._item(item, f"{MARKS[step.mark]} {interface.say(step.text)}")
        for path in finding.missing:
            label = interface.say(question_text(path, self._session.kind, pack, names))
            self._item(item, self.tr("→ 去填：{0}").format(label), goes_to=path)
        clause = pack.clause(finding.clause)
        text = f"§ {interface.say(clause.place)}：{interface.say(clause.summary)}"
        self._item(item, text, goes_to=f"{CLAUSE}{clause.id}")

    def _opened(self, item: QTreeWidgetItem) -> None:
        key = item.data(0, RULE)
        self._open.add(key)
        if key in self._closed:
            self._closed.pop(key)()

    def _colour(self, outcome: Outcome) -> str:
        if outcome in (Outcome.FAIL, Outcome.CONFLICT):
            return self._colours.wrong
        if outcome in (Outcome.PASS, Outcome.ELIGIBLE):
            return self._colours.good
        return self._colours.open if outcome is Outcome.UNKNOWN else self._colours.dim

    def _item(
        self,
        parent: QTreeWidgetItem | None,
        text: str,
        *,
        key: str = "",
        goes_to: str = "",
        bold: bool = False,
    ) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setData(0, RULE, key)
        item.setData(0, GOES_TO, goes_to)
        item.setToolTip(0, text)
        if bold:
            font = self.font()
            font.setBold(True)
            item.setFont(0, font)
        if goes_to:
            item.setForeground(0, QBrush(QColor(self._colours.accent)))
        if parent is None:
            self.tree.addTopLevelItem(item)
        else:
            parent.addChild(item)
        return item

    def _follow(self, item: QTreeWidgetItem) -> None:
        path = item.data(0, GOES_TO)
        if path and path.startswith(CLAUSE):
            self.clause_asked.emit(path.removeprefix(CLAUSE))
        elif path and not path.startswith("standards."):
            self.asked_for.emit(path)
        elif item.data(0, RULE) and item.parent() is not None:
            item.setExpanded(not item.isExpanded())
