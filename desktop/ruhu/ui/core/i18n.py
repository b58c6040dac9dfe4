"""The interface's language, and labels from below Qt in it."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

from ruhu.i18n import BilingualText, Language
from ruhu.resources import resource


class Interface:
    """Holds the language in use; the source texts are Chinese, English is a translation."""

    def __init__(self) -> None:
        self.language: Language = "zh"
        self._translators: list[QTranslator] = []

    def use(self, language: Language) -> None:
        """Switch the language for everything translated from now on."""
        for translator in self._translators:
            QCoreApplication.removeTranslator(translator)
        self.language = language
        # Qt's own dialogs, as for printing and files, speak English until told otherwise, and a little of
        # it even then.
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
        """A text from below Qt in the language in use."""
        return text.in_language(self.language)

    def with_parenthesis(self, text: str, more: str) -> str:
        """A text with more of it in brackets."""
        return f"{text}（{more}）" if self.language == "zh" else f"{text} ({more})"

    def after(self, text: str, remark: BilingualText) -> str:
        """A text, and a remark behind it where there is one."""
        said = self.translate(remark)
        mark = "；" if self.language == "zh" else "; "
        return f"{text}{mark}{said}" if said else text

    def labelled(self, name: str, value: str) -> str:
        """A name and what is said of it."""
        return f"{name}：{value}" if self.language == "zh" else f"{name}: {value}"


interface = Interface()
"""The one piece of state that all screens read: which language they speak."""


def translate(context: str, text: str) -> str:
    """Return the translation of a text outside a QObject; `context` groups it in the .ts file."""
    return QCoreApplication.translate(context, text)
