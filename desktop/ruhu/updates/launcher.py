"""Starting the version that counts, and going back where a new one does not start.

The program as it was installed is the launcher of every version that came after it; it stays as it is and
is the last one to go back to. A new version is on trial until it has opened the data. While it is, the
launcher waits for it: where it ends with an error, or was started three times without opening anything,
the version before counts again, and data that the new one migrated is put back from its copy.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ruhu.data_folder import HOME_VARIABLE, data_folder, installed_program, lock_of
from ruhu.updates.installed_versions import (
    INSTALLED,
    State,
    Versions,
    version_of,
    versions_folder,
)
from ruhu.updates.version import CURRENT_VERSION, Version

TRIAL_VARIABLE = "RUHU_ON_TRIAL"
"""The variable in which a version on trial finds its name."""
LAUNCHED_VARIABLE = "RUHU_CHOSEN"
"""The variable that says that the choice was made: who finds it starts nobody else."""
MAX_START_ATTEMPTS = 3


def launch_current(words: Sequence[str]) -> int | None:
    """Start the version that counts with the words of a command, and return its exit code.

    Returns `None` where this very program is to go on.
    """
    program = installed_program()
    if os.environ.pop(LAUNCHED_VARIABLE, "") or program is None:
        return None
    return Launcher(Versions(versions_folder()), program).start(words)


class Launcher:
    """Chooses and starts versions for an installed program."""

    def __init__(self, versions: Versions, installed: Path) -> None:
        self._versions, self._installed = versions, installed

    def start(self, words: Sequence[str]) -> int | None:
        """See `launch_current`."""
        state = self._versions.read()
        if opens_data(words) and self._newer(state.trial):
            code = self._try(state, words)
            if code is not None:
                return code
            state = self._versions.read()
        for name in (state.current, state.previous):
            program = self._newer(name)
            if program is not None:
                # What the disk has torn, or a virus guard holds back, gives way as well.
                with contextlib.suppress(OSError):
                    return self._hand_over(program, words)
        return None

    def _newer(self, name: str) -> Path | None:
        """The program of a version that is newer than the installed one, if it is there."""
        version = version_of(name)
        newer = version is not None and version > CURRENT_VERSION
        return self._versions.program(name, self._installed.name) if newer else None

    def _try(self, state: State, words: Sequence[str]) -> int | None:
        """Start the version on trial; `None` where it did not start and the one before counts."""
        name, program = state.trial, self._newer(state.trial)
        if program is not None and state.tries < MAX_START_ATTEMPTS:
            state.tries += 1
            _keep(self._versions, state)
            command = [str(program), *words]
            environment = self.environment({TRIAL_VARIABLE: name})
            try:
                code = subprocess.run(command, check=False, env=environment).returncode
            except OSError:
                code = -1
            if code == 0 or self._versions.read().trial != name:
                return code
        self._fall_back(name, words)
        return None

    def _fall_back(self, name: str, words: Sequence[str]) -> None:
        from filelock import FileLock

        from ruhu.errors import UserError
        from ruhu.files.migration_backup import restore_backup

        state = self._versions.read()
        state.tries = MAX_START_ATTEMPTS  # whoever comes after a cut goes on here
        _keep(self._versions, state)
        for database in databases(words):
            if not database.parent.is_dir():
                continue
            try:
                with FileLock(lock_of(database.parent), timeout=0):
                    restore_backup(database, str(version_of(name)))
            except (OSError, UserError):
                # Open over there after all, or the disk is full: the version before says so, and the
                # next start tries again.
                return
        state.trial, state.tries, state.fell_back = "", 0, name
        _keep(self._versions, state)

    def _hand_over(self, program: Path, words: Sequence[str]) -> int:
        command, environment = [str(program), *words], self.environment({})
        if os.name != "nt":  # there, exec would let go of the console before the program has ended
            os.execve(program, command, environment)  # noqa: S606 - no shell is wanted
        return subprocess.run(command, check=False, env=environment).returncode

    def environment(self, more: Mapping[str, str]) -> dict[str, str]:
        """The environment for another frozen program, free of what this one's loader has put there."""
        own = {
            LAUNCHED_VARIABLE: "1",
            HOME_VARIABLE: str(self._installed.parent),
            INSTALLED: str(CURRENT_VERSION),
        }
        return {**_without_loader(), **more, **own}


def _without_loader() -> dict[str, str]:
    """This process's environment without what a frozen program's loader has put there."""
    told = {**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"}
    if "LD_LIBRARY_PATH_ORIG" in told:
        told["LD_LIBRARY_PATH"] = told.pop("LD_LIBRARY_PATH_ORIG")
    elif sys.platform.startswith("linux"):
        told.pop("LD_LIBRARY_PATH", None)
    return told


def restart_locked(words: Sequence[str]) -> None:
    """Put a new process of this version in the place of this one, with the words of a command.

    Nothing of what this one had read stays in memory. Returns where the system cannot replace a
    process; this one is to end then.
    """
    frozen = getattr(sys, "frozen", False)
    command = [sys.executable, *([] if frozen else ["-m", "ruhu"]), *words]
    environment = _without_loader() if frozen else dict(os.environ)
    if os.name != "nt":
        os.execve(sys.executable, command, environment)  # noqa: S606 - no shell is wanted
    subprocess.Popen(command, env=environment)


def _keep(versions: Versions, state: State) -> None:
    """Let a state count, where the disk takes it: a full one must not keep people from their data."""
    from ruhu.files.atomic_write import WriteFailed

    with contextlib.suppress(WriteFailed, OSError):
        versions.write(state)


def start_again(words: Sequence[str]) -> None:
    """Start the installed program anew with the words of a command; this one is to end now."""
    program = installed_program()
    if program is not None:
        launcher = Launcher(Versions(versions_folder()), program)
        environment = launcher.environment({})
        for name in (LAUNCHED_VARIABLE, INSTALLED):  # the installed program says that itself
            del environment[name]
        subprocess.Popen([str(program), *words], env=environment, start_new_session=True)


def opens_data(words: Sequence[str]) -> bool:
    """Whether a command opens a window over data, and so shows that a version starts."""
    return not words or words[0] == "app" or list(words[:2]) == ["county", "open"]


def databases(words: Sequence[str]) -> list[Path]:
    """The databases that a window's command opens, where they are files."""
    if list(words[:2]) == ["county", "open"]:
        return [Path(word) for word in words[2:3] if "://" not in word]
    told = [
        words[at + 1] if word == "--data" else word.removeprefix("--data=")
        for at, word in enumerate(words)
        if word.startswith("--data=") or (word == "--data" and at + 1 < len(words))
    ]
    return [(Path(told[-1]) if told else data_folder()) / "store.db"]


def confirm_version() -> None:
    """The data is open: a version on trial counts from now on, and one that fell back was told of."""
    name = os.environ.pop(TRIAL_VARIABLE, "")
    versions = Versions(versions_folder())
    state = versions.read()
    if name and state.trial == name:
        _keep(versions, State(current=name, previous=state.current))
    elif state.fell_back and installed_program() is not None:
        state.fell_back = ""
        _keep(versions, state)


def last_rollback() -> Version | None:
    """The version that did not start and has not been told of yet."""
    return version_of(Versions(versions_folder()).read().fell_back) if installed_program() else None
