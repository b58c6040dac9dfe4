"""Find, check and install an update package, off the interface thread."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from ruhu.data_folder import installed_program
from ruhu.progress import ProgressCallback
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.core.cancellable_task import CancellableTask
from ruhu.updates.download_cache import DownloadCache
from ruhu.updates.installed_versions import Versions, versions_folder
from ruhu.updates.installer import install, newest_version
from ruhu.updates.package import Package, check_package, require_usable, trusted_root


@dataclass(frozen=True, slots=True)
class InstalledProgram:
    """The program that is updated: its versions, its trusted root, and where it is installed.

    `installed` is None for a program that runs from its source.
    """

    versions: Versions
    root: bytes | None
    installed: Path | None


def this_program() -> InstalledProgram:
    """Return the program that runs."""
    return InstalledProgram(Versions(versions_folder()), trusted_root(), installed_program())


class UpdateTask(CancellableTask):
    """Updates of one program, on a thread of their own.

    Results that come after `end` are dropped, since the dialog is closed.
    """

    def __init__(self, owner: QObject, program: InstalledProgram) -> None:
        super().__init__(owner)
        self._program = program
        self._worker = Worker("updates")

    def find_fetched(self) -> None:
        """Find the newest package that the county has sent; finishes with it or None."""
        program = self._program
        self._start(lambda _: DownloadCache(program.versions).newest(program.root))

    def check(self, path: Path) -> None:
        """Check a package; finishes with it. Fails if it is not signed, not newer or too large."""
        program = self._program

        def job(report: ProgressCallback) -> Package:
            package = check_package(path, program.root, report)
            require_usable(package, newest_version(program.versions.read()))
            return package

        self._start(job)

    def install(self, package: Package, done: Callable[[], None]) -> None:
        """Install a package's version."""
        program = self._program

        def job(report: ProgressCallback) -> None:
            install(program.versions, package.path, program.root, report)

        self._worker.submit(lambda: job(self.report), lambda _: done(), self.fail)

    def _start(self, job: Callable[[ProgressCallback], Any]) -> None:
        self.start(self._worker.submit, job)

    def end(self) -> None:
        """Drop results, and wait until nothing runs."""
        self.blockSignals(True)
        self._worker.stop()
