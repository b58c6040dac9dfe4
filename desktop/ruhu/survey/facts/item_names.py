"""What people are told in the place of the ids that a record gives its items."""

from ruhu.strict_json import Document


def item_names(document: Document) -> dict[str, str]:
    """Who an item's id stands for: people by their names, an unnamed one by the row it stands in;
    trainings and stays by their member.
    """
    names: dict[str, str] = {}
    for items, key in (("members", "member_id"), ("employees", "employee_id"),
                       ("teachers", "teacher_id")):  # fmt: skip
        for row, person in enumerate(document.get(items) or [], start=1):
            names[str(person[key])] = name = str(person.get("name") or f"#{row}")
            for item in (*(person.get("trainings") or []), *(person.get("stays") or [])):
                names[str(item.get("training_id") or item.get("stay_id"))] = name
    return names


def owner_of_path(path: str, names: dict[str, str]) -> str:
    """Whose fact an addressed path is; empty for the record's own."""
    return names.get(path.partition("[")[2].partition("]")[0], "")


def owner_of_subject(subject: str, names: dict[str, str]) -> str:
    """Whom a finding's subject, as `member:m1`, is about; empty for the record itself."""
    _, _, identity = subject.partition(":")
    return names.get(identity, identity)
