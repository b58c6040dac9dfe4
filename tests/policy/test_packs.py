from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhu.policy.language.parser import PackError, names_for, parse_expression
from ruhu.policy.packs.loader import load_pack, load_packs
from ruhu.policy.packs.model import facts_read

NAMES = names_for("stay", frozenset({"limit"}), frozenset({"farming.base_rate"}), frozenset())

PLAN = """
plan = "housing"
title = { zh = "住房", en = "House" }
[clause."housing/1"]
place = { zh = "一", en = "1" }
summary = { zh = "摘要", en = "summary" }
[figure.limit]
zh = "上限"
en = "limit"
clause = "housing/1"
value = 60
[[define]]
name = "net"
zh = "净"
en = "net"
is = "housing.floor_area_m2"
[[rule]]
id = "housing.area"
title = { zh = "面积", en = "Area" }
kind = "check"
subject = "household"
clause = "housing/1"
holds = ["net <= figure.limit"]
"""


def pack_folder(folder: Path, plan: str) -> Path:
    place = folder / "test"
    place.mkdir(parents=True)
    head = 'id = "test"\ntitle = { zh = "试", en = "test" }\nin_force_from = 2016-01-01\n'
    (place / "pack.toml").write_text(head, encoding="utf-8")
    (place / "housing.toml").write_text(plan, encoding="utf-8")
    return place


def test_a_sound_pack_loads(tmp_path: Path) -> None:
    assert [rule.id for rule in load_pack(pack_folder(tmp_path, PLAN)).rules] == ["housing.area"]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("net <= figure.limit", "net <= figure.nothing", "figure.nothing"),
        ("net <= figure.limit", "housing.roof == 1", "housing.roof"),
        ("net <= figure.limit", "__import__('os').system('x')", "__import__"),
        ("net <= figure.limit", "[x for x in members]", "x for x"),
        ("net <= figure.limit", "previous_total(members, population) > 0", "previous_total"),
        ("net <= figure.limit", "housing.danger_grade == 'E'", "E"),
        ("net <= figure.limit", "(" * 300 + "1" + ")" * 300, "("),
        ("net <= figure.limit", "1.5 < 2", "1.5"),
        ("net <= figure.limit", "net <= 60or net <= 61", "60or"),
        ('is = "housing.floor_area_m2"', 'is = "net + 1"', "net"),
        ('clause = "housing/1"\nvalue', "value", "limit"),
        ('clause = "housing/1"\nholds', 'clause = "housing/9"\nholds', "housing/9"),
        (
            "value = 60",
            "series = [{from=2017-01-01, value=1}, {from=2017-01-01, value=2}]",
            "limit",
        ),
        ('kind = "check"', 'kind = "wish"', "wish"),
        (', en = "Area"', "", "housing.area"),
    ],
)
def test_a_faulty_pack_is_refused_with_the_place(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    assert before in PLAN
    with pytest.raises(PackError) as caught:
        load_pack(pack_folder(tmp_path, PLAN.replace(before, after, 1)))
    assert message in caught.value.text.zh
    assert message in caught.value.text.en


ENTITLEMENT = (
    PLAN
    + """
[[rule]]
id = "housing.grant"
title = { zh = "补助", en = "Grant" }
kind = "entitlement"
subject = "household"
clause = "housing/1"
applies = ["registration.registered_poor"]
when = ["housing.danger_grade == 'D'"]
amount = "figure.limit"
per = "once"
"""
)


@pytest.mark.parametrize(
    ("before", "after", "table", "key", "near"),
    [
        ("when = [", "holds = [", "[[rule]] housing.grant", "holds", "when"),
        ('per = "once"', 'strenght = "pilot"', "[[rule]] housing.grant", "strenght", "strength"),
        ("holds = [", "hold = [", "[[rule]] housing.area", "hold", "holds"),
        ("holds = [", "when = [", "[[rule]] housing.area", "when", "holds"),
        ("unit =", "units =", "[[define]] net", "units", "unit"),
        ("value = 60", "valeu = 60", "[figure.limit]", "valeu", "value"),
        ("summary =", "sumary =", '[clause."housing/1"]', "sumary", "summary"),
        ("[[rule]]", "[[rules]]", "", "rules", "rule"),
        ('zh = "补助",', 'zh = "补助", cn = "补助",', "[[rule]] housing.grant", "title.cn", "zh"),
        ('per = "once"', 'notes = [{ wen = "true", zh = "注", en = "note" }]', "housing.grant",
         "notes.0.wen", "when"),
        ("value = 60", "series = [{ form = 2016-01-01, value = 60 }]", "figure.limit",
         "series.0.form", "from"),
        ('per = "once"', 'strength_when = [{ when = "true", strong = "pilot" }]', "housing.grant",
         "strength_when.0.strong", "strength"),
    ],
)  # fmt: skip
def test_an_unknown_key_is_refused_with_file_table_and_nearest_key(
    tmp_path: Path, before: str, after: str, table: str, key: str, near: str
) -> None:
    plan = ENTITLEMENT.replace('name = "net"', 'name = "net"\nunit = "m2"')
    assert before in plan
    with pytest.raises(PackError) as caught:
        load_pack(pack_folder(tmp_path, plan.replace(before, after, 1)))
    for text in (caught.value.text.zh, caught.value.text.en):
        [line] = [line for line in text.splitlines() if f"{key} " in line and near in line]
        assert line.startswith("test/housing.toml")
        assert table in line


@pytest.mark.parametrize(
    "line",
    [
        "when = [\"housing.danger_grade == 'D'\"]",
        'holds = ["net <= figure.limit"]',
        'kind = "entitlement"',
    ],
)
def test_a_rule_without_its_conditions_is_refused(tmp_path: Path, line: str) -> None:
    assert line in ENTITLEMENT
    with pytest.raises(PackError):
        load_pack(pack_folder(tmp_path, ENTITLEMENT.replace(line, "")))


def test_an_entitlement_of_everybody_needs_a_group(tmp_path: Path) -> None:
    group = ENTITLEMENT.replace("when = [\"housing.danger_grade == 'D'\"]", "when = []")
    assert load_pack(pack_folder(tmp_path / "group", group)).rules
    everybody = group.replace('applies = ["registration.registered_poor"]\n', "")
    with pytest.raises(PackError) as caught:
        load_pack(pack_folder(tmp_path / "everybody", everybody))
    assert "applies" in caught.value.text.en


def test_every_fault_of_a_file_is_listed_at_once(tmp_path: Path) -> None:
    plan = ENTITLEMENT.replace("holds =", "hold =").replace("per =", "pre =")
    with pytest.raises(PackError) as caught:
        load_pack(pack_folder(tmp_path, plan))
    assert "did you mean holds?" in caught.value.text.en
    assert "did you mean per?" in caught.value.text.en


def test_an_unknown_key_of_the_head_is_refused(tmp_path: Path) -> None:
    folder = pack_folder(tmp_path, PLAN)
    head = (folder / "pack.toml").read_text(encoding="utf-8")
    (folder / "pack.toml").write_text(head + 'amend = "gx-2016-9"\n', encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert "pack.toml: amend is not a key here; did you mean amends?" in caught.value.text.en


@given(st.text(max_size=60))
def test_any_text_is_an_expression_or_refused(source: str) -> None:
    try:
        parse_expression(source, NAMES)
    except PackError as error:
        assert error.text.zh


def test_every_rule_cites_a_clause_and_reads_facts() -> None:
    for pack in load_packs():
        for rule in pack.rules:
            clause = pack.clause(rule.clause)
            assert clause.summary.zh
            assert clause.summary.en
            assert rule.range_of or facts_read(pack, rule)


def test_every_clause_is_served_by_a_rule_or_says_why_not() -> None:
    pack = load_packs()[-1]
    served = {rule.clause for rule in pack.rules} | {
        c for f in pack.figures.values() for c in f.clauses
    }
    silent = [c.id for c in pack.clauses.values() if c.id not in served and not c.without_rule]
    assert silent == []


def test_an_amended_pack_changes_only_what_it_says() -> None:
    old, new = load_packs()
    before: dict[str, Any] = {rule.id: rule for rule in old.rules}
    after = {rule.id: rule for rule in new.rules}
    assert "housing.area.up_to_four" in before
    assert "housing.area.up_to_four" not in after
    assert before["housing.eligible"] == after["housing.eligible"]
    assert old.digest != new.digest
