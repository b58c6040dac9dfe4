"""The pages of the handbook: a Markdown file per page and language in `resources/help`."""

import re
from pathlib import Path

from ruhu.i18n import Language
from ruhu.resources import resource

PAGES = (
    "worker", "clerk", "officer", "administrator", "policy", "developer", "architecture", "service",
    "region", "formats", "commands",
)  # fmt: skip
"""Names of the pages, in the order of the contents."""
_CHINESE = "[\u2014\u2018-\u201f\u2e80-\u9fff\uff00-\uffef]"
_CHINESE_LINE_BREAK = re.compile(rf"^(?!#)(.*{_CHINESE})\n *(?={_CHINESE})", re.MULTILINE)


def page_path(name: str, language: Language) -> Path:
    """Return the path of a page's file."""
    return resource("help") / f"{name}.{language}.md"


def page_text(name: str, language: Language) -> str:
    """Return a page in Markdown.

    Line breaks within Chinese text are removed, since Markdown shows them as spaces.
    """
    return _CHINESE_LINE_BREAK.sub(r"\1", page_path(name, language).read_text(encoding="utf-8"))


def title_of(text: str) -> str:
    """Return a page's title, which is its first line."""
    return text.split("\n", 1)[0].removeprefix("# ")


def name_of(text: str) -> str:
    """Return a page's short title, without the explanation after a colon."""
    return re.split("[:：]", title_of(text))[0]
