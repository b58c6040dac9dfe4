"""`ruhu county`: the county's database, from its keys to the register in Excel."""

import argparse
import json
import sys
from pathlib import Path

from ruhu.cli.commands.county.people import configure_people, run_audit, run_recover, run_user
from ruhu.cli.commands.county.update import configure_update, run_update
from ruhu.cli.options.county import (
    add_database_option,
    add_user_options,
    database,
    open_county,
    user_of,
)
from ruhu.cli.options.files import read_file, warn_of
from ruhu.cli.options.passphrase import read_passphrase
from ruhu.county.access.keyring import FIRST_USER
from ruhu.county.county import CountyStore
from ruhu.county.records.import_result import ImportOutcome
from ruhu.county.removable_media import write_replies
from ruhu.data_folder import data_folder
from ruhu.errors import UserError
from ruhu.exchange.formats.bundle import SUFFIX
from ruhu.exchange.keys.device import read_device
from ruhu.exchange.media_files import bundles_in
from ruhu.export.register import write_register
from ruhu.files.atomic_write import write_atomic
from ruhu.i18n import BilingualText, Language
from ruhu.policy.standards.files import read_standards_file

HELP = BilingualText(
    "县级：建库、登记设备、接收数据包、导出台账", "the county: set up, enrol, import, export"
)


AUTH_ERRORS = 77
"""Exit code of `serve` for a wrong passphrase (EX_NOPERM of sysexits), so that systemd does not retry."""


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu county`."""

    def say(zh: str, en: str) -> str:
        return BilingualText(zh, en).in_language(language)

    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    init = acts.add_parser("init", help=say("建立县数据库和密钥", "make the database and keys"))
    init.add_argument("--county", required=True, help=say("6位县代码", "county code, 6 digits"))
    init.add_argument("--name", required=True, help=say("县名", "the county's name"))
    init.add_argument("--public", type=Path, required=True, help=say("公钥文件", "public key file"))
    init.add_argument(
        "--recovery",
        type=Path,
        required=True,
        help=say("恢复密钥文件，须离线保管", "recovery key file, to be kept off-line"),
    )
    enrol = acts.add_parser("enrol", help=say("登记设备", "enrol a device"))
    enrol.add_argument("device", type=Path, metavar="DEVICE.json")
    enrol.add_argument(
        "--again",
        action="store_true",
        help=say("恢复登记已注销的设备", "enrol a device that was revoked"),
    )
    take = acts.add_parser("import", help=say("接收数据包", "take bundles in"))
    take.add_argument("bundles", type=Path, nargs="+", metavar="BUNDLE|FOLDER")
    export = acts.add_parser("export", help=say("导出台账", "export the register"))
    export.add_argument("db", type=database)
    export.add_argument("--xlsx", type=Path, required=True)
    sign = acts.add_parser("sign", help=say("给县标准签名", "sign the county's standards"))
    sign.add_argument("standards", type=Path, metavar="STANDARDS.toml")
    sign.add_argument("--out", type=Path, required=True, metavar="SIGNED.json")
    serve = acts.add_parser("serve", help=say("接收网上来的数据包", "take bundles in over HTTP"))
    serve.add_argument(
        "--host", default="127.0.0.1", help=say("监听的地址", "address to listen on")
    )
    serve.add_argument("--port", type=int, default=8443)
    serve.add_argument(
        "--share-port",
        action="store_true",
        help=say(
            "与其他进程共用端口（同一 PostgreSQL）", "let other workers on the database listen, too"
        ),
    )
    serve.add_argument(
        "--metrics-port",
        type=int,
        metavar="PORT",
        help=say(
            "在本机此端口给 Prometheus 报数", "tell Prometheus on this port of the machine itself"
        ),
    )
    serve.add_argument(
        "--uploads",
        type=Path,
        metavar="FOLDER",
        help=say("存放未传完的数据包", "where parts of bundles wait; shared by workers"),
    )
    serve.add_argument(
        "--certificate", type=Path, metavar="PEM", help=say("另用的证书", "another certificate")
    )
    serve.add_argument("--key", type=Path, metavar="PEM")
    window = acts.add_parser("open", help=say("打开县级工作台", "open the county's workspace"))
    window.add_argument("db", type=database)
    public = acts.add_parser(
        "public",
        help=say("重发县公钥文件（带服务器）", "write the public file again, with the server"),
    )
    public.add_argument("--server", metavar="URL", help="https://10.0.0.5:8443")
    public.add_argument("--out", type=Path, required=True, metavar="county.json")
    configure_people(acts, language)
    configure_update(acts, language)
    for act in (init, enrol, take, sign, serve, public):
        add_database_option(act, language)
    for act in (init, enrol, take, export, sign, serve, public):
        add_user_options(act, language)


def bundle_files(places: list[Path]) -> list[Path]:
    """Return the bundle files among files and folders, sorted by name."""
    files: list[Path] = []
    for place in places:
        files += bundles_in(place) if place.is_dir() else [place]
    return files


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Run one act."""
    if arguments.act == "open":
        from ruhu.app.county import run_county

        return run_county(arguments.db, language)
    acts = {
        "init": _init, "enrol": _enrol, "import": _import, "export": _export, "sign": _sign,
        "serve": _serve, "public": _public, "user": run_user, "recover": run_recover,
        "audit": run_audit, "update": run_update,
    }  # fmt: skip
    return acts[arguments.act](arguments, language)


def _init(arguments: argparse.Namespace, language: Language) -> int:
    for path in (arguments.public, arguments.recovery):
        if path.exists():
            raise UserError(
                BilingualText("{path} 已经存在", "{path} exists already").format(path=path)
            )
    store, recovery = CountyStore.create(
        arguments.db,
        read_passphrase(arguments, language, new=True),
        county=arguments.county,
        name=arguments.name,
        user=user_of(arguments) or FIRST_USER,
    )
    with store:
        write_atomic(arguments.public, store.public.model_dump_json(indent=1).encode())
        write_atomic(arguments.recovery, f"{recovery}\n".encode(), private=True)
        text = BilingualText(
            "县公钥，请各工作队员逐词核对：{words}",
            "the county's keys, for field workers to compare word by word: {words}",
        )
        print(text.format(words=store.public.words).in_language(language))
    return 0


def _enrol(arguments: argparse.Namespace, language: Language) -> int:
    device = read_device(read_file(arguments.device))
    with open_county(arguments.db, arguments, language) as store:
        store.devices.enrol(device, again=arguments.again)
    text = BilingualText(
        "已登记设备，请与工作队员逐词核对：{words}",
        "device enrolled; compare word by word with its worker: {words}",
    )
    print(text.format(words=device.words).in_language(language))
    return 0


def _import(arguments: argparse.Namespace, language: Language) -> int:
    files = bundle_files(arguments.bundles)
    if not files:
        raise UserError(
            BilingualText("没有找到数据包（*{s}）", "no bundles found (*{s})").format(s=SUFFIX)
        )
    aside = 0
    with open_county(arguments.db, arguments, language) as store:
        for imported in store.exchange.import_files(files):
            refused = imported.outcome is ImportOutcome.REJECTED
            aside += refused
            line = imported.text.in_language(language)
            print(line, file=sys.stderr if refused else sys.stdout)
        for folder in sorted({path.parent for path in files}):
            write_replies(store, folder, [path for path in files if path.parent == folder])
    return 2 if aside else 0


def _public(arguments: argparse.Namespace, language: Language) -> int:
    with open_county(arguments.db, arguments, language) as store:
        public = store.keys.name_server(arguments.server) if arguments.server else store.public
    write_atomic(arguments.out, public.model_dump_json(indent=1).encode())
    print(arguments.out, public.words.in_language(language))
    return 0


def _serve(arguments: argparse.Namespace, language: Language) -> int:
    from ruhu.county.server.serve import ServerOptions, notify_systemd, serve
    from ruhu.exchange.keys.key_wrap import WrongPassphrase

    # Parts of bundles wait next to the database file, else in the data folder.
    location = arguments.db if isinstance(arguments.db, Path) else data_folder() / "county"
    serving = ServerOptions(
        host=arguments.host,
        port=arguments.port,
        uploads=arguments.uploads or location.with_name(f"{location.name}.uploads"),
        share_port=arguments.share_port,
        metrics_port=arguments.metrics_port,
        certificate=arguments.certificate,
        key=arguments.key,
    )
    text = BilingualText("监听 https://{host}:{port}", "listening on https://{host}:{port}")
    message = text.format(host=arguments.host, port=arguments.port).in_language(language)

    def listening() -> None:
        print(message, flush=True)
        notify_systemd("READY=1")

    try:
        store = open_county(arguments.db, arguments, language)
    except WrongPassphrase as error:
        print(error.text.in_language(language), file=sys.stderr)
        return AUTH_ERRORS
    with store:
        serve(store, serving, listening)
    return 0


def _export(arguments: argparse.Namespace, language: Language) -> int:
    with open_county(arguments.db, arguments, language) as store:
        written = write_register(store.records.documents(), arguments.xlsx)
    text = BilingualText("已写入 {rows} 人：{path}", "{rows} persons written: {path}")
    print(text.format(rows=written.persons, path=arguments.xlsx).in_language(language))
    warn_of(written.altered, language)
    return 0


def _sign(arguments: argparse.Namespace, language: Language) -> int:
    document = read_standards_file(str(arguments.standards), read_file(arguments.standards))
    with open_county(arguments.db, arguments, language) as store:
        signed = store.standards.sign(document)
    write_atomic(arguments.out, json.dumps(signed, ensure_ascii=False, indent=1).encode())
    print(arguments.out)
    return 0
