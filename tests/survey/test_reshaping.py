from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhu.survey.reshaping import join, split
from ruhu.survey.text import UserError

HOUSEHOLD: dict[str, Any] = {
    "record_id": "a",
    "kind": "household",
    "place": {"village_name": "示范一村"},
    "population": 4,
    "housing": {"danger_grade": "D"},
    "members": [
        {"member_id": "m1", "name": "韦岜明", "relationship": "户主", "id_number": "1"},
        {"member_id": "m2", "name": "蒙才花", "relationship": "配偶"},
        {"member_id": "m3", "name": "韦小东", "relationship": "之子"},
    ],
}


def names(document: dict[str, Any]) -> list[str]:
    return [m["name"] for m in document["members"]]


def test_those_who_split_off_take_the_place_along_and_leave_the_house() -> None:
    rest, new = split(HOUSEHOLD, ["m3"], "b")
    assert names(rest) == ["韦岜明", "蒙才花"]
    assert rest["population"] == 3
    assert rest["housing"] == HOUSEHOLD["housing"]
    assert names(new) == ["韦小东"]
    assert "relationship" not in new["members"][0]
    assert (new["record_id"], new["origin"]) == ("b", {"split_from": "a"})
    assert new["place"] == HOUSEHOLD["place"]
    assert "housing" not in new


@pytest.mark.parametrize("moving", [[], ["m1", "m2", "m3"], ["nobody"]])
def test_a_split_needs_somebody_to_move_and_somebody_to_stay(moving: list[str]) -> None:
    with pytest.raises(UserError):
        split(HOUSEHOLD, moving, "b")


def test_the_same_person_in_both_is_one_and_others_keep_apart() -> None:
    other = {
        "record_id": "b",
        "kind": "household",
        "housing": {"danger_grade": "C", "renovation": "rebuild"},
        "members": [
            {"member_id": "m2", "name": "韦岜明", "id_number": "1", "phone": "123"},
            {"member_id": "m1", "name": "黄小妹"},
        ],
    }
    joined, differing = join(HOUSEHOLD, other)
    assert names(joined) == ["韦岜明", "蒙才花", "韦小东", "黄小妹"]
    assert joined["members"][0]["phone"] == "123"
    assert len({m["member_id"] for m in joined["members"]}) == 4
    assert joined["housing"] == {"danger_grade": "D", "renovation": "rebuild"}
    assert [text.zh for text in differing] == ["危房等级：已登记的与并入的一户不同，保留已登记的"]
    assert joined["origin"] == {"joined": ["b"]}


@given(st.sets(st.sampled_from(["m1", "m2", "m3"]), min_size=1, max_size=2))
def test_what_was_split_and_joined_again_has_the_same_people(moving: set[str]) -> None:
    rest, new = split(HOUSEHOLD, sorted(moving), "b")
    joined, differing = join(rest, new)
    assert sorted(names(joined)) == sorted(names(HOUSEHOLD))
    assert joined["population"] == max(HOUSEHOLD["population"] - len(moving), 3)
    assert not differing
