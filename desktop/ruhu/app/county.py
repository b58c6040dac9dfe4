"""The county's app: sign in, then the workspace over one county database."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from ruhu.app.base import WindowedApp, confirm_version, run_app
from ruhu.data_folder import data_folder
from ruhu.i18n import Language
from ruhu.ui.core.preferences import Preferences
from ruhu.ui.login.unlock_screen import UnlockScreen

if TYPE_CHECKING:
    from ruhu.county.county import CountyStore
    from ruhu.ui.county.session import CountySession


class CountyApp(WindowedApp):
    """One run of the county's workspace."""

    session: "CountySession | None"

    def __init__(
        self,
        app: QApplication,
        database: Path | str,
        language: Language,
        file: Path | None = None,
    ) -> None:
        """`database` is a file, or the URL of a PostgreSQL database; `file` a bundle to import."""
        folder = database.parent if isinstance(database, Path) else data_folder()
        super().__init__(app, folder, language)
        self._database, self._file = database, file
        self.restart_arguments = ("county", "open", str(database))

    def show_unlock(self) -> None:
        """Ask for the user and the passphrase."""
        from ruhu.county.access.keyring import FIRST_USER
        from ruhu.county.database.engine import display_name, read_location

        name = display_name(read_location(self._database))
        hint = self.tr("请输入口令打开县数据库 {0}。").format(name)
        user = self.preferences.county_user or FIRST_USER
        screen = UnlockScreen(hint, self._open, self._start_worker("county"), user)
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
        confirm_version()
        if self._file is not None:
            window.take_file(self._file)
            self._file = None


def run_county(database: Path | str, language: Language) -> int:
    """Open the county's workspace. Raises UserError on Linux without a display."""
    _remember(database, Preferences(data_folder(), language))
    return run_app(lambda app: CountyApp(app, database, language))


def _remember(database: Path | str, preferences: Preferences) -> None:
    """Save the database's address, unless it contains a password."""
    from ruhu.county.database.engine import read_location

    location = read_location(database)
    if isinstance(location, Path):
        preferences.county_database = str(location.absolute())
    elif location.password is None and "password" not in location.query:
        preferences.county_database = str(location)
