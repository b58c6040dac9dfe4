"""One run of the program: the screen that asks for a passphrase, then the window it opens."""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMainWindow

from ruhu.errors import UserError
from ruhu.i18n import BilingualText, Language
from ruhu.resources import resource
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.preferences import Preferences
from ruhu.ui.core.theme import apply_theme
from ruhu.ui.login.unlock_screen import UnlockScreen

if TYPE_CHECKING:
    from ruhu.ui.county.window import CountyWindow
    from ruhu.ui.login.first_run import FirstStart
    from ruhu.ui.surveyor.window import MainWindow


class Closable(Protocol):
    """A session that saves and ends its threads when it is closed."""

    def close(self) -> None:
        """Save and end."""


class WindowedApp(QObject):
    """Base of the laptop's and the county's app.

    With `ends_when_locked` a lock ends the run with `locked` set, and the caller starts a new process
    with `restart_arguments`: what a process has read stays in its memory until it ends.
    """

    ends_when_locked = locked = False
    restart_arguments: tuple[str, ...] = ()

    def __init__(self, app: QApplication, folder: Path, language: Language) -> None:
        super().__init__()
        self._app = app
        self.preferences = Preferences(folder, language)
        self.session: Closable | None = None
        self.window: QMainWindow | None = None
        self._workers: dict[str, Worker] = {}
        self.apply_style()

    def apply_style(self) -> None:
        """Apply the chosen language, theme and text size."""
        interface.use(self.preferences.language)
        apply_theme(self._app, self.preferences.theme, self.preferences.text_percent)

    def show_unlock(self) -> None:
        """Ask for the passphrase."""
        raise NotImplementedError

    def _start_worker(self, name: str) -> Worker:
        """Start a thread, which `close` ends unless a session has taken it."""
        self._workers[name] = Worker(name)
        return self._workers[name]

    def _show_first(self, screen: "UnlockScreen | FirstStart", title: str) -> None:
        window = QMainWindow()
        window.setWindowTitle(title)
        window.setCentralWidget(screen)
        window.resize(1366, 728)
        self._replace_window(window)
        screen.passphrase.setFocus()

    def _replace_window(self, window: QMainWindow) -> None:
        old, self.window = self.window, window
        window.show()
        window.activateWindow()
        if old is not None:
            old.close()
            old.deleteLater()

    def _show_main(self, window: "MainWindow | CountyWindow") -> None:
        """Show the working window; it locks on request, or when nobody is there."""
        window.lock_asked.connect(self.lock)
        window.restart_asked.connect(self.restart)
        minutes = self.preferences.lock_minutes
        if minutes:
            from ruhu.ui.core.idle_timer import IdleWatch

            IdleWatch(minutes * 60_000, window).idle.connect(self.lock)
        self._replace_window(window)
        # A full garbage collection would halt the window for a tenth of a second while somebody types.
        gc.freeze()

    def restart(self) -> None:
        """Save, close, and start the current version."""
        self.close()
        from ruhu.updates.launcher import restart_installed

        restart_installed(sys.argv[1:])
        self._app.quit()

    def lock(self) -> None:
        """Save, close what is open and ask for the passphrase again."""
        self.close()
        if self.ends_when_locked:
            self.locked = True
            self._app.quit()
        else:
            self.show_unlock()

    def close(self) -> None:
        """Save and close what is open, and end the threads."""
        if self.session is not None:
            self.session.close()
            self.session = None
        while self._workers:
            self._workers.popitem()[1].stop()


def confirm_version() -> None:
    """Confirm a version on trial: it has opened the data."""
    from ruhu.updates import launcher

    launcher.confirm_version()


def run_app(create: Callable[[QApplication], WindowedApp]) -> int:
    """Run an app until it is closed, and return its exit code.

    Raises UserError on Linux without a display.
    """
    _require_display()
    qt = QApplication([sys.argv[0], "-style", "Fusion"])
    qt.setApplicationName("Ruhu")
    qt.setWindowIcon(QIcon(str(resource("icons/ruhu.ico"))))
    app = create(qt)
    app.ends_when_locked = True
    app.show_unlock()
    code = qt.exec()
    app.close()
    if app.locked:
        from ruhu.updates.launcher import restart_locked

        restart_locked(app.restart_arguments)
    return code


def _require_display() -> None:
    display = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform.startswith("linux") and not display and not os.environ.get("QT_QPA_PLATFORM"):
        raise UserError(
            BilingualText(
                "没有图形界面（DISPLAY）：可运行 ruhu demo --out DIR 看全流程",
                "there is no display; ruhu demo --out DIR runs the whole job without one",
            )
        )
