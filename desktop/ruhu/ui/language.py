"""The interface's language, and labels from below Qt in it."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

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
        self.language = language
        # Qt's own dialogs, as for printing and files, speak English until told otherwise.
        file = (
            str(resource("translations") / "ruhu_en.qm")
            if language == "en"
            else f"{QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)}/qtbase_zh_CN.qm"
        )
        self._translator = QTranslator()
        self._translator.load(file)
        QCoreApplication.installTranslator(self._translator)

    def say(self, text: Text) -> str:
        """A text from below Qt in the language in use."""
        return text.in_language(self.language)

    def beside(self, text: str, more: str) -> str:
        """A text with more of it in brackets."""
        return f"{text}（{more}）" if self.language == "zh" else f"{text} ({more})"

    def pair(self, name: str, value: str) -> str:
        """A name and what is said of it."""
        return f"{name}：{value}" if self.language == "zh" else f"{name}: {value}"


interface = Interface()
"""The one piece of state that all screens read: which language they speak."""
