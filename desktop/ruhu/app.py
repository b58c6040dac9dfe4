"""The app: wires store, threads and screens together."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMainWindow

from ruhu.store.place import has_store
from ruhu.survey.text import Language, Text, UserError
from ruhu.ui.idle import IdleWatch
from ruhu.ui.language import interface
from ruhu.ui.preferences import Preferences
from ruhu.ui.theme import apply_theme
from ruhu.ui.unlock import UnlockScreen
from ruhu.ui.worker import Worker

if TYPE_CHECKING:
    from ruhu.county.store import CountyStore
    from ruhu.store.store import Store
    from ruhu.ui.county_session import CountySession
    from ruhu.ui.first_start import FirstStart
    from ruhu.ui.session import Session


def _load_the_rest() -> None:
    """Load what the window needs once it is unlocked, while people type the passphrase."""
    import ruhu.ui.main_window  # noqa: F401


class Program(QObject):
    """One run of the app over one data folder."""

    def __init__(self, app: QApplication, folder: Path, language: Language) -> None:
        super().__init__()
        self._app, self._folder = app, folder
        self.preferences = Preferences(folder, language)
        self.session: Session | None = None
        self._worker: Worker | None = None
        self._loader: Worker | None = None
        self.window: QMainWindow | None = None
        self._style()

    def _style(self) -> None:
        interface.use(self.preferences.language)
        apply_theme(self._app, self.preferences.theme, self.preferences.text_percent)

    def show_unlock(self) -> None:
        """Ask for the passphrase."""
        self._worker = Worker("store")
        # Beside the store's thread: the passphrase's key is derived while the rest is loaded.
        self._loader = Worker("loader")
        self._loader.submit(_load_the_rest)
        screen = self._first_screen(self._worker)
        screen.unlocked.connect(self._opened)
        window = QMainWindow()
        window.setWindowTitle(self.tr("入户"))
        window.setCentralWidget(screen)
        window.resize(1366, 728)
        self._replace(window)
        screen.passphrase.setFocus()

    def _first_screen(self, worker: Worker) -> "UnlockScreen | FirstStart":
        if has_store(self._folder):
            return UnlockScreen(self.tr("请输入口令打开本机的调查数据。"), self._open, worker)
        from ruhu.ui.first_start import FirstStart

        return FirstStart(self._folder, worker)

    def _open(self, passphrase: str) -> "Store":
        from ruhu.store.store import Store

        return Store.open(self._folder, passphrase)

    def _opened(self, store: "Store") -> None:
        """Go on once the rest is loaded, too."""
        if self._loader is None:
            store.close()
        else:
            self._loader.submit(lambda: None, lambda _: self._unlocked(store))

    def _unlocked(self, store: "Store") -> None:
        if self._loader is None or self._worker is None:  # closed meanwhile
            store.close()
            return
        from ruhu.ui.session import Session

        self._loader.stop()
        self._loader = None
        self.session = Session(store, self._worker, Worker("assessor"))
        self._worker = None
        self._show_main()

    def _show_main(self) -> None:
        from ruhu.ui.main_window import MainWindow

        assert self.session is not None
        window = MainWindow(self.session, self.preferences)
        window.lock_asked.connect(self.lock)
        window.restyled.connect(self._restyle)
        self._replace(window)
        minutes = self.preferences.lock_minutes
        if minutes:
            IdleWatch(minutes * 60_000, window).idle.connect(self.lock)
        window.start()

    def _restyle(self) -> None:
        """Build the window anew in the chosen language and looks, keeping the record in hand."""
        assert self.session is not None
        self._style()
        record_id = self.session.record_id
        self._show_main()
        if record_id is not None:
            self.session.open_record(record_id)

    def _replace(self, window: QMainWindow) -> None:
        old, self.window = self.window, window
        window.show()
        window.activateWindow()
        if old is not None:
            old.close()
            old.deleteLater()

    def lock(self) -> None:
        """Save, close the store and ask for the passphrase again."""
        self.close()
        self.show_unlock()

    def close(self) -> None:
        """Save and close the store, and end the threads."""
        if self.session is not None:
            self.session.close()
            self.session = None
        if self._loader is not None:
            self._loader.stop()
            self._loader = None
        if self._worker is not None:
            self._worker.stop()
            self._worker = None


class CountyProgram(QObject):
    """One run of the county's workspace over one county database."""

    def __init__(self, app: QApplication, database: Path, language: Language) -> None:
        super().__init__()
        self._database = database
        self.preferences = Preferences(database.parent, language)
        self.session: CountySession | None = None
        self._worker: Worker | None = None
        self.window: QMainWindow | None = None
        interface.use(self.preferences.language)
        apply_theme(app, self.preferences.theme, self.preferences.text_percent)

    def show_unlock(self) -> None:
        """Ask for the county's passphrase."""
        self._worker = Worker("county")
        hint = self.tr("请输入口令打开县数据库 {0}。").format(self._database.name)
        screen = UnlockScreen(hint, self._open, self._worker)
        screen.unlocked.connect(self._unlocked)
        window = QMainWindow()
        window.setWindowTitle(self.tr("入户　县级工作台"))
        window.setCentralWidget(screen)
        window.resize(1366, 728)
        self._replace(window)
        screen.passphrase.setFocus()

    def _open(self, passphrase: str) -> "CountyStore":
        from ruhu.county.store import CountyStore

        return CountyStore.open(self._database, passphrase)

    def _unlocked(self, store: "CountyStore") -> None:
        from ruhu.ui.county_session import CountySession
        from ruhu.ui.county_window import CountyWindow

        assert self._worker is not None
        self.session = CountySession(store, self._worker)
        self._worker = None
        window = CountyWindow(self.session, self.preferences)
        window.lock_asked.connect(self.lock)
        minutes = self.preferences.lock_minutes
        if minutes:
            IdleWatch(minutes * 60_000, window).idle.connect(self.lock)
        self._replace(window)

    def _replace(self, window: QMainWindow) -> None:
        old, self.window = self.window, window
        window.show()
        window.activateWindow()
        if old is not None:
            old.close()
            old.deleteLater()

    def lock(self) -> None:
        """Close the database and ask for the passphrase again."""
        self.close()
        self.show_unlock()

    def close(self) -> None:
        """Close the database and end its thread."""
        if self.session is not None:
            self.session.close()
            self.session = None
        if self._worker is not None:
            self._worker.stop()
            self._worker = None


def _require_display() -> None:
    display = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform.startswith("linux") and not display and not os.environ.get("QT_QPA_PLATFORM"):
        raise UserError(
            Text(
                "没有图形界面（DISPLAY）：可运行 ruhu demo --out DIR 看全流程",
                "there is no display; ruhu demo --out DIR runs the whole job without one",
            )
        )


def _run(program_of: Callable[[QApplication], "Program | CountyProgram"]) -> int:
    _require_display()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Ruhu")
    program = program_of(app)
    program.show_unlock()
    code = app.exec()
    program.close()
    return code


def run(folder: Path, language: Language) -> int:
    """Open the app. Raises `UserError` on Linux without a display."""
    folder.mkdir(parents=True, exist_ok=True)
    return _run(lambda app: Program(app, folder, language))


def run_county(database: Path, language: Language) -> int:
    """Open the county's workspace. Raises `UserError` on Linux without a display."""
    return _run(lambda app: CountyProgram(app, database, language))
