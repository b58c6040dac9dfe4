"""A field for a day, with a calendar."""

from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit


class DateField(QDateEdit):
    """A day, today at first; `past` takes none that is still to come."""

    def __init__(self, name: str, *, past: bool = False) -> None:
        super().__init__(QDate.currentDate())
        self._past = past
        self.setCalendarPopup(True)
        self.setDisplayFormat("yyyy-MM-dd")
        self.setAccessibleName(name)
        self.reset_to_today()

    @property
    def day(self) -> date:
        """The day that is chosen."""
        chosen = self.date()
        return date(chosen.year(), chosen.month(), chosen.day())

    def reset_to_today(self) -> None:
        """Show today again, which a window that stays open may not know of yet."""
        if self._past:
            self.setMaximumDate(QDate.currentDate())
        self.setDate(QDate.currentDate())
