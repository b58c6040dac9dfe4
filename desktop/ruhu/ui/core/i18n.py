"""The interface's language, and texts from below Qt in that language."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

from ruhu.i18n import BilingualText, Language
from ruhu.resources import resource


class Interface:
    """The language in use. Source texts are Chinese; English is a translation."""

    def __init__(self) -> None:
        self.language: Language = "zh"
        self._translators: list[QTranslator] = []

    def use(self, language: Language) -> None:
        """Switch the language of texts that are translated from now on."""
        for translator in self._translators:
            QCoreApplication.removeTranslator(translator)
        self.language = language
        # Qt's dialogs for printing and files are English without a translation, and Qt's Chinese one
        # is incomplete.
        ours, qts = resource("translations"), QLibraryInfo.LibraryPath.TranslationsPath
        files = (
            [str(ours / "ruhu_en.qm")]
            if language == "en"
            else [f"{QLibraryInfo.path(qts)}/qtbase_zh_CN.qm", str(ours / "qt_zh.qm")]
        )
        self._translators = [QTranslator() for _ in files]
        for translator, file in zip(self._translators, files, strict=True):
            translator.load(file)
            QCoreApplication.installTranslator(translator)

    def translate(self, text: BilingualText) -> str:
        """Return a bilingual text in the language in use."""
        return text.in_language(self.language)

    def with_parenthesis(self, text: str, more: str) -> str:
        """Return a text followed by another in parentheses."""
        return f"{text}（{more}）" if self.language == "zh" else f"{text} ({more})"

    def after(self, text: str, remark: BilingualText) -> str:
        """Return a text followed by a remark, unless that is empty."""
        translated = self.translate(remark)
        separator = "；" if self.language == "zh" else "; "
        return f"{text}{separator}{translated}" if translated else text

    def labelled(self, name: str, value: str) -> str:
        """Return a name and a value, separated by a colon."""
        return f"{name}：{value}" if self.language == "zh" else f"{name}: {value}"


interface = Interface()
"""The language that all screens read, their only shared state."""


def translate(context: str, text: str) -> str:
    """Return the translation of a text outside a QObject; `context` groups it in the .ts file."""
    return QCoreApplication.translate(context, text)
