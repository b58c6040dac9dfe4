"""Load policy packs: read, amend and check a version of the policy.

A pack is a folder. `pack.toml` names it, its first day in force and the pack it amends. One file for each
plan holds clauses, figures, definitions and rules. Like the notice itself, an amending pack states only what
changes.
"""

import hashlib
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.language.nodes import DefineRef
from ruhu.policy.language.parser import (
    refuse,
)
from ruhu.policy.packs.builder import MergedTables, PackBuilder, build_clause, parse_text
from ruhu.policy.packs.model import (
    Pack,
)
from ruhu.policy.packs.tables import check_head, check_plan
from ruhu.resources import resource
from ruhu.strict_json import read_number


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=read_number)
    except (ValueError, RecursionError) as error:
        raise refuse(
            "{file} 读不下去：{what}",
            "{file} cannot be read: {what}",
            file=path.name,
            what=str(error),
        ) from None


def _read_head(folder: Path) -> dict[str, Any]:
    path = folder / "pack.toml"
    head = _read_toml(path)
    check_head(f"{folder.name}/{path.name}", head)
    return head


def _read_plan(path: Path) -> dict[str, Any]:
    plan = _read_toml(path)
    check_plan(f"{path.parent.name}/{path.name}", plan)
    return plan


def load_pack(folder: Path) -> Pack:
    """Load the pack in `folder`, merged over the pack it amends.

    Raises `PackError` for an unknown key or name, a rule without conditions or clause, a cycle, overlapping
    dates, a figure without citation, and anything outside the rule language.
    """
    chain = [folder]
    heads = [_read_head(folder)]
    while base := heads[0].get("amends"):
        chain.insert(0, folder.parent / base)
        heads.insert(0, _read_head(chain[0]))
        if len(chain) > 20:
            raise refuse("修订关系成环", "the amendments form a cycle")
    digest = hashlib.sha256()
    merged = MergedTables({}, {}, {}, {}, {}, {})
    for pack_folder, head in zip(chain, heads, strict=True):
        for path in sorted(pack_folder.glob("*.toml")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n"))
            if path.name != "pack.toml":
                merged.amend(_read_plan(path), head["in_force_from"])
    merged.put_in_order([name for head in heads for name in head.get("plans", ())])
    head = heads[-1]
    builder = PackBuilder(merged)
    pack = Pack(
        head["id"],
        parse_text(head["title"], "pack"),
        head["in_force_from"],
        digest.hexdigest(),
        merged.plans,
        {name: build_clause(name, table) for name, table in merged.clauses.items()},
        builder.figures,
        {key: builder.define(key[1], table) for key, table in merged.defines.items()},
        tuple(builder.rule(table) for table in merged.rules.values()),
        tuple(builder.indicator(table) for table in merged.indicators.values()),
        merged.rules,
    )
    _check(pack)
    return pack


def _check(pack: Pack) -> None:
    """Check a whole pack: citations exist, and definitions have no cycles."""
    for figure in pack.figures.values():
        for clause in figure.clauses:
            _cited(pack, clause, figure.name)
    for rule in pack.rules:
        _cited(pack, rule.clause, rule.id)
        known = {r.id for r in pack.rules}
        for other in rule.range_of:
            if other not in known:
                raise refuse("没有规则 {rule}", "rule {rule} does not exist", rule=other)
    for key in pack.defines:
        _no_cycle(pack, key, ())


def _cited(pack: Pack, clause: str, what: str) -> None:
    if clause not in pack.clauses:
        raise refuse(
            "{what} 引用的条款 {clause} 不存在",
            "{what} cites clause {clause}, which does not exist",
            what=what,
            clause=clause,
        )


def _no_cycle(pack: Pack, key: tuple[str, str], above: tuple[str, ...]) -> None:
    record, name = key
    if name in above:
        raise refuse("定义 {name} 循环引用", "definition {name} refers to itself", name=name)
    for node in pack.defines[key].expression.walk():
        if isinstance(node, DefineRef):
            _no_cycle(pack, (record, node.name), (*above, name))


@cache
def load_packs() -> tuple[Pack, ...]:
    """Return the packs shipped with the program, the earliest first."""
    packs = [load_pack(head.parent) for head in resource("policy").glob("*/pack.toml")]
    return tuple(sorted(packs, key=lambda pack: pack.in_force_from))


def pack_for(day: date) -> Pack:
    """Return the pack in force on `day`. Raises `UserError` before the first."""
    packs = load_packs()
    in_force = [pack for pack in packs if pack.in_force_from <= day]
    if not in_force:
        raise UserError(
            BilingualText(
                "{day} 没有可用的政策：只核对 {first} 及以后的日期",
                "no policy on {day}: only {first} and later days are assessed",
            ).format(day=day.isoformat(), first=packs[0].in_force_from.isoformat())
        )
    return in_force[-1]
