"""Options for a county's database and its user."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ruhu.cli.options.passphrase import add_passphrase_option, read_passphrase
from ruhu.i18n import BilingualText, Language

if TYPE_CHECKING:
    from ruhu.county.county import CountyStore

Place = Path | str


def database(text: str) -> Place:
    """Return a county's database as typed: a file, or a PostgreSQL URL."""
    return text if "://" in text else Path(text)


def add_database_option(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add `--db`."""
    text = BilingualText(
        "县数据库：文件，或 postgresql+psycopg://用户@主机/库名",
        "the county's database: a file, or postgresql+psycopg://USER@HOST/NAME",
    )
    parser.add_argument(
        "--db", type=database, required=True, metavar="FILE|URL", help=text.in_language(language)
    )


def add_user_options(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add `--user` and `--passphrase-file`."""
    text = BilingualText(
        "用户名（否则读环境变量 RUHU_USER；只有一人时可省）",
        "who you are (else RUHU_USER; not needed where there is one user)",
    )
    parser.add_argument("--user", metavar="NAME", help=text.in_language(language))
    add_passphrase_option(parser, language)


def user_of(arguments: argparse.Namespace) -> str:
    """Return the given user name, empty if there is none."""
    return arguments.user or os.environ.get("RUHU_USER", "")


def open_county(place: Place, arguments: argparse.Namespace, language: Language) -> CountyStore:
    """Open a county's database as the user that the arguments name."""
    from ruhu.county.county import CountyStore

    passphrase = read_passphrase(arguments, language)
    return CountyStore.open(place, passphrase, user=user_of(arguments))
