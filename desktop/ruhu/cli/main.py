"""Entry point of the `ruhu` command."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from ruhu import __version__
from ruhu.errors import UserError
from ruhu.i18n import BilingualText, Language

MODULES = {
    "app": "ruhu.cli.commands.app",
    "check": "ruhu.cli.commands.check",
    "assess": "ruhu.cli.commands.assess",
    "indicators": "ruhu.cli.commands.indicators",
    "explain": "ruhu.cli.commands.explain",
    "compare": "ruhu.cli.commands.compare",
    "questions": "ruhu.cli.commands.questions",
    "options": "ruhu.cli.commands.housing_options",
    "schema": "ruhu.cli.commands.schema",
    "roster": "ruhu.cli.commands.roster",
    "slip": "ruhu.cli.commands.slip",
    "bundle": "ruhu.cli.commands.bundle",
    "backup": "ruhu.cli.commands.backup",
    "keys": "ruhu.cli.commands.keys",
    "county": "ruhu.cli.commands.county.county",
    "region": "ruhu.cli.commands.region",
    "update": "ruhu.cli.commands.update",
    "demo": "ruhu.cli.commands.demo",
}
"""The module of each subcommand. It is imported only for its command, so that
`ruhu check` starts without Qt or a database."""


class Command(Protocol):
    """The functions of a command's module."""

    HELP: BilingualText

    def configure(self, parser: argparse.ArgumentParser, language: Language) -> None:
        """Add the command's arguments to `parser`."""

    def run(self, arguments: argparse.Namespace, language: Language) -> int:
        """Run the command and return its exit code. A `UserError` becomes exit code 2."""


def user_language() -> Language:
    """Return English if RUHU_LANG or the locale says so, else Chinese."""
    for name in ("RUHU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").lower()
        if value.startswith("en"):
            return "en"
        if value.startswith("zh"):
            return "zh"
    return "zh"


def build_parser(language: Language, wanted: str | None) -> argparse.ArgumentParser:
    """Make the parser with the arguments of the `wanted` command, or of all of them."""
    parser = argparse.ArgumentParser(
        prog="ruhu",
        description=BilingualText(
            "入户：离线入户调查、政策核对、明白卡与数据包",
            "Ruhu: household surveys, policy checks, slips and bundles without a network",
        ).in_language(language),
    )
    parser.add_argument("--version", action="version", version=f"ruhu {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, path in MODULES.items():
        if wanted in MODULES and name != wanted:
            subparsers.add_parser(name)
            continue
        module = cast(Command, importlib.import_module(path))
        text = module.HELP.in_language(language)
        command = subparsers.add_parser(name, help=text, description=text)
        module.configure(command, language)
        command.set_defaults(run=module.run)
    return parser


def _write_no_core_files() -> None:
    """Disable core files: a crash must not write open records to the disk."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one `ruhu` command; without one, open the app. Returns the exit code."""
    _write_no_core_files()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    words = list(sys.argv[1:] if argv is None else argv) or ["app"]
    language = user_language()
    arguments = build_parser(language, words[0]).parse_args(words)
    try:
        return cast(int, arguments.run(arguments, language))
    except UserError as error:
        print(error.text.in_language(language), file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader (`head`, a pager) has seen enough; what is still buffered goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
