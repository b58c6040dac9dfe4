"""Where a command takes a passphrase from."""

import argparse
import getpass
import os
import sys
from pathlib import Path

from ruhu.survey.text import Language, Text, UserError


def add_passphrase_option(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add `--passphrase-file`."""
    text = Text(
        "口令文件（否则读环境变量 RUHU_PASSPHRASE，再否则询问）",
        "file with the passphrase (else RUHU_PASSPHRASE, else it is asked for)",
    )
    parser.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help=text.in_language(language)
    )


def read_passphrase(arguments: argparse.Namespace, language: Language, *, new: bool = False) -> str:
    """The passphrase: from the file, the environment, or asked for at the terminal, a `new` one twice."""
    file = arguments.passphrase_file
    if file is not None:
        try:
            return str(file.read_text(encoding="utf-8")).rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise UserError(
                Text("口令文件 {path} 读不了", "the passphrase file {path} cannot be read").format(
                    path=file
                )
            ) from None
    told = os.environ.get("RUHU_PASSPHRASE")
    if told is not None:
        return told
    if not sys.stdin.isatty():
        raise UserError(
            Text(
                "需要口令：用 --passphrase-file 或环境变量 RUHU_PASSPHRASE",
                "a passphrase is needed: --passphrase-file or RUHU_PASSPHRASE",
            )
        )
    if new:
        return ask_new(language)
    return getpass.getpass(Text("口令：", "Passphrase: ").in_language(language))


def ask_new(language: Language) -> str:
    """A new passphrase, typed twice at the terminal. Raises `UserError` where the two differ."""
    first, again = (
        getpass.getpass(text.in_language(language))
        for text in (Text("新口令：", "New password: "), Text("再输一次：", "Once more: "))
    )
    if first != again:
        raise UserError(Text("两次输入不同", "the two differ"))
    return first
