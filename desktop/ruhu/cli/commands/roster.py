"""`ruhu roster`: households in from an Excel roster, reported cell by cell, and out again."""

import argparse
import sys
from pathlib import Path

from ruhu.cli.options.files import read_file, warn_of
from ruhu.cli.options.passphrase import add_passphrase_option, read_passphrase
from ruhu.data_folder import data_folder
from ruhu.export.register import write_register
from ruhu.i18n import BilingualText, Language
from ruhu.store.roster_import import apply_import, plan_import
from ruhu.store.search import Search
from ruhu.store.store import Store
from ruhu.survey.roster.reader import read_roster

HELP = BilingualText("名册：导入农户并逐格报告疑点，导出", "households in from a roster, and out")


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu roster`."""

    def say(zh: str, en: str) -> str:
        return BilingualText(zh, en).in_language(language)

    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    take = acts.add_parser("import", help=say("导入名册", "import a roster"))
    take.add_argument("file", type=Path, metavar="ROSTER.xlsx")
    take.add_argument(
        "--preview", action="store_true", help=say("只看结果，不入库", "show, store nothing")
    )
    give = acts.add_parser("export", help=say("导出农户", "export households"))
    give.add_argument(
        "file",
        type=Path,
        metavar="FILE.xlsx|csv|json",
        help=say("写入的文件，未加密", "the file to write, which is not encrypted"),
    )
    give.add_argument("--search", default="", help=say("只导出搜到的", "only what a search finds"))
    for act in (take, give):
        act.add_argument("--data", type=Path, help=say("数据文件夹", "data folder"))
        add_passphrase_option(act, language)


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Import or export."""
    return {"import": _import, "export": _export}[arguments.act](arguments, language)


def _export(arguments: argparse.Namespace, language: Language) -> int:
    passphrase = read_passphrase(arguments, language)
    with Store.open(arguments.data or data_folder(), passphrase) as store:
        found = store.records.summaries(Search(arguments.search))
        written = write_register(
            (store.records.document(s.record_id) for s in found), arguments.file
        )
    text = BilingualText("已写入{n}户{m}人：{path}", "{n} households, {m} persons written: {path}")
    message = text.format(n=len(found), m=written.persons, path=arguments.file)
    print(message.in_language(language))
    warn_of(written.altered, language)
    return 0


def _import(arguments: argparse.Namespace, language: Language) -> int:
    """Import a roster; with `--preview` only print what would be imported."""
    roster = read_roster(read_file(arguments.file))
    for remark in roster.report:
        print(remark.text.in_language(language), file=sys.stderr)
    passphrase = read_passphrase(arguments, language)
    with Store.open(arguments.data or data_folder(), passphrase) as store:
        intake = plan_import(store, roster)
        for line in (*intake.duplicates, *intake.remarks):
            print(line.in_language(language), file=sys.stderr)
        if not arguments.preview:
            apply_import(store, intake)
    message = BilingualText(
        f"读到{len(roster.households)}户{roster.persons}人，疑点{len(roster.report)}处；",
        f"read {len(roster.households)} households, {roster.persons} persons, "
        f"{len(roster.report)} remarks; ",
    )
    print(message.in_language(language) + intake.text.in_language(language))
    return 0
