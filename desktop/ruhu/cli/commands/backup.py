"""`ruhu backup`: a copy of all that a laptop has, and putting one back."""

import argparse
from pathlib import Path

from ruhu.cli.options.passphrase import add_passphrase_option, read_passphrase
from ruhu.data_folder import data_folder
from ruhu.i18n import BilingualText, Language
from ruhu.store.store import Store

HELP = BilingualText(
    "备份：本机全部数据的加密副本", "backups: encrypted copies of all that a laptop has"
)


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu backup`."""

    def say(zh: str, en: str) -> str:
        return BilingualText(zh, en).in_language(language)

    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    make = acts.add_parser("make", help=say("备份到U盘或文件夹", "copy to a stick or folder"))
    restore = acts.add_parser(
        "restore",
        help=say(
            "恢复一份备份，或U盘上最新的一份；现有的数据留着",
            "put a copy back, or the newest of a stick; what is there is kept",
        ),
    )
    for act in (make, restore):
        act.add_argument("folder", type=Path, metavar="DIR")
        act.add_argument("--data", type=Path, help=say("数据文件夹", "data folder"))
        add_passphrase_option(act, language)


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Make a copy or put one back."""
    data: Path = arguments.data or data_folder()
    passphrase = read_passphrase(arguments, language)
    if arguments.act == "make":
        with Store.open(data, passphrase) as store:
            print(store.back_up(arguments.folder))
        return 0
    with Store.restore(arguments.folder, data, passphrase) as store:
        progress = store.records.progress()
    message = BilingualText(
        "已恢复到 {data}：{total} 户，其中 {begun} 户入户还没完成",
        "put back into {data}: {total} households, of which {begun} have an open visit",
    )
    print(
        message.format(data=data, total=progress.total, begun=progress.begun).in_language(language)
    )
    return 0
