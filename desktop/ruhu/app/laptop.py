"""The app: wires store, threads and screens together."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMainWindow

from ruhu.allocator import Choice, choose
from ruhu.data_folder import data_folder, installed_program, keys_of, store_exists
from ruhu.errors import UserError
from ruhu.i18n import BilingualText, Language
from ruhu.resources import resource
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.preferences import Preferences
from ruhu.ui.core.theme import apply_theme
from ruhu.ui.login.unlock_screen import UnlockScreen

if TYPE_CHECKING:
    from ruhu.county.county import CountyStore
    from ruhu.store.store import Store
    from ruhu.ui.core.in_steps import IdleTask
    from ruhu.ui.county.session import CountySession
    from ruhu.ui.county.window import CountyWindow
    from ruhu.ui.login.first_run import FirstStart
    from ruhu.ui.surveyor.session import Session
    from ruhu.ui.surveyor.window import MainWindow


class _Closable(Protocol):
    def close(self) -> None: ...


AFTER_RESTYLE_MS = 500
THREAD_SWITCH_INTERVAL_S = 0.0005
"""Seconds after which a thread that computes lets another go on. At Python's 5 ms each call of Qt's from
the interface thread waits as long while rules are made ready or bundles are read."""


PRELOADED_MODULES = (
    "revisions.history", "policy.advice.comparison", "policy.advice.housing_options", "policy.advice.next_questions", "policy.text.rule_page",
    "policy.standards.files", "policy.advice.money", "policy.text.labels", "store.roster_import", "images", "store.route",
    "store.standards", "survey.facts.item_names", "survey.facts.unknown", "survey.facts.relevance", "survey.changes.split_join", "survey.roster.reader",
    "survey.changes.returned", "survey.signature", "survey.facts.suggestions", "updates.launcher",
)  # fmt: skip
"""What the window stands on and knows nothing of Qt."""
WINDOW_MODULES = (
    "ui.widgets.icons", "ui.widgets.search_field", "app.first_use", "ui.surveyor.form.form_model", "ui.surveyor.session", "ui.core.undo_keys", "ui.surveyor.form.editors", "ui.widgets.touch_scrolling", "ui.surveyor.form.id_card_reader", "ui.surveyor.form.notices",
    "ui.widgets.empty_state", "ui.surveyor.form.item_table", "ui.surveyor.assessment.assessment_panel", "ui.surveyor.attachments.attachments_panel", "ui.surveyor.policy.comparison_dialog", "ui.surveyor.settings_dialog", "ui.surveyor.form.form_panel",
    "ui.surveyor.policy.indicators_dialog", "ui.surveyor.policy.policy_dialog", "ui.widgets.navigation_button", "ui.surveyor.households.household_list", "ui.surveyor.window",
)  # fmt: skip
"""The window's modules, each after those it loads."""


def _preload_modules() -> None:
    """Load what the window needs once it is unlocked, while people type the passphrase.

    Of Qt nothing may be loaded on a thread beside the interface's: two threads in which types of Qt
    come into being at once end the process.
    """
    for name in PRELOADED_MODULES:
        import_module(f"ruhu.{name}")


class _OnFirstExpose(QObject):
    """Calls once when a window is there to be seen: what is loaded before then holds it up."""

    def __init__(self, window: QMainWindow, act: Callable[[], None]) -> None:
        self._handle, self._act = window.windowHandle(), act
        super().__init__(window)
        self._handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Expose and self._handle.isExposed():
            self._handle.removeEventFilter(self)
            QTimer.singleShot(0, self, self._act)
        return False


def _note_opened() -> None:
    """A version on trial counts once it has opened the data."""
    from ruhu.updates.launcher import confirm_version

    confirm_version()


class _WindowedApp(QObject):
    """One run over what a passphrase opens: the screen that asks for it, then a window.

    With `ends_when_locked` a lock ends the run, `locked`, for a new process to go on with
    `words`: what a process has read stays in its memory until it ends.
    """

    ends_when_locked = locked = False
    restart_arguments: tuple[str, ...] = ()

    def __init__(self, app: QApplication, folder: Path, language: Language) -> None:
        super().__init__()
        self._app = app
        self.preferences = Preferences(folder, language)
        self.session: _Closable | None = None
        self.window: QMainWindow | None = None
        self._workers: dict[str, Worker] = {}
        sys.setswitchinterval(THREAD_SWITCH_INTERVAL_S)
        # Only one thread computes at a time: a heap for each would only take room.
        choose(Choice.ARENA_MAX, 1)
        self._style()

    def _style(self) -> None:
        interface.use(self.preferences.language)
        apply_theme(self._app, self.preferences.theme, self.preferences.text_percent)

    def show_unlock(self) -> None:
        """Ask for the passphrase."""
        raise NotImplementedError

    def _work(self, name: str) -> Worker:
        """A new thread, ended by `close` unless a session has taken it."""
        self._workers[name] = Worker(name)
        return self._workers[name]

    def _show_first(self, screen: "UnlockScreen | FirstStart", title: str) -> None:
        window = QMainWindow()
        window.setWindowTitle(title)
        window.setCentralWidget(screen)
        window.resize(1366, 728)
        self._replace(window)
        screen.passphrase.setFocus()

    def _replace(self, window: QMainWindow) -> None:
        old, self.window = self.window, window
        window.show()
        window.activateWindow()
        if old is not None:
            old.close()
            old.deleteLater()

    def _show_main(self, window: "MainWindow | CountyWindow") -> None:
        """Show the window that is worked in; it locks when asked to, or when nobody is there."""
        window.lock_asked.connect(self.lock)
        window.restart_asked.connect(self.restart)
        minutes = self.preferences.lock_minutes
        if minutes:
            from ruhu.ui.core.idle_timer import IdleWatch

            IdleWatch(minutes * 60_000, window).idle.connect(self.lock)
        self._replace(window)
        # To look through all that stays for cycles would halt the window for a tenth of a second, now and
        # then while somebody types.
        gc.freeze()

    def restart(self) -> None:
        """Save, close, and start the version that counts."""
        self.close()
        from ruhu.updates.launcher import start_again

        start_again(sys.argv[1:])
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


class SurveyorApp(_WindowedApp):
    """One run of the app over one data folder."""

    session: "Session | None"

    def __init__(
        self, app: QApplication, folder: Path, language: Language, opened: Path | None = None
    ) -> None:
        """`opened` is a file that the program was started with."""
        super().__init__(app, folder, language)
        self._folder, self._opened_file = folder, opened
        self.restart_arguments = ("app", "--data", str(folder))
        self._ahead: MainWindow | None = None
        self._building: IdleTask | None = None

    def show_unlock(self) -> None:
        """Ask for the passphrase."""
        screen = self._first_screen(self._work("store"))
        screen.unlocked.connect(self._opened)
        self._show_first(screen, self.tr("入户"))
        # Once the screen stands, and on a thread beside the one on which the key is derived.
        loader = self._work("loader")
        assert self.window is not None
        _OnFirstExpose(
            self.window, lambda: loader.submit(_preload_modules, lambda _: self._begin_building())
        )

    def _begin_building(self) -> None:
        if self._building is None and "store" in self._workers:
            from ruhu.ui.core.in_steps import IdleTask

            self._building = IdleTask(self, self._build_ahead())

    def _build_ahead(self) -> Iterator[None]:
        """Build the window while the passphrase is typed: Enter only fills and shows it."""
        for name in WINDOW_MODULES:
            import_module(f"ruhu.{name}")
            yield
        from ruhu.app.first_use import warm_up_widgets
        from ruhu.ui.surveyor.session import Session

        yield from warm_up_widgets()
        yield
        session = Session(self._workers["store"], self._work("assessor"))
        self._ahead = self._new_window(session)
        yield from self._ahead.parts()
        session.prepare()

    def _first_screen(self, worker: Worker) -> "UnlockScreen | FirstStart":
        if store_exists(self._folder):
            hint = self.tr("请输入口令打开本机的调查数据。")
            if installed_program() is not None:
                hint += self._rollback_notice()
            return UnlockScreen(
                hint,
                self._open,
                worker,
                derive=self._derive,
                lost=self._lost_passphrase,
                restore=self._restore,
            )
        from ruhu.ui.login.first_run import FirstStart

        return FirstStart(self._folder, worker, self._restore)

    def _screen_shown(self) -> "UnlockScreen | FirstStart":
        """The first screen while it is shown: kept any longer, what was typed there would stay in memory."""
        assert self.window is not None
        return cast("UnlockScreen | FirstStart", self.window.centralWidget())

    def _restore(self) -> None:
        from ruhu.ui.login.restore_dialog import RestoreDialog

        screen = self._screen_shown()
        dialog = RestoreDialog(screen, self._folder, self._workers["store"])
        dialog.restored.connect(screen.unlocked)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _rollback_notice(self) -> str:
        """That a new version did not start, told once; empty where all is well."""
        from ruhu.updates.launcher import last_rollback
        from ruhu.updates.version import CURRENT_VERSION

        failed = last_rollback()
        if failed is None:
            return ""
        text = self.tr("新版本 {0} 没有启动成功，已自动回到 {1}，数据没有动。")
        return text.format(failed, CURRENT_VERSION)

    def _lost_passphrase(self) -> None:
        from ruhu.ui.login.lost_passphrase_dialog import LostPassphraseDialog

        screen = self._screen_shown()
        assert isinstance(screen, UnlockScreen)
        dialog = LostPassphraseDialog(screen, keys_of(self._folder), self._workers["store"])
        dialog.accepted.connect(lambda: screen.begin_anew(self.tr("新口令已设好，请用它进入。")))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _derive(self, passphrase: str) -> bytes:
        from ruhu.exchange.keys.key_file import KeyFile

        return KeyFile(keys_of(self._folder)).derive(passphrase)

    def _open(self, passphrase: str, derived: bytes | None = None) -> "Store":
        from ruhu.store.store import Store

        return Store.open(self._folder, passphrase, derived)

    def _opened(self, store: "Store") -> None:
        """Go on once the rest is loaded, too."""
        loader = self._workers.get("loader")
        if loader is None:  # closed meanwhile
            store.close()
        else:
            loader.submit(lambda: None, lambda _: self._unlocked(store))

    def _unlocked(self, store: "Store") -> None:
        if not self._workers:  # closed meanwhile
            store.close()
            return
        self._begin_building()
        assert self._building is not None
        self._building.finish()  # where the passphrase was there first
        self._building = None
        assert self._ahead is not None
        window, self._ahead = self._ahead, None
        self._workers.pop("loader").stop()
        self._workers.clear()  # the session ends the others
        self.session = window.session
        self.session.attach_store(store)
        self._show_village(window)
        _note_opened()
        if self._opened_file is not None:
            window.show_file(self._opened_file)
            self._opened_file = None

    def _new_window(self, session: "Session") -> "MainWindow":
        from ruhu.ui.surveyor.window import MainWindow

        window = MainWindow(session, self.preferences)
        window.restyled.connect(self._restyle)
        return window

    def _show_village(self, window: "MainWindow") -> None:
        window.start()  # its list comes while it is shown
        self._show_main(window)

    def close(self) -> None:
        if self._building is not None:
            self._building.stop()
            self._building = None
        if self._ahead is not None:
            self._ahead.deleteLater()
            self._ahead = None
        super().close()

    def _restyle(self) -> None:
        """Build the window anew in the chosen language and looks, keeping the record in hand."""
        assert self.session is not None
        self._style()
        record_id = self.session.record_id
        window = self._new_window(self.session)
        for _ in window.parts():
            pass
        self._show_village(window)
        if record_id is not None:
            self.session.open_record(record_id)
        QTimer.singleShot(AFTER_RESTYLE_MS, self.session, _collect_old_window)


def _collect_old_window() -> None:
    """Let go of a window in whose place another stands; what stands now is not looked through again."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


class CountyApp(_WindowedApp):
    """One run of the county's workspace over one county database."""

    session: "CountySession | None"

    def __init__(
        self,
        app: QApplication,
        database: Path | str,
        language: Language,
        opened: Path | None = None,
    ) -> None:
        """`database` is a file, or the URL of a PostgreSQL database; `opened` a bundle to take in."""
        folder = database.parent if isinstance(database, Path) else data_folder()
        super().__init__(app, folder, language)
        self._database, self._opened_file = database, opened
        self.restart_arguments = ("county", "open", str(database))

    def show_unlock(self) -> None:
        """Ask for the county's passphrase."""
        from ruhu.county.access.keyring import FIRST_USER
        from ruhu.county.database.engine import display_name, read_location

        name = display_name(read_location(self._database))
        hint = self.tr("请输入口令打开县数据库 {0}。").format(name)
        user = self.preferences.county_user or FIRST_USER
        screen = UnlockScreen(hint, self._open, self._work("county"), user)
        screen.unlocked.connect(self._unlocked)
        self._show_first(screen, self.tr("入户　县级工作台"))

    def _open(self, user: str, passphrase: str) -> "CountyStore":
        from ruhu.county.county import CountyStore

        return CountyStore.open(self._database, passphrase, user=user)

    def _unlocked(self, store: "CountyStore") -> None:
        if not self._workers:  # closed meanwhile
            store.close()
            return
        from ruhu.ui.county.session import CountySession
        from ruhu.ui.county.window import CountyWindow

        self.preferences.county_user = store.user.name
        self.session = CountySession(store, self._workers.pop("county"))
        window = CountyWindow(self.session, self.preferences)
        self._show_main(window)
        _note_opened()
        if self._opened_file is not None:
            window.take_file(self._opened_file)
            self._opened_file = None


def _require_display() -> None:
    display = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if sys.platform.startswith("linux") and not display and not os.environ.get("QT_QPA_PLATFORM"):
        raise UserError(
            BilingualText(
                "没有图形界面（DISPLAY）：可运行 ruhu demo --out DIR 看全流程",
                "there is no display; ruhu demo --out DIR runs the whole job without one",
            )
        )


def _run(program_of: Callable[[QApplication], "SurveyorApp | CountyApp"]) -> int:
    _require_display()
    app = QApplication([sys.argv[0], "-style", "Fusion"])
    app.setApplicationName("Ruhu")
    app.setWindowIcon(QIcon(str(resource("icons/ruhu.ico"))))
    program = program_of(app)
    program.ends_when_locked = True
    program.show_unlock()
    code = app.exec()
    program.close()
    if program.locked:
        from ruhu.updates.launcher import restart_locked

        restart_locked(program.restart_arguments)
    return code


def run(folder: Path, language: Language, opened: Path | None = None) -> int:
    """Open the app, with a file where it was started by one.

    Raises `UserError` on Linux without a display.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _run(lambda app: started_with(app, folder, language, opened))


def started_with(
    app: QApplication, folder: Path, language: Language, opened: Path | None
) -> SurveyorApp | CountyApp:
    """The program to start: for a bundle the county's, where that was open on this machine before."""
    if opened is None:
        return SurveyorApp(app, folder, language)
    from ruhu.exchange.formats.bundle import SUFFIX

    opened = opened.absolute()
    known = Preferences(folder, language).county_database
    if known and opened.name.casefold().endswith(SUFFIX):
        place = known if "://" in known else Path(known)
        if isinstance(place, str) or place.exists():
            return CountyApp(app, place, language, opened)
    return SurveyorApp(app, folder, language, opened)


def run_county(database: Path | str, language: Language) -> int:
    """Open the county's workspace. Raises `UserError` on Linux without a display."""
    _remember(database, Preferences(data_folder(), language))
    return _run(lambda app: CountyApp(app, database, language))


def _remember(database: Path | str, preferences: Preferences) -> None:
    """Keep which database it was, unless its address tells a password."""
    from ruhu.county.database.engine import read_location

    place = read_location(database)
    if isinstance(place, Path):
        preferences.county_database = str(place.absolute())
    elif place.password is None and "password" not in place.query:
        preferences.county_database = str(place)
