"""The READMEs and the handbook: their commands and links exist, and the program accepts their examples."""

import argparse
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ruhu.cli.main import MODULES, build_parser, main
from ruhu.i18n import Language
from ruhu.policy.packs.loader import load_pack
from ruhu.resources import resource
from ruhu.ui.help.handbook import PAGES, page_path, page_text

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
TEXTS = [
    *(ROOT / name for name in ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "SECURITY.md")),
    *(page_path(page, language) for page in PAGES for language in LANGUAGES),
]
LEFT_OPEN = {"…", "..."}
"""Placeholders for the rest of a command."""


def tokens(path: Path) -> Iterator[Token]:
    """Yield all tokens of a page, inline ones included."""
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8")):
        yield token
        yield from token.children or ()


def commands(path: Path) -> Iterator[str]:
    """Yield every `ruhu …` in code, without its trailing comment."""
    if path.name.startswith("commands"):
        return  # written from the parser itself
    for token in tokens(path):
        if token.type not in ("code_inline", "code_block", "fence"):
            continue
        text = token.content.replace("\\\n", " ")
        for line in text.splitlines() if token.type != "code_inline" else [text.replace("\n", " ")]:
            command = re.sub(r"\s+#.*$", "", line.strip())
            if command.startswith("ruhu ") and "命令" not in command and "COMMAND" not in command:
                yield command


def known(parser: argparse.ArgumentParser, words: list[str]) -> str | None:
    """Return what the parser does not know in a command whose arguments may be missing, or `None`."""
    below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if below and words and not words[0].startswith("-"):
        word, *rest = words
        chosen = word.split("|")
        wrong = [name for name in chosen if name not in below[0].choices]
        if wrong:
            return f"no {wrong[0]}"
        return next((w for name in chosen if (w := known(below[0].choices[name], rest))), None)
    options = {word.split("=")[0] for word in words if word.startswith("--")}
    missing = options - set(parser._option_string_actions)
    return f"no {missing.pop()}" if missing else None


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_documented_command_exists(path: Path) -> None:
    parser = build_parser("en", None)
    wrong = {}
    for command in commands(path):
        words = [word for word in shlex.split(command)[1:] if word not in LEFT_OPEN]
        fault = known(parser, words)
        if fault is None and words and whole(command):
            fault = refused(parser, words)
        if fault:
            wrong[command] = fault
    assert wrong == {}


def whole(command: str) -> bool:
    """Return whether a command is given with its arguments, ready to be typed."""
    return " --" in command and not any(mark in command for mark in ("…", "...", "|"))


def refused(parser: argparse.ArgumentParser, words: list[str]) -> str | None:
    """Return why the parser refuses a command, or `None`."""
    try:
        parser.parse_args(words)
    except SystemExit as stop:
        return "refused by the parser" if stop.code else None
    return None


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_documented_script_exists(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    named = re.findall(r"\bbuild[/\\][\w./\\]+\.(?:py|sh|cmd)\b", page)
    modules = [name.replace(".", "/") for name in re.findall(r"python -m (build[\w.]*\w)", page)]
    missing = [name for name in named if not (ROOT / name.replace("\\", "/")).exists()]
    missing += [
        name
        for name in modules
        if not (ROOT / f"{name}.py").exists() and not (ROOT / name / "__main__.py").exists()
    ]
    assert missing == []


def test_the_pages_document_commands() -> None:
    names = {command.split()[1] for path in TEXTS for command in commands(path)}
    assert len(names & set(MODULES)) > 8


def test_commands_page_marks_required_arguments_only() -> None:
    lines = page_text("commands", "en").splitlines()
    assert "- `RECORD.json` * record files (JSON)" in lines
    assert "- `FILE` a file to open with it: a bundle, or the county's answer or receipts" in lines


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_every_link_and_picture_is_there(path: Path) -> None:
    targets = [
        str(token.attrs.get("href") or token.attrs.get("src") or "") for token in tokens(path)
    ]
    inside = [target for target in targets if target and "://" not in target]
    assert [target for target in inside if not (path.parent / target.split("#")[0]).exists()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_notice_is_accepted(language: Language, tmp_path: Path) -> None:
    shutil.copytree(resource("policy"), tmp_path, dirs_exist_ok=True)
    head, plan, rule = re.findall(r"```toml\n(.*?)```", page_text("policy", language), re.DOTALL)
    made = tmp_path / "gx-2021-1"
    made.mkdir()
    (made / "pack.toml").write_text(head, encoding="utf-8")
    (made / "housing.toml").write_text(plan + rule, encoding="utf-8")
    pack = load_pack(made)
    assert pack.figures["area_up_to_three"].series[-1].value == 65
    assert "housing.area.up_to_two" in {rule.id for rule in pack.rules}


def test_the_example_record_is_assessed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    record, standards = resource("demo/household.json"), resource("demo/standards.toml")
    assert main(["check", str(record), "--standards", str(standards)]) == 0
    assert "28,000" in capsys.readouterr().out


def test_both_languages_have_the_same_sections() -> None:
    for page in PAGES:
        counts = {
            len(re.findall(r"^##+ ", page_text(page, lang), re.MULTILINE)) for lang in LANGUAGES
        }
        assert len(counts) == 1, page
