"""The commands as they are run: a process, its output, its exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import QUICK

from ruhu.cli.main import MODULES, main
from ruhu.resources import resource
from ruhu.store.store import Store

PASSPHRASE = "correct horse battery"


def ruhu(*words: object, data: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "RUHU_PASSPHRASE": PASSPHRASE, "RUHU_LANG": "zh", **more}
    if data is not None:
        environment["RUHU_DATA"] = str(data)
    return subprocess.run(
        [sys.executable, "-m", "ruhu", *map(str, words)],
        check=False, capture_output=True, text=True, timeout=180, env=environment,
    )  # fmt: skip


@pytest.fixture
def record(tmp_path: Path, household: dict[str, Any]) -> Path:
    path = tmp_path / "record.json"
    path.write_text(json.dumps(household), encoding="utf-8")
    return path


@pytest.mark.parametrize("command", sorted(MODULES))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_command_has_help_in_both_languages(
    command: str,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RUHU_LANG", language)
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert any("一" <= c <= "鿿" for c in capsys.readouterr().out) == (language == "zh")


def test_check_prints_one_object_a_line(record: Path) -> None:
    done = ruhu("check", record, record, "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["policy"] for line in lines] == ["gx-2017-43"] * 2
    finding = next(f for f in lines[0]["findings"] if f["rule"] == "housing.area.range")
    assert (finding["value"], finding["limit"], finding["unit"]) == ("60", "60", "m2")
    assert all(finding["outcome"] != "not_applicable" for finding in lines[0]["findings"])


def test_all_prints_what_does_not_apply(record: Path) -> None:
    findings = json.loads(ruhu("check", record, "--json", "--all").stdout)["findings"]
    assert any(f["outcome"] == "not_applicable" for f in findings)


def test_every_problem_of_every_file_is_one_line(
    tmp_path: Path, record: Path, household: dict[str, Any]
) -> None:
    household["housing"].update(floor_area_m2="-5", danger_grade="E")
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(household), encoding="utf-8")
    done = ruhu("check", record, bad, tmp_path / "none.json", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    lines = done.stderr.splitlines()
    assert [line.split("：")[0] for line in lines] == [str(bad)] * 2 + [str(tmp_path / "none.json")]
    assert "housing.floor_area_m2" in lines[0] + lines[1]


@pytest.mark.parametrize("on", ["2017-02-30", "yesterday", "2015-12-31"])
def test_a_day_that_cannot_be_is_refused(record: Path, on: str) -> None:
    done = ruhu("check", record, "--on", on)
    assert done.returncode == 2
    assert done.stderr.strip()


def test_a_missing_day_is_an_error(tmp_path: Path, household: dict[str, Any]) -> None:
    del household["survey"]["date"]
    path = tmp_path / "record.json"
    path.write_text(json.dumps(household), encoding="utf-8")
    assert "--on" in ruhu("check", path).stderr


def test_a_survey_before_the_first_policy_prevents_all_output(
    record: Path, tmp_path: Path, household: dict[str, Any]
) -> None:
    household["survey"]["date"] = "2015-12-31"
    early = tmp_path / "early.json"
    early.write_text(json.dumps(household), encoding="utf-8")
    done = ruhu("check", record, early, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{early}：survey.date：")
    assert "2016-01-01" in done.stderr
    assert ruhu("check", early, "--on", "2016-01-01", "--json").returncode == 0


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('county = "451024"\nvalid_from = 2017-01-01\n[employment]\nstartup_subsidy = 9999',
         "employment.startup_subsidy"),
        ('county = "4510"\nvalid_from = 2017-01-01', "county"),
        ('county = "451024"', "valid_from"),
        ('county = "451024"\nvalid_from = 2017-01-01\n[farming]\nbase_rate = 1.5', "base_rate"),
        ('county = "451024"\nvalid_from = 2017-01-01\n[housing.subsidy]\nextreme = -1', "extreme"),
        ('county = "451024"\nvalid_from = 2017-01-01\nfarming = "x"', "standards.farming"),
        ('county = "451024"\nvalid_from = 2017-01-01\n[farming.base_rate]\na = 1', "base_rate（"),
        ("county = ", "TOML"),
    ],
)  # fmt: skip
def test_invalid_standards_are_refused_with_the_position(
    record: Path, tmp_path: Path, text: str, word: str
) -> None:
    path = tmp_path / "standards.toml"
    path.write_text(text, encoding="utf-8")
    done = ruhu("check", record, "--standards", path)
    assert done.returncode == 2
    assert word in done.stderr
    assert done.stderr.count(str(path)) == 1


def test_standards_of_another_county_are_reported_and_not_used(
    record: Path, tmp_path: Path
) -> None:
    path = tmp_path / "standards.toml"
    text = (resource("demo") / "standards.toml").read_text(encoding="utf-8")
    path.write_text(text.replace("451024", "451025"), encoding="utf-8")
    done = ruhu("check", record, "--standards", path, "--json")
    assert "451025" in done.stderr
    findings = {f["rule"]: f for f in json.loads(done.stdout)["findings"]}
    assert findings["housing.subsidy"]["amount"] is None


@pytest.mark.slow
def test_the_set_of_the_day_is_used_signed_or_not(record: Path, tmp_path: Path) -> None:
    text = (resource("demo") / "standards.toml").read_text(encoding="utf-8")
    later = tmp_path / "later.toml"
    moved = text.replace("2017-01-01", "2017-05-01").replace("28000", "29000")
    later.write_text(moved, encoding="utf-8")
    db, signed = tmp_path / "county.db", tmp_path / "signed.json"
    ruhu("county", "init", "--db", db, "--county", "451024", "--name", "德保县",
         "--public", tmp_path / "county.json", "--recovery", tmp_path / "recovery.key")  # fmt: skip
    assert ruhu("county", "sign", later, "--db", db, "--out", signed).returncode == 0
    both = ("--standards", resource("demo") / "standards.toml", "--standards", signed)
    found = {}
    for day in ("2017-04-30", "2017-05-01"):
        done = ruhu("check", record, *both, "--on", day, "--json")
        assert (done.returncode, done.stderr.count("县标准")) == (0, 0)
        rules = {f["rule"]: f["amount"] for f in json.loads(done.stdout)["findings"]}
        found[day] = rules["housing.subsidy"]
    assert found == {"2017-04-30": "28000", "2017-05-01": "29000"}
    signed.write_text(
        signed.read_text(encoding="utf-8").replace("10000", "10001"), encoding="utf-8"
    )
    refused = ruhu("check", record, "--standards", signed)
    assert (refused.returncode, "签名不符" in refused.stderr) == (2, True)
    twice = ruhu("check", record, "--standards", later, "--standards", later)
    assert (twice.returncode, "重叠" in twice.stderr) == (2, True)


@pytest.mark.slow
def test_an_imported_roster_is_exported_in_every_format(tmp_path: Path) -> None:
    data, again = tmp_path / "data", tmp_path / "again"
    for folder in (data, again):
        Store.create(folder, PASSPHRASE, surveyor="测试员", cost=QUICK).close()
    ruhu("roster", "import", resource("demo") / "roster.xlsx", data=data)
    for ending in ("xlsx", "csv", "json"):
        done = ruhu("roster", "export", tmp_path / f"village.{ending}", data=data)
        assert (done.returncode, "120户" in done.stdout) == (0, True)
    back = ruhu("roster", "import", tmp_path / "village.xlsx", data=again)
    assert "新增120户" in back.stdout
    documents = json.loads((tmp_path / "village.json").read_text(encoding="utf-8"))
    rows = (tmp_path / "village.csv").read_text(encoding="utf-8-sig").splitlines()
    persons = sum(len(document["members"]) for document in documents)
    assert (len(documents), len(rows)) == (120, persons + 1)
    found = ruhu("roster", "export", tmp_path / "one.json", "--search", documents[0]["registration"]["household_no"], data=data)  # fmt: skip
    assert "1户" in found.stdout
    refused = ruhu("roster", "export", tmp_path / "village.doc", data=data)
    assert (refused.returncode, ".xlsx" in refused.stderr) == (2, True)


@pytest.mark.slow
def test_the_main_workflow_by_commands(tmp_path: Path) -> None:
    data, db = tmp_path / "data", tmp_path / "county.db"
    Store.create(data, PASSPHRASE, surveyor="测试员", cost=QUICK).close()
    county, stick = tmp_path / "county.json", tmp_path / "stick"
    made = ruhu("county", "init", "--db", db, "--county", "451024", "--name", "德保县",
                "--public", county, "--recovery", tmp_path / "recovery.key")  # fmt: skip
    assert made.returncode == 0
    assert ruhu("bundle", "county", county, data=data).returncode == 0
    assert ruhu("bundle", "device", tmp_path / "device.json", data=data).returncode == 0
    roster = resource("demo") / "roster.xlsx"
    preview = ruhu("roster", "import", roster, "--preview", data=data)
    assert "新增120户" in preview.stdout
    first = ruhu("roster", "import", roster, data=data)
    assert ("新增120户" in first.stdout, len(first.stderr.splitlines())) == (True, 85)
    again = ruhu("roster", "import", roster, data=data)
    assert "新增0户，补充0户，不变120户" in again.stdout
    exported = ruhu("bundle", "export", stick, data=data)
    assert "新修订 120 条" in exported.stdout
    refused = ruhu("county", "import", stick, "--db", db)
    assert (refused.returncode, "没有登记" in refused.stderr) == (2, True)
    assert ruhu("county", "enrol", tmp_path / "device.json", "--db", db).returncode == 0
    taken = ruhu("county", "import", stick, "--db", db)
    assert (taken.returncode, "涉及120户" in taken.stdout) == (0, True)
    assert ruhu("county", "export", db, "--xlsx", tmp_path / "out.xlsx").returncode == 0
    with Store.open(data, PASSPHRASE) as store:
        record_id = store.records.summaries()[0].record_id
    slip = ruhu(
        "slip", "make", record_id, "--on", "2017-06-01", "--pdf", tmp_path / "slip.pdf", data=data
    )
    assert slip.returncode == 0
    assert (tmp_path / "slip.pdf").read_bytes().startswith(b"%PDF")
    verified = ruhu("slip", "verify", tmp_path / "slip.pdf", "--db", db)
    assert (verified.returncode, "真卡" in verified.stdout, "45109907" in verified.stdout) == (
        0, True, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ("slip", "make", "nonsense", "--pdf", "x.pdf"),
        (
            "slip",
            "make",
            "fb5db162-d1ed-5596-adab-abdae880b3b4",
            "--pdf",
            "x.pdf",
            "--on",
            "2017-06-01",
        ),
        ("bundle", "export", "stick"),
        ("roster", "import", "missing.xlsx"),
        ("county", "import", "missing", "--db", "missing.db"),
    ],
)
def test_a_refused_command_exits_2_with_a_message(tmp_path: Path, words: tuple[str, ...]) -> None:
    data = tmp_path / "data"
    Store.create(data, PASSPHRASE, cost=QUICK).close()
    done = ruhu(*words, data=data)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_demo_leaves_slip_bundle_county_file_and_excel(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    done = ruhu("demo", "--out", out, DISPLAY="")
    assert done.returncode == 0, done.stderr
    for name in ("slip.pdf", "county.db", "register.xlsx"):
        assert (out / name).exists()
        assert str(out / name) in done.stdout
    assert list((out / "stick").glob("*.bundle.age"))
    assert ruhu("demo", "--out", out).returncode == 0


def test_the_demo_does_not_change_another_folder(tmp_path: Path) -> None:
    (tmp_path / "county.db").write_text("mine")
    done = ruhu("demo", "--out", tmp_path)
    assert done.returncode == 2
    assert (tmp_path / "county.db").read_text() == "mine"


def test_a_backup_is_created_and_restored_by_command(
    tmp_path: Path, household: dict[str, Any]
) -> None:
    with Store.create(tmp_path / "data", PASSPHRASE, cost=QUICK) as store:
        store.records.add(household)
    made = ruhu("backup", "make", tmp_path, data=tmp_path / "data")
    assert Path(made.stdout.strip()).name.startswith("ruhu-backup-")
    back = ruhu("backup", "restore", tmp_path, data=tmp_path / "other")
    assert "1 户" in back.stdout
    again = ruhu("backup", "restore", tmp_path / "nothing", data=tmp_path / "other")
    assert (again.returncode, "没有备份" in again.stderr) == (2, True)
