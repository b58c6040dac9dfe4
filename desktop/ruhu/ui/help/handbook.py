"""The pages of the handbook: one Markdown file a page and language under `resources/help`."""

import re
from pathlib import Path

from ruhu.i18n import Language
from ruhu.resources import resource

PAGES = (
    "worker", "clerk", "officer", "administrator", "policy", "developer", "architecture", "service",
    "region", "formats", "commands",
)  # fmt: skip
"""Their names, in the order in which they are offered."""
_CHINESE = "[\u2014\u2018-\u201f\u2e80-\u9fff\uff00-\uffef]"
_BROKEN = re.compile(rf"^(?!#)(.*{_CHINESE})\n *(?={_CHINESE})", re.MULTILINE)


def page_path(name: str, language: Language) -> Path:
    """The file of a page."""
    return resource("help") / f"{name}.{language}.md"


def page_text(name: str, language: Language) -> str:
    """A page in Markdown, Chinese without the blank that a line's end would be shown as."""
    return _BROKEN.sub(r"\1", page_path(name, language).read_text(encoding="utf-8"))


def title_of(text: str) -> str:
    """A page's title: its first line, a heading."""
    return text.split("\n", 1)[0].removeprefix("# ")


def name_of(text: str) -> str:
    """What a page is called in a list: its title without what explains it."""
    return re.split("[:：]", title_of(text))[0]
