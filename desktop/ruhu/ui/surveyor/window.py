"""The window: village, form, answers, and the rail of what else there is to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMessageBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from ruhu.errors import UserError
from ruhu.exchange.keys.county import CountyPublic
from ruhu.i18n import BilingualText
from ruhu.store.record_list import title_of
from ruhu.store.roster_import import RosterImport
from ruhu.store.search import Search
from ruhu.survey.documents import household_head
from ruhu.survey.roster.reader import Roster
from ruhu.survey.signature import SignatureMethod
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.preferences import Preferences
from ruhu.ui.core.record_labels import county_label
from ruhu.ui.core.theme import colours, is_large
from ruhu.ui.core.undo_keys import REDO, UNDO
from ruhu.ui.surveyor.assessment.assessment_panel import AnswersPanel
from ruhu.ui.surveyor.form.form_panel import FormPanel
from ruhu.ui.surveyor.households.household_list import HouseholdList
from ruhu.ui.surveyor.operations.advice import compare_options, indicators
from ruhu.ui.surveyor.operations.export import export_record, write_households
from ruhu.ui.surveyor.operations.household import (
    history_of,
    join_household,
    sign_and_close,
    split_household,
)
from ruhu.ui.surveyor.operations.roster import import_roster, preview_roster
from ruhu.ui.surveyor.policy.comparison_dialog import AdviceDialog
from ruhu.ui.surveyor.policy.indicators_dialog import IndicatorsDialog
from ruhu.ui.surveyor.policy.policy_dialog import PolicyDialog
from ruhu.ui.surveyor.session import InvalidRecord, Session
from ruhu.ui.surveyor.settings_dialog import SettingsDialog
from ruhu.ui.widgets.confirmation import confirm
from ruhu.ui.widgets.navigation_button import navigation_button

if TYPE_CHECKING:
    from ruhu.export.cell_text import AlteredCells
    from ruhu.ui.surveyor.sync.sync_dialog import SyncDialog


class MainWindow(QMainWindow):
    """The three columns. `lock_asked`, `restart_asked` and `restyled` are for the program to act on.

    It is whole once all of `parts` were made, which takes too long to be done in one go between two keys.
    """

    village: HouseholdList
    form: FormPanel
    answers: AnswersPanel

    lock_asked = Signal()
    restart_asked = Signal()
    restyled = Signal()

    def __init__(self, session: Session, preferences: Preferences) -> None:
        super().__init__()
        self.session, self._preferences = session, preferences
        self.setWindowTitle(self.tr("入户"))
        self._saved = QLabel()
        self._pending = QLabel()
        self._worker = QLabel()

    def parts(self) -> Iterator[None]:
        """Make the window's parts one by one, each in a few milliseconds."""
        whole = QWidget()
        self.setCentralWidget(whole)
        layout = QHBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        rail = QFrame()
        layout.addWidget(rail)
        yield from self._fill_rail(rail)
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setChildrenCollapsible(False)
        layout.addWidget(columns, 1)
        yield from self._fill_columns(columns)
        self._fill_bar()
        yield
        self._connect()
        self.resize(QSize(1366, 728))
        if not self._preferences.geometry.isEmpty():
            self.restoreGeometry(self._preferences.geometry)

    def _fill_columns(self, columns: QSplitter) -> Iterator[None]:
        def add(widget: QWidget, stretch: int) -> None:
            columns.addWidget(widget)
            columns.setStretchFactor(columns.count() - 1, stretch)

        self.village = HouseholdList(self.session)
        yield
        add(self.village, 3)
        yield
        self.form = FormPanel(self.session)
        add(self.form, 5)
        yield
        self.answers = AnswersPanel(self.session, colours(self._preferences.theme))
        yield
        add(self.answers, 4)
        columns.setSizes([400, 510, 370] if is_large(self.font()) else [360, 530, 390])
        yield

    def _fill_bar(self) -> None:
        bar = self.statusBar()
        bar.setSizeGripEnabled(False)
        bar.addWidget(self._saved, 1)
        bar.addPermanentWidget(self._pending)
        bar.addPermanentWidget(self._worker)

    def _connect(self) -> None:
        session = self.session
        for text, keys, act in (
            (self.tr("撤销"), UNDO, session.undo),
            (self.tr("重做"), REDO, session.redo),
            (self.tr("明白卡"), [QKeySequence("Ctrl+P")], self.show_slips),
        ):
            action = QAction(text, self)
            action.setShortcuts(keys)
            action.triggered.connect(act)
            self.addAction(action)
        self.village.chosen.connect(session.open_record)
        self.village.new_asked.connect(session.new_record)
        self.answers.asked_for.connect(self.form.focus_path)
        self.answers.clause_asked.connect(self.browse_policy)
        self.form.close_asked.connect(self.close_visit)
        self.form.sign_asked.connect(self.sign)
        self.form.place_asked.connect(self.choose_place)
        self.form.split_asked.connect(self.split)
        self.form.join_asked.connect(self.join)
        self.form.history_asked.connect(self.show_history)
        self.form.abandon_asked.connect(self.abandon)
        self.form.told.connect(self._tell)
        session.saved.connect(self._show_saved)
        session.failed.connect(self._show_error)

    def _fill_rail(self, rail: QFrame) -> Iterator[None]:
        rail.setObjectName("band")
        layout = QVBoxLayout(rail)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(2)
        acts: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("village", self.tr("村庄"), lambda: self.village.begin_search()),
            ("roster", self.tr("名册"), self.choose_roster),
            ("slip", self.tr("明白卡"), self.show_slips),
            ("advice", self.tr("试算"), self.show_advice),
            ("indicators", self.tr("指标"), self.show_indicators),
            ("policy", self.tr("政策"), self.browse_policy),
            ("bundle", self.tr("数据包"), self.show_bundles),
            ("export", self.tr("导出"), self.choose_file),
            ("settings", self.tr("设置"), self._settings),
            ("help", self.tr("帮助"), self.show_help),
        )
        for name, label, act in acts:
            layout.addWidget(navigation_button(name, label, act, self._preferences))
            yield
        layout.addStretch(1)
        lock = self.tr("锁定")
        layout.addWidget(navigation_button("lock", lock, self.lock_asked.emit, self._preferences))
        yield

    def start(self) -> None:
        """Fill the list, and go on where the last visit broke off."""
        self._worker.setText(self.session.surveyor or self.tr("未填调查员"))
        self.session.list_records(Search())
        self.session.resume(self._nothing_begun)

    def _nothing_begun(self) -> None:
        self.village.search.setFocus()
        self.form.build_ahead()

    # Acts

    def close_visit(self) -> None:
        """Close the visit of the record in hand, unless it stands as it was closed."""
        if self.session.is_closed:
            self._tell(self.tr("上次完成入户以后没有改动，不用再完成"))
            return
        try:
            self.session.close_visit(lambda: self._tell(self.tr("已完成入户，记录已入库")))
        except UserError as error:
            self._show_error(error)

    def sign(self) -> None:
        """Let the householder sign, seal the survey and close the visit."""
        from ruhu.ui.surveyor.form.signature_dialog import SigningDialog

        if not self._is_sound():
            return
        document = self.session.document
        head = household_head(document)
        others = [m for m in document.get("members") or [] if m is not head]
        people = [str(m.get("name") or "") for m in ([head] if head else []) + others]
        told = self.answers.told()
        dialog = SigningDialog(self, title_of(document), [p for p in people if p], told)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def signed() -> None:
            sign_and_close(
                self.session,
                by=dialog.by.currentText().strip(),
                how=dialog.how,
                drawn=dialog.pad.png() if dialog.how is SignatureMethod.SCREEN else None,
                done=lambda: self._tell(self.tr("已签字封存并完成入户")),
            )

        dialog.accepted.connect(signed)
        dialog.open()

    def _is_sound(self) -> bool:
        """Whether nothing is left to be mended in the record in hand; else it is told."""
        try:
            self.session.require_valid()
        except UserError as error:
            self._show_error(error)
            return False
        return True

    def choose_place(self) -> None:
        """Choose county, township and village from the division codes."""
        from ruhu.ui.surveyor.form.division_dialog import DivisionDialog

        document = self.session.document
        dialog = DivisionDialog(self, document.get("place") or {})
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def chosen() -> None:
            place = {**(document.get("place") or {})}
            for name in ("county", "township", "village"):
                place.pop(name, None)
                place.pop(f"{name}_name", None)
            self.session.replace({**document, "place": {**place, **dialog.place()}})

        dialog.accepted.connect(chosen)
        dialog.open()

    def split(self) -> None:
        """Move members of the household in hand into one of their own."""
        from ruhu.ui.surveyor.households.split_dialog import SplitDialog

        if not self._is_sound():
            return
        dialog = SplitDialog(self, self.session.document)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(
            lambda: split_household(
                self.session, dialog.moving(), lambda: self._tell(self.tr("已分户，这是新的一户"))
            )
        )
        dialog.open()

    def join(self) -> None:
        """Take another household into the one in hand."""
        from ruhu.ui.surveyor.households.join_dialog import JoinDialog

        def done(differing: list[BilingualText]) -> None:
            if not differing:
                self._tell(self.tr("已并户"))
                return
            self._tell(self.tr("已并户，有 {0} 处两户不同").format(len(differing)))
            self._note("\n".join(interface.translate(text) for text in differing))

        if not self._is_sound():
            return
        likely = self.form.held_with
        dialog = JoinDialog(self, self.session, title_of(self.session.document), likely)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def chosen() -> None:
            other = dialog.chosen()
            if other is not None:
                join_household(self.session, other, done)

        dialog.accepted.connect(chosen)
        dialog.open()

    def show_history(self) -> None:
        """Show every revision of the record in hand."""
        from ruhu.ui.surveyor.households.history_dialog import HistoryDialog

        record_id, kind = self.session.record_id, self.session.kind
        if record_id is not None:
            self.session.run(
                lambda store: history_of(store, record_id),
                lambda told: HistoryDialog(self, kind, *told).open(),
            )

    def abandon(self) -> None:
        """Ask, then let the visit of the record in hand be none."""
        question = self.tr(
            "放弃这次入户？上次完成入户以后填的都不要了；新建以后还没有完成过入户的，整户去掉。不能恢复。"
        )

        def gone() -> None:
            self.form.clear()
            self.answers.clear()
            self._tell(self.tr("已去掉这里新建的"))

        confirm(
            self,
            self.tr("放弃这次入户"),
            question,
            self.tr("放弃"),
            lambda: self.session.discard_visit(gone),
        )

    def choose_roster(self) -> None:
        """Choose a roster file and show what it would bring."""
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("选择名册"), "", self.tr("Excel 名册 (*.xlsx *.xlsm *.xls)")
        )
        if name:
            self.preview_roster(Path(name))

    def preview_roster(self, path: Path) -> None:
        """Read a roster and show the preview."""
        self._tell(self.tr("正在读取 {0} …").format(path.name))

        from ruhu.ui.surveyor.households.roster_dialog import RosterDialog

        def show(roster: Roster, intake: RosterImport) -> None:
            done = self.tr("已导入名册：{0}").format(interface.translate(intake.text))
            dialog = RosterDialog(self, path.name, roster, intake)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(
                lambda: import_roster(self.session, intake, lambda: self._tell(done))
            )
            dialog.rejected.connect(lambda: self._tell(self.tr("没有导入名册")))
            dialog.open()

        def failed(error: UserError) -> None:
            self._tell(self.tr("没有导入名册"))
            self._show_error(error)

        preview_roster(self.session, path, show, failed)

    def show_slips(self) -> None:
        """Show the slip of the record in hand as it will be printed, or those of all listed."""
        from ruhu.ui.surveyor.slips.slip_dialog import SlipDialog

        self.session.save(field="")
        found = self.village.result_count
        if not found:
            self._tell(self.tr("请先在左侧选一户"))
            return
        dialog = SlipDialog(self, self.session, self._preferences, self.village.wanted, found)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.printed.connect(self._tell)
        dialog.open()

    def show_help(self) -> None:
        """Open the handbook."""
        from ruhu.ui.help.help_dialog import HelpDialog

        dialog = HelpDialog(self)
        dialog.restart_asked.connect(self.restart_asked)
        dialog.open()

    def show_advice(self) -> None:
        """Compare the texts and the ways of renovating for the record in hand."""
        if self.session.record_id is None:
            self._tell(self.tr("请先在左侧选一户"))
            return
        compare_options(self.session, lambda advice: AdviceDialog(self, advice).open())

    def show_indicators(self) -> None:
        """Hold the households on this laptop against the notice's targets."""
        indicators(self.session, lambda answers: IndicatorsDialog(self, answers).open())

    def browse_policy(self, clause: str = "") -> None:
        """Open the policy browser, at a clause if one is given."""
        PolicyDialog(self, clause).open()

    def show_file(self, path: Path) -> None:
        """Show what a file is that was opened with the program, and take in what is for this laptop."""
        from ruhu.ui.surveyor.file_opening import show_opened_file

        show_opened_file(self, path)

    def show_bundles(self) -> SyncDialog:
        """Show what goes to the county and what came back."""
        from ruhu.ui.surveyor.sync.sync_dialog import SyncDialog

        self.session.save(field="")
        dialog = SyncDialog(self, self.session)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.told.connect(self._exported)
        dialog.open()
        return dialog

    def _exported(self, text: str) -> None:
        self._pending.setText("")
        self._tell(text)

    def choose_file(self) -> None:
        """Choose a file for the households that are listed, or for the record in hand."""
        listed, own = self.tr("列出的农户"), self.tr("只这一户")
        kinds = [f"{listed} (*.xlsx)", f"{listed} (*.csv)", f"{listed} (*.json)"]
        if self.session.record_id is not None:
            kinds.append(f"{own} (*.json)")
        name, kind = QFileDialog.getSaveFileName(
            self, self.tr("导出到文件（不加密，请妥善保管）"), "", ";;".join(kinds)
        )
        if name:
            self.write_file(
                Path(name), kind.rpartition("*")[2].rstrip(")"), own=kind.startswith(own)
            )

    def write_file(self, path: Path, ending: str, *, own: bool) -> None:
        """Write the listed households, or only the record in hand, to a file with an ending."""
        file = path if path.suffix else path.with_suffix(ending)

        def told(what: str, altered: AlteredCells) -> None:
            text = self.tr("已导出{0}：{1}（未加密）").format(what, file.name)
            self._tell(interface.after(text, altered.text))

        if own:
            export_record(self.session, file, lambda altered: told(self.tr("一户"), altered))
            return
        write_households(
            self.session,
            self.village.wanted,
            file,
            lambda households, written: told(
                self.tr("{0}户{1}人").format(households, written.persons), written.altered
            ),
        )

    def _settings(self) -> None:
        def show(county: CountyPublic | None) -> None:
            label = county_label(county) if county else ""
            dialog = SettingsDialog(self, self._preferences, self.session, label)
            if dialog.exec() != SettingsDialog.DialogCode.Accepted:
                return
            name = dialog.surveyor.text().strip()
            self.session.surveyor = name
            self.session.run(lambda store: setattr(store, "surveyor", name))
            self._preferences.language = dialog.language.currentData()
            self._preferences.text_percent = dialog.text_size.currentData()
            self._preferences.theme = dialog.theme.currentData()
            self._preferences.lock_minutes = dialog.lock_after.currentData()
            self.restyled.emit()

        self.session.run(lambda store: store.identity.county, show)

    # What happened

    def _tell(self, text: str) -> None:
        self._saved.setText(text)

    def _show_saved(self, at: datetime, pending: int) -> None:
        self._saved.setText(self.tr("已保存 {0}").format(at.astimezone().strftime("%H:%M:%S")))
        self._pending.setText(self.tr("待上报 {0} 条").format(pending) if pending else "")

    def _show_error(self, error: UserError) -> None:
        if isinstance(error, InvalidRecord):
            self.form.focus_path(error.path)
        self._note(interface.translate(error.text))

    def _note(self, text: str) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("请注意"))
        box.setText(text)
        box.addButton(self.tr("知道了"), QMessageBox.ButtonRole.AcceptRole)
        box.open()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._preferences.geometry = self.saveGeometry()
        super().closeEvent(event)
