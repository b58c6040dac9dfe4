"""The audit trail names every act in words, and all that an entry tells."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from ruhu import county, exchange
from ruhu.county.audit import trail
from ruhu.county.audit.trail import AuditEntry
from ruhu.county.audit_labels import FIELD_LABELS, REFUSAL_LABELS, describe


def notes() -> Iterator[ast.Call]:
    """Every call that writes an entry."""
    for path in Path(county.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            function = node.func if isinstance(node, ast.Call) else None
            if isinstance(function, ast.Attribute) and function.attr == "log":
                assert isinstance(node, ast.Call)
                yield node


def test_every_act_has_a_name_that_people_use() -> None:
    written = {call.args[0].value for call in notes() if isinstance(call.args[0], ast.Constant)}
    assert written | {"claim", "pay", "answer"} <= set(trail.ACTS)


def test_every_part_of_an_entry_has_a_name_that_people_use() -> None:
    written = {
        key.value
        for call in notes()
        for part in ast.walk(call.args[1])
        if isinstance(part, ast.Dict)
        for key in part.keys
        if isinstance(key, ast.Constant)
    }
    assert {"record", "device", "file"} <= written <= set(FIELD_LABELS)


def test_every_reason_to_set_a_bundle_aside_has_words() -> None:
    codes = {
        node.args[0].value
        for path in Path(exchange.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "BundleRefused"
        and isinstance(node.args[0], ast.Constant)
    }
    assert codes - {"answer"} == set(REFUSAL_LABELS)  # a county's own answers are not set aside
    aside = describe(entry("set aside", file="a.age", code="not_a_bundle"), {})
    assert (aside.zh, aside.en) == (
        "文件：a.age　原因：不是数据包",
        "file: a.age; reason: no bundle",
    )


def entry(act: str, **detail: object) -> AuditEntry:
    return AuditEntry(1, "2017-07-01T08:00:00+00:00", "admin", act, json.dumps(detail), "")


def test_entries_are_described_with_names_and_labels() -> None:
    called = {"4f1d": "韦岜明 45109900000001"}
    stage = entry("housing stage", record="4f1d", stage="publicised", on="2017-07-01")
    assert describe(stage, called).zh == "户：韦岜明 45109900000001　环节：公示　日期：2017-07-01"
    assert describe(stage, called).en.startswith("household: 韦岜明 45109900000001; stage: ")
    settled = entry("settle", record="9", paths=["housing.floor_area_m2", "members[m1].name"])
    assert describe(settled, called).zh == "户：9　项目：改造后建筑面积（含储藏间）、姓名"
    assert (
        describe(entry("set role", user="岑审", role="auditor"), {}).zh
        == "用户：岑审　角色：审计员"
    )
    assert describe(entry("housing stage", stage="一个新环节"), {}).zh == "环节：一个新环节"
    assert describe(entry("sign in"), {}).zh == ""
