"""The commands that explain, compare, ask and try out, and the schemas."""

import json
from pathlib import Path
from typing import Any

import pytest

from ruhu.cli.main import main


@pytest.fixture
def record(tmp_path: Path, household: dict[str, Any]) -> str:
    file = tmp_path / "record.json"
    file.write_text(json.dumps(household, ensure_ascii=False), encoding="utf-8")
    return str(file)


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main(list(words)) == 0
    return json.loads(capsys.readouterr().out)


def test_questions(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    questions = answer(capsys, "questions", record, "--json")["questions"]
    paths = [question["path"] for question in questions]
    assert "members[m1].labour.wants_public_job" in paths
    assert all(question["settles"] for question in questions)


def test_compare(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    changes = answer(capsys, "compare", record, "--json")["changes"]
    found = {(change["after"] or change["before"])["rule"]: change for change in changes}
    assert found["education.boarding"]["before"] is None
    assert found["housing.area.up_to_four"]["after"] is None


def test_options(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    rebuild, repair = answer(capsys, "options", record, "--json")["options"]
    assert (rebuild["lower"], rebuild["upper"]) == ("39", "60")
    assert (repair["lower"], repair["upper"]) == (None, None)


def test_options_are_for_households(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "village.json"
    document = {"record_id": "fb5db162-d1ed-5596-adab-abdae880b3b4", "kind": "village"}
    file.write_text(json.dumps(document), encoding="utf-8")
    assert main(["options", str(file), "--on", "2017-06-01"]) == 2
    assert "village.json" in capsys.readouterr().err


def test_indicators(record: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "indicators", record, "--json")
    assert (found["record_id"], found["kind"]) == ("451024", "county")
    rules = {finding["rule"]: finding for finding in found["findings"]}
    assert rules["education.target.retention"]["value"] == "100"
    assert rules["water.target.tap"]["outcome"] == "unknown"


def test_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "housing.area.up_to_three"]) == 0
    page = capsys.readouterr().out
    assert "农村危房改造方案 二（三）" in page
    assert "60" in page
    assert main(["explain", "housing.area.up_to_tree"]) == 2
    assert "housing.area.up_to_three" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["household", "enterprise", "training_class", "village"])
def test_schemas_name_every_fact(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    schema = answer(capsys, "schema", name)
    assert schema["properties"]["kind"]["const"] == name
    assert "入户日期" in json.dumps(schema, ensure_ascii=False)


def test_the_schemas_of_standards_and_findings(capsys: pytest.CaptureFixture[str]) -> None:
    standards = answer(capsys, "schema", "standards")["properties"]
    assert (
        "at least 10000"
        in (standards["employment"]["properties"]["startup_subsidy"]["description"])
    )
    findings = json.dumps(answer(capsys, "schema", "findings"))
    assert "in_principle" in findings
    assert "not_applicable" in findings
