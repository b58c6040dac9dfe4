"""Text in both of the program's languages, for everything below Qt."""

from typing import Literal
from unicodedata import category

import msgspec

Language = Literal["zh", "en"]


class BilingualText(msgspec.Struct, frozen=True, gc=False):
    """One sentence or label in Chinese and in English."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the text in `language`."""
        return self.zh if language == "zh" else self.en

    def format(self, **values: object) -> "BilingualText":
        """Fill `{name}` placeholders in both languages; a `BilingualText` value is filled in its own
        language.
        """
        return BilingualText(
            self.zh.format(
                **{k: v.zh if isinstance(v, BilingualText) else v for k, v in values.items()}
            ),
            self.en.format(
                **{k: v.en if isinstance(v, BilingualText) else v for k, v in values.items()}
            ),
        )


NO_TEXT = BilingualText("", "")
_NOT_IN_A_LINE = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
"""Unicode categories of control characters, surrogates and line ends; blanks are not among them."""


def one_line(text: str) -> str:
    """Return a text from outside as one line for a message; line ends and control characters become U+FFFD."""
    if text.isprintable():
        return text
    return "".join("\ufffd" if category(c) in _NOT_IN_A_LINE else c for c in text)
