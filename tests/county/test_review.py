"""What a person settles at the county, on both databases."""

import copy
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.county.laptop_bundles import Laptop

from ruhu.county.access.permissions import PermissionDenied, Role
from ruhu.county.access.settings import FOUR_EYES
from ruhu.county.county import CountyStore
from ruhu.county.records.search_index import PersonEntry, SearchEntry
from ruhu.county.review.duplicates import find_duplicates
from ruhu.county.review.proposals import MergeHouseholds, RemoveMember, ResolveConflicts
from ruhu.county.review.review import ResolutionPolicy
from ruhu.errors import UserError
from ruhu.revisions.merge import merge_revisions
from ruhu.survey.changes.returned import returned_survey

Document = dict[str, Any]


@pytest.fixture
def pair(county: CountyStore, tmp_path: Path) -> tuple[Laptop, Laptop]:
    return Laptop(county, "黄一", tmp_path / "黄一"), Laptop(county, "覃二", tmp_path / "覃二")


def changed(document: Document, **housing: Any) -> Document:
    other = copy.deepcopy(document)
    other["housing"].update(housing)
    return other


def differ(
    county: CountyStore, pair: tuple[Laptop, Laptop], household: Document, count: int = 1
) -> list[UUID]:
    """Households whose floor area and danger grade two laptops changed differently."""
    one, other = pair
    keys = []
    for number in range(count):
        document = {**copy.deepcopy(household), "record_id": str(uuid4())}
        document["registration"]["household_no"] = f"4510990000{number:04}"
        for member in document["members"]:  # nobody is held twice
            member.pop("id_number", None)
            member["name"] = f"人{number}{member['member_id']}"
        first = one.revision(document, reason="roster")
        left = one.revision(changed(document, floor_area_m2="61"), on=[first], hour=1)
        right = other.revision(
            changed(document, floor_area_m2="103", danger_grade="C"),
            on=[first],
            hour=2 + number % 2,
        )
        if number % 2:
            left = one.revision(changed(document, floor_area_m2="61"), on=[first], hour=5)
        one.send(county, first, left)
        assert other.send(county, right).conflicts == 1
        keys.append(UUID(document["record_id"]))
    return keys


def test_pending_review_shows_sides_base_and_outcomes(
    county: CountyStore, pair: tuple[Laptop, Laptop], household: Document
) -> None:
    differ(county, pair, household)
    (waiting,) = county.review.pending()
    (conflict,) = waiting.conflicts
    assert waiting.base["housing"]["floor_area_m2"] == "68"
    assert {waiting.sides[head].author: value for head, value in conflict.values} == {
        "黄一": "61",
        "覃二": "103",
    }
    by_value = dict(
        zip([v for _, v in conflict.values], waiting.outcomes[conflict.path], strict=True)
    )
    assert any("不符合" in text.zh for text in by_value["103"])
    assert all("不符合" not in text.zh for text in by_value["61"])


def test_a_rule_settles_in_bulk_what_it_decides(
    county: CountyStore, pair: tuple[Laptop, Laptop], household: Document
) -> None:
    keys = differ(county, pair, household, count=4)
    assert county.review.settle_by_policy(ResolutionPolicy("author", "nobody")) == 0
    assert county.review.settle_by_policy(ResolutionPolicy("newest")) == 4
    areas = {
        UUID(d["record_id"]): d["housing"]["floor_area_m2"] for d in county.records.documents()
    }
    assert [areas[key] for key in keys] == ["103", "61", "103", "61"]
    assert all(d["housing"]["danger_grade"] == "C" for d in county.records.documents())
    assert county.records.counts().conflicts == 0


def test_four_eyes_one_settles_another_confirms(
    county: CountyStore, place: Path | str, pair: tuple[Laptop, Laptop], household: Document
) -> None:
    one, other = differ(county, pair, household, count=2)
    county.settings.set(FOUR_EYES, "yes")
    county.users.add("韦某", Role.OFFICER, "a password of mine")
    with CountyStore.open(place, "a password of mine", user="韦某") as officer:
        with pytest.raises(PermissionDenied):
            officer.settings.set(FOUR_EYES, "")
        for waiting in officer.review.pending():
            officer.review.settle(waiting.record_id, {c.path: "61" for c in waiting.conflicts})
        assert officer.records.counts().conflicts == 2
        assert [each.proposed for each in officer.review.pending()] == [True, True]
        for proposal in officer.review.proposals():
            with pytest.raises(UserError, match="another person"):
                officer.review.confirm(proposal.proposal_id)
    first, second = county.review.proposals()
    assert (first.by, first.change) == ("韦某", ResolveConflicts({"housing.floor_area_m2": "61"}))
    county.review.confirm(first.proposal_id)
    county.review.reject(second.proposal_id)
    assert county.records.counts().conflicts == 1
    assert county.review.proposals() == []
    result = [(entry.who, entry.act) for entry in county.audit.entries() if entry.act != "sign in"]
    assert result[-5:] == [
        ("韦某", "propose"),
        ("韦某", "propose"),
        ("admin", "confirm"),
        ("admin", "settle"),
        ("admin", "reject"),
    ]
    assert merge_revisions(county.records.revisions(first.record_id)).conflicts == ()
    assert {one, other} == {first.record_id, second.record_id}


def test_four_eyes_look_at_households_joined_and_persons_taken_out(
    county: CountyStore, place: Path | str, pair: tuple[Laptop, Laptop], household: Document
) -> None:
    twin = {**household, "record_id": str(UUID(int=9))}
    for document in (household, twin):
        pair[0].send(county, pair[0].revision(document))
    kept, other = UUID(household["record_id"]), UUID(int=9)
    member = household["members"][1]["member_id"]
    county.settings.set(FOUR_EYES, "yes")
    county.users.add("韦某", Role.OFFICER, "a password of mine")
    with CountyStore.open(place, "a password of mine", user="韦某") as officer:
        assert not officer.review.remove_member(kept, member)
        with pytest.raises(UserError, match="no other member"):
            officer.review.remove_member(kept, "nobody")
    (proposal,) = county.review.proposals()
    assert proposal.change == RemoveMember(member, ("45109900000009 韦岜明", "蒙才花"))
    county.review.confirm(proposal.proposal_id)
    with CountyStore.open(place, "a password of mine", user="韦某") as officer:
        assert not officer.review.merge(kept, other)
        assert officer.records.counts().households == 2
    (proposal,) = county.review.proposals()
    assert isinstance(proposal.change, MergeHouseholds)
    county.review.confirm(proposal.proposal_id)
    assert county.records.counts().households == 1
    assert county.review.proposals() == []


def test_what_was_proposed_before_the_record_moved_on_is_not_confirmed(
    county: CountyStore, place: Path | str, pair: tuple[Laptop, Laptop], household: Document
) -> None:
    (key,) = differ(county, pair, household)
    county.settings.set(FOUR_EYES, "yes")
    county.users.add("韦某", Role.OFFICER, "a password of mine")
    with CountyStore.open(place, "a password of mine", user="韦某") as officer:
        officer.review.settle(key, {"housing.floor_area_m2": "61"})
    heads = merge_revisions(county.records.revisions(key)).heads
    later = pair[0].revision({**(heads[0].document or {}), "population": 9}, on=[heads[0]], hour=9)
    pair[0].send(county, later)
    (proposal,) = county.review.proposals()
    with pytest.raises(UserError, match="changed since"):
        county.review.confirm(proposal.proposal_id)
    assert county.review.proposals() == [proposal]


def test_a_comment_goes_back_to_the_field_it_is_about(
    county: CountyStore, pair: tuple[Laptop, Laptop], household: Document
) -> None:
    one, _ = pair
    one.send(county, one.revision(household))
    key = UUID(household["record_id"])
    county.review.send_back(key, "请再量一次", "housing.floor_area_m2")
    (document,) = county.records.documents()
    returned = returned_survey(document)
    assert returned is not None
    assert (returned.comment, returned.path) == ("请再量一次", "housing.floor_area_m2")
    assert county.replies.pending(one.device.device_id) == [1]


def two_households(household: Document) -> tuple[Document, Document]:
    """A household, and another that holds its head, too."""
    other = copy.deepcopy(household)
    other["record_id"] = str(uuid4())
    other["registration"]["household_no"] = "45109900000010"
    other["members"] = [
        {**household["members"][0], "relationship": "之子"},
        {"member_id": "m2", "name": "陆大光", "relationship": "户主"},
    ]
    return household, other


def test_duplicates_are_removed_marked_distinct_or_merged(
    county: CountyStore, pair: tuple[Laptop, Laptop], household: Document
) -> None:
    one, other = two_households(household)
    pair[0].send(county, pair[0].revision(one))
    pair[1].send(county, pair[1].revision(other))
    (double,) = county.review.duplicates()
    assert double.reason == "id_number"
    assert {double.first.person.name, double.second.person.name} == {"韦岜明"}
    county.review.remove_member(UUID(other["record_id"]), "m1")
    assert county.review.duplicates() == []
    members = [[m["name"] for m in d["members"]] for d in county.records.documents()]
    assert members == [["韦岜明", "蒙才花"], ["陆大光"]]
    with pytest.raises(UserError, match="no other member"):
        county.review.remove_member(UUID(other["record_id"]), "m2")
    county.review.merge(UUID(one["record_id"]), UUID(other["record_id"]))
    (document,) = county.records.documents()
    assert [m["name"] for m in document["members"]] == ["韦岜明", "蒙才花", "陆大光"]
    assert county.records.counts().households == 1


@pytest.mark.parametrize("roster_is_kept", [True, False])
def test_a_household_of_a_roster_and_of_a_visit_is_joined_as_it_was_seen(
    county: CountyStore,
    pair: tuple[Laptop, Laptop],
    household: Document,
    roster_is_kept: bool,
) -> None:
    household["housing"]["relocation_listed"] = False
    roster = copy.deepcopy(household) | {"record_id": str(uuid4())}
    del roster["survey"]
    roster["housing"]["relocation_listed"] = True
    roster["members"] = [
        {k: m[k] for k in ("name", "birth_date") if k in m} | {"member_id": f"x{n}"}
        for n, m in enumerate(household["members"])
    ]
    roster["members"][0]["id_number"] = household["members"][0]["id_number"]
    roster["members"][0]["ethnicity"] = "壮族"
    pair[0].send(county, pair[0].revision(household))
    pair[1].send(county, pair[1].revision(roster))
    keys = [
        UUID(d["record_id"])
        for d in ((roster, household) if roster_is_kept else (household, roster))
    ]
    county.review.merge(*keys)
    (document,) = county.records.documents()
    assert document["record_id"] == str(keys[0])
    assert [m["name"] for m in document["members"]] == ["韦岜明", "蒙才花"]
    assert document["members"][0]["ethnicity"] == "壮族"
    assert document["housing"]["relocation_listed"] is False
    assert document["survey"] == household["survey"]
    assert county.review.duplicates() == []


def test_distinct_pairs_are_not_shown_again(
    county: CountyStore, pair: tuple[Laptop, Laptop], household: Document
) -> None:
    one, other = two_households(household)
    pair[0].send(county, pair[0].revision(one), pair[0].revision(other))
    (double,) = county.review.duplicates()
    county.review.mark_distinct(double)
    county.review.mark_distinct(double)
    assert county.review.duplicates() == []


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (("韦岜明", "", "1986-06-19"), ("韦岜明", "", "1986-06-19"), "name_and_birth"),
        (("韦岜明", "", "1986-06-19"), ("韦岜明", "451099198606190789", ""), "name_and_birth"),
        (("韦岜明", "", "1986-06-19"), ("韦岜明", "", "1986-06-18"), "near"),
        (("韦岜明", "", "1986-06-19"), ("韦邑明", "", "1986-06-19"), "near"),
        (("韦岜明", "", "1986-06-19"), ("韦岜明", "", "1987-06-19"), None),
        (("韦岜明", "", ""), ("韦岜明", "", ""), None),
        # Two sound numbers that are far apart are two people of one name and birthday.
        (("韦岜明", "451099198606190789", ""), ("韦岜明", "451024198606190016", ""), None),
    ],
)
def test_name_and_birth_nearly_match(
    one: tuple[str, str, str], other: tuple[str, str, str], why: str | None
) -> None:
    faces = [
        SearchEntry(str(UUID(int=number)), "household", "", "", (PersonEntry("m1", *result),))
        for number, result in enumerate((one, other))
    ]
    assert [double.reason for double in find_duplicates(faces, set())] == ([why] if why else [])
