"""The `assess` command: all records into one file, from every source and in every format."""

import csv
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from arro3.io import read_parquet
from tests.county.laptop_bundles import Laptop

from ruhu.cli.main import main
from ruhu.county.county import CountyStore

PASSPHRASE = "correct horse battery"


@pytest.fixture
def folder(tmp_path: Path, household: dict[str, Any]) -> Path:
    """Three made-up records in a folder, one of them of another kind."""
    records = [
        household,
        {**household, "record_id": str(UUID(int=2)), "survey": {"date": "2016-06-01"}},
        {"record_id": str(UUID(int=3)), "kind": "village", "survey": {"date": "2017-06-01"}},
    ]
    made = tmp_path / "records"
    made.mkdir()
    for number, record in enumerate(records):
        text = json.dumps(record, ensure_ascii=False)
        (made / f"{number}.json").write_text(text, encoding="utf-8")
    return made


def checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[tuple[Any, ...]]:
    """Return the findings of `ruhu check` for the same records."""
    assert main(["check", *map(str, sorted(folder.iterdir())), "--json"]) == 0
    keys = ("rule", "subject", "outcome", "strength", "clause", "value", "limit", "unit", "amount",
            "per")  # fmt: skip
    return [
        (answer["record_id"], answer["policy"], *(f[k] for k in keys), sorted(f["missing"]))
        for answer in map(json.loads, capsys.readouterr().out.splitlines())
        for f in answer["findings"]
    ]


def assessed(file: Path) -> list[tuple[Any, ...]]:
    """Return the same fields from a file of findings in NDJSON."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    skipped = ("kind", "as_of")
    return [tuple(value for key, value in row.items() if key not in skipped) for row in rows]


def test_a_folder_gives_what_check_gives(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "findings.ndjson"
    assert main(["assess", str(folder), "--out", str(out)]) == 0
    assert "已核对 3 条记录" in capsys.readouterr().err
    expected = checked(folder, capsys)
    assert len(expected) > 50
    assert assessed(out) == expected


def test_csv_and_parquet_have_the_same_rows_as_ndjson(folder: Path, tmp_path: Path) -> None:
    lines = tmp_path / "records.ndjson"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())]
    lines.write_text("\n".join(texts), encoding="utf-8")
    for ending in ("ndjson", "csv", "parquet"):
        assert main(["assess", str(lines), "--out", str(tmp_path / f"f.{ending}")]) == 0
    plain = (tmp_path / "f.ndjson").read_text(encoding="utf-8").splitlines()
    cells = rows_of(tmp_path / "f.csv")
    table = read_parquet(tmp_path / "f.parquet").read_all()
    assert len(plain) == len(cells) == table.num_rows
    assert [row["rule"] for row in cells] == table["rule"].to_pylist()
    assert [row["amount"] for row in cells] == [json.loads(x)["amount"] or "" for x in plain]


def test_a_bad_record_is_named_and_nothing_is_written(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "3.json").write_text('{"kind": "household", "population": 0}', encoding="utf-8")
    (folder / "4.json").write_text('{"kind": "household"', encoding="utf-8")
    for ending in ("csv", "parquet"):
        out = tmp_path / f"findings.{ending}"
        out.write_text("the last one", encoding="utf-8")
        assert main(["assess", str(folder), "--out", str(out)]) == 2
        message = capsys.readouterr().err
        assert "3.json：population" in message
        assert "4.json" in message
        assert out.read_text(encoding="utf-8") == "the last one"
        assert len(list(tmp_path.iterdir())) == 2 + (ending == "parquet")


def test_the_county_database(
    county: CountyStore,
    place: Path | str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RUHU_PASSPHRASE", PASSPHRASE)
    county.close()
    out = tmp_path / "findings.csv"
    assert main(["assess", str(place), "--out", str(out)]) == 0
    assert "0 条记录" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8-sig").startswith("record_id,")


def test_households_not_visited_yet_are_skipped_and_counted(
    county: CountyStore,
    place: Path | str,
    household: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RUHU_PASSPHRASE", PASSPHRASE)
    laptop = Laptop(county, "黄一", tmp_path)
    unseen = {**household, "record_id": str(UUID(int=5)), "survey": {}}
    visits = [laptop.revision(household), laptop.revision(unseen)]
    county.exchange.import_file(laptop.bundle(*visits))
    county.close()
    out = tmp_path / "findings.csv"
    assert main(["assess", str(place), "--out", str(out)]) == 0
    assert "已核对 1 条记录" in (message := capsys.readouterr().err)
    assert "1 条还没有入户" in message
    assert {row["record_id"] for row in rows_of(out)} == {household["record_id"]}
    assert main(["assess", str(place), "--out", str(out), "--on", "2017-06-01"]) == 0
    assert {row["record_id"] for row in rows_of(out)} == {
        household["record_id"],
        unseen["record_id"],
    }


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_an_unknown_file_ending_is_refused_before_reading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", str(tmp_path / "missing"), "--out", str(tmp_path / "x.doc")]) == 2
    assert ".parquet" in capsys.readouterr().err
