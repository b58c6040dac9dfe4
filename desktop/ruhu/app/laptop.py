"""The laptop's app: unlock the store, then the surveyor's window."""

import gc
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from ruhu.app.base import WindowedApp, confirm_version
from ruhu.data_folder import installed_program, keys_of, store_exists
from ruhu.i18n import Language
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.login.unlock_screen import UnlockScreen

if TYPE_CHECKING:
    from ruhu.store.store import Store
    from ruhu.ui.login.first_run import FirstStart
    from ruhu.ui.surveyor.session import Session
    from ruhu.ui.surveyor.window import MainWindow

AFTER_RESTYLE_MS = 500
IMPORT_DELAY_MS = 50
"""After the first screen is painted, and before a passphrase can be typed."""


class SurveyorApp(WindowedApp):
    """One run of the app over one data folder."""

    session: "Session | None"

    def __init__(
        self, app: QApplication, folder: Path, language: Language, file: Path | None = None
    ) -> None:
        """`file` is one that the program was started with."""
        super().__init__(app, folder, language)
        self._folder, self._file = folder, file
        self.restart_arguments = ("app", "--data", str(folder))

    def show_unlock(self) -> None:
        """Ask for the passphrase."""
        screen = self._first_screen(self._start_worker("store"))
        screen.unlocked.connect(self._unlocked)
        self._show_first(screen, self.tr("入户"))
        QTimer.singleShot(IMPORT_DELAY_MS, self, _import_window)

    def _first_screen(self, worker: Worker) -> "UnlockScreen | FirstStart":
        if store_exists(self._folder):
            hint = self.tr("请输入口令打开本机的调查数据。")
            if installed_program() is not None:
                hint += self._rollback_notice()
            return UnlockScreen(
                hint,
                self._open,
                worker,
                lost=self._lost_passphrase,
                restore=self._restore,
            )
        from ruhu.ui.login.first_run import FirstStart

        return FirstStart(self._folder, worker, self._restore)

    def _current_screen(self) -> "UnlockScreen | FirstStart":
        """Return the first screen; a reference of our own would keep the typed passphrase in memory."""
        assert self.window is not None
        return cast("UnlockScreen | FirstStart", self.window.centralWidget())

    def _restore(self) -> None:
        from ruhu.ui.login.restore_dialog import RestoreDialog

        screen = self._current_screen()
        dialog = RestoreDialog(screen, self._folder, self._workers["store"])
        dialog.restored.connect(screen.unlocked)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _rollback_notice(self) -> str:
        """Say once that a new version did not start; empty where it did."""
        from ruhu.updates.launcher import last_rollback
        from ruhu.updates.version import CURRENT_VERSION

        failed = last_rollback()
        if failed is None:
            return ""
        text = self.tr("新版本 {0} 没有启动成功，已自动回到 {1}，数据没有动。")
        return text.format(failed, CURRENT_VERSION)

    def _lost_passphrase(self) -> None:
        from ruhu.ui.login.lost_passphrase_dialog import LostPassphraseDialog

        screen = self._current_screen()
        assert isinstance(screen, UnlockScreen)
        dialog = LostPassphraseDialog(screen, keys_of(self._folder), self._workers["store"])
        dialog.accepted.connect(lambda: screen.reset(self.tr("新口令已设好，请用它进入。")))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _open(self, passphrase: str) -> "Store":
        from ruhu.store.store import Store

        return Store.open(self._folder, passphrase)

    def _unlocked(self, store: "Store") -> None:
        if not self._workers:  # closed meanwhile
            store.close()
            return
        from ruhu.ui.surveyor.session import Session

        self.session = Session(self._workers.pop("store"), Worker("assessor"))
        self.session.attach_store(store)
        self.session.assessments.warm_up()
        window = self._new_window(self.session)
        self._show_list(window)
        confirm_version()
        if self._file is not None:
            window.show_file(self._file)
            self._file = None

    def _new_window(self, session: "Session") -> "MainWindow":
        from ruhu.ui.surveyor.window import MainWindow

        window = MainWindow(session, self.preferences)
        window.restyled.connect(self._restyle)
        return window

    def _show_list(self, window: "MainWindow") -> None:
        window.start()  # its list is filled while it is shown
        self._show_main(window)

    def _restyle(self) -> None:
        """Rebuild the window in the chosen language and style; the current record stays open."""
        assert self.session is not None
        self.apply_style()
        record_id = self.session.editor.record_id
        self._show_list(self._new_window(self.session))
        if record_id is not None:
            self.session.editor.open_record(record_id)
        QTimer.singleShot(AFTER_RESTYLE_MS, self.session, _collect_old_window)


def _import_window() -> None:
    """Load the window's modules while the passphrase is typed: on this thread, since types of Qt that come
    into being on two threads at once end the process.
    """
    import ruhu.ui.surveyor.window  # noqa: F401


def _collect_old_window() -> None:
    """Free a replaced window; what is in use now is not searched again."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
