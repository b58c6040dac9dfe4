from ruhu.survey.facts.item_names import item_names, owner_of_path, owner_of_subject


def test_people_are_called_by_their_names_wherever_an_id_stands() -> None:
    names = item_names(
        {
            "members": [
                {"member_id": "m1", "name": "韦大山", "stays": [{"stay_id": "s1"}]},
                {"member_id": "m2", "trainings": [{"training_id": "t1"}]},
            ],
            "teachers": [{"teacher_id": "j1", "name": "陆老师"}],
            "employees": [{"employee_id": "a", "name": "黄工"}],
        }
    )
    subjects = ("member:m1", "stay:s1", "training:t1", "teacher:j1", "employee:a", "household")
    assert [owner_of_subject(subject, names) for subject in subjects] == [
        "韦大山", "韦大山", "#2", "陆老师", "黄工", "",
    ]  # fmt: skip
    paths = ("members[m1].stays[s1].total", "teachers[j1].half_days", "housing.renovation")
    assert [owner_of_path(path, names) for path in paths] == ["韦大山", "陆老师", ""]
