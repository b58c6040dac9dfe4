"""`ruhu slip`: one household's slip as PDF."""

import argparse
import os
from pathlib import Path
from uuid import UUID

from ruhu.cli.passphrase import add_passphrase_option, read_passphrase
from ruhu.cli.records import add_standards_option, read_day, read_standards
from ruhu.slips.issue import IssuedSlip, issue
from ruhu.store.place import data_folder
from ruhu.store.store import Store
from ruhu.survey.text import Language, Text, UserError

HELP = Text("明白卡：生成一户的 PDF", "a household's slip as PDF")


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu slip`."""

    def say(zh: str, en: str) -> str:
        return Text(zh, en).in_language(language)

    parser.add_argument("record", metavar="RECORD_ID", help=say("记录编号", "the record's id"))
    parser.add_argument("--pdf", type=Path, required=True, metavar="FILE")
    parser.add_argument("--on", metavar="DATE", help=say("核对日", "day of the check"))
    add_standards_option(parser, language)
    parser.add_argument("--data", type=Path, help=say("数据文件夹", "data folder"))
    add_passphrase_option(parser, language)


def print_to_file(issued: IssuedSlip, path: Path) -> int:
    """Write an issued slip as PDF without a display; returns the pages."""
    from PySide6.QtGui import QGuiApplication

    if QGuiApplication.instance() is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"

    from ruhu.ui.printing import SlipPages, write_pdf

    application = QGuiApplication.instance() or QGuiApplication([])
    pages = SlipPages(
        issued.slip,
        number=issued.number,
        issued_on=issued.issued_on,
        token=issued.token,
        reprint=issued.reprint,
    )
    count = write_pdf(pages, path)
    del application
    return count


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Issue the slip and write it."""
    try:
        record_id = UUID(arguments.record)
    except ValueError:
        raise UserError(
            Text("“{record}”不是记录编号", "“{record}” is no record id").format(
                record=arguments.record
            )
        ) from None
    standards = read_standards(arguments.standards)
    passphrase = read_passphrase(arguments, language)
    with Store.open(arguments.data or data_folder(), passphrase) as store:
        on = read_day(arguments.on)
        issued = issue(store, record_id, on=on, standards=standards, language=language)
    pages = print_to_file(issued, arguments.pdf)
    text = Text("明白卡 {number}，{pages}页：{path}", "slip {number}, {pages} pages: {path}")
    print(text.format(number=issued.number, pages=pages, path=arguments.pdf).in_language(language))
    return 0
