from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhu.errors import UserError
from ruhu.survey.changes.split_join import join_documents, split_document
from ruhu.survey.validation.id_number import check_digit

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
    rest, new = split_document(HOUSEHOLD, ["m3"], "b")
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
        split_document(HOUSEHOLD, moving, "b")


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
    joined, differing = join_documents(HOUSEHOLD, other)
    assert names(joined) == ["韦岜明", "蒙才花", "韦小东", "黄小妹"]
    assert joined["members"][0]["phone"] == "123"
    assert len({m["member_id"] for m in joined["members"]}) == 4
    assert joined["housing"] == {"danger_grade": "D", "renovation": "rebuild"}
    assert [text.zh for text in differing] == ["危房等级：已登记的与并入的一户不同，保留已登记的"]
    assert joined["origin"] == {"joined": ["b"]}


@given(st.sets(st.sampled_from(["m1", "m2", "m3"]), min_size=1, max_size=2))
def test_what_was_split_and_joined_again_has_the_same_people(moving: set[str]) -> None:
    rest, new = split_document(HOUSEHOLD, sorted(moving), "b")
    joined, differing = join_documents(rest, new)
    assert sorted(names(joined)) == sorted(names(HOUSEHOLD))
    assert joined["population"] == max(HOUSEHOLD["population"] - len(moving), 3)
    assert not differing


CARDS = ("451099198606190789", "451024198606190016", "451024201203040026")


def test_a_card_is_stronger_than_a_name_and_two_cards_are_two_people() -> None:
    twin = {"name": "韦岜明", "birth_date": "1986-06-19"}
    mine = [{"member_id": "m1", **twin, "id_number": CARDS[0]}]
    theirs = [{"member_id": "m1", **twin, "id_number": CARDS[1]}]
    joined, _ = join_documents(
        {**HOUSEHOLD, "members": mine}, {"record_id": "b", "members": theirs}
    )
    assert [m["id_number"] for m in joined["members"]] == [CARDS[0], CARDS[1]]
    theirs = [{"member_id": "m1", **twin}, {"member_id": "m2", "id_number": CARDS[0]}]
    joined, _ = join_documents(
        {**HOUSEHOLD, "members": mine}, {"record_id": "b", "members": theirs}
    )
    assert [m.get("id_number") for m in joined["members"]] == [CARDS[0], None]


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ({"name": "蒙才花"}, {"name": "蒙 才花", "phone": "1"}, True),
        ({"name": "阿依·古丽"}, {"name": "阿依古丽"}, True),
        ({"name": "蒙才花"}, {"name": "黄小妹"}, False),
        ({"name": "蒙才花", "member_id": "4510990000000902"}, {"member_id": "4510990000000902"}, True),
        ({"name": "蒙才花", "member_id": "4510990000000902"},
         {"name": "黄小妹", "member_id": "4510990000000902"}, False),
        ({"name": "蒙才花"}, {}, False),
        ({"name": "蒙才花", "birth_date": "1988-01-02"},
         {"name": "蒙才花", "birth_date": "1988-01-02", "member_id": "x"}, True),
        ({"name": "韦岜明", "birth_date": "1986-06-19"},
         {"name": "韦岜明", "id_number": CARDS[0], "member_id": "x"}, True),
        ({"name": "蒙才花", "birth_date": "1988-01-02"},
         {"name": "蒙才花", "birth_date": "1988-01-03", "member_id": "x"}, False),
        ({"name": "蒙才花"}, {"name": "蒙才花", "member_id": "x"}, False),
        ({"name": "蒙才花", "id_number": "无"}, {"name": "黄小妹", "id_number": "无"}, False),
        ({"name": "蒙才花", "id_number": CARDS[0]}, {"name": "黄小妹", "id_number": CARDS[0]}, False),
        ({"name": "蒙才花", "relationship": "配偶"},
         {"name": "蒙才花", "relationship": "配偶", "member_id": "x"}, True),
    ],
)  # fmt: skip
def test_who_is_one_person(one: dict[str, Any], other: dict[str, Any], is_one: bool) -> None:
    mine, theirs = {"member_id": "m2", **one}, {"member_id": "m2", **other}
    joined, _ = join_documents(
        {**HOUSEHOLD, "members": [mine]}, {"record_id": "b", "members": [theirs]}
    )
    assert len(joined["members"]) == (1 if is_one else 2)
    assert joined["members"][0] == ({**theirs, **mine} if is_one else mine)


VISIT = {"date": "2017-06-01", "surveyor": "黄一"}


@pytest.mark.parametrize("roster_is_kept", [True, False])
def test_values_of_a_visit_win_over_those_of_a_roster(roster_is_kept: bool) -> None:
    roster = {
        "record_id": "r",
        "kind": "household",
        "population": 4,
        "registration": {"household_no": "45109900000009", "score": "40"},
        "housing": {"relocation_listed": True, "danger_grade": "D"},
        "members": [
            {
                "member_id": "m1",
                "name": "韦岜明",
                "relationship": "户主",
                "education_level": "小学",
            },
            {"member_id": "m2", "name": "韦老", "relationship": "之父"},
        ],
    }
    visited = {
        "record_id": "v",
        "kind": "household",
        "survey": VISIT,
        "population": 2,
        "registration": {"household_no": "45109900000009", "score": "41"},
        "housing": {"relocation_listed": False},
        "not_known": {"members[m2].phone": True},
        "members": [
            {
                "member_id": "m1",
                "name": "韦岜明",
                "relationship": "户主",
                "education_level": "初中",
            },
            {"member_id": "m2", "name": "蒙才花", "relationship": "配偶"},
        ],
    }
    sides = (roster, visited) if roster_is_kept else (visited, roster)
    joined, differing = join_documents(*sides)
    assert joined["record_id"] == sides[0]["record_id"]
    assert joined["origin"] == {"joined": [sides[1]["record_id"]]}
    assert joined["survey"] == VISIT
    assert joined["housing"] == {"relocation_listed": False, "danger_grade": "D"}
    assert joined["registration"] == {"household_no": "45109900000009", "score": "41"}
    assert joined["population"] == 3
    assert names(joined) == [
        "韦岜明", *(["韦老", "蒙才花"] if roster_is_kept else ["蒙才花", "韦老"])
    ]  # fmt: skip
    assert joined["members"][0]["education_level"] == "初中"
    assert {m["name"]: m["relationship"] for m in joined["members"]} == {
        "韦岜明": "户主", "韦老": "之父", "蒙才花": "配偶",
    }  # fmt: skip
    (wife,) = [m["member_id"] for m in joined["members"] if m["name"] == "蒙才花"]
    assert joined["not_known"] == {f"members[{wife}].phone": True}
    labels = [text.zh.partition("：已登记的与")[0] for text in differing]
    assert sorted(labels) == ["列入整体移民搬迁计划", "精准识别分数", "韦岜明：文化程度"]


def test_another_registered_household_brings_no_registration_along() -> None:
    mine = {**HOUSEHOLD, "registration": {"household_no": "1", "score": "50"}}
    other = {"record_id": "b", "survey": VISIT, "registration": {"household_no": "2", "score": "9"}}
    assert join_documents(mine, other)[0]["registration"] == mine["registration"]
    unregistered = {**HOUSEHOLD, "registration": {"registered_poor": False}}
    poor = {"record_id": "b", "registration": {"household_no": "2", "registered_poor": True}}
    assert join_documents(unregistered, poor)[0]["registration"] == unregistered["registration"]
    assert join_documents(HOUSEHOLD, poor)[0]["registration"] == poor["registration"]


MEMBERS = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["韦岜明", "蒙才花", ""])},
        optional={
            "birth_date": st.sampled_from(["1986-06-19", "2012-03-04"]),
            "id_number": st.sampled_from([*CARDS, "无"]),
            "relationship": st.sampled_from(["户主", "之子"]),
        },
    ),
    max_size=5,
)
IDS = st.permutations([*(f"m{n}" for n in range(1, 6)), "4510990000000901"])


@given(MEMBERS, MEMBERS, IDS, IDS, st.booleans(), st.booleans())
def test_a_join_loses_nobody_doubles_nobody_and_mixes_no_two_people(
    mine: list[dict[str, Any]],
    theirs: list[dict[str, Any]],
    my_ids: list[str],
    their_ids: list[str],
    seen_here: bool,
    seen_there: bool,
) -> None:
    def household(
        record_id: str, members: list[dict[str, Any]], ids: list[str], tag: str, visited: bool
    ) -> dict[str, Any]:
        people = [{"member_id": ids[n], **m, tag: str(n)} for n, m in enumerate(members)]
        survey = {"survey": VISIT} if visited else {}
        return {"record_id": record_id, "kind": "household", **survey, "members": people}

    one = household("a", mine, my_ids, "phone", seen_here)
    other = household("b", theirs, their_ids, "ethnicity", seen_there)
    joined, _ = join_documents(one, other)
    people = joined["members"]
    assert len({m["member_id"] for m in people}) == len(people)
    assert [m["member_id"] for m in people[: len(mine)]] == my_ids[: len(mine)]
    assert sorted(m["phone"] for m in people if "phone" in m) == [str(n) for n in range(len(mine))]
    assert sorted(m["ethnicity"] for m in people if "ethnicity" in m) == [
        str(n) for n in range(len(theirs))
    ]
    for person in people:
        if "phone" not in person or "ethnicity" not in person:
            continue
        sides = one["members"][int(person["phone"])], other["members"][int(person["ethnicity"])]
        cards = {m.get("id_number") for m in sides} & set(CARDS)
        assert len(cards) < 2
        named = {m["name"] for m in sides} - {""}
        assert len(named) < 2 or all(m.get("id_number") in CARDS for m in sides)


@given(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)), IDS, IDS, st.data(), st.booleans())
def test_people_known_by_card_or_by_name_and_birth_stand_once_after_a_join(
    mine: set[int],
    theirs: set[int],
    my_ids: list[str],
    their_ids: list[str],
    data: st.DataObject,
    seen_there: bool,
) -> None:
    def facts(number: int) -> dict[str, Any]:
        known = {"name": f"韦村民{number}", "birth_date": f"198{number}-01-01"}
        first_17 = f"451024198{number}0101001"
        return data.draw(
            st.sampled_from([known, {**known, "id_number": first_17 + check_digit(first_17)}])
        )

    def household(numbers: set[int], ids: list[str], record_id: str) -> dict[str, Any]:
        people = [{"member_id": i, **facts(n)} for i, n in zip(ids, sorted(numbers), strict=False)]
        return {"record_id": record_id, "kind": "household", "members": people}

    other = household(theirs, their_ids, "b")
    joined, differing = join_documents(
        household(mine, my_ids, "a"), {**other, "survey": VISIT} if seen_there else other
    )
    assert sorted(names(joined)) == sorted(f"韦村民{n}" for n in mine | theirs)
    assert not differing
