"""`ruhu bundle`: what changed since the last bundle, signed and sealed for the county."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ruhu.cli.options.files import read_file
from ruhu.cli.options.passphrase import add_passphrase_option, read_passphrase
from ruhu.data_folder import data_folder
from ruhu.exchange.formats.container import digest
from ruhu.exchange.formats.receipt import SignedReceipt
from ruhu.exchange.keys.county import read_county
from ruhu.exchange.media_files import KINDS, list_media_files
from ruhu.exchange.protocol.messages import UpdateOffer
from ruhu.files.atomic_write import write_atomic
from ruhu.i18n import BilingualText, Language
from ruhu.store.store import Store
from ruhu.sync.folder import export_bundles

if TYPE_CHECKING:
    from ruhu.sync.client import SyncClient

HELP = BilingualText(
    "数据包：导出给县里、设备公钥、县公钥", "bundles for the county, and the keys they need"
)


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu bundle`."""

    def say(zh: str, en: str) -> str:
        return BilingualText(zh, en).in_language(language)

    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    export = acts.add_parser("export", help=say("写出数据包", "write the bundles"))
    export.add_argument("folder", type=Path, metavar="DIR")
    listed = acts.add_parser(
        "list", help=say("列出U盘上有什么，不读内容", "what lies on a stick, unread")
    )
    listed.add_argument("folder", type=Path, metavar="DIR")
    send = acts.add_parser("send", help=say("上传到县服务器", "send to the county's server"))
    send.add_argument(
        "--proxy", metavar="URL", help=say("代理，默认用系统的", "instead of the system's")
    )
    device = acts.add_parser("device", help=say("写出设备公钥", "write the device's public key"))
    device.add_argument("file", type=Path, metavar="DEVICE.json")
    county = acts.add_parser("county", help=say("读入县公钥", "read the county's public key in"))
    county.add_argument("file", type=Path, metavar="COUNTY.json")
    for act in (export, send, device, county):
        act.add_argument("--data", type=Path, help=say("数据文件夹", "data folder"))
        add_passphrase_option(act, language)


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Run one act."""
    if arguments.act == "list":
        _list(arguments.folder, language)
        return 0
    passphrase = read_passphrase(arguments, language)
    county = read_county(read_file(arguments.file)) if arguments.act == "county" else None
    with Store.open(arguments.data or data_folder(), passphrase) as store:
        if county is not None:
            store.identity.set_county(county)
            text = BilingualText(
                "县公钥，请与县里逐词核对：{words}",
                "the county's keys, compare word by word: {words}",
            )
            print(text.format(words=county.words).in_language(language))
        elif arguments.act == "device":
            device = store.identity.device
            write_atomic(arguments.file, device.model_dump_json(indent=1).encode())
            text = BilingualText(
                "本机，请与县里逐词核对：{words}", "this laptop, compare word by word: {words}"
            )
            print(text.format(words=device.words).in_language(language))
        elif arguments.act == "send":
            _send(store, language, arguments.proxy)
        else:
            exported = export_bundles(store, arguments.folder)
            text = BilingualText("新修订 {n} 条", "{n} new revisions")
            print(text.format(n=exported.revisions).in_language(language))
            for path in exported.files:
                print(path)
            for problem in exported.imported.problems:
                print(problem.in_language(language), file=sys.stderr)
    return 0


def _list(folder: Path, language: Language) -> None:
    for found in list_media_files(folder):
        columns = [KINDS[found.kind].in_language(language), found.county]
        columns += [found.device] if found.device else []
        columns += [f"#{found.sequence}"] if found.sequence else []
        columns += [f"{found.size / 1024:,.1f} KB", found.path.name]
        columns += [found.problem.in_language(language)] if found.problem else []
        print("  ".join(columns))


def _send(store: Store, language: Language, proxy: str | None) -> None:
    """Send what waits, note each receipt as it comes, and take in what the county has made."""
    from ruhu.sync.client import SyncClient
    from ruhu.sync.session import apply_result, plan_sync
    from ruhu.sync.session import run_sync as run_errand
    from ruhu.updates.download_cache import running_program

    errand = plan_sync(store, running_program())
    names = {digest(sealed): name for name, sealed in store.outbox.unconfirmed()}

    def noted(receipt: SignedReceipt) -> None:
        store.outbox.record_receipts([receipt])
        text = BilingualText("{name}：已接收", "{name}: taken in")
        if receipt.outcome == "set_aside":
            text = BilingualText("{name}：搁置，{reason}", "{name}: set aside, {reason}")
        name = names.get(receipt.digest, receipt.digest)
        print(text.format(name=name, reason=receipt.why).in_language(language))

    with SyncClient(errand.county, errand.device, nonce=errand.nonce, proxy=proxy) as courier:
        brought = run_errand(errand, courier, noted)
        changed, lost = apply_result(store, brought)
        _fetch(brought.update, courier, language)
    if changed:
        text = BilingualText("县里更新了 {n} 户", "the county changed {n} records")
        print(text.format(n=changed).in_language(language))
    if lost:
        text = BilingualText(
            "县里丢了 {n} 个已确认的包，下次重新上传",
            "the county has lost {n} bundles that it had confirmed; they are sent again next time",
        )
        print(text.format(n=lost).in_language(language))


def _fetch(offer: UpdateOffer | None, courier: "SyncClient", language: Language) -> None:
    """Download the update that the county offers, or its missing part."""
    from ruhu.updates.download_cache import DownloadCache
    from ruhu.updates.installed_versions import Versions, versions_folder

    fetched = DownloadCache(Versions(versions_folder()))
    place = fetched.download_path(offer) if offer else None
    if offer is None or place is None:
        return
    courier.fetch_update(offer, place)
    text = BilingualText(
        "收到新版本 {v}，请运行 ruhu update apply {path}",
        "version {v} has come; now ruhu update apply {path}",
    )
    print(text.format(v=offer.version, path=fetched.finish(offer)).in_language(language))
