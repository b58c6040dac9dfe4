"""Putting a package's program beside the versions in use, and going back to the one before.

Everything is written under a name that nobody starts, flushed, and renamed; the last act is the small file
of `versions`. Whoever is killed on the way leaves the old version, or the new one on trial.
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
from ruhu.updates.archive import refused, unpack
from ruhu.updates.installed_versions import (
    State,
    Versions,
    installed_version,
    program_name,
    version_of,
)
from ruhu.updates.package import (
    Counting,
    Package,
    UpdateRefused,
    read_package,
    require_usable,
)
from ruhu.updates.version import CURRENT_VERSION, Version

FREE_SPACE_MARGIN = 64 * 1024**2
"""Bytes that stay free on the disk whatever is put there."""
INCOMING = ".incoming"


class NoPreviousVersion(UserError):
    """There is no version to go back to."""


class DataTooNew(UserError):
    """The version before cannot read the data as it is now."""


@dataclass(frozen=True, slots=True)
class RollbackResult:
    """The version that counts from the next start on, and where data that it cannot read is kept."""

    version: Version
    kept: tuple[Path, ...]


def newest_here(state: State) -> Version:
    """The newest version that counts or is on trial."""
    found = [version_of(name) for name in (state.current, state.trial)]
    return max([CURRENT_VERSION, *(version for version in found if version)])


def install(
    versions: Versions, path: Path, root: bytes | None, told: Counting = lambda _, __: None
) -> Package:
    """Put a package's program beside the others, to be tried at the next start of the window.

    `told` gets the bytes done and to do. Raises `UpdateRefused`, `WriteFailed`; nothing has changed then.
    """
    package = read_package(path, root)
    name = f"{package.version}-{package.digest[:8]}"
    with _exclusive(versions):
        state = versions.read()
        require_usable(package, newest_here(state))
        _clear(versions, state)
        incoming = versions.folder / INCOMING
        try:
            _require_room(versions.folder, package)
            incoming.mkdir()
            _bring(package, incoming, told)
            place = versions.folder / name
            (incoming / "program").replace(place)
            sync_folder(versions.folder)
        except OSError as error:
            raise WriteFailed(
                BilingualText(
                    "更新装不上（{why}）；现在的版本没有动",
                    "the update cannot be put in place ({why}); the version in use is untouched",
                ).format(why=error.strerror or error)
            ) from None
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
        state.trial, state.tries, state.fell_back = name, 0, ""
        versions.write(state)
    return package


def _bring(package: Package, incoming: Path, told: Counting) -> None:
    """Check and unpack a package's program below a folder, as `program`."""
    archive, whole = incoming / "archive", package.length + package.unpacked
    package.copy_program(archive, lambda done, _: told(done, whole))
    unpack(
        archive,
        incoming / "program",
        package.unpacked,
        lambda done: told(package.length + done, whole),
    )
    if not (incoming / "program" / program_name()).is_file():
        raise refused("没有程序文件", "there is no program in it")


def roll_back(
    versions: Versions, databases: list[Path], *, data_too: bool = False
) -> RollbackResult:
    """Let the version before count again, from the next start on.

    Databases that the version in use has changed are put back from the copies made before, where
    `data_too` says so; what they held since is kept beside them. Raises `NoPreviousVersion`, `DataTooNew`,
    `WriteFailed`; the version in use counts then.
    """
    with _exclusive(versions):
        state = versions.read()
        if state.trial:  # not started yet, so it has changed nothing
            state.trial, state.tries = "", 0
            versions.write(state)
            return RollbackResult(newest_here(state), ())
        leaving = version_of(state.current)
        if leaving is None:
            raise NoPreviousVersion(
                BilingualText(
                    "没有可以退回的版本", "there is no version before this one to go back to"
                )
            )
        copies = [d for d in databases if copy_before(d, str(leaving))]
        if copies and not data_too:
            raise DataTooNew(
                BilingualText(
                    "{version} 升级过数据，旧版本读不了现在的数据。要连数据一起退回升级前的副本，"
                    "请加 --data-too；升级后录入的内容会另存，但旧版本看不到",
                    "{version} has changed the data so that the version before cannot read it. With "
                    "--data-too the copy from before comes back; what was entered since is kept in a "
                    "file of its own, which the version before cannot read",
                ).format(version=leaving)
            )
        with _closed(copies):
            kept = [restore_backup(database, str(leaving)) for database in copies]
            versions.write(State(current=state.previous))
    now = version_of(state.previous) or installed_version()
    return RollbackResult(now, tuple(place for place in kept if place))


@contextlib.contextmanager
def _closed(databases: list[Path]) -> Iterator[None]:
    """Nobody has the databases open meanwhile. Raises `UserError`."""
    with contextlib.ExitStack() as locks:
        for database in databases:
            try:
                locks.enter_context(FileLock(lock_of(database.parent), timeout=0))
            except Timeout:
                raise UserError(
                    BilingualText(
                        "请先关闭窗口，再退回数据", "close the window before the data goes back"
                    )
                ) from None
        yield


def _require_room(folder: Path, package: Package) -> None:
    free, wanted = (
        shutil.disk_usage(folder).free,
        package.length + package.unpacked + FREE_SPACE_MARGIN,
    )
    if free < wanted:
        raise UpdateRefused(
            BilingualText(
                "磁盘空间不够：还要 {more:,} MB；没有改动",
                "the disk is too full: {more:,} MB more are needed; nothing was changed",
            ).format(more=(wanted - free) // 1024**2 + 1)
        )


def _clear(versions: Versions, state: State) -> None:
    """Take away what nobody will start: cut-short applying, failed versions, those before the last."""
    kept = {state.current, state.previous, state.trial}
    for place in versions.folder.iterdir():
        ours = place.name == INCOMING or version_of(place.name)
        if place.is_dir() and ours and place.name not in kept:
            shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def _exclusive(versions: Versions) -> Iterator[None]:
    """Nobody else changes the versions meanwhile. Raises `UserError`."""
    try:
        versions.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(versions.folder / ".lock", timeout=0):
            yield
    except Timeout:
        raise UserError(
            BilingualText(
                "正在装另一个更新，请等它装完", "another update is being put in place; wait for it"
            )
        ) from None
