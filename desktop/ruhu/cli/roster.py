"""`ruhu roster`: households from an Excel roster, previewed and reported cell by cell."""

import argparse
import sys
from pathlib import Path

from ruhu.cli.files import read_file
from ruhu.cli.passphrase import add_passphrase_option, read_passphrase
from ruhu.store.intake import plan_intake, take_in
from ruhu.store.place import data_folder
from ruhu.store.store import Store
from ruhu.survey.roster.reading import read_roster
from ruhu.survey.text import Language, Text

HELP = Text("名册：从 Excel 导入农户，逐格报告疑点", "households from an Excel roster")


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu roster`."""

    def say(zh: str, en: str) -> str:
        return Text(zh, en).in_language(language)

    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    take = acts.add_parser("import", help=say("导入名册", "import a roster"))
    take.add_argument("file", type=Path, metavar="ROSTER.xlsx")
    take.add_argument(
        "--preview", action="store_true", help=say("只看结果，不入库", "show, store nothing")
    )
    take.add_argument("--data", type=Path, help=say("数据文件夹", "data folder"))
    add_passphrase_option(take, language)


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Import, or with `--preview` only tell what would come in."""
    roster = read_roster(read_file(arguments.file))
    for remark in roster.report:
        print(remark.text.in_language(language), file=sys.stderr)
    passphrase = read_passphrase(arguments, language)
    with Store.open(arguments.data or data_folder(), passphrase) as store:
        intake = plan_intake(store, roster)
        for line in intake.remarks:
            print(line.in_language(language), file=sys.stderr)
        if not arguments.preview:
            take_in(store, intake)
    told = Text(
        f"读到{len(roster.households)}户{roster.persons}人，疑点{len(roster.report)}处；",
        f"read {len(roster.households)} households, {roster.persons} persons, "
        f"{len(roster.report)} remarks; ",
    )
    print(told.in_language(language) + intake.text.in_language(language))
    return 0
