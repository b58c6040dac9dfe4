"""`ruhu bundle`: what changed since the last bundle, signed and sealed for the county."""

import argparse
from pathlib import Path

from ruhu.bundle.durable import write_durably
from ruhu.bundle.keys import read_county
from ruhu.cli.files import read_file
from ruhu.cli.passphrase import add_passphrase_option, read_passphrase
from ruhu.store.place import data_folder
from ruhu.store.store import Store
from ruhu.survey.text import Language, Text
from ruhu.sync.folder import export_bundles

HELP = Text(
    "数据包：导出给县里、设备公钥、县公钥", "bundles for the county, and the keys they need"
)


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu bundle`."""

    def say(zh: str, en: str) -> str:
        return Text(zh, en).in_language(language)

    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    export = acts.add_parser("export", help=say("写出数据包", "write the bundles"))
    export.add_argument("folder", type=Path, metavar="DIR")
    device = acts.add_parser("device", help=say("写出设备公钥", "write the device's public key"))
    device.add_argument("file", type=Path, metavar="DEVICE.json")
    county = acts.add_parser("county", help=say("读入县公钥", "read the county's public key in"))
    county.add_argument("file", type=Path, metavar="COUNTY.json")
    for act in (export, device, county):
        act.add_argument("--data", type=Path, help=say("数据文件夹", "data folder"))
        add_passphrase_option(act, language)


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Run one act."""
    passphrase = read_passphrase(arguments, language)
    county = read_county(read_file(arguments.file)) if arguments.act == "county" else None
    with Store.open(arguments.data or data_folder(), passphrase) as store:
        if county is not None:
            store.set_county(county)
            text = Text("县公钥指纹：{print}", "the county's fingerprint: {print}")
            print(text.format(print=county.fingerprint).in_language(language))
        elif arguments.act == "device":
            device = store.device
            write_durably(arguments.file, device.model_dump_json(indent=1).encode())
            text = Text("设备指纹：{print}", "the device's fingerprint: {print}")
            print(text.format(print=device.fingerprint).in_language(language))
        else:
            exported = export_bundles(store, arguments.folder)
            text = Text("新修订 {n} 条", "{n} new revisions")
            print(text.format(n=exported.revisions).in_language(language))
            for path in exported.files:
                print(path)
    return 0
