"""`ruhu slip`: make a household's slip as PDF, and tell genuine slips from others."""

import argparse
import json
import os
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ruhu.cli.options.county import add_database_option, add_user_options, open_county
from ruhu.cli.options.files import read_file
from ruhu.cli.options.passphrase import add_passphrase_option, read_passphrase
from ruhu.cli.options.record_files import add_standards_option, read_day, read_standards
from ruhu.data_folder import data_folder
from ruhu.errors import UserError
from ruhu.i18n import BilingualText, Language
from ruhu.slips.issuing import IssuedSlip, issue_slip
from ruhu.slips.token import IssuingDevice, Verdict
from ruhu.slips.verification import VerificationResult, verify_slip
from ruhu.store.store import Store

HELP = BilingualText("明白卡：生成、验证", "slips: make and verify")


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu slip`."""

    def say(zh: str, en: str) -> str:
        return BilingualText(zh, en).in_language(language)

    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    make = acts.add_parser("make", help=say("生成一户的 PDF", "one household's slip as PDF"))
    make.add_argument("record", metavar="RECORD_ID", help=say("记录编号", "the record's id"))
    make.add_argument("--pdf", type=Path, required=True, metavar="FILE")
    make.add_argument("--on", metavar="DATE", help=say("核对日", "day of the check"))
    add_standards_option(make, language)
    make.add_argument("--data", type=Path, help=say("数据文件夹", "data folder"))
    check = acts.add_parser("verify", help=say("验证明白卡真伪", "whether slips are genuine"))
    check.add_argument(
        "slips",
        nargs="+",
        type=Path,
        metavar="FILE",
        help=say(
            "照片、扫描件（PNG、JPEG、PDF）或二维码的文字", "photo, scan (PNG, JPEG, PDF) or text"
        ),
    )
    add_database_option(check, language)
    check.add_argument(
        "--json", action="store_true", help=say("每张一行 JSON", "a line of JSON each")
    )
    add_passphrase_option(make, language)
    add_user_options(check, language)


@dataclass(frozen=True, slots=True)
class Printed:
    """A rendered slip: its pages, and the characters that no font has."""

    pages: int
    missing: str


def print_to_file(issued: IssuedSlip, path: Path) -> Printed:
    """Write an issued slip as PDF without a display."""
    from PySide6.QtGui import QGuiApplication

    if QGuiApplication.instance() is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"

    from ruhu.ui.printing.font_fallback import name_characters
    from ruhu.ui.printing.slip_printing import SlipPages, write_pdf

    application = QGuiApplication.instance() or QGuiApplication([])
    slip = SlipPages(issued)
    printed = Printed(write_pdf([slip], path), name_characters(slip.glyphs.missing))
    del slip, application
    return printed


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Make a slip, or say of slips whether they are genuine."""
    return {"make": _make, "verify": _verify}[arguments.act](arguments, language)


def _make(arguments: argparse.Namespace, language: Language) -> int:
    try:
        record_id = UUID(arguments.record)
    except ValueError:
        raise UserError(
            BilingualText("“{record}”不是记录编号", "“{record}” is no record id").format(
                record=arguments.record
            )
        ) from None
    standards = read_standards(arguments.standards)
    passphrase = read_passphrase(arguments, language)
    with Store.open(arguments.data or data_folder(), passphrase) as store:
        on = read_day(arguments.on)
        issued = issue_slip(store, record_id, on=on, standards=standards, language=language)
    printed = print_to_file(issued, arguments.pdf)
    lines = [
        BilingualText(
            "明白卡 {number}，{pages}页：{path}", "slip {number}, {pages} pages: {path}"
        ).format(number=issued.number, pages=printed.pages, path=arguments.pdf)
    ]
    if printed.missing:
        lines.append(
            BilingualText(
                "没有字形：{missing}。打出来留空，请用笔补上。",
                "No font has {missing}. They are blanks on paper: write them in by hand.",
            ).format(missing=printed.missing)
        )
    print("\n".join(text.in_language(language) for text in lines))
    return 0


def _verify(arguments: argparse.Namespace, language: Language) -> int:
    from ruhu.slips.code_reader import tokens_in

    found = [(path, tokens_in(str(path), read_file(path))) for path in arguments.slips]
    genuine = True
    with open_county(arguments.db, arguments, language) as county:

        def find_issuer(device_id: UUID) -> IssuingDevice | None:
            known = county.devices.issuer(device_id)
            return IssuingDevice(*known) if known else None

        for path, codes in found:
            for judged in [verify_slip(code, find_issuer) for code in codes] or [
                VerificationResult(Verdict.NOT_A_SLIP)
            ]:
                genuine = genuine and judged.verdict is Verdict.GENUINE
                print(_line(path, judged, language, as_json=arguments.json))
    return 0 if genuine else 2


def _line(path: Path, judged: VerificationResult, language: Language, *, as_json: bool) -> str:
    if not as_json:
        return f"{path}: {judged.text.in_language(language)}"
    content = judged.token.content if judged.token else None
    answer = {"file": str(path), "verdict": judged.verdict, "slip": content}
    return json.dumps(answer, ensure_ascii=False)
