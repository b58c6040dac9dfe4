"""The pages of the handbook: one Markdown file a page and language under `resources/help`."""

from pathlib import Path

from ruhu.assets import resource
from ruhu.survey.text import Language

PAGES = (
    "worker", "clerk", "officer", "administrator", "policy", "developer", "service", "region",
    "formats", "commands",
)  # fmt: skip
"""Their names, in the order in which they are offered."""


def page_path(name: str, language: Language) -> Path:
    """The file of a page."""
    return resource("help") / f"{name}.{language}.md"


def page_text(name: str, language: Language) -> str:
    """A page in Markdown."""
    return page_path(name, language).read_text(encoding="utf-8")


def title_of(text: str) -> str:
    """A page's title: its first line, a heading."""
    return text.split("\n", 1)[0].removeprefix("# ")
