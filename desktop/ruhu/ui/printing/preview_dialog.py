"""Print preview that draws only the page shown, so that long lists open at once."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ruhu.errors import UserError
from ruhu.progress import ProgressCallback
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.core.cancellable_task import PROGRESS_MAX, CancellableTask, TaskCancelled
from ruhu.ui.core.i18n import interface
from ruhu.ui.printing.font_fallback import name_characters
from ruhu.ui.printing.pages import (
    PrintPages,
    image_of,
    page_layout,
    paint_pages,
    paper_size,
    write_pages,
)
from ruhu.ui.widgets.wrapped_label import wrapped_label

FIT_WIDTH, FIT_PAGE = "width", "page"
ZOOM_PERCENTS = (75, 100, 150, 200)
SCREEN_DOTS_PER_INCH = 96
MIN_ZOOM = 0.1
"""The smallest scale of a page."""

PAPER_EDGE = 8
"""Pixels around the paper."""

Target = Callable[[ProgressCallback], int]
"""Writes pages to a file or a printer; returns their number."""


class _PageRenderer(QObject):
    """Draws and prints pages on a thread of its own; results after `end` are dropped."""

    idle = Signal()
    failed = Signal(object)

    def __init__(self, pages: PrintPages) -> None:
        super().__init__()
        self._pages = pages
        self._printing: CancellableTask | None = None
        self._worker = Worker("pages")
        self._worker.idle.connect(self.idle)
        self._worker.failed.connect(self.failed)
        self._is_ended = False

    @property
    def busy(self) -> bool:
        """Whether a page is being drawn or printed."""
        return self._worker.busy

    def draw(self, index: int, dots_per_inch: float, done: Callable[[QImage], None]) -> None:
        """Draw a page."""
        pages = self._pages
        self._worker.submit(
            lambda: image_of(pages, index, dots_per_inch),
            lambda image: None if self._is_ended else done(image),
        )

    def print(self, target: Target) -> CancellableTask:
        """Print; the task finishes with the number of pages."""
        self._printing = task = CancellableTask(self)
        task.start(self._worker.submit, target)
        return task

    def cancel(self) -> None:
        """Print no further page."""
        if self._printing is not None:
            self._printing.cancel()

    def end(self) -> None:
        """Cancel, and wait until nothing runs."""
        if self._is_ended:
            return
        self._is_ended = True
        self.blockSignals(True)
        if self._printing is not None:
            self._printing.blockSignals(True)
        self.cancel()
        self._worker.stop()


class _PageView(QWidget):
    """The current page, centred."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._image: QImage | None = None

    def show_image(self, image: QImage) -> None:
        """Show a page's picture."""
        self._image = image
        size: QSize = image.deviceIndependentSize().toSize()
        self.setMinimumSize(size + QSize(2 * PAPER_EDGE, 2 * PAPER_EDGE))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        size = self._image.deviceIndependentSize().toSize()
        left, top = ((self.size() - size) / 2).toTuple()
        painter = QPainter(self)
        painter.drawImage(left, top, self._image)
        painter.setPen(self.palette().mid().color())
        painter.drawRect(left - 1, top - 1, size.width() + 1, size.height() + 1)


class _ScrollArea(QScrollArea):
    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class PrintPreview(QDialog):
    """Shows pages one by one, prints them or saves them as PDF."""

    def __init__(self, parent: QWidget | None, pages: PrintPages) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("打印预览：{0}").format(pages.title))
        self.resize(1180, 690)
        self.pages = pages
        self.image = QImage()
        self.shown: int | None = None
        self._requested: tuple[int, float] | None = None
        self._is_printing = self._is_closing = False
        self._renderer = self._make_renderer()
        self._make_page_controls()
        self._make_buttons()
        self.message, self.problem = wrapped_label(), wrapped_label("wrong")
        for label in (self.message, self.problem):
            label.hide()
        self._paper = _PageView(self.tr("页面"))
        self._area = _ScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._paper)
        self._area.resized.connect(self._draw)
        self._lay_out()
        self._show_busy(False)
        if pages.remark:
            text = self.tr("没有字形：{0}。打出来留空，请用笔补上。")
            self._say(self.message, text.format(name_characters(pages.remark)))

    def _make_renderer(self) -> _PageRenderer:
        renderer = _PageRenderer(self.pages)
        renderer.idle.connect(self._draw)
        renderer.failed.connect(self._failed)
        # Locking deletes the window with its dialogs, without closing them.
        self.destroyed.connect(lambda: renderer.end())
        self.finished.connect(renderer.end)
        return renderer

    def _make_page_controls(self) -> None:
        self.page = QSpinBox()
        self.page.setAccessibleName(self.tr("页"))
        self.page.setRange(1, self.pages.count)
        self.page.setSuffix(self.tr(" / {0} 页").format(self.pages.count))
        self.page.setKeyboardTracking(False)
        self.page.valueChanged.connect(self._show_page)
        keys = QKeySequence.StandardKey
        self.back = self._step_button(self.tr("上一页"), -1, keys.MoveToPreviousPage)
        self.forward = self._step_button(self.tr("下一页"), 1, keys.MoveToNextPage)
        self.zoom = QComboBox()
        self.zoom.setAccessibleName(self.tr("大小"))
        self.zoom.addItem(self.tr("适合宽度"), FIT_WIDTH)
        self.zoom.addItem(self.tr("整页"), FIT_PAGE)
        for percent in ZOOM_PERCENTS:
            self.zoom.addItem(f"{percent} %", percent)
        self.zoom.activated.connect(self._draw)

    def _step_button(self, label: str, step: int, key: QKeySequence.StandardKey) -> QPushButton:
        button = QPushButton(label)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.page.setValue(self.page.value() + step))
        QShortcut(key, self).activated.connect(button.click)
        return button

    def _make_buttons(self) -> None:
        self.print = QPushButton(self.tr("打印…"))
        self.print.setObjectName("primary")
        self.print.setDefault(True)
        self.print.clicked.connect(self._choose_printer)
        self.save = QPushButton(self.tr("存为 PDF…"))
        self.save.clicked.connect(self._choose_file)
        self.stop = QPushButton(self.tr("停止"))
        self.stop.clicked.connect(self._renderer.cancel)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("进度"))
        self.progress.setRange(0, PROGRESS_MAX)

    def _lay_out(self) -> None:
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.reject)
        bar = QHBoxLayout()
        for widget in (self.back, self.page, self.forward, self.zoom):
            bar.addWidget(widget)
        bar.addStretch(1)
        for button in (self.save, self.print, close):
            bar.addWidget(button)
        running = QHBoxLayout()
        running.addWidget(self.progress, 1)
        running.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.addLayout(bar)
        layout.addLayout(running)
        layout.addWidget(self.message)
        layout.addWidget(self.problem)
        layout.addWidget(self._area, 1)

    # The current page

    def _show_page(self) -> None:
        self._area.verticalScrollBar().setValue(0)
        self.back.setEnabled(self.page.value() > 1)
        self.forward.setEnabled(self.page.value() < self.pages.count)
        self._draw()

    def _dots_per_inch(self) -> float:
        """Return the resolution of the current page in the screen's physical pixels."""
        chosen = self.zoom.currentData()
        if chosen in (FIT_WIDTH, FIT_PAGE):
            paper, bar = paper_size(SCREEN_DOTS_PER_INCH), self._area.verticalScrollBar().sizeHint()
            scale = (self._area.width() - bar.width() - 3 * PAPER_EDGE) / paper.width()
            if chosen == FIT_PAGE:
                scale = min(scale, (self._area.height() - 3 * PAPER_EDGE) / paper.height())
        else:
            scale = chosen / 100
        return max(scale, MIN_ZOOM) * SCREEN_DOTS_PER_INCH * self.devicePixelRatioF()

    def _draw(self) -> None:
        """Draw the current page, after a page that is being drawn."""
        if not self.isVisible():  # its size is not known yet
            return
        request = (self.page.value() - 1, self._dots_per_inch())
        if not self._renderer.busy and request != self._requested:
            self._requested = request
            self._renderer.draw(*request, partial(self._show_image, request[0]))

    def _show_image(self, index: int, image: QImage) -> None:
        self.shown, self.image = index, image
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self._paper.show_image(image)

    # Printing and saving

    def _choose_printer(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageLayout(page_layout())
        printer.setDocName(self.pages.title)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, self.pages.count)
        dialog.setFromTo(1, self.pages.count)
        dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange)
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            self.print_to(printer)

    def print_to(self, printer: QPrinter) -> None:
        """Print the printer's range of pages, by default all."""
        first, last, pages = printer.fromPage() or 1, printer.toPage(), self.pages
        chosen = range(first - 1, min(last or pages.count, pages.count))
        self._print(
            lambda report: paint_pages(pages, printer, chosen, report),
            printer.printerName() or self.tr("打印机"),
        )

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("存为 PDF"), "", self.tr("PDF (*.pdf)"))
        if name:
            self.save_to(Path(name).with_suffix(".pdf"))

    def save_to(self, path: Path) -> None:
        """Save all pages as one PDF."""
        pages = self.pages
        self._print(lambda report: write_pages(pages, path, report), path.name)

    def _print(self, target: Target, destination: str) -> None:
        self._say(self.problem, "")
        self.progress.setValue(0)
        self._destination = destination
        self._show_busy(True)
        task = self._renderer.print(target)
        task.progress.connect(self.progress.setValue)
        task.finished.connect(self._show_printed)
        task.failed.connect(self._failed)

    def _show_printed(self, pages: int) -> None:
        self._show_ended(self.message, self.tr("{0} 页：{1}").format(pages, self._destination))

    def _failed(self, error: UserError) -> None:
        if isinstance(error, TaskCancelled):
            self._show_ended(self.message, self.tr("已停止"))
        else:
            self._show_ended(self.problem, interface.translate(error.text))

    def _show_ended(self, label: QLabel, text: str) -> None:
        self._show_busy(False)
        self._say(label, text)
        if self._is_closing:
            super().reject()

    def _say(self, label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _show_busy(self, busy: bool) -> None:
        self._is_printing = busy
        self.progress.setVisible(busy)
        self.stop.setVisible(busy)
        for widget in (self.back, self.forward, self.page, self.zoom, self.print, self.save):
            widget.setEnabled(not busy)
        if not busy:
            self._show_page()

    def reject(self) -> None:
        if self._is_printing:
            self._is_closing = True
            self._renderer.cancel()
        else:
            super().reject()
