"""A date field with a calendar."""

from datetime import date

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit


class DateField(QDateEdit):
    """A date, initially today; with `past`, later dates cannot be chosen."""

    def __init__(self, name: str, *, past: bool = False) -> None:
        super().__init__(QDate.currentDate())
        self._past = past
        self.setCalendarPopup(True)
        self.setDisplayFormat("yyyy-MM-dd")
        self.setAccessibleName(name)
        self.reset_to_today()

    @property
    def day(self) -> date:
        """The chosen date."""
        chosen = self.date()
        return date(chosen.year(), chosen.month(), chosen.day())

    def reset_to_today(self) -> None:
        """Show today; a window may have been open since yesterday."""
        if self._past:
            self.setMaximumDate(QDate.currentDate())
        self.setDate(QDate.currentDate())
