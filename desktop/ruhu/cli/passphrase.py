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


def read_passphrase(arguments: argparse.Namespace, language: Language) -> str:
    """The passphrase: from the file, the environment, or asked for at the terminal."""
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
    return getpass.getpass(Text("口令：", "Passphrase: ").in_language(language))
