"""Looking at an update package and putting it in place, off the interface thread."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from ruhu.data_folder import installed_program
from ruhu.errors import UserError
from ruhu.ui.core.background_worker import Worker
from ruhu.updates.download_cache import DownloadCache
from ruhu.updates.installed_versions import Versions, versions_folder
from ruhu.updates.installer import install, newest_version
from ruhu.updates.package import Package, check_package, require_usable, trusted_root


@dataclass(frozen=True, slots=True)
class InstalledProgram:
    """The program that is updated: its versions, the root it trusts, and where it was installed;
    `installed` is `None` for one that runs from its source.
    """

    versions: Versions
    root: bytes | None
    installed: Path | None


def this_program() -> InstalledProgram:
    """The program that runs."""
    return InstalledProgram(Versions(versions_folder()), trusted_root(), installed_program())


class UpdateTask(QObject):
    """One dialog's thread; `step` has the thousandths that are done."""

    step = Signal(int)

    def __init__(self, parent: QObject, program: InstalledProgram) -> None:
        super().__init__(parent)
        self._program = program
        self._worker = Worker("updates")
        self._ended = False

    def look(
        self,
        path: Path | None,
        done: Callable[[Package | None], None],
        failed: Callable[[UserError], None],
    ) -> None:
        """Check a package, or find the one that the county has sent; `done` gets it."""
        versions, root = self._program.versions, self._program.root

        def job() -> Package | None:
            if path is None:
                return DownloadCache(versions).newest(root)
            package = check_package(path, root, self._tell)
            require_usable(package, newest_version(versions.read()))
            return package

        self._submit(job, done, failed)

    def apply(
        self,
        package: Package,
        done: Callable[[Package], None],
        failed: Callable[[UserError], None],
    ) -> None:
        """Put a package's version in place; `done` gets it."""
        versions, root = self._program.versions, self._program.root
        self._submit(lambda: install(versions, package.path, root, self._tell), done, failed)

    def _submit(
        self,
        job: Callable[[], Any],
        done: Callable[[Any], None],
        failed: Callable[[UserError], None],
    ) -> None:
        """Do a job; what comes after the end is told to nobody, for the dialog is gone."""

        def unless_ended(receive: Callable[[Any], None]) -> Callable[[Any], None]:
            return lambda value: None if self._ended else receive(value)

        self._worker.submit(job, unless_ended(done), unless_ended(failed))

    def _tell(self, done: int, whole: int) -> None:
        self.step.emit(done * 1000 // max(whole, 1))

    def end(self) -> None:
        """Wait until nothing is at work."""
        self._ended = True
        self._worker.stop()
