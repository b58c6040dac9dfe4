"""Display names for item ids such as `m1`."""

from ruhu.strict_json import Document


def item_names(document: Document) -> dict[str, str]:
    """Return display names by item id.

    People are shown by name, or by row if unnamed; trainings and stays by their member's name.
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
    """Return whose fact a path is; empty for the record's own."""
    return names.get(path.partition("[")[2].partition("]")[0], "")


def owner_of_subject(subject: str, names: dict[str, str]) -> str:
    """Return whom a finding's subject, such as `member:m1`, is about; empty for the record itself."""
    _, _, identity = subject.partition(":")
    return names.get(identity, identity)
