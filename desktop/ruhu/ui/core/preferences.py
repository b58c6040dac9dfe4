"""Appearance and recent choices of this user; contains no survey data."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QByteArray, QSettings

from ruhu.i18n import Language

LOCK_MINUTES = (5, 15, 30, 60, 0)
TEXT_PERCENTS = (100, 125, 150, 175, 200)
T = TypeVar("T")


class _Setting(Generic[T]):
    """A value of the settings file under the attribute's name.

    `read` turns what is stored, or None, into a valid value: the file can be edited by hand.
    """

    def __init__(self, read: Callable[[Any], T]) -> None:
        self._read = read

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, preferences: "Preferences", owner: type) -> T:
        return self._read(preferences.settings.value(self._name))

    def __set__(self, preferences: "Preferences", value: T) -> None:
        preferences.settings.setValue(self._name, value)


def _one_of(accepted: Sequence[int], default: int) -> Callable[[Any], int]:
    values = {str(value): value for value in accepted}
    return lambda stored: values.get(str(stored), default)


def _text(stored: Any) -> str:
    return str(stored or "")


def _theme(stored: Any) -> str:
    return "dark" if stored == "dark" else "light"


def _bytes(stored: Any) -> QByteArray:
    return stored if isinstance(stored, QByteArray) else QByteArray()


class Preferences:
    """Settings in a plain file next to the data, readable before a passphrase is typed.

    `lock_minutes` is the time without input after which the program locks, 0 for never. `paper`,
    `printer` and `county_user` are the last ones used, `county_database` is the path or URL of the
    county database opened last on this machine.
    """

    text_percent = _Setting(_one_of(TEXT_PERCENTS, 100))
    theme = _Setting(_theme)
    lock_minutes = _Setting(_one_of(LOCK_MINUTES, LOCK_MINUTES[1]))
    paper = _Setting(_text)
    printer = _Setting(_text)
    geometry = _Setting(_bytes)
    county_database = _Setting(_text)
    county_user = _Setting(_text)

    def __init__(self, folder: Path, default: Language) -> None:
        self.settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
        self._default = default

    @property
    def language(self) -> Language:
        """The interface's language."""
        return "en" if self.settings.value("language", self._default) == "en" else "zh"

    @language.setter
    def language(self, value: Language) -> None:
        self.settings.setValue("language", value)

    @property
    def slip_language(self) -> str:
        """The language of slips chosen last, by default the interface's."""
        return str(self.settings.value("slip_language", self.language))

    @slip_language.setter
    def slip_language(self, value: str) -> None:
        self.settings.setValue("slip_language", value)
