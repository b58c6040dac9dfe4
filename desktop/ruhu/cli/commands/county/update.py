"""`ruhu county update`: the program's new versions for the county's laptops."""

import argparse
from pathlib import Path

from ruhu.cli.commands.update import described
from ruhu.cli.options.county import add_database_option, add_user_options, open_county
from ruhu.i18n import BilingualText, Language
from ruhu.updates.package import SUFFIX, check_package, trusted_root


def configure_update(
    acts: "argparse._SubParsersAction[argparse.ArgumentParser]", language: Language
) -> None:
    """Add the arguments of the act."""

    def say(zh: str, en: str) -> str:
        return BilingualText(zh, en).in_language(language)

    update = acts.add_parser("update", help=say("给各台电脑的更新", "updates for the laptops"))
    deeds = update.add_subparsers(dest="deed", required=True, metavar="DEED")
    publish = deeds.add_parser(
        "publish", help=say("发布更新包，各台电脑上传时取走", "offer a package; laptops fetch it")
    )
    publish.add_argument("file", type=Path, metavar=f"FILE{SUFFIX}")
    add_database_option(publish, language)
    add_user_options(publish, language)


def run_update(arguments: argparse.Namespace, language: Language) -> int:
    """Check a package as a laptop does, and offer it."""
    package = check_package(arguments.file, trusted_root())
    with open_county(arguments.db, arguments, language) as store, package.path.open("rb") as file:
        store.updates.publish(str(package.version), package.platform, file)
    print(described(package).in_language(language))
    return 0
