"""A roster taken in again: nobody is given another's facts, nothing recorded is replaced."""

from typing import Any
from uuid import UUID

from ruhu.store.roster_import import RosterImport, apply_import, plan_import
from ruhu.store.store import Store
from ruhu.strict_json import Document
from ruhu.survey.roster.reader import Roster

HEAD: Document = {
    "member_id": "m1", "name": "韦试甲", "relationship": "户主",
    "id_number": "451099197001010015", "birth_date": "1970-01-01", "sex": "male",
}  # fmt: skip
WIFE: Document = {"member_id": "m2", "name": "黄试乙", "relationship": "配偶", "sex": "female"}
DAUGHTER: Document = {
    "member_id": "m2", "name": "韦试丙", "relationship": "之女", "phone": "13900000002",
    "id_number": "451099200803030047", "birth_date": "2008-03-03", "sex": "female",
}  # fmt: skip
STRANGER: Document = {"member_id": "m1", "name": "蒙试丁", "relationship": "户主"}


def household(*members: Document, number: str | None = "1", village: str = "一村") -> Document:
    registration = {"household_no": number} if number else {}
    return {
        "kind": "household",
        "registration": {**registration, "registered_poor": True},
        "place": {"village_name": village},
        "members": [dict(member) for member in members],
    }


def take(store: Store, *households: Document) -> RosterImport:
    intake = plan_import(store, Roster(households=list(households)))
    apply_import(store, intake)
    return intake


def recorded(store: Store) -> list[dict[str, Any]]:
    return [store.records.document(summary.record_id) for summary in store.records.summaries()]


def test_a_row_that_moved_gives_nobody_anothers_facts(store: Store) -> None:
    take(store, household(HEAD, WIFE))
    number = {"id_number": "451099197202020025", "birth_date": "1972-02-02"}
    take(store, household(HEAD, DAUGHTER, {**WIFE, **number, "member_id": "m3"}))
    (document,) = recorded(store)
    assert {m["name"]: m.get("id_number") for m in document["members"]} == {
        "韦试甲": "451099197001010015",
        "黄试乙": "451099197202020025",
        "韦试丙": "451099200803030047",
    }
    assert len({m["member_id"] for m in document["members"]}) == 3
    assert [m["name"] for m in document["members"] if m.get("phone")] == ["韦试丙"]


def test_the_same_rows_in_another_order_change_nothing(store: Store) -> None:
    take(store, household(HEAD, WIFE, {**DAUGHTER, "member_id": "m3"}))
    again = take(store, household({**DAUGHTER, "member_id": "m1"}, {**HEAD, "member_id": "m2"},
                                  {**WIFE, "member_id": "m3"}))  # fmt: skip
    assert (again.new, again.completed, again.unchanged, again.remarks) == ((), (), 1, ())


def test_an_id_number_under_another_name_is_reported_and_not_changed(store: Store) -> None:
    take(store, household(HEAD, WIFE))
    again = take(store, household({**HEAD, "name": "韦试癸", "phone": "13900000003"}, WIFE))
    assert (again.completed, len(again.remarks)) == ((), 1)
    assert "韦试癸" in again.remarks[0].zh


def test_one_number_in_two_villages_or_of_two_families_is_two_households(store: Store) -> None:
    take(store, household(HEAD, WIFE))
    other = take(store, household(STRANGER, village="二村"))
    assert (len(other.new), other.remarks) == (1, ())
    third = take(store, household({**STRANGER, "name": "陆试己"}))
    assert len(third.new) == 1
    assert "韦试甲" in third.remarks[0].zh
    assert len(recorded(store)) == 3
    again = take(store, household(HEAD, WIFE), household(STRANGER, village="二村"))
    assert (again.new, again.unchanged) == ((), 2)


def test_a_household_without_a_number_is_known_again_by_its_people(store: Store) -> None:
    rows = household(HEAD, WIFE, number=None), household(STRANGER, number=None)
    assert len(take(store, *rows).new) == 2
    again = take(store, *rows)
    assert (again.new, again.unchanged) == ((), 2)


def test_a_household_that_cannot_be_taken_in_stops_no_other(store: Store) -> None:
    odd = household({**STRANGER, "member_id": "a[b"}, number="2")
    intake = take(store, odd, household(HEAD))
    assert (len(intake.new), intake.refused) == (1, 1)
    assert intake.remarks[0].zh.startswith("2 没有导入：")
    assert "1户没有导入" in intake.text.zh
    assert [UUID(d["record_id"]) for d in recorded(store)]
