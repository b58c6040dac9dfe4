from ruhu.county.ledgers.benefits.periods import person_of
from ruhu.store.record_list import title_of
from ruhu.strict_json import Document
from ruhu.survey.households import find_head, head_of, members_of


def member(name: str, relationship: str | None) -> Document:
    return {"member_id": name, "name": name, "relationship": relationship}


def test_laptop_and_county_name_the_same_head() -> None:
    for relationship in ("户主", "本人", "head"):
        members = [member("韦一", "之子"), member("韦二", relationship)]
        document = {"kind": "household", "record_id": "r", "members": members}
        assert head_of(document)["name"] == "韦二"
        assert title_of(document) == "韦二"
        assert person_of(document, "", str).name == "韦二"


def test_first_member_stands_in_for_a_missing_head() -> None:
    members = [member("韦一", None), member("韦二", "之子")]
    assert find_head(members) is None
    assert head_of({"members": members}) == members[0]
    assert head_of({}) == {}


def test_values_that_are_not_members_are_left_out() -> None:
    assert members_of({"members": ["韦一", None, {"name": "韦二"}]}) == [{"name": "韦二"}]
    assert members_of({"members": {"name": "韦二"}}) == []
