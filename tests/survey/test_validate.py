import json
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ruhu.strict_json import JsonError, read_canonical, read_json
from ruhu.survey.facts.catalogue import MODELS, catalogue
from ruhu.survey.validation.validate import RecordErrors, parse_draft, parse_record


def paths(document: dict[str, Any]) -> set[str]:
    with pytest.raises(RecordErrors) as caught:
        parse_record(document)
    return {problem.path for problem in caught.value.details}


def test_birth_date_and_sex_come_from_the_id_number(household: dict[str, Any]) -> None:
    member = parse_record(household).document["members"][0]
    assert (member["birth_date"], member["sex"]) == ("1986-06-19", "female")


def test_all_problems_are_reported_at_once_with_their_paths(household: dict[str, Any]) -> None:
    household["housing"].update(floor_area_m2="-5", danger_grade="E", relocation_listed="no")
    household["population"] = 0
    household["members"][1]["schooling"]["stage"] = "college"
    household["members"][0]["id_number"] = "451099198606190780"
    assert paths(household) == {
        "housing.floor_area_m2",
        "housing.danger_grade",
        "housing.relocation_listed",
        "population",
        "members[m2].schooling.stage",
        "members[m1].id_number",
    }


def test_accepted_words_are_named(household: dict[str, Any]) -> None:
    household["housing"]["danger_grade"] = "E"
    with pytest.raises(RecordErrors) as caught:
        parse_record(household)
    assert "A, B, C, D" in caught.value.text.en
    assert "“E”" in caught.value.text.zh


def test_a_wrong_id_number_is_not_quoted_in_full(household: dict[str, Any]) -> None:
    household["members"][0]["id_number"] = "451099198606190780"
    with pytest.raises(RecordErrors) as caught:
        parse_record(household)
    assert "451099198606190780" not in caught.value.text.zh


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("floor_area_m2", "1e999"),
        ("floor_area_m2", True),
        ("floor_area_m2", "12.3456789012"),
        ("floor_area_m2", float("nan")),
        ("storage_area_m2", "68.01"),
    ],
)
def test_numbers_that_are_none(household: dict[str, Any], path: str, value: object) -> None:
    household["housing"][path] = value
    assert paths(household) == {f"housing.{path}"}


def test_dates_that_are_none(household: dict[str, Any]) -> None:
    household["survey"]["date"] = "2017-02-30"
    assert paths(household) == {"survey.date"}


def test_full_width_digits_are_read(household: dict[str, Any]) -> None:
    household["housing"]["floor_area_m2"] = "６８"
    assert str(parse_record(household).record.housing.floor_area_m2) == "68"  # type: ignore[attr-defined]


def test_ids_are_unique_in_their_list(household: dict[str, Any]) -> None:
    household["members"][1]["member_id"] = "m1"
    assert "members[m1].member_id" in paths(household)


def test_id_number_against_sex_and_birth_date(household: dict[str, Any]) -> None:
    household["members"][0].update(sex="male", birth_date="1986-06-18")
    assert paths(household) == {"members[m1].sex", "members[m1].birth_date"}


def test_a_birth_date_is_the_id_numbers_however_its_digits_are_written(
    household: dict[str, Any],
) -> None:
    household["members"][0]["birth_date"] = "１９８６-06-19"
    assert not parse_record(household).notes
    household["members"][0]["birth_date"] = "1986-06-31"
    assert paths(household) == {"members[m1].birth_date"}


def test_an_id_number_without_quotes_gets_a_message_with_the_accepted_form(
    household: dict[str, Any],
) -> None:
    household["members"][0]["id_number"] = 451099198606190780
    with pytest.raises(RecordErrors) as caught:
        parse_record(household)
    assert "18" in caught.value.text.en
    assert "451099198606190780" not in caught.value.text.zh


def test_a_problem_is_one_line_whatever_was_read(household: dict[str, Any]) -> None:
    household["members"][0]["member_id"] = "m\n1"
    household["place"] = {"group": "\x1b[31m\u3000一\u2028"}
    with pytest.raises(RecordErrors) as caught:
        parse_record(household)
    assert len(caught.value.text.zh.splitlines()) == len(caught.value.details) == 2
    assert "\x1b" not in caught.value.text.zh
    assert "\u3000一" in caught.value.text.zh


def test_unknown_keys_are_kept_and_reported(household: dict[str, Any]) -> None:
    household["housing"]["roof"] = {"kind": "tile"}
    household["members"][1]["nickname"] = "小花"
    parsed = parse_record(household)
    assert parsed.document["housing"]["roof"] == {"kind": "tile"}
    assert parsed.unknown_keys == ["housing.roof", "members[m2].nickname"]


def test_null_is_absent_also_for_sections_and_lists(household: dict[str, Any]) -> None:
    household.update(housing=None, members=None, population=None)
    assert parse_record(household).record.housing.floor_area_m2 is None  # type: ignore[attr-defined]


def test_a_million_members_are_refused(household: dict[str, Any]) -> None:
    household["members"] = [{"member_id": str(n)} for n in range(1000)]
    assert paths(household) == {"members"}


def test_a_draft_is_read_without_its_faulty_facts(household: dict[str, Any]) -> None:
    household["housing"]["floor_area_m2"] = "6 8 平"
    household["members"][1]["schooling"]["stage"] = "college"
    parsed, problems = parse_draft(household)
    assert "floor_area_m2" not in parsed.document["housing"]
    assert parsed.document["members"][1]["name"] == "蒙才花"
    assert {p.path for p in problems} == {"housing.floor_area_m2", "members[m2].schooling.stage"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.sampled_from(sorted(MODELS)), st.data())
def test_any_value_of_a_fact_is_parsed_or_reported(kind: str, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([p for p in catalogue(kind) if "[]" not in p]))
    document: dict[str, Any] = {
        "record_id": "fb5db162-d1ed-5596-adab-abdae880b3b4",
        "kind": kind,
    }
    target = document
    *sections, name = path.split(".")
    for section in sections:
        target = target.setdefault(section, {})
    target[name] = data.draw(json_values)
    try:
        parse_record(document)
    except RecordErrors as error:
        assert error.details
        assert all(problem.text.zh and problem.text.en for problem in error.details)


@pytest.mark.parametrize(
    "data",
    [
        b'{"population": 1E99999999999999999999}',
        b'{"population": 1e10001}',
        b"{",
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b"[" * 100_000,
        b'{"a":' * 50 + b"1" + b"}" * 50,
        b"\xff\xfe",
        b"1" * 5000,
    ],
)
def test_json_from_outside_is_refused(data: bytes) -> None:
    with pytest.raises(JsonError):
        read_json(data)


def test_json_that_is_refused_says_where() -> None:
    data = (
        b'{"housing": {"floor_area_m2": NaN}, "members": [{"member_id": "m1", "stays": [{"total": 1e99999}]}],'
        b' "population": 1, "population": 2}'
    )
    with pytest.raises(JsonError) as caught:
        read_json(data)
    assert [line.split(":")[0] for line in caught.value.text.en.splitlines()] == [
        "housing.floor_area_m2",
        "members[m1].stays[#1].total",
        "population",
    ]


def test_every_fact_has_labels_in_both_languages() -> None:
    for kind in MODELS:
        for fact in catalogue(kind).values():
            assert fact.label.zh
            assert fact.label.en
            assert fact.accepts.zh


@example(None, 40, b"")
@given(json_values, st.integers(0, 200), st.binary(max_size=3))
def test_canonical_json_is_read_as_any_other(value: Any, at: int, put_in: bytes) -> None:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
    for data in (text, text[:at] + put_in + text[at:], b"[" * at + text + b"]" * at):
        try:
            expected = read_json(data)
        except JsonError as refused:
            with pytest.raises(JsonError, match=re.escape(str(refused))):
                read_canonical(memoryview(data))
        else:
            found, _ = read_canonical(memoryview(data))
            assert found == expected
            assert repr(found) == repr(expected)


@pytest.mark.parametrize("mark", ["\x07", "\x1b", "\x85", "\ufffe", "\uffff", "\ud800"])
def test_characters_that_no_workbook_holds_are_refused_with_field_and_reason(mark: str) -> None:
    household = {
        "kind": "household",
        "record_id": "fb5db162-d1ed-5596-adab-abdae880b3b4",
        "members": [{"member_id": "m1", "name": f"韦{mark}甲", "phone": "13900000001"}],
    }
    with pytest.raises(RecordErrors) as caught:
        parse_record(household)
    (problem,) = caught.value.details
    assert problem.path == "members[m1].name"
    assert "控制字符" in problem.text.zh
    parsed, _ = parse_draft(household)  # what is stored already stays to be opened
    assert parsed.document["members"] == [{"member_id": "m1", "phone": "13900000001"}]
