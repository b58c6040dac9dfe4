"""Slips of many households in one run, off the interface thread."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage, QPageLayout

from ruhu.errors import UserError
from ruhu.policy.standards.model import DatedStandards
from ruhu.progress import ProgressCallback
from ruhu.slips.document import SlipLanguage
from ruhu.slips.html import PaperFormat
from ruhu.slips.issuing import IssuedSlip, issue_slip
from ruhu.store.search import Search
from ruhu.store.store import Store
from ruhu.ui.core.cancellable_task import CancellableTask, QtThread
from ruhu.ui.printing.font_fallback import FontCoverage
from ruhu.ui.printing.slip_printing import SlipPages, load_font, pictures_of

Target = Callable[[Iterable[SlipPages]], int]
"""Writes slips to a file or a printer; returns the number of pages."""
SlipPicture = tuple[FontCoverage, QPageLayout, list[QImage]]


@dataclass(frozen=True, slots=True)
class WrittenSlips:
    """Slips that were written: pages, skipped households, and characters that no font has."""

    slips: tuple[IssuedSlip, ...]
    pages: int
    skipped: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SlipOptions:
    """How slips are issued."""

    standards: DatedStandards
    language: SlipLanguage
    paper: PaperFormat


def write_slips(
    slips: list[IssuedSlip], target: Target, paper: PaperFormat, report: ProgressCallback
) -> tuple[int, tuple[str, ...]]:
    """Lay out and write slips; returns the pages and the characters that no font has.

    `report` is called before each slip.
    """
    missing: set[str] = set()

    def laid_out() -> Iterator[SlipPages]:
        for number, slip in enumerate(slips):
            report(number, len(slips))
            pages = SlipPages(slip, paper)
            missing.update(pages.glyphs.missing)
            yield pages

    return target(laid_out()), tuple(sorted(missing))


class SlipWriter(CancellableTask):
    """Lays out issued slips and writes them in a thread of Qt; finishes with `WrittenSlips`."""

    def __init__(self, owner: QObject, target: Target, paper: PaperFormat) -> None:
        super().__init__(owner)
        self._target, self._paper = target, paper
        # Fonts are loaded on the interface thread, before another thread lays anything out.
        load_font()
        self._thread = QtThread(self)
        self._thread.finished.connect(self.deleteLater)

    def write(self, slips: list[IssuedSlip], *, skipped: int = 0, issued: int = 0) -> None:
        """Write slips; with `issued`, issuing them was the first half of the progress."""

        def job(report: ProgressCallback) -> WrittenSlips:
            pages, missing = write_slips(
                slips,
                self._target,
                self._paper,
                lambda done, total: report(issued + done, issued + total),
            )
            return WrittenSlips(tuple(slips), pages, skipped, missing)

        self.start(self._thread.submit, job)

    def wait(self) -> None:
        """Wait for the thread to end."""
        self._thread.wait()

    @Slot()
    def end(self) -> None:
        """Cancel, and wait for the thread to end."""
        self.cancel()
        self.wait()


class SlipBatch(SlipWriter):
    """Issues the slips of a search on the store's thread, then writes them.

    Cancelled, it writes no file, while a printer may have got some pages; issued slips keep their
    numbers. Households without a survey date are skipped.
    """

    def __init__(
        self, owner: QObject, search: Search, target: Target, options: SlipOptions
    ) -> None:
        super().__init__(owner, target, options.paper)
        self._search, self._options = search, options

    def issue_and_write(self, run: Callable[..., None]) -> None:
        """Start; `run` runs a job on the store's thread."""
        run(self._issue, self._write, self.fail)

    def _issue(self, store: Store) -> list[IssuedSlip | None]:
        summaries = store.records.summaries(self._search)
        slips: list[IssuedSlip | None] = []
        for number, summary in enumerate(summaries):
            self.report(number, 2 * len(summaries))
            slips.append(self._issue_one(store, summary.record_id))
        return slips

    def _issue_one(self, store: Store, record_id: UUID) -> IssuedSlip | None:
        try:
            return issue_slip(
                store,
                record_id,
                standards=self._options.standards,
                language=self._options.language,
            )
        except UserError:
            return None

    def _write(self, slips: list[IssuedSlip | None]) -> None:
        issued = [slip for slip in slips if slip is not None]
        self.write(issued, skipped=len(slips) - len(issued), issued=len(issued))


def draw_preview(
    slip: IssuedSlip, paper: PaperFormat, resolution: int, dots_per_inch: int
) -> SlipPicture:
    """Draw a slip for its preview; call `load_font` on the interface thread before."""
    pages = SlipPages(slip, paper)
    return (pages.glyphs, *pictures_of(pages, resolution, dots_per_inch))
