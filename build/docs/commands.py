"""Write the handbook's page of all commands, from the parser that reads them.

usage: python -m build.docs.commands [--check]      with --check, only checks that they are up to date
"""

import argparse
import sys
from collections.abc import Iterator

from ruhu.cli.main import build_parser
from ruhu.i18n import BilingualText, Language
from ruhu.ui.help.handbook import page_path

LANGUAGES: tuple[Language, ...] = ("zh", "en")
TITLE = BilingualText("全部命令", "All commands")
INTRODUCTION = BilingualText(
    "由程序自己列出。单独一个 `ruhu` 打开窗口；`ruhu 命令 --help` 说同样的话。* 表示必填。",
    "Listed by the program itself. `ruhu` alone opens the window; `ruhu COMMAND --help` says the same. "
    "* is needed.",
)


def subcommands(
    parser: argparse.ArgumentParser,
) -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Yield the name, the help and the parser of each subcommand."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, found in action.choices.items():
                yield name, helps.get(name, ""), found


def _word(action: argparse.Action) -> str:
    if action.option_strings and action.nargs == 0:
        return ", ".join(action.option_strings)
    choices = "|".join(map(str, action.choices or ()))
    shown = (
        action.metavar or choices or (action.dest.upper() if action.option_strings else action.dest)
    )
    value = shown if isinstance(shown, str) else " ".join(shown)
    return " ".join([", ".join(action.option_strings), value]).strip()


def _arguments(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if isinstance(action, (argparse._HelpAction, argparse._SubParsersAction)):
            continue
        mark = " *" if action.required else ""
        description = (action.help or "") % vars(action)
        yield f"- `{_word(action)}`{mark} {description}".rstrip()


def _described(words: str, summary: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    """Yield the lines of a command and of its subcommands."""
    deeper = list(subcommands(parser))
    if not deeper:
        yield f"**`{words}`** {summary}".strip()
        yield ""
        arguments = list(_arguments(parser))
        yield from arguments
        if arguments:
            yield ""
    for name, help_text, below in deeper:
        yield from _described(f"{words} {name}", help_text, below)


def page(language: Language) -> str:
    """Return the page in one language."""
    lines = [f"# {TITLE.in_language(language)}", "", INTRODUCTION.in_language(language), ""]
    for name, summary, parser in subcommands(build_parser(language, None)):
        lines += [f"## ruhu {name}", ""]
        if list(subcommands(parser)):
            lines += [summary, ""]
        lines += _described(f"ruhu {name}", summary, parser)
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Write both pages, or check that they are up to date."""
    for language in LANGUAGES:
        path, text = page_path("commands", language), page(language)
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            sys.exit("resources/help/commands is out of date: run python -m build.docs.commands")
    if "--check" in sys.argv[1:]:
        print("page of commands up to date")


if __name__ == "__main__":
    main()
