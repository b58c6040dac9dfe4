"""`ruhu update`: new versions of the program from a signed file."""

import argparse
import sys
from pathlib import Path

from ruhu.data_folder import data_folder, installed_program
from ruhu.errors import UserError
from ruhu.i18n import BilingualText, Language
from ruhu.updates.installed_versions import Versions, version_of, versions_folder
from ruhu.updates.installer import install, newest_version, roll_back
from ruhu.updates.package import SUFFIX, Package, check_package, require_usable, trusted_root
from ruhu.updates.version import CURRENT_VERSION

HELP = BilingualText("更新程序：检查、安装、退回", "update the program: check, apply, roll back")


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu update`."""

    def say(zh: str, en: str) -> str:
        return BilingualText(zh, en).in_language(language)

    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    check = acts.add_parser(
        "check", help=say("查看更新包或U盘上的更新包", "what a package, or those on a stick, are")
    )
    check.add_argument("place", type=Path, nargs="?", metavar="FILE|FOLDER")
    apply_ = acts.add_parser("apply", help=say("装上更新包", "put a package's version in place"))
    apply_.add_argument("file", type=Path, metavar=f"FILE{SUFFIX}")
    back = acts.add_parser("rollback", help=say("退回上一个版本", "go back to the version before"))
    back.add_argument(
        "--data-too",
        action="store_true",
        help=say("数据也退回升级前的副本", "and to the copy of the data from before"),
    )
    back.add_argument("--data", type=Path, help=say("数据文件夹", "data folder"))


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Run one act."""
    if arguments.act == "check":
        return _check(arguments.place, language)
    if installed_program() is None:
        raise UserError(
            BilingualText(
                "这是从源码运行的程序，请用 git 更新",
                "this program runs from its source; update that with git",
            )
        )
    versions = Versions(versions_folder())
    if arguments.act == "apply":
        package = install(versions, arguments.file, trusted_root())
        text = BilingualText(
            "{version} 已装好，下次打开窗口时启用；打不开会自动退回",
            "{version} is in place and is tried when the window is next opened; if it does not "
            "start, this version comes back by itself",
        )
        print(text.format(version=package.version).in_language(language))
        return 0
    database = (arguments.data or data_folder()) / "store.db"
    went = roll_back(versions, [database], data_too=arguments.data_too)
    text = BilingualText("下次启动用 {version}", "{version} from the next start on")
    print(text.format(version=went.version).in_language(language))
    for place in went.kept:
        kept = BilingualText("升级后的数据另存在 {place}", "the data since is kept in {place}")
        print(kept.format(place=place).in_language(language))
    return 0


def _check(place: Path | None, language: Language) -> int:
    state = Versions(versions_folder()).read()
    print(
        BilingualText("现在是 {v}", "this is {v}").format(v=CURRENT_VERSION).in_language(language)
    )
    if state.trial:
        text = BilingualText("{v} 已装好，等待启用", "{v} is in place, to be tried")
        print(text.format(v=version_of(state.trial)).in_language(language))
    files = sorted(place.glob(f"*{SUFFIX}")) if place and place.is_dir() else [place]
    code = 0
    for path in files:
        if path is None:
            continue
        try:
            package = check_package(path, trusted_root())
            require_usable(package, newest_version(state))
        except UserError as error:
            print(f"{path.name}: {error.text.in_language(language)}", file=sys.stderr)
            code = 2
        else:
            print(described(package).in_language(language))
    return code


def described(package: Package) -> BilingualText:
    """Describe an update package in one line."""
    return BilingualText(
        "{file}：{v}，{platform}，{size:.0f} MB，签名人 {signers}",
        "{file}: {v}, {platform}, {size:.0f} MB, signed by {signers}",
    ).format(
        file=package.path.name,
        v=package.version,
        platform=package.platform,
        size=package.length / 1024**2,
        signers="、".join(package.signers),
    )
