"""The interface's language, and labels from below Qt in it."""

from PySide6.QtCore import QCoreApplication, QTranslator

from ruhu.assets import resource
from ruhu.survey.text import Language, Text


class Interface:
    """Holds the language in use; the source texts are Chinese, English is a translation."""

    def __init__(self) -> None:
        self.language: Language = "zh"
        self._translator: QTranslator | None = None

    def use(self, language: Language) -> None:
        """Switch the language for everything translated from now on."""
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None
        self.language = language
        if language == "en":
            self._translator = QTranslator()
            self._translator.load(str(resource("translations") / "ruhu_en.qm"))
            QCoreApplication.installTranslator(self._translator)

    def say(self, text: Text) -> str:
        """A text from below Qt in the language in use."""
        return text.in_language(self.language)


interface = Interface()
"""The one piece of state that all screens read: which language they speak."""
