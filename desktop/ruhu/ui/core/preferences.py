"""How the window looks for this person: language, text size, theme. No survey data."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from ruhu.i18n import Language

LOCK_MINUTES = (5, 15, 30, 60, 0)
TEXT_PERCENTS = (100, 125, 150, 175, 200)


class Preferences:
    """Kept in a plain file beside the data, readable before anything is unlocked."""

    def __init__(self, folder: Path, default: Language) -> None:
        self._settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
        self._default = default

    @property
    def language(self) -> Language:
        """The interface's language."""
        return "en" if self._settings.value("language", self._default) == "en" else "zh"

    @language.setter
    def language(self, value: Language) -> None:
        self._settings.setValue("language", value)

    @property
    def text_percent(self) -> int:
        """The text size, one of 100 to 200."""
        try:
            told = int(str(self._settings.value("text_percent", 100)))
        except ValueError:
            return 100
        return told if told in TEXT_PERCENTS else 100

    @text_percent.setter
    def text_percent(self, value: int) -> None:
        self._settings.setValue("text_percent", value)

    @property
    def theme(self) -> str:
        """`light` or `dark`."""
        return "dark" if self._settings.value("theme", "light") == "dark" else "light"

    @theme.setter
    def theme(self, value: str) -> None:
        self._settings.setValue("theme", value)

    @property
    def lock_minutes(self) -> int:
        """After how many minutes without input the program locks; 0 for never."""
        told = str(self._settings.value("lock_minutes", LOCK_MINUTES[1]))
        return int(told) if told in map(str, LOCK_MINUTES) else LOCK_MINUTES[1]

    @lock_minutes.setter
    def lock_minutes(self, value: int) -> None:
        self._settings.setValue("lock_minutes", value)

    @property
    def paper(self) -> str:
        """What slips were printed on last."""
        return str(self._settings.value("paper", ""))

    @paper.setter
    def paper(self, value: str) -> None:
        self._settings.setValue("paper", value)

    @property
    def slip_language(self) -> str:
        """The slips' language chosen last."""
        return str(self._settings.value("slip_language", self.language))

    @slip_language.setter
    def slip_language(self, value: str) -> None:
        self._settings.setValue("slip_language", value)

    @property
    def printer(self) -> str:
        """The printer chosen last."""
        return str(self._settings.value("printer", ""))

    @printer.setter
    def printer(self, value: str) -> None:
        self._settings.setValue("printer", value)

    @property
    def geometry(self) -> QByteArray:
        """The window's size and place."""
        told = self._settings.value("geometry")
        return told if isinstance(told, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._settings.setValue("geometry", value)

    @property
    def county_database(self) -> str:
        """The county's database that was opened last on this machine, empty before the first."""
        return str(self._settings.value("county_database", ""))

    @county_database.setter
    def county_database(self, value: str) -> None:
        self._settings.setValue("county_database", value)

    @property
    def county_user(self) -> str:
        """Who signed in at the county's workspace last."""
        return str(self._settings.value("county_user", ""))

    @county_user.setter
    def county_user(self, value: str) -> None:
        self._settings.setValue("county_user", value)
