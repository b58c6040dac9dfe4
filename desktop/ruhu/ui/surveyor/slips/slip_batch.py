"""Slips of many households in one run, off the interface thread, with progress and a way to stop."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal

from ruhu.errors import UserError
from ruhu.policy.standards.model import DatedStandards
from ruhu.slips.document import SlipLanguage
from ruhu.slips.html import PaperFormat
from ruhu.slips.issuing import IssuedSlip, issue_slip
from ruhu.store.search import Search
from ruhu.store.store import Store
from ruhu.ui.printing.slip_printing import SlipPages, load_font, pictures_of

Target = Callable[[Iterable[SlipPages]], int]
"""Where slips go, a file or a printer; returns the pages."""


class _StoppedError(Exception):
    """Somebody stopped the run."""


class SlipWriter(QThread):
    """Lays slips out and writes them in a thread of Qt's own, whose timers a layout needs."""

    step = Signal()
    written = Signal(object)

    def __init__(
        self, slips: list[IssuedSlip], target: Target, paper: PaperFormat, stopped: threading.Event
    ) -> None:
        super().__init__()
        self.slips, self._target, self._paper, self._stopped = slips, target, paper, stopped
        self.pages = 0
        self.missing: set[str] = set()
        self.error: UserError | None = None
        # Fonts are loaded on the interface thread, before another thread lays anything out.
        load_font()

    def run(self) -> None:
        try:
            self.pages = self._target(self._laid_out())
        except _StoppedError:
            self.pages = 0
        except UserError as error:
            self.error = error
        self.written.emit(self)

    def _laid_out(self) -> Iterator[SlipPages]:
        for issued in self.slips:
            if self._stopped.is_set():
                raise _StoppedError
            pages = SlipPages(issued, self._paper)
            self.missing.update(pages.glyphs.missing)
            yield pages
            self.step.emit()


class PreviewRenderer(QThread):
    """Draws one slip for its preview, off the interface thread as well."""

    drawn = Signal(object, object, object, object)

    def __init__(self, slip: IssuedSlip, paper: PaperFormat, resolution: int, dots: int) -> None:
        super().__init__()
        self._slip, self._paper = slip, paper
        self._resolution, self._dots = resolution, dots
        load_font()

    def run(self) -> None:
        pages = SlipPages(self._slip, self._paper)
        self.drawn.emit(self, pages.glyphs, *pictures_of(pages, self._resolution, self._dots))


class SlipBatch(QObject):
    """One run: `told` has how many steps there are, `step` how far it is; `done` brings the slips,
    the pages, how many households had no day to be checked on and the characters that no font has.
    Stopped, it brings no pages; a file is not written then,
    while a printer may have got some.
    """

    told = Signal(int)
    step = Signal(int)
    done = Signal(int, int, int, object)
    failed = Signal(object)

    def __init__(
        self,
        search: Search,
        target: Target,
        standards: DatedStandards,
        language: SlipLanguage,
        paper: PaperFormat,
    ) -> None:
        super().__init__()
        self._search, self._target = search, target
        self._standards, self._language, self._paper = standards, language, paper
        self._stopped = threading.Event()
        self._steps = self._left = 0
        self._writing: SlipWriter | None = None

    def start(self, run: Callable[..., Any]) -> None:
        """Begin: `run` issues the slips on the store's thread; one of their own lays them out."""
        run(self._issue, self._write, self.failed.emit)

    def stop(self) -> None:
        """End at the next household; no file is written, though what was issued stays numbered."""
        self._stopped.set()

    def end(self) -> None:
        """Stop, and wait until nothing is at work."""
        self.stop()
        if self._writing is not None:
            self._writing.wait()

    def _issue(self, store: Store) -> list[IssuedSlip]:
        found = store.records.summaries(self._search)
        self.told.emit(2 * len(found))
        slips = []
        for number, summary in enumerate(found):
            if self._stopped.is_set():
                break
            self.step.emit(number)
            try:
                slips.append(
                    issue_slip(
                        store,
                        summary.record_id,
                        standards=self._standards,
                        language=self._language,
                    )
                )
            except UserError:
                self._left += 1
        self._steps = len(found)
        return slips

    def _write(self, slips: list[IssuedSlip]) -> None:
        if self._stopped.is_set():
            self.done.emit(0, 0, self._left, ())
            return
        self._writing = SlipWriter(slips, self._target, self._paper, self._stopped)
        self._writing.step.connect(self._stepped)
        self._writing.written.connect(self._ended)
        self._writing.start()

    def _stepped(self) -> None:
        self._steps += 1
        self.step.emit(self._steps)

    def _ended(self, writing: SlipWriter) -> None:
        if writing.error is not None:
            self.failed.emit(writing.error)
        else:
            missing = tuple(sorted(writing.missing))
            self.done.emit(len(writing.slips), writing.pages, self._left, missing)
