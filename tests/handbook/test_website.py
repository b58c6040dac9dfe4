"""The handbook as a web site: complete, and usable offline."""

import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "out" / "site"


class Page(HTMLParser):
    """The resources, links and anchors of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loaded: set[str] = set()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.anchors.add(attributes.get("id") or "")
        address = attributes.get("href") or attributes.get("src")
        if address:
            (self.links if tag == "a" else self.loaded).add(address)


@pytest.fixture(scope="module")
def pages() -> dict[Path, Page]:
    """Build the site and return its pages."""
    subprocess.run([sys.executable, "-m", "build.docs.website"], check=True, cwd=ROOT)
    return {path: Page(path) for path in SITE.rglob("*.html")}


def test_every_link_has_a_target(pages: dict[Path, Page]) -> None:
    assert len(pages) > 20
    for path, page in pages.items():
        for link in page.links:
            target, _, anchor = link.partition("#")
            there = (path.parent / target).resolve() if target else path
            assert there in pages, f"{path.name}: {link}"
            assert not anchor or anchor in pages[there].anchors, f"{path.name}: {link}"


def test_everything_that_is_loaded_is_part_of_the_site(pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        for address in page.loaded:
            assert (path.parent / address).is_file(), f"{path.name}: {address}"


def test_the_search_index_leads_to_sections(pages: dict[Path, Page]) -> None:
    for language, word in (("zh", "户编号"), ("en", "check digits")):
        script = (SITE / language / "index.js").read_text(encoding="utf-8")
        index = json.loads(script.removeprefix("const INDEX = ").rstrip(";\n"))
        assert next(address for address, _, text in index if word in text).startswith(
            "worker.html#"
        )
        for address, _, _ in index:
            name, _, anchor = address.partition("#")
            assert not anchor or anchor in pages[SITE / language / name].anchors
