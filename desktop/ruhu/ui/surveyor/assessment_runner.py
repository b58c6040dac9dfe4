"""Assess the current record on a thread of its own; only the latest result is emitted."""

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal

from ruhu.errors import UserError
from ruhu.policy.evaluation.assess import assess, warm_up
from ruhu.policy.evaluation.finding import Assessment
from ruhu.policy.evaluation.record_reader import read_draft
from ruhu.policy.standards.model import StandardsBook
from ruhu.strict_json import Document
from ruhu.ui.core.background_worker import Worker


class AssessmentRunner(QObject):
    """Runs assessments. `failed` gives the reason, e.g. a survey before the first policy text."""

    assessed = Signal(object)
    failed = Signal(object)

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self._worker = worker
        self._latest = 0

    @property
    def busy(self) -> bool:
        """Whether jobs are waiting or running."""
        return self._worker.busy

    def warm_up(self) -> None:
        """Compile the rules while the user types the passphrase, so that the first list is not delayed."""
        today = date.today()  # noqa: DTZ011
        # A clock before the first text is reported when a record is assessed, not here.
        self._worker.submit(lambda: warm_up(today), failed=lambda _: None)

    def assess(self, document: Document, standards: StandardsBook) -> None:
        """Assess a record as it is being typed; a request supersedes those before it."""
        self._latest += 1
        request = self._latest

        def job() -> Assessment | None:
            if request != self._latest or not document:
                return None
            try:
                reading = read_draft(document)
            except UserError:
                return None
            on = None if reading.survey_day else date.today()  # noqa: DTZ011
            return assess(reading, on=on, standards=standards)

        def done(assessment: Assessment | None) -> None:
            if assessment is not None and request == self._latest:
                self.assessed.emit(assessment)

        def failed(error: UserError) -> None:
            if request == self._latest:
                self.failed.emit(error.text)

        self._worker.submit(job, done, failed)

    def run(self, job: Callable[[], Any], done: Callable[[Any], None] | None = None) -> None:
        """Run a job that needs no store on the assessor's thread."""
        self._worker.submit(job, done)

    def stop(self) -> None:
        """Finish the jobs and end the thread."""
        self._worker.stop()
