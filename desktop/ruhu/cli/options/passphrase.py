"""Passphrases for commands: from a file, the environment or the terminal."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from ruhu.cli.options.files import read_file
from ruhu.errors import UserError
from ruhu.i18n import BilingualText, Language


def add_passphrase_option(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add `--passphrase-file`."""
    text = BilingualText(
        "口令文件（否则读环境变量 RUHU_PASSPHRASE，再否则询问）",
        "file with the passphrase (else RUHU_PASSPHRASE, else it is asked for)",
    )
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help=text.in_language(language)
    )


def read_passphrase_file(path: Path) -> str:
    """Return the passphrase in a UTF-8 file, without its byte order mark.

    Raises `FileNotReadable`, and `UserError` for what is no such text.
    """
    try:
        text = read_file(path).decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:  # in UTF-16 every other byte of plain letters is one
        raise UserError(
            BilingualText(
                "口令文件 {path} 不是 UTF-8 文本：请另存为 UTF-8 编码（带不带 BOM 都可以）",
                "the passphrase file {path} is no UTF-8 text: save it as UTF-8, with or without a byte order "
                "mark",
            ).format(path=path)
        )
    return text


def read_passphrase(arguments: argparse.Namespace, language: Language, *, new: bool = False) -> str:
    """Return the passphrase from the file, the environment or the terminal; ask twice for a `new` one."""
    if arguments.passphrase_file is not None:
        return read_passphrase_file(arguments.passphrase_file)
    passphrase = os.environ.get("RUHU_PASSPHRASE")
    if passphrase is not None:
        return passphrase
    if not sys.stdin.isatty():
        raise UserError(
            BilingualText(
                "需要口令：用 --passphrase-file 或环境变量 RUHU_PASSPHRASE",
                "a passphrase is needed: --passphrase-file or RUHU_PASSPHRASE",
            )
        )
    if new:
        return ask_new(language)
    return getpass.getpass(BilingualText("口令：", "Passphrase: ").in_language(language))


def ask_new(language: Language) -> str:
    """Ask twice for a new passphrase. Raises `UserError` if the two differ."""
    first, again = (
        getpass.getpass(text.in_language(language))
        for text in (
            BilingualText("新口令：", "New password: "),
            BilingualText("再输一次：", "Once more: "),
        )
    )
    if first != again:
        raise UserError(BilingualText("两次输入不同", "the two differ"))
    return first
