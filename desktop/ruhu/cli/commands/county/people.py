"""`ruhu county user`, `recover` and `audit`: who may sign in, and what they did."""

import argparse
import os
import sys
from pathlib import Path

from ruhu.cli.options.county import add_database_option, add_user_options, open_county, user_of
from ruhu.cli.options.files import read_file
from ruhu.cli.options.passphrase import ask_new, read_passphrase_file
from ruhu.county.access.keyring import FIRST_USER
from ruhu.county.access.permissions import Role
from ruhu.county.county import CountyStore
from ruhu.errors import UserError
from ruhu.i18n import BilingualText, Language


def configure_people(
    acts: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language
) -> None:
    """Add the arguments of the acts in this module."""

    def say(zh: str, en: str) -> str:
        return BilingualText(zh, en).in_language(language)

    roles = [role.value for role in Role]
    user = acts.add_parser("user", help=say("用户与角色", "users and their roles"))
    deeds = user.add_subparsers(dest="deed", required=True, metavar="DEED")
    listed = deeds.add_parser("list", help=say("列出用户", "list the users"))
    add = deeds.add_parser("add", help=say("新增用户", "let somebody in"))
    role = deeds.add_parser("role", help=say("改角色", "give another role"))
    passphrase = deeds.add_parser("passphrase", help=say("改口令", "give another password"))
    remove = deeds.add_parser("remove", help=say("停用用户", "let somebody in no more"))
    for deed in (add, role, passphrase, remove):
        deed.add_argument("name", metavar="NAME")
    for deed in (add, role):
        deed.add_argument("--role", choices=roles, required=True)
    recover = acts.add_parser(
        "recover", help=say("用恢复密钥重设口令", "a new password by the recovery key")
    )
    recover.add_argument("--identity", type=Path, required=True, metavar="recovery.key")
    for deed in (add, passphrase, recover):
        deed.add_argument(
            "--new-passphrase-file",
            type=Path,
            metavar="FILE",
            help=say(
                "新口令的文件（否则询问）", "file with the new password (else it is asked for)"
            ),
        )
    audit = acts.add_parser("audit", help=say("审计记录", "the audit trail"))
    audit.add_argument(
        "deed",
        choices=["list", "verify"],
        help=say("列出，或验证没有改动", "list it, or verify that nothing was altered"),
    )
    audit.add_argument("--after", type=int, default=0, metavar="N")
    for act in (listed, add, role, passphrase, remove, recover, audit):
        add_database_option(act, language)
        add_user_options(act, language)


def run_user(arguments: argparse.Namespace, language: Language) -> int:
    """Run `ruhu county user`."""
    with open_county(arguments.db, arguments, language) as store:
        if arguments.deed == "add":
            new = _new_passphrase(arguments, language)
            store.users.add(arguments.name, Role(arguments.role), new)
        elif arguments.deed == "role":
            store.users.set_role(arguments.name, Role(arguments.role))
        elif arguments.deed == "passphrase":
            store.users.set_passphrase(arguments.name, _new_passphrase(arguments, language))
            return 0
        elif arguments.deed == "remove":
            store.users.remove(arguments.name)
        for user in store.users.all():
            print(f"{user.name}\t{user.role.label.in_language(language)}")
    return 0


def run_recover(arguments: argparse.Namespace, language: Language) -> int:
    """Run `ruhu county recover`."""
    identity = read_file(arguments.identity).decode(errors="replace").strip()
    user, new = user_of(arguments) or FIRST_USER, _new_passphrase(arguments, language)
    CountyStore.recover(arguments.db, identity, user=user, passphrase=new).close()
    text = BilingualText(
        "{user} 已成为管理员，口令已重设", "{user} is an administrator with a new password"
    )
    print(text.format(user=user).in_language(language))
    return 0


def run_audit(arguments: argparse.Namespace, language: Language) -> int:
    """Run `ruhu county audit`. Returns 2 where the trail does not hold."""
    with open_county(arguments.db, arguments, language) as store:
        if arguments.deed == "verify":
            count, last = store.audit.verify()
            text = BilingualText(
                "审计记录完整：{n} 条，末条哈希 {hash}",
                "the trail holds: {n} entries, last hash {hash}",
            )
            print(text.format(n=count, hash=last).in_language(language))
            return 0
        for entry in store.audit.entries(after=arguments.after):
            print(entry.sequence, entry.at, entry.who or "-", entry.act, entry.detail, sep="\t")
    return 0


def _new_passphrase(arguments: argparse.Namespace, language: Language) -> str:
    if arguments.new_passphrase_file is not None:
        return read_passphrase_file(arguments.new_passphrase_file)
    passphrase = os.environ.get("RUHU_NEW_PASSPHRASE")
    if passphrase is not None:
        return passphrase
    if not sys.stdin.isatty():
        raise UserError(
            BilingualText(
                "需要新口令：用 --new-passphrase-file 或环境变量 RUHU_NEW_PASSPHRASE",
                "a new password is needed: --new-passphrase-file or RUHU_NEW_PASSPHRASE",
            )
        )
    return ask_new(language)
