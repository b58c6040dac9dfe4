"""`ruhu keys`: fingerprints, changed keys, a lost passphrase; on the laptop and at the county."""

import argparse
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from uuid import UUID

from ruhu.cli.options.county import add_user_options, database, open_county
from ruhu.cli.options.files import read_file
from ruhu.cli.options.passphrase import read_passphrase
from ruhu.data_folder import data_folder
from ruhu.errors import UserError
from ruhu.exchange.keys import recovery
from ruhu.exchange.keys.county import read_county
from ruhu.exchange.keys.key_file import KeyFile
from ruhu.files.atomic_write import write_atomic
from ruhu.i18n import BilingualText, Language
from ruhu.store.store import Store

HELP = BilingualText(
    "密钥：指纹、登记、更换、注销、找回口令", "keys: fingerprints, enrol, rotate, revoke, recover"
)


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu keys`."""

    def say(zh: str, en: str) -> str:
        return BilingualText(zh, en).in_language(language)

    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    listed = acts.add_parser("list", help=say("列出密钥和指纹词", "list keys and their words"))
    device = acts.add_parser("device", help=say("写出设备公钥或二维码", "write the device's key"))
    device.add_argument("file", type=Path, metavar="DEVICE.json|CODE.png")
    county = acts.add_parser("county", help=say("读入县公钥", "read the county's key in"))
    county.add_argument("file", type=Path, metavar="COUNTY.json")
    county.add_argument(
        "--confirmed", action="store_true", help=say("已与县里核对指纹", "the words were compared")
    )
    rotate = acts.add_parser("rotate", help=say("更换密钥，旧钥担保新钥", "change keys"))
    rotate.add_argument("--out", type=Path, metavar="county.json")
    rotate.add_argument(
        "--stolen",
        action="store_true",
        help=say("旧钥失窃：不作担保，以后不认", "the old key was stolen: it counts no more"),
    )
    enrol = acts.add_parser("enrol", help=say("登记设备", "enrol a device"))
    enrol.add_argument("device", type=Path, metavar="DEVICE.json|PHOTO")
    revoke = acts.add_parser("revoke", help=say("注销设备", "revoke a device"))
    revoke.add_argument("device", type=UUID, metavar="ID")
    revoke.add_argument("--since", type=date.fromisoformat, metavar="YYYY-MM-DD")
    apply = acts.add_parser(
        "apply", help=say("联网申请登记本机", "ask the county's server to enrol this laptop")
    )
    ask = acts.add_parser("ask", help=say("忘记口令：写出请求", "lost passphrase: write a request"))
    ask.add_argument("file", type=Path, metavar="REQUEST.json")
    grant = acts.add_parser("grant", help=say("县里答复请求", "the county answers a request"))
    grant.add_argument("request", type=Path, metavar="REQUEST.json")
    grant.add_argument("--recovery", type=Path, required=True, metavar="RECOVERY.key")
    grant.add_argument("--out", type=Path, required=True, metavar="ANSWER.age")
    recover = acts.add_parser("recover", help=say("用答复设新口令", "choose a new passphrase"))
    recover.add_argument("answer", type=Path, metavar="ANSWER.age")
    for act in (listed, device, county, rotate, apply, ask, recover):
        act.add_argument("--data", type=Path, help=say("数据文件夹", "data folder"))
    for act in (listed, rotate, enrol, revoke, grant):
        act.add_argument(
            "--db", type=database, metavar="FILE|URL", help=say("县数据库", "county database")
        )
    for act in acts.choices.values():
        add_user_options(act, language)


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Run one act."""
    acts: dict[str, Callable[[argparse.Namespace, Language], None]] = {
        "list": _list, "device": _device, "county": _county, "rotate": _rotate, "enrol": _enrol,
        "revoke": _revoke, "apply": _apply, "ask": _ask, "grant": _grant, "recover": _recover,
    }  # fmt: skip
    acts[arguments.act](arguments, language)
    return 0


def _open(arguments: argparse.Namespace, language: Language) -> Store:
    return Store.open(arguments.data or data_folder(), read_passphrase(arguments, language))


def _say(language: Language, zh: str, en: str) -> None:
    print(BilingualText(zh, en).in_language(language))


def _list(arguments: argparse.Namespace, language: Language) -> None:
    if arguments.db is not None:
        with open_county(arguments.db, arguments, language) as county:
            _tell(language, county.public.name, county.public.words)
            for each in county.devices.all():
                revoked = f"  ✗ {each.revoked_at[:10]}" if each.revoked_at else ""
                _tell(language, f"{each.surveyor} {each.device_id}{revoked}", each.words)
        return
    with _open(arguments, language) as store:
        _tell(
            language,
            f"{store.identity.surveyor} {store.identity.device.device_id}",
            store.identity.device.words,
        )
        if store.identity.county is not None:
            _tell(language, store.identity.county.name, store.identity.county.words)


def _tell(language: Language, whose: str, words: BilingualText) -> None:
    print(f"{whose}\n    {words.in_language(language)}")


def _device(arguments: argparse.Namespace, language: Language) -> None:
    from ruhu.slips.device_qr import draw_device

    with _open(arguments, language) as store:
        device = store.identity.device
    drawn = arguments.file.suffix.lower() == ".png"
    data = draw_device(device) if drawn else device.model_dump_json(indent=1).encode()
    write_atomic(arguments.file, data)
    _tell(language, str(arguments.file), device.words)


def _county(arguments: argparse.Namespace, language: Language) -> None:
    county = read_county(read_file(arguments.file))
    with _open(arguments, language) as store:
        store.identity.set_county(county, confirmed=arguments.confirmed)
    _tell(language, county.name, county.words)


def _rotate(arguments: argparse.Namespace, language: Language) -> None:
    if arguments.db is None:
        with _open(arguments, language) as store:
            device = store.rotate_device_key()
        _tell(language, str(device.device_id), device.words)
        return
    with open_county(arguments.db, arguments, language) as county:
        public = county.keys.rotate(vouched=not arguments.stolen)
    if arguments.out is not None:
        write_atomic(arguments.out, public.model_dump_json(indent=1).encode())
    _tell(language, public.name, public.words)


def _required_db(arguments: argparse.Namespace) -> None:
    if arguments.db is None:
        raise UserError(BilingualText("请写明县数据库 --db", "say which county database: --db"))


def _enrol(arguments: argparse.Namespace, language: Language) -> None:
    from ruhu.slips.device_qr import device_in

    _required_db(arguments)
    device = device_in(arguments.device.name, read_file(arguments.device))
    with open_county(arguments.db, arguments, language) as county:
        county.devices.enrol(device)
    _tell(language, f"{device.surveyor} {device.device_id}", device.words)


def _revoke(arguments: argparse.Namespace, language: Language) -> None:
    _required_db(arguments)
    since = arguments.since and datetime.combine(arguments.since, time()).astimezone()
    with open_county(arguments.db, arguments, language) as county:
        county.devices.revoke(arguments.device, since)
    _say(language, f"已注销 {arguments.device}", f"revoked {arguments.device}")


def _key_file(arguments: argparse.Namespace) -> KeyFile:
    return KeyFile((arguments.data or data_folder()) / "keys.json")


def _apply(arguments: argparse.Namespace, language: Language) -> None:
    from ruhu.sync.client import SyncClient
    from ruhu.sync.session import plan_sync

    with _open(arguments, language) as store:
        errand = plan_sync(store)
        with SyncClient(errand.county, errand.device) as courier:
            enrolled = courier.ask_to_enrol(store.identity.device)
        text = BilingualText(
            "已申请，请与县里逐词核对：{words}", "asked; compare word by word: {words}"
        )
        if enrolled:
            text = BilingualText("已登记：{words}", "enrolled: {words}")
        print(text.format(words=store.identity.device.words).in_language(language))


def _ask(arguments: argparse.Namespace, language: Language) -> None:
    request = recovery.create_request(_key_file(arguments), datetime.now(UTC))
    write_atomic(arguments.file, request.model_dump_json(indent=1).encode())
    _tell(language, str(arguments.file), request.words)


def _grant(arguments: argparse.Namespace, language: Language) -> None:
    _required_db(arguments)
    request = recovery.read_request(read_file(arguments.request))
    answer = recovery.grant_request(
        request, read_file(arguments.recovery).decode("utf-8", "replace")
    )
    with open_county(arguments.db, arguments, language) as county:
        county.devices.record_recovery(request.words.zh)
    write_atomic(arguments.out, answer)
    _tell(language, str(arguments.out), request.words)


def _recover(arguments: argparse.Namespace, language: Language) -> None:
    answer = read_file(arguments.answer)
    passphrase = read_passphrase(arguments, language)
    recovery.accept_grant(_key_file(arguments), answer, passphrase, datetime.now(UTC))
    _say(language, "已设新口令", "the new passphrase holds")
