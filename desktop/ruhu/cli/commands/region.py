"""`ruhu region`: many counties' figures in one database, fed by PostgreSQL's logical replication."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ruhu.errors import UserError
from ruhu.i18n import BilingualText, Language

HELP = BilingualText("自治区、市：汇总各县的数字", "a region: the figures of many counties")


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu region`."""

    def say(zh: str, en: str) -> str:
        return BilingualText(zh, en).in_language(language)

    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    publish = acts.add_parser(
        "publish",
        help=say("（县）让上级读汇总数字", "(at a county) let the region read its figures"),
    )
    publish.add_argument("--reader", default="", metavar="ROLE")
    init = acts.add_parser(
        "init", help=say("建立或更新汇总库", "make or update the region's tables")
    )
    join = acts.add_parser("join", help=say("跟随一个县", "follow a county"))
    join.add_argument("--county", required=True, metavar="CODE")
    join.add_argument("--name", required=True)
    join.add_argument(
        "--source",
        required=True,
        metavar="CONNINFO",
        help=say("县库的连接串", "how the region's server reaches the county's database"),
    )
    leave = acts.add_parser("leave", help=say("不再跟随", "follow a county no more"))
    leave.add_argument("--county", required=True, metavar="CODE")
    state = acts.add_parser("state", help=say("各县连着没有", "whether each county is heard"))
    figures = acts.add_parser("figures", help=say("各县的数字", "the figures of each county"))
    figures.add_argument("--json", action="store_true")
    for act in (publish, init, join, leave, state, figures):
        act.add_argument(
            "--db", required=True, metavar="URL", help="postgresql+psycopg://USER@HOST/NAME"
        )


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Run one act."""
    from ruhu.county.region import replication

    acts: dict[str, Callable[[Connection], object]] = {
        "publish": lambda c: replication.publish(c, arguments.reader),
        "init": _init,
        "join": lambda c: replication.follow(c, arguments.county, arguments.name, arguments.source),
        "leave": lambda c: replication.unfollow(c, arguments.county),
        "state": lambda c: _state(c, language),
        "figures": lambda c: _figures(c, language, as_json=arguments.json),
    }
    engine = replication.open_server(arguments.db)
    try:
        with engine.connect() as connection:
            acts[arguments.act](connection)
    except DBAPIError as error:
        why = str(error.orig).splitlines()[0]
        raise UserError(
            BilingualText("数据库说：{why}", "the database says: {why}").format(why=why)
        ) from None
    finally:
        engine.dispose()
    return 0


def _init(connection: Connection) -> None:
    from ruhu.county.region import replication

    replication.create_tables(connection)
    replication.refresh(connection)


def _state(connection: Connection, language: Language) -> None:
    from ruhu.county.region import replication

    for each in replication.replication_status(connection):
        if each.last_heard is None:
            text = BilingualText(
                "✗ 连不上，数字停在断开时", "✗ not heard; its figures stand as they were"
            )
        elif not each.copied:
            text = BilingualText("○ 首次复制中", "○ the first copy is under way")
        else:
            text = BilingualText("● 最近 {at}", "● heard at {at}").format(at=each.last_heard)
        print(each.county, each.name, text.in_language(language), sep="\t")


def _figures(connection: Connection, language: Language, *, as_json: bool) -> None:
    from ruhu.county.region import replication

    found = replication.figures(connection)
    if as_json:
        print(json.dumps([asdict(each) for each in found], ensure_ascii=False))
        return
    head = BilingualText(
        "县\t农户\t贫困户\t人口\t待核对\t数据包\t应享（元）\t已兑现（元）",
        "county\thouseholds\tregistered\tpersons\tto settle\tbundles\towed (CNY)\tpaid (CNY)",
    )
    print(head.in_language(language))
    for each in found:
        money = [f"{fen / 100:.2f}" for fen in (each.owed_fen, each.paid_fen)]
        numbers = (each.households, each.registered, each.persons, each.conflicts, each.bundles)
        print(each.county, *numbers, *money, sep="\t")
