from ruhu.survey.facts.suggestions import suggest_values


def members(*people: dict[str, str]) -> dict[str, object]:
    listed = [{"member_id": f"m{n}", **person} for n, person in enumerate(people, start=1)]
    return {"survey": {"date": "2017-06-01"}, "members": listed}


def test_schooling_follows_the_age_at_the_start_of_the_school_year() -> None:
    document = members({"birth_date": "2010-08-31"}, {"birth_date": "2010-09-02"})
    assert suggest_values(document, "members[m1].schooling.stage") == ["primary"]
    assert suggest_values(document, "members[m2].schooling.stage") == ["preschool"]


def test_relationships_follow_age_and_sex_against_the_head() -> None:
    document = members(
        {"relationship": "户主", "birth_date": "1970-01-01", "sex": "male"},
        {"birth_date": "1972-01-01", "sex": "female"},
        {"birth_date": "1995-01-01", "sex": "male"},
        {"birth_date": "2015-01-01", "sex": "female"},
        {"birth_date": "1945-01-01", "sex": "female"},
    )
    found = [suggest_values(document, f"members[m{n}].relationship")[:1] for n in range(1, 6)]
    assert found == [[], ["配偶"], ["之子"], ["之孙女"], ["之母"]]


def test_nothing_is_suggested_without_a_birth_date_or_for_other_facts() -> None:
    document = members({"relationship": "户主"}, {})
    assert suggest_values(document, "members[m2].relationship") == []
    assert suggest_values(document, "members[m1].name") == []
    assert suggest_values({}, "members[m1].relationship") == ["户主"]
