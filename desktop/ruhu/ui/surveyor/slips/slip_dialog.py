"""Slips as they will be printed: whose, on what paper, in which language; printed or saved."""

import threading
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrintPreviewWidget
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.assess import MISSING_SURVEY_DATE
from ruhu.slips.document import SlipLanguage
from ruhu.slips.html import PaperFormat
from ruhu.slips.issuing import IssuedSlip, issue_slip, preview_slip
from ruhu.store.search import Search
from ruhu.store.slips import SlipIssue
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.preferences import Preferences
from ruhu.ui.printing.font_fallback import FontCoverage, name_characters
from ruhu.ui.printing.slip_printing import SlipPages, paint_all, write_pdf
from ruhu.ui.surveyor.session import Session
from ruhu.ui.surveyor.slips.slip_batch import PreviewRenderer, SlipBatch, SlipWriter, Target

LANGUAGES: dict[SlipLanguage, BilingualText] = {
    "zh": BilingualText("中文", "Chinese"),
    "both": BilingualText("中文，旁注英文", "Chinese with English"),
    "en": BilingualText("英文", "English"),
}
PREVIEW_DOTS = 150
"""Dots an inch of the preview: sharp at the size of the paper."""

EARLIER = 5
"""So many slips issued before are listed."""


class SlipDialog(QDialog):
    """The slip of the record in hand, or those of the households listed."""

    printed = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        preferences: Preferences,
        search: Search,
        found: int,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("明白卡"))
        self.resize(1120, 680)
        self._session, self._preferences, self._search = session, preferences, search
        self._shown: tuple[QPageLayout, list[QImage]] | None = None
        self._picturing: PreviewRenderer | None = None
        self._run: SlipBatch | None = None
        self._where = ""
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self.whose = self._combo(self.tr("给谁"), [])
        if session.record_id is not None and session.kind == "household":
            self.whose.addItem(self.tr("打开的这一户"), True)
        self.whose.addItem(self.tr("左边列出的 {0} 户").format(found), False)
        papers = [(interface.translate(paper.label), paper.value) for paper in PaperFormat]
        self.paper = self._combo(self.tr("纸张"), papers, preferences.paper)
        languages = [(interface.translate(text), key) for key, text in LANGUAGES.items()]
        self.language = self._combo(self.tr("文字"), languages, preferences.slip_language)
        self._told = QLabel()
        self._told.setWordWrap(True)
        self._earlier = QLabel()
        self._earlier.setObjectName("dim")
        self._earlier.setWordWrap(True)
        self._problem = QLabel()
        self._problem.setObjectName("wrong")
        self._problem.setWordWrap(True)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("进度"))
        self.progress.hide()
        self.stop = QPushButton(self.tr("停止"))
        self.stop.clicked.connect(self._stop)
        self.stop.hide()
        self._print = QPushButton(self.tr("打印…"))
        self._print.setObjectName("primary")
        self._print.setDefault(True)
        self._print.clicked.connect(self._choose_printer)
        self._save = QPushButton(self.tr("存为 PDF…"))
        self._save.clicked.connect(self._choose_file)
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.reject)
        self.preview = QPrintPreviewWidget(self._printer)
        self.preview.setAccessibleName(self.tr("打印预览"))
        self.preview.paintRequested.connect(self._paint_preview)
        self._lay_out(close)
        for box in (self.whose, self.paper, self.language):
            box.activated.connect(self._changed)
        self._changed()

    def _combo(self, name: str, choices: Sequence[tuple[str, str]], chosen: str = "") -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        for label, value in choices:
            box.addItem(label, value)
        box.setCurrentIndex(max(box.findData(chosen), 0))
        return box

    def _lay_out(self, close: QPushButton) -> None:
        form = QFormLayout()
        for box in (self.whose, self.paper, self.language):
            form.addRow(box.accessibleName(), box)
        column = QVBoxLayout()
        column.addLayout(form)
        for label in (self._told, self._problem, self._earlier):
            column.addWidget(label)
        column.addStretch(1)
        for widget in (self.progress, self.stop, self._print, self._save, close):
            column.addWidget(widget)
        side = QWidget()
        side.setLayout(column)
        area = QScrollArea()
        area.setObjectName("plain")
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(side)
        area.setFixedWidth(self.fontMetrics().horizontalAdvance("汉") * 20)
        layout = QHBoxLayout(self)
        layout.addWidget(area)
        layout.addWidget(self.preview, 1)

    # What is shown

    @property
    def _own(self) -> bool:
        return bool(self.whose.currentData())

    @property
    def _paper(self) -> PaperFormat:
        return PaperFormat(self.paper.currentData())

    @property
    def _language(self) -> SlipLanguage:
        language: SlipLanguage = self.language.currentData()
        return language

    def _changed(self) -> None:
        self._preferences.paper = self._paper.value
        self._preferences.slip_language = self._language
        self._problem.setText("")
        self._told.setText("")
        for button in (self._print, self._save):
            button.setEnabled(True)
        record_id, standards, language = (
            self._session.record_id,
            self._session.standards,
            self._language,
        )
        self._earlier.setText("")
        if not self._own or record_id is None:
            self._told.setText(self.tr("按左边的次序，一户接一户；没有入户日期的不打。"))
            self._show(None)
            return
        self._session.save(field="")
        self._session.run(
            lambda store: (
                preview_slip(store, record_id, standards=standards, language=language),
                store.slips.issued(record_id),
            ),
            lambda answer: self._previewed(*answer),
            self._without_slip,
        )

    def _previewed(self, slip: IssuedSlip, earlier: list[SlipIssue]) -> None:
        if not self._own:
            return
        lines = [
            self.tr("{0}　{1}　打过 {2} 次").format(
                old.number, old.issued_on.date().isoformat(), old.printed
            )
            for old in reversed(earlier[-EARLIER:])
        ]
        self._earlier.setText("\n".join([self.tr("发过的："), *lines]) if lines else "")
        picturing = PreviewRenderer(slip, self._paper, self._printer.resolution(), PREVIEW_DOTS)
        # It outlives the dialog, should that be closed before the slip is drawn.
        picturing.setParent(self._session)
        picturing.drawn.connect(self._drawn)
        picturing.finished.connect(picturing.deleteLater)
        self._session.closing.connect(picturing.wait)
        self._picturing = picturing
        picturing.start()

    def _drawn(
        self,
        picturing: PreviewRenderer,
        glyphs: FontCoverage,
        page: QPageLayout,
        images: list[QImage],
    ) -> None:
        if picturing is self._picturing and self._own:
            parts = (self._told.text(), self._about(glyphs))
            self._told.setText("\n".join(part for part in parts if part))
            self._show((page, images))

    def _about(self, glyphs: FontCoverage) -> str:
        """What the worker should know of characters that are not in the slip's font."""
        told = []
        for character, family in glyphs.others.items():
            told.append(self.tr("“{0}”用字体 {1} 打印。").format(character, family))
        if glyphs.missing:
            text = self.tr("没有字形：{0}。打出来留空，请用笔补上。")
            told.append(text.format(name_characters(glyphs.missing)))
        return "\n".join(told)

    def _show(self, shown: tuple[QPageLayout, list[QImage]] | None) -> None:
        self._shown = shown
        self.preview.updatePreview()
        if shown is not None:
            self.preview.fitToWidth()

    def _paint_preview(self, printer: QPrinter) -> None:
        if self._shown is None:
            return
        page, images = self._shown
        printer.setPageLayout(page)
        painter = QPainter(printer)
        for number, image in enumerate(images):
            if number:
                printer.newPage()
            painter.drawImage(QRectF(0, 0, printer.width(), printer.height()), image)
        painter.end()

    # Printing and saving

    def _choose_printer(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if self._preferences.printer:
            printer.setPrinterName(self._preferences.printer)
        if self._shown is not None:
            printer.setPageLayout(self._shown[0])
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            self._preferences.printer = printer.printerName()
            self.print_to(printer)

    def print_to(self, printer: QPrinter) -> None:
        """Print on a printer that was chosen."""

        def target(pages: Iterable[SlipPages]) -> int:
            return paint_all(pages, printer)

        self._deliver(target, printer.printerName() or self.tr("打印机"))

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("存为 PDF"), "", self.tr("PDF (*.pdf)"))
        if name:
            self.save_to(Path(name).with_suffix(".pdf"))

    def save_to(self, path: Path) -> None:
        """Save as one PDF."""
        self._deliver(partial(write_pdf, path=path), path.name)

    def _deliver(self, target: Target, where: str) -> None:
        record_id = self._session.record_id
        self._session.save(field="")
        if self._own and record_id is not None:
            self._deliver_own(record_id, target, where)
        else:
            self._deliver_listed(target, where)

    def _deliver_own(self, record_id: UUID, target: Target, where: str) -> None:
        standards, language = self._session.standards, self._language

        def done(issued: IssuedSlip) -> None:
            self._where = where
            writing = SlipWriter([issued], target, self._paper, threading.Event())
            writing.setParent(self._session)
            writing.written.connect(self._own_done)
            writing.finished.connect(writing.deleteLater)
            self._session.closing.connect(writing.wait)
            self._work(True)
            writing.start()

        self._session.run(
            lambda store: issue_slip(store, record_id, standards=standards, language=language),
            done,
            self._failed,
        )

    def _own_done(self, writing: SlipWriter) -> None:
        (issued,) = writing.slips
        self._work(False)
        if writing.error is not None:
            self._failed(writing.error)
        else:
            text = (
                self.tr("补打 {0}，{1} 页：{2}") if issued.reprint else self.tr("{0}，{1} 页：{2}")
            )
            self._changed()
            self._tell(text.format(issued.number, writing.pages, self._where))

    def _deliver_listed(self, target: Target, where: str) -> None:
        self._where = where
        run = SlipBatch(self._search, target, self._session.standards, self._language, self._paper)
        # It outlives the dialog, should that be closed while slips are being made.
        run.setParent(self._session)
        self._run = run
        self._work(True)
        run.told.connect(self.progress.setMaximum)
        run.step.connect(self.progress.setValue)
        run.done.connect(self._listed_done)
        run.failed.connect(self._failed)
        self._session.closing.connect(run.end)
        run.start(self._session.run)

    def _listed_done(self, slips: int, pages: int, left: int, missing: tuple[str, ...]) -> None:
        self._work(False)
        text = self.tr("{0} 张明白卡，{1} 页：{2}").format(slips, pages, self._where)
        if left:
            text += self.tr("；没有入户日期的 {0} 户未打").format(left)
        if missing:
            blanks = self.tr("；没有字形、打出来留空的请用笔补上：{0}")
            text += blanks.format(name_characters(missing))
        self._tell(text if pages else self.tr("已停止，什么也没有打"))

    def _work(self, busy: bool) -> None:
        self.progress.setRange(0, 0)
        for widget in (self.progress, self.stop):
            widget.setVisible(busy)
        for box in (self._print, self._save, self.whose, self.paper, self.language):
            box.setEnabled(not busy)

    def _stop(self) -> None:
        if self._run is not None:
            self._run.stop()

    def reject(self) -> None:
        self._stop()
        super().reject()

    def _tell(self, text: str) -> None:
        self._told.setText(text)
        self.printed.emit(text)

    def _without_slip(self, error: UserError) -> None:
        """The open household has no slip: nothing of another one is shown, and none is printed."""
        self._failed(error)
        if self._own:
            self._show(None)
            for button in (self._print, self._save):
                button.setEnabled(False)

    def _failed(self, error: UserError) -> None:
        self._work(False)
        self._problem.setText(
            self.tr("这一户还没有入户日期：先填上，再看明白卡。")
            if error.text == MISSING_SURVEY_DATE
            else interface.translate(error.text)
        )
