"""Preview slips, print them or save them as PDF."""

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrintPreviewWidget
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
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
from ruhu.ui.core.cancellable_task import PROGRESS_MAX, CancellableTask, QtThread, TaskCancelled
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.preferences import Preferences
from ruhu.ui.printing.font_fallback import FontCoverage, name_characters
from ruhu.ui.printing.slip_printing import SlipPages, load_font, paint_all, write_pdf
from ruhu.ui.surveyor.session import Session
from ruhu.ui.surveyor.slips.slip_batch import (
    SlipBatch,
    SlipOptions,
    SlipPicture,
    SlipWriter,
    Target,
    WrittenSlips,
    draw_preview,
)
from ruhu.ui.widgets.wrapped_label import wrapped_label

LANGUAGES: dict[SlipLanguage, BilingualText] = {
    "zh": BilingualText("中文", "Chinese"),
    "both": BilingualText("中文，旁注英文", "Chinese with English"),
    "en": BilingualText("英文", "English"),
}
PREVIEW_DOTS_PER_INCH = 150
"""Sharp at the size of the paper."""
MAX_EARLIER_SLIPS = 5


class SlipDialog(QDialog):
    """The slip of the open record, or those of the households listed.

    Receivers of a task's signals are `Slot`s: PySide disconnects other methods when the dialog is
    garbage collected, under a lock of Qt that a thread laying out text may wait for, holding the GIL.
    """

    printed = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        preferences: Preferences,
        search: Search,
        result_count: int,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("明白卡"))
        self.resize(1120, 680)
        self._session, self._preferences, self._search = session, preferences, search
        self._shown: tuple[QPageLayout, list[QImage]] | None = None
        self._previewing: CancellableTask | None = None
        self.writing: SlipWriter | None = None
        self._destination = ""
        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._make_choices(result_count)
        self.message, self.problem, self.earlier = (
            wrapped_label(),
            wrapped_label("wrong"),
            wrapped_label("dim"),
        )
        self._make_buttons()
        self.preview = QPrintPreviewWidget(self._printer)
        self.preview.setAccessibleName(self.tr("打印预览"))
        self.preview.paintRequested.connect(self._paint_preview)
        self._lay_out()
        for box in (self.whose, self.paper, self.language):
            box.activated.connect(self._show_preview)
        self._show_preview()

    def _make_choices(self, result_count: int) -> None:
        session, preferences = self._session, self._preferences
        self.whose = self._combo(self.tr("给谁"), [])
        if session.editor.record_id is not None and session.editor.kind == "household":
            self.whose.addItem(self.tr("打开的这一户"), True)
        self.whose.addItem(self.tr("左边列出的 {0} 户").format(result_count), False)
        papers = [(interface.translate(paper.label), paper.value) for paper in PaperFormat]
        self.paper = self._combo(self.tr("纸张"), papers, preferences.paper)
        languages = [(interface.translate(text), key) for key, text in LANGUAGES.items()]
        self.language = self._combo(self.tr("文字"), languages, preferences.slip_language)

    def _make_buttons(self) -> None:
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("进度"))
        self.progress.setRange(0, PROGRESS_MAX)
        self.progress.hide()
        self.stop = QPushButton(self.tr("停止"))
        self.stop.clicked.connect(self._cancel)
        self.stop.hide()
        self.print_button = QPushButton(self.tr("打印…"))
        self.print_button.setObjectName("primary")
        self.print_button.setDefault(True)
        self.print_button.clicked.connect(self.choose_printer)
        self.save_button = QPushButton(self.tr("存为 PDF…"))
        self.save_button.clicked.connect(self._choose_file)
        self._close = QPushButton(self.tr("关闭"))
        self._close.clicked.connect(self.reject)

    def _combo(self, name: str, choices: Sequence[tuple[str, str]], chosen: str = "") -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        for label, value in choices:
            box.addItem(label, value)
        box.setCurrentIndex(max(box.findData(chosen), 0))
        return box

    def _lay_out(self) -> None:
        form = QFormLayout()
        for box in (self.whose, self.paper, self.language):
            form.addRow(box.accessibleName(), box)
        column = QVBoxLayout()
        column.addLayout(form)
        for label in (self.message, self.problem, self.earlier):
            column.addWidget(label)
        column.addStretch(1)
        buttons = (self.progress, self.stop, self.print_button, self.save_button, self._close)
        for widget in buttons:
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
    def is_ready(self) -> bool:
        """Whether the preview is drawn, or none is needed."""
        return not self._is_single or self._shown is not None

    @property
    def _is_single(self) -> bool:
        return bool(self.whose.currentData())

    @property
    def _paper(self) -> PaperFormat:
        return PaperFormat(self.paper.currentData())

    @property
    def _language(self) -> SlipLanguage:
        language: SlipLanguage = self.language.currentData()
        return language

    def _show_preview(self) -> None:
        """Show the open household's slip as chosen, or a hint for the listed households."""
        self._preferences.paper = self._paper.value
        self._preferences.slip_language = self._language
        for label in (self.problem, self.message, self.earlier):
            label.setText("")
        for button in (self.print_button, self.save_button):
            button.setEnabled(True)
        record_id, standards = self._session.editor.record_id, self._session.standards
        language = self._language
        if not self._is_single or record_id is None:
            self.message.setText(self.tr("按左边的次序，一户接一户；没有入户日期的不打。"))
            self._show(None)
            return
        self._session.editor.save(field="")
        self._session.run(
            lambda store: (
                preview_slip(store, record_id, standards=standards, language=language),
                store.slips.issued(record_id),
            ),
            lambda result: self._draw_preview(*result),
            self._show_without_slip,
        )

    def _draw_preview(self, slip: IssuedSlip, earlier: list[SlipIssue]) -> None:
        if not self._is_single:
            return
        lines = [
            self.tr("{0}　{1}　打过 {2} 次").format(
                old.number, old.issued_on.date().isoformat(), old.printed
            )
            for old in reversed(earlier[-MAX_EARLIER_SLIPS:])
        ]
        self.earlier.setText("\n".join([self.tr("发过的："), *lines]) if lines else "")
        paper, resolution = self._paper, self._printer.resolution()
        # The task outlives the dialog, should that be closed before the slip is drawn.
        task = CancellableTask(self._session)
        thread = QtThread(task)
        load_font()
        self._session.closing.connect(thread.wait)
        task.finished.connect(self._show_drawn)
        thread.finished.connect(task.deleteLater)
        self._previewing = task
        task.start(
            thread.submit, lambda _: draw_preview(slip, paper, resolution, PREVIEW_DOTS_PER_INCH)
        )

    @Slot(object)
    def _show_drawn(self, picture: SlipPicture) -> None:
        if self.sender() is self._previewing and self._is_single:
            glyphs, page, images = picture
            texts = (self.message.text(), self.describe_glyphs(glyphs))
            self.message.setText("\n".join(text for text in texts if text))
            self._show((page, images))

    def describe_glyphs(self, glyphs: FontCoverage) -> str:
        """Describe the characters that are not in the slip's font."""
        lines = []
        for character, family in glyphs.others.items():
            lines.append(self.tr("“{0}”用字体 {1} 打印。").format(character, family))
        if glyphs.missing:
            text = self.tr("没有字形：{0}。打出来留空，请用笔补上。")
            lines.append(text.format(name_characters(glyphs.missing)))
        return "\n".join(lines)

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

    def choose_printer(self) -> None:
        """Choose a printer and print on it."""
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
        """Print on a printer."""

        def target(pages: Iterable[SlipPages]) -> int:
            return paint_all(pages, printer)

        self._write(target, printer.printerName() or self.tr("打印机"))

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("存为 PDF"), "", self.tr("PDF (*.pdf)"))
        if name:
            self.save_to(Path(name).with_suffix(".pdf"))

    def save_to(self, path: Path) -> None:
        """Save as one PDF."""
        self._write(partial(write_pdf, path=path), path.name)

    def _write(self, target: Target, destination: str) -> None:
        record_id = self._session.editor.record_id
        self._session.editor.save(field="")
        self._destination = destination
        if self._is_single and record_id is not None:
            self._write_single(record_id, target)
        else:
            self._write_listed(target)

    def _write_single(self, record_id: UUID, target: Target) -> None:
        standards, language = self._session.standards, self._language
        writing = SlipWriter(self._session, target, self._paper)
        self._follow(writing)
        writing.finished.connect(self._show_single_written)
        self._session.run(
            lambda store: issue_slip(store, record_id, standards=standards, language=language),
            lambda slip: writing.write([slip]),
            writing.fail,
        )

    @Slot(object)
    def _show_single_written(self, written: WrittenSlips) -> None:
        (slip,) = written.slips
        text = self.tr("补打 {0}，{1} 页：{2}") if slip.reprint else self.tr("{0}，{1} 页：{2}")
        self._show_preview()
        self._tell(text.format(slip.number, written.pages, self._destination))

    def _write_listed(self, target: Target) -> None:
        options = SlipOptions(self._session.standards, self._language, self._paper)
        batch = SlipBatch(self._session, self._search, target, options)
        self._follow(batch)
        batch.finished.connect(self._show_batch_written)
        batch.issue_and_write(self._session.run)

    @Slot(object)
    def _show_batch_written(self, written: WrittenSlips) -> None:
        count = len(written.slips)
        text = self.tr("{0} 张明白卡，{1} 页：{2}").format(count, written.pages, self._destination)
        if written.skipped:
            text += self.tr("；没有入户日期的 {0} 户未打").format(written.skipped)
        if written.missing:
            blanks = self.tr("；没有字形、打出来留空的请用笔补上：{0}")
            text += blanks.format(name_characters(written.missing))
        self._tell(text if written.pages else self.tr("已停止，什么也没有打"))

    def _follow(self, writing: SlipWriter) -> None:
        """Show the progress of a task; it outlives the dialog, should that be closed meanwhile."""
        self.writing = writing
        self._show_busy(True)
        writing.progress.connect(self.progress.setValue)
        writing.finished.connect(self._show_idle)
        writing.failed.connect(self._show_error)
        self._session.closing.connect(writing.end)

    def _show_busy(self, busy: bool) -> None:
        self.progress.setValue(0)
        for widget in (self.progress, self.stop):
            widget.setVisible(busy)
        boxes = (self.print_button, self.save_button, self.whose, self.paper, self.language)
        for box in boxes:
            box.setEnabled(not busy)

    @Slot(object)
    def _show_idle(self, _: object) -> None:
        self._show_busy(False)

    def _cancel(self) -> None:
        if self.writing is not None:
            self.writing.cancel()

    def reject(self) -> None:
        self._cancel()
        super().reject()

    def _tell(self, text: str) -> None:
        self.message.setText(text)
        self.printed.emit(text)

    def _show_without_slip(self, error: UserError) -> None:
        """Show why the open household has no slip; nothing of another one is shown or printed."""
        self._show_error(error)
        if self._is_single:
            self._show(None)
            for button in (self.print_button, self.save_button):
                button.setEnabled(False)

    @Slot(object)
    def _show_error(self, error: UserError) -> None:
        self._show_busy(False)
        if isinstance(error, TaskCancelled):
            self._tell(self.tr("已停止，什么也没有打"))
            return
        self.problem.setText(
            self.tr("这一户还没有入户日期：先填上，再看明白卡。")
            if error.text == MISSING_SURVEY_DATE
            else interface.translate(error.text)
        )
