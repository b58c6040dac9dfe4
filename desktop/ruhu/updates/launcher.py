"""Start the current version, and roll back if a new one does not start.

The installed program is the launcher of every later version; it never changes and is the last one to fall
back to. A new version is on trial until it has opened the data. Until then the launcher waits for it. If it
ends with an error, or was started three times without opening the data, the previous version becomes current,
and data that the new one migrated is restored from its copy.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ruhu.data_folder import HOME_VARIABLE, data_folder, installed_program, lock_of
from ruhu.updates.installed_versions import (
    INSTALLED_VARIABLE,
    Versions,
    VersionState,
    version_of,
    versions_folder,
)
from ruhu.updates.version import CURRENT_VERSION, Version

TRIAL_VARIABLE = "RUHU_ON_TRIAL"
"""Environment variable with the name of the version on trial."""
LAUNCHED_VARIABLE = "RUHU_CHOSEN"
"""Environment variable set by the launcher: a program that finds it starts no other version."""
MAX_START_ATTEMPTS = 3


def launch_current(arguments: Sequence[str]) -> int | None:
    """Start the current version with a command's arguments; return its exit code.

    Returns `None` if this program itself must continue.
    """
    program = installed_program()
    if os.environ.pop(LAUNCHED_VARIABLE, "") or program is None:
        return None
    return Launcher(Versions(versions_folder()), program).start(arguments)


class Launcher:
    """Chooses and starts versions for an installed program."""

    def __init__(self, versions: Versions, installed: Path) -> None:
        self._versions, self._installed = versions, installed

    def start(self, arguments: Sequence[str]) -> int | None:
        """See `launch_current`."""
        state = self._versions.read()
        if opens_data(arguments) and self._newer(state.trial):
            code = self._try(state, arguments)
            if code is not None:
                return code
            state = self._versions.read()
        for name in (state.current, state.previous):
            program = self._newer(name)
            if program is not None:
                # Also fall back from a damaged file, or one that a virus scanner blocks.
                with contextlib.suppress(OSError):
                    return self._hand_over(program, arguments)
        return None

    def _newer(self, name: str) -> Path | None:
        """Return the program of a version that is newer than the installed one, if it exists."""
        version = version_of(name)
        newer = version is not None and version > CURRENT_VERSION
        return self._versions.program(name, self._installed.name) if newer else None

    def _try(self, state: VersionState, arguments: Sequence[str]) -> int | None:
        """Start the version on trial; return `None` if it failed and the previous one is current."""
        name, program = state.trial, self._newer(state.trial)
        if program is not None and state.tries < MAX_START_ATTEMPTS:
            state.tries += 1
            _save_if_possible(self._versions, state)
            command = [str(program), *arguments]
            environment = self.environment({TRIAL_VARIABLE: name})
            try:
                code = subprocess.run(command, check=False, env=environment).returncode
            except OSError:
                code = -1
            if code == 0 or self._versions.read().trial != name:
                return code
        self._fall_back(name, arguments)
        return None

    def _fall_back(self, name: str, arguments: Sequence[str]) -> None:
        from filelock import FileLock

        from ruhu.errors import UserError
        from ruhu.files.migration_backup import restore_backup

        state = self._versions.read()
        state.tries = MAX_START_ATTEMPTS  # after an interruption the next start continues here
        _save_if_possible(self._versions, state)
        for database in databases(arguments):
            if not database.parent.is_dir():
                continue
            try:
                with FileLock(lock_of(database.parent), timeout=0):
                    restore_backup(database, str(version_of(name)))
            except (OSError, UserError):
                # In use, or the disk is full: the previous version reports it, and the next start retries.
                return
        state.trial, state.tries, state.fell_back = "", 0, name
        _save_if_possible(self._versions, state)

    def _hand_over(self, program: Path, arguments: Sequence[str]) -> int:
        command, environment = [str(program), *arguments], self.environment({})
        if os.name != "nt":  # on Windows, exec releases the console before the program ends
            os.execve(program, command, environment)  # noqa: S606 - no shell is wanted
        return subprocess.run(command, check=False, env=environment).returncode

    def environment(self, variables: Mapping[str, str]) -> dict[str, str]:
        """Return the environment for another frozen program, without this one's loader variables."""
        own = {
            LAUNCHED_VARIABLE: "1",
            HOME_VARIABLE: str(self._installed.parent),
            INSTALLED_VARIABLE: str(CURRENT_VERSION),
        }
        return {**_without_loader(), **variables, **own}


def _without_loader() -> dict[str, str]:
    """Return this process's environment without the variables of a frozen program's loader."""
    environment = {**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"}
    if "LD_LIBRARY_PATH_ORIG" in environment:
        environment["LD_LIBRARY_PATH"] = environment.pop("LD_LIBRARY_PATH_ORIG")
    elif sys.platform.startswith("linux"):
        environment.pop("LD_LIBRARY_PATH", None)
    return environment


def restart_locked(arguments: Sequence[str]) -> None:
    """Replace this process by a new one of this version, with a command's arguments.

    Nothing that this process read stays in memory. Returns if the system cannot replace a process; this one
    must end then.
    """
    frozen = getattr(sys, "frozen", False)
    command = [sys.executable, *([] if frozen else ["-m", "ruhu"]), *arguments]
    environment = _without_loader() if frozen else dict(os.environ)
    if os.name != "nt":
        os.execve(sys.executable, command, environment)  # noqa: S606 - no shell is wanted
    subprocess.Popen(command, env=environment)


def _save_if_possible(versions: Versions, state: VersionState) -> None:
    """Save a state if the disk allows: a full disk must not keep people from their data."""
    from ruhu.files.atomic_write import WriteFailed

    with contextlib.suppress(WriteFailed, OSError):
        versions.write(state)


def restart_installed(arguments: Sequence[str]) -> None:
    """Start the installed program again with a command's arguments; this process must end now."""
    program = installed_program()
    if program is not None:
        launcher = Launcher(Versions(versions_folder()), program)
        environment = launcher.environment({})
        for name in (LAUNCHED_VARIABLE, INSTALLED_VARIABLE):  # set by the installed program itself
            del environment[name]
        subprocess.Popen([str(program), *arguments], env=environment, start_new_session=True)


def opens_data(arguments: Sequence[str]) -> bool:
    """Return whether a command opens a window on data, and so proves that a version starts."""
    return not arguments or arguments[0] == "app" or list(arguments[:2]) == ["county", "open"]


def databases(arguments: Sequence[str]) -> list[Path]:
    """Return the database files that a window's command opens."""
    if list(arguments[:2]) == ["county", "open"]:
        return [Path(word) for word in arguments[2:3] if "://" not in word]
    folders = [
        arguments[position + 1] if word == "--data" else word.removeprefix("--data=")
        for position, word in enumerate(arguments)
        if word.startswith("--data=") or (word == "--data" and position + 1 < len(arguments))
    ]
    return [(Path(folders[-1]) if folders else data_folder()) / "store.db"]


def confirm_version() -> None:
    """Confirm that the data was opened: make a version on trial current, and a fallback reported."""
    name = os.environ.pop(TRIAL_VARIABLE, "")
    versions = Versions(versions_folder())
    state = versions.read()
    if name and state.trial == name:
        _save_if_possible(versions, VersionState(current=name, previous=state.current))
    elif state.fell_back and installed_program() is not None:
        state.fell_back = ""
        _save_if_possible(versions, state)


def last_rollback() -> Version | None:
    """Return the version that did not start and has not been reported yet."""
    return version_of(Versions(versions_folder()).read().fell_back) if installed_program() else None
