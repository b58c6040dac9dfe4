"""`ruhu app`: the window."""

import argparse
from pathlib import Path

from ruhu.data_folder import data_folder
from ruhu.i18n import BilingualText, Language

HELP = BilingualText("打开窗口", "open the window")


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu app`."""
    text = BilingualText("数据文件夹", "data folder")
    parser.add_argument("--data", type=Path, help=text.in_language(language))
    text = BilingualText(
        "用本程序打开的文件：数据包、县里的答复或回执",
        "a file to open with it: a bundle, or the county's answer or receipts",
    )
    parser.add_argument(
        "file", type=Path, nargs="?", metavar="FILE", help=text.in_language(language)
    )


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Open the app and stay until it is closed."""
    from ruhu.app.start import run as run_app

    return run_app(arguments.data or data_folder(), language, arguments.file)
