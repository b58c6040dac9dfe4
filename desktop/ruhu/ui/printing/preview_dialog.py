"""Pages as they will be printed: the one in sight is drawn when it is wanted, all others are not."""

import threading
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
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.core.i18n import interface
from ruhu.ui.printing.font_fallback import name_characters
from ruhu.ui.printing.pages import (
    PrintPages,
    StoppedError,
    image_of,
    page_layout,
    paint_pages,
    paper_size,
    write_pages,
)

FIT_WIDTH, FIT_PAGE = "width", "page"
ZOOMS = (75, 100, 150, 200)
SCREEN_DOTS = 96
MIN_ZOOM = 0.1
"""The page is never drawn smaller."""

EDGE = 8
"""Pixels left free around the paper."""

Target = Callable[[Callable[[int], object], threading.Event], int]
"""Where pages go; it tells how many it has done, ends when stopped, and returns how many they were."""


class _PageRenderer(QObject):
    """One preview's thread; `step` tells how many pages are printed. What is ready after the end is
    told to nobody.
    """

    step = Signal(int)
    idle = Signal()
    failed = Signal(object)

    def __init__(self, pages: PrintPages) -> None:
        super().__init__()
        self._pages = pages
        self._worker = Worker("pages")
        self._worker.idle.connect(lambda: self._unless_ended(self.idle.emit))
        self._worker.failed.connect(lambda error: self._unless_ended(self.failed.emit, error))
        self._stopped = threading.Event()
        self._ended = False

    @property
    def busy(self) -> bool:
        """Whether a page is being drawn or printed."""
        return self._worker.busy

    def draw(self, at: int, dots: float, done: Callable[[QImage], None]) -> None:
        """Draw a page."""
        pages = self._pages
        self._worker.submit(
            lambda: image_of(pages, at, dots), lambda image: self._unless_ended(done, image)
        )

    def deliver(self, target: Target, done: Callable[[int | None], None]) -> None:
        """Print; `done` gets how many pages there were, `None` when it was stopped."""
        stopped, tell = self._stopped, self.step.emit
        stopped.clear()

        def job() -> int | None:
            try:
                return target(tell, stopped)
            except StoppedError:
                return None

        self._worker.submit(job, lambda count: self._unless_ended(done, count))

    def _unless_ended(self, receive: Callable[..., object], *values: object) -> None:
        if not self._ended:
            receive(*values)

    def stop(self) -> None:
        """Print no further page."""
        self._stopped.set()

    def end(self) -> None:
        """Wait until nothing is at work."""
        if not self._ended:
            self._ended = True
            self.stop()
            self._worker.stop()


class _PageView(QWidget):
    """The page in sight, in the middle of the room there is."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._image: QImage | None = None

    def show_image(self, image: QImage) -> None:
        """Show a page's picture."""
        self._image = image
        size: QSize = image.deviceIndependentSize().toSize()
        self.setMinimumSize(size + QSize(2 * EDGE, 2 * EDGE))
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
    """Leafs through pages; from here they go to a printer or into a PDF."""

    def __init__(self, parent: QWidget | None, pages: PrintPages) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("打印预览：{0}").format(pages.title))
        self.resize(1180, 690)
        self.pages = pages
        self.image = QImage()
        self.shown: int | None = None
        self._asked: tuple[int, float] | None = None
        self._printing = self._closing = False
        self._drawing = drawing = _PageRenderer(pages)
        drawing.idle.connect(self._draw)
        drawing.failed.connect(self._failed)
        # A window that is locked takes its dialogs along, and nobody has closed them.
        self.destroyed.connect(lambda: drawing.end())
        self.finished.connect(drawing.end)
        self.page = QSpinBox()
        self.page.setAccessibleName(self.tr("页"))
        self.page.setRange(1, pages.count)
        self.page.setSuffix(self.tr(" / {0} 页").format(pages.count))
        self.page.setKeyboardTracking(False)
        self.page.valueChanged.connect(self._turned)
        self.back = self._turner(self.tr("上一页"), -1, QKeySequence.StandardKey.MoveToPreviousPage)
        self.on = self._turner(self.tr("下一页"), 1, QKeySequence.StandardKey.MoveToNextPage)
        self.zoom = QComboBox()
        self.zoom.setAccessibleName(self.tr("大小"))
        self.zoom.addItem(self.tr("适合宽度"), FIT_WIDTH)
        self.zoom.addItem(self.tr("整页"), FIT_PAGE)
        for percent in ZOOMS:
            self.zoom.addItem(f"{percent} %", percent)
        self.zoom.activated.connect(self._draw)
        self.print = QPushButton(self.tr("打印…"))
        self.print.setObjectName("primary")
        self.print.setDefault(True)
        self.print.clicked.connect(self._choose_printer)
        self.save = QPushButton(self.tr("存为 PDF…"))
        self.save.clicked.connect(self._choose_file)
        self.stop = QPushButton(self.tr("停止"))
        self.stop.clicked.connect(drawing.stop)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("进度"))
        drawing.step.connect(self.progress.setValue)
        self.told, self.problem = QLabel(), QLabel()
        self.problem.setObjectName("wrong")
        for label in (self.told, self.problem):
            label.setWordWrap(True)
            label.hide()
        self._paper = _PageView(self.tr("页面"))
        self._area = _ScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._paper)
        self._area.resized.connect(self._draw)
        self._lay_out()
        self._work(False)
        if pages.remark:
            text = self.tr("没有字形：{0}。打出来留空，请用笔补上。")
            self._say(self.told, text.format(name_characters(pages.remark)))

    def _turner(self, label: str, by: int, key: QKeySequence.StandardKey) -> QPushButton:
        button = QPushButton(label)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.page.setValue(self.page.value() + by))
        QShortcut(key, self).activated.connect(button.click)
        return button

    def _lay_out(self) -> None:
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.reject)
        bar = QHBoxLayout()
        for widget in (self.back, self.page, self.on, self.zoom):
            bar.addWidget(widget)
        bar.addStretch(1)
        for button in (self.save, self.print, close):
            bar.addWidget(button)
        work = QHBoxLayout()
        work.addWidget(self.progress, 1)
        work.addWidget(self.stop)
        layout = QVBoxLayout(self)
        layout.addLayout(bar)
        layout.addLayout(work)
        layout.addWidget(self.told)
        layout.addWidget(self.problem)
        layout.addWidget(self._area, 1)

    # The page in sight

    def _turned(self) -> None:
        self._area.verticalScrollBar().setValue(0)
        self.back.setEnabled(self.page.value() > 1)
        self.on.setEnabled(self.page.value() < self.pages.count)
        self._draw()

    def _dots(self) -> float:
        """Dots an inch at which the page in sight is drawn, in the screen's own pixels."""
        chosen = self.zoom.currentData()
        if chosen in (FIT_WIDTH, FIT_PAGE):
            whole, bar = paper_size(SCREEN_DOTS), self._area.verticalScrollBar().sizeHint()
            scale = (self._area.width() - bar.width() - 3 * EDGE) / whole.width()
            if chosen == FIT_PAGE:
                scale = min(scale, (self._area.height() - 3 * EDGE) / whole.height())
        else:
            scale = chosen / 100
        return max(scale, MIN_ZOOM) * SCREEN_DOTS * self.devicePixelRatioF()

    def _draw(self) -> None:
        """Have the page in sight drawn; where one is being drawn, this one comes next."""
        if not self.isVisible():  # it has not its size yet
            return
        wanted = (self.page.value() - 1, self._dots())
        if not self._drawing.busy and wanted != self._asked:
            self._asked = wanted
            self._drawing.draw(*wanted, partial(self._show, wanted[0]))

    def _show(self, at: int, image: QImage) -> None:
        self.shown, self.image = at, image
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
        """Print on a printer that was chosen, all pages or those that were."""
        first, last, pages = printer.fromPage() or 1, printer.toPage(), self.pages
        which = range(first - 1, min(last or pages.count, pages.count))

        def target(step: Callable[[int], object], stopped: threading.Event) -> int:
            return paint_pages(pages, printer, which, step, stopped)

        self._deliver(target, len(which), printer.printerName() or self.tr("打印机"))

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, self.tr("存为 PDF"), "", self.tr("PDF (*.pdf)"))
        if name:
            self.save_to(Path(name).with_suffix(".pdf"))

    def save_to(self, path: Path) -> None:
        """Save all pages as one PDF."""
        pages = self.pages

        def target(step: Callable[[int], object], stopped: threading.Event) -> int:
            return write_pages(pages, path, step, stopped)

        self._deliver(target, pages.count, path.name)

    def _deliver(self, target: Target, count: int, where: str) -> None:
        self._say(self.problem, "")
        self.progress.setRange(0, count)
        self.progress.setValue(0)
        self._work(True)
        self._drawing.deliver(target, partial(self._delivered, where))

    def _delivered(self, where: str, pages: int | None) -> None:
        self._work(False)
        done = self.tr("{0} 页：{1}").format(pages, where)
        self._say(self.told, self.tr("已停止") if pages is None else done)
        if self._closing:
            super().reject()

    def _failed(self, error: UserError) -> None:
        self._work(False)
        self._say(self.problem, interface.translate(error.text))
        if self._closing:
            super().reject()

    def _say(self, label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

    def _work(self, busy: bool) -> None:
        self._printing = busy
        self.progress.setVisible(busy)
        self.stop.setVisible(busy)
        for widget in (self.back, self.on, self.page, self.zoom, self.print, self.save):
            widget.setEnabled(not busy)
        if not busy:
            self._turned()

    def reject(self) -> None:
        if self._printing:
            self._closing = True
            self._drawing.stop()
        else:
            super().reject()
