"""One household made into two, two into one: what each becomes.

Where a household came from stands beside its facts under `origin`, so that its history can be
followed across both.
"""

from collections.abc import Sequence
from typing import Any

from ruhu.survey.filling import fill_absent
from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text, UserError

KEY = "origin"
CARRIED = ("kind", "survey", "place")
"""What a household split off takes along: it lives in the same place and was seen on the same day."""
_JOINED = Text("并入的一户", "the household joined")


def _members(document: Document) -> list[Document]:
    members = document.get("members")
    return [m for m in members if isinstance(m, dict)] if isinstance(members, list) else []


def _origin(document: Document) -> Document:
    told = document.get(KEY)
    return dict(told) if isinstance(told, dict) else {}


def split(document: Document, member_ids: Sequence[str], new_id: str) -> tuple[Document, Document]:
    """Move some members into a household of their own; returns what stays and what is new.

    Relationships to the old head are left to be asked anew; a recorded population shrinks by those
    who moved. Raises `UserError` when nobody would move or nobody stay.
    """
    moving = [m for m in _members(document) if m.get("member_id") in member_ids]
    staying = [m for m in _members(document) if m.get("member_id") not in member_ids]
    if not moving or not staying:
        raise UserError(
            Text("分户要有人走、有人留", "a split needs somebody to move and somebody to stay")
        )
    rest = {**document, "members": staying}
    population = document.get("population")
    if isinstance(population, int):
        rest["population"] = max(population - len(moving), len(staying))
    moved = [{k: v for k, v in m.items() if k != "relationship"} for m in moving]
    new = {name: document[name] for name in CARRIED if name in document}
    origin = {"split_from": str(document.get("record_id"))}
    return rest, {**new, "record_id": new_id, "members": moved, KEY: origin}


def _aligned(mine: list[Document], theirs: list[Document]) -> list[Document]:
    """The other household's members under ids of this one: the same person by the id number keeps
    the id there is, nobody else shares one.
    """
    by_number = {m["id_number"]: str(m["member_id"]) for m in mine if m.get("id_number")}
    taken = {str(m.get("member_id")) for m in mine} | {str(m.get("member_id")) for m in theirs}
    own = {str(m.get("member_id")) for m in mine}
    out: list[Document] = []
    for member in theirs:
        known = by_number.get(member.get("id_number") or "")
        if known is not None:
            out.append({**member, "member_id": known})
            continue
        member_id = str(member.get("member_id"))
        if member_id in own:
            member_id = next(f"m{n}" for n in range(1, 10_000) if f"m{n}" not in taken)
            taken.add(member_id)
        kept: dict[str, Any] = {k: v for k, v in member.items() if k != "relationship"}
        out.append({**kept, "member_id": member_id})
    return out


def join(document: Document, other: Document) -> tuple[Document, list[Text]]:
    """Take another household into this one: its people, and facts that this one lacks.

    Returns the household and a line for each fact that the other had differently; this one's stays.
    """
    left_out = ("record_id", "kind", "registration", "population", "signature", KEY)
    taken = {k: v for k, v in other.items() if k not in left_out}
    taken["members"] = _aligned(_members(document), _members(other))
    joined, differing = fill_absent(document, taken, _JOINED)
    if isinstance(document.get("population"), int):
        joined["population"] = max(document["population"], len(joined["members"]))
    origin = _origin(document)
    before = origin.get("joined")
    ids = [*(before if isinstance(before, list) else []), str(other.get("record_id"))]
    return {**joined, KEY: {**origin, "joined": ids}}, differing
