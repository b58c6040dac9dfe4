"""Install a package's program next to the existing versions, and roll back.

Everything is written under a temporary name, flushed and renamed; the last step is the small file of
`installed_versions`. An interruption leaves the old version, or the new one on trial.
"""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from ruhu.data_folder import lock_of
from ruhu.errors import UserError
from ruhu.files.atomic_write import WriteFailed, sync_folder
from ruhu.files.migration_backup import copy_before, restore_backup
from ruhu.i18n import BilingualText
from ruhu.progress import ProgressCallback, no_progress
from ruhu.updates.archive import refusal, unpack
from ruhu.updates.installed_versions import (
    Versions,
    VersionState,
    installed_version,
    program_name,
    version_of,
)
from ruhu.updates.package import (
    Package,
    UpdateRefused,
    read_package,
    require_usable,
)
from ruhu.updates.version import CURRENT_VERSION, Version

FREE_SPACE_MARGIN = 64 * 1024**2
"""Bytes that must stay free on the disk after an installation."""
INCOMING = ".incoming"


class NoPreviousVersion(UserError):
    """There is no version to roll back to."""


class DataTooNew(UserError):
    """The previous version cannot read the data in its current form."""


@dataclass(frozen=True, slots=True)
class RollbackResult:
    """The version used from the next start on, and where data that it cannot read is kept."""

    version: Version
    kept: tuple[Path, ...]


def newest_version(state: VersionState) -> Version:
    """Return the newest version that is current or on trial."""
    versions = [version_of(name) for name in (state.current, state.trial)]
    return max([CURRENT_VERSION, *(version for version in versions if version)])


def install(
    versions: Versions, path: Path, root: bytes | None, progress: ProgressCallback = no_progress
) -> Package:
    """Install a package's program next to the others, to be tried at the next start of the window.

    `progress` gets the bytes done and in total. Raises `UpdateRefused`, `WriteFailed`; nothing has changed
    then.
    """
    package = read_package(path, root)
    name = f"{package.version}-{package.digest[:8]}"
    with _exclusive(versions):
        state = versions.read()
        require_usable(package, newest_version(state))
        _clear(versions, state)
        incoming = versions.folder / INCOMING
        try:
            _require_room(versions.folder, package)
            incoming.mkdir()
            _unpack_program(package, incoming, progress)
            target = versions.folder / name
            (incoming / "program").replace(target)
            sync_folder(versions.folder)
        except OSError as error:
            raise WriteFailed(
                BilingualText(
                    "更新装不上（{why}）；现在的版本没有动",
                    "the update cannot be installed ({why}); the current version is unchanged",
                ).format(why=error.strerror or error)
            ) from None
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
        state.trial, state.tries, state.fell_back = name, 0, ""
        versions.write(state)
    return package


def _unpack_program(package: Package, incoming: Path, progress: ProgressCallback) -> None:
    """Verify and unpack a package's program into `incoming/program`."""
    archive, total = incoming / "archive", package.length + package.unpacked
    package.copy_program(archive, lambda done, _: progress(done, total))
    unpack(
        archive,
        incoming / "program",
        package.unpacked,
        lambda done: progress(package.length + done, total),
    )
    if not (incoming / "program" / program_name()).is_file():
        raise refusal("没有程序文件", "the package contains no program")


def roll_back(
    versions: Versions, databases: list[Path], *, data_too: bool = False
) -> RollbackResult:
    """Make the previous version current from the next start on.

    With `data_too`, databases that the current version migrated are restored from the copies made before;
    newer data is kept next to them. Raises `NoPreviousVersion`, `DataTooNew`, `WriteFailed`; then the current
    version stays.
    """
    with _exclusive(versions):
        state = versions.read()
        if state.trial:  # not started yet, so it has changed nothing
            state.trial, state.tries = "", 0
            versions.write(state)
            return RollbackResult(newest_version(state), ())
        leaving = version_of(state.current)
        if leaving is None:
            raise NoPreviousVersion(
                BilingualText("没有可以退回的版本", "there is no previous version to go back to")
            )
        copies = [d for d in databases if copy_before(d, str(leaving))]
        if copies and not data_too:
            raise DataTooNew(
                BilingualText(
                    "{version} 升级过数据，旧版本读不了现在的数据。要连数据一起退回升级前的副本，"
                    "请加 --data-too；升级后录入的内容会另存，但旧版本看不到",
                    "{version} has updated the data, and the previous version cannot read it. With "
                    "--data-too the copy from before the update is restored; what was entered since is "
                    "kept in a separate file that the previous version cannot read",
                ).format(version=leaving)
            )
        with _closed(copies):
            kept = [restore_backup(database, str(leaving)) for database in copies]
            versions.write(VersionState(current=state.previous))
    version = version_of(state.previous) or installed_version()
    return RollbackResult(version, tuple(place for place in kept if place))


@contextlib.contextmanager
def _closed(databases: list[Path]) -> Iterator[None]:
    """Lock the databases, so that nobody opens them meanwhile. Raises `UserError`."""
    with contextlib.ExitStack() as locks:
        for database in databases:
            try:
                locks.enter_context(FileLock(lock_of(database.parent), timeout=0))
            except Timeout:
                raise UserError(
                    BilingualText(
                        "请先关闭窗口，再退回数据", "close the window first, then restore the data"
                    )
                ) from None
        yield


def _require_room(folder: Path, package: Package) -> None:
    free, needed = (
        shutil.disk_usage(folder).free,
        package.length + package.unpacked + FREE_SPACE_MARGIN,
    )
    if free < needed:
        raise UpdateRefused(
            BilingualText(
                "磁盘空间不够：还要 {more:,} MB；没有改动",
                "not enough disk space: {more:,} MB more are needed; nothing was changed",
            ).format(more=(needed - free) // 1024**2 + 1)
        )


def _clear(versions: Versions, state: VersionState) -> None:
    """Delete what nobody will start: incomplete installations, failed versions, and older ones."""
    used = {state.current, state.previous, state.trial}
    for folder in versions.folder.iterdir():
        ours = folder.name == INCOMING or version_of(folder.name)
        if folder.is_dir() and ours and folder.name not in used:
            shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _exclusive(versions: Versions) -> Iterator[None]:
    """Lock the versions, so that nobody else changes them meanwhile. Raises `UserError`."""
    try:
        versions.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(versions.folder / ".lock", timeout=0):
            yield
    except Timeout:
        raise UserError(
            BilingualText(
                "正在装另一个更新，请等它装完",
                "another update is being installed; wait until it has finished",
            )
        ) from None
