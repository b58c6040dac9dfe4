"""Makes the handbook a web site, out/site, from the pages that the program itself shows.

usage: sh build/site.sh      then open out/site/index.html; no server and no network is needed

What the bench last measured, out/bench, is a page of it where there is one.
"""

import html
import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ruhu.i18n import Language
from ruhu.resources import resource
from ruhu.ui.help.handbook import PAGES, name_of, page_text, title_of

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).resolve().parent
OUT = ROOT / "out" / "site"
BENCH = ROOT / "out" / "bench"
WORDS: dict[Language, dict[str, str]] = {
    "zh": {
        "code": "zh-CN", "other": "en", "other_code": "en", "other_name": "English", "search": "在手册里查找",
        "contents": "目录", "skip": "跳到正文", "nothing": "没有找到", "bench": "测得的速度",
    },
    "en": {
        "code": "en", "other": "zh", "other_code": "zh-CN", "other_name": "中文", "search": "Search the handbook",
        "contents": "Contents", "skip": "Skip to the text", "nothing": "Nothing found", "bench": "What was measured",
    },
}  # fmt: skip
TEMPLATE = Template((HERE / "page.html").read_text(encoding="utf-8"))
# Nothing that a page quotes becomes markup.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


class Section(NamedTuple):
    """A heading of a page, and what is below it, as plain text."""

    anchor: str
    title: str
    text: str


def _plain(token: Token) -> str:
    return "".join(
        child.content if child.type in ("text", "code_inline") else " "
        for child in token.children or ()
    )


def _parsed(text: str) -> list[Token]:
    """A page's tokens, its headings with anchors and its links to other pages of the site."""
    tokens = MARKDOWN.parse(text)
    number = 0
    for token in tokens:
        if token.type == "heading_open" and token.tag in ("h2", "h3"):
            number += 1
            token.attrSet("id", f"s{number}")
        for child in token.children or ():
            address = str(child.attrs.get("href") or "")
            if address.endswith(".md"):
                child.attrSet("href", f"{address.split('.')[0]}.html")
    return tokens


def _sections(tokens: list[Token]) -> Iterator[Section]:
    anchor, title, text, heading = "", "", "", False
    for token in tokens:
        if token.type == "heading_open":
            if title:
                yield Section(anchor, title, text)
            anchor, title, text, heading = str(token.attrs.get("id") or ""), "", "", True
        elif token.type == "heading_close":
            heading = False
        elif heading:
            title = _plain(token)
        elif token.type == "inline":
            text += _plain(token) + " "
        elif token.type in ("fence", "code_block"):
            text += token.content + " "
    yield Section(anchor, title, text)


def _link(name: str, title: str, current: str) -> str:
    here = ' aria-current="page"' if name == current else ""
    return f'<a href="{name}.html"{here}>{html.escape(title)}</a>'


def _navigation(titles: Mapping[str, str], current: str, sections: list[Section]) -> str:
    items = []
    for name, title in titles.items():
        below = ""
        if name == current:
            inner = "".join(
                f'<li><a href="#{s.anchor}">{html.escape(s.title)}</a></li>'
                for s in sections
                if s.anchor
            )
            below = f"<ul>{inner}</ul>"
        items.append(f"<li>{_link(name, title, current)}{below}</li>")
    return f"<ul>{''.join(items)}</ul>"


def _around(titles: Mapping[str, str], current: str) -> str:
    names = list(titles)
    at = names.index(current)
    before = _link(names[at - 1], f"← {titles[names[at - 1]]}", current) if at else "<span></span>"
    after = names[at + 1 : at + 2]
    return before + (_link(after[0], f"{titles[after[0]]} →", current) if after else "")


def _write_language(language: Language, texts: Mapping[str, str]) -> None:
    folder = OUT / language
    folder.mkdir()
    words = WORDS[language]
    titles = {name: name_of(text) for name, text in texts.items()}
    index: list[tuple[str, str, str]] = []
    for name, text in texts.items():
        tokens = _parsed(text)
        sections = list(_sections(tokens))
        index += [
            (f"{name}.html#{s.anchor}", f"{titles[name]} · {s.title}", s.text) for s in sections
        ]
        body = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
        body = body.replace("<table>", '<div class="scroll"><table>').replace(
            "</table>", "</table></div>"
        )
        page = TEMPLATE.substitute(
            words, page=name, title=html.escape(title_of(text)), text=body,
            navigation=_navigation(titles, name, sections), around=_around(titles, name),
        )  # fmt: skip
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    index_json = json.dumps(index, ensure_ascii=False)
    (folder / "index.js").write_text(f"const INDEX = {index_json};\n", encoding="utf-8")
    for picture in (*resource("help").glob("*.png"), *BENCH.glob("*.svg")):
        shutil.copy(picture, folder)


def _texts(language: Language) -> dict[str, str]:
    texts = {name: page_text(name, language) for name in PAGES}
    measured = BENCH / "results.md"
    if measured.exists():
        heading, body = measured.read_text(encoding="utf-8").removeprefix("# ").split("\n", 1)
        texts["bench"] = f"# {WORDS[language]['bench']}\n\n{heading}\n{body}"
    return texts


def main() -> None:
    """Write the whole site, replacing the previous one."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    for language in WORDS:
        _write_language(language, _texts(language))
    for name in ("style.css", "search.js"):
        shutil.copy(HERE / name, OUT)
    shutil.copy(resource("icons/ruhu.svg"), OUT)
    first = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=zh/worker.html">'
    link = '<a href="zh/worker.html">入户 Ruhu</a>'
    (OUT / "index.html").write_text(f"{first}<title>入户 Ruhu</title>{link}\n", encoding="utf-8")
    print(OUT / "index.html")


if __name__ == "__main__":
    main()
