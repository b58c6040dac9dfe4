"""One household made into two, two into one: what each becomes.

Where a household came from stands beside its facts under `origin`, so that its history can be
followed across both.
"""

from collections.abc import Mapping, Sequence

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.changes.fill_missing import fill_absent
from ruhu.survey.changes.returned import KEY as SENT_BACK
from ruhu.survey.facts.unknown import KEY as NOT_KNOWN
from ruhu.survey.households import is_head, members_of
from ruhu.survey.matching import assign_ids, pair_members

KEY = "origin"
COPIED_SECTIONS = ("kind", "survey", "place")
"""What a household split off takes along: it lives in the same place and was seen on the same day."""
ITS_OWN = ("record_id", "kind", "population", "signature", KEY)
"""What a household that is joined does not bring along."""
_JOINED = BilingualText("并入的一户", "the household joined")
_NOT_VISITED = BilingualText("没有入户的一户", "the household that was not visited")


def _origin(document: Document) -> Document:
    told = document.get(KEY)
    return dict(told) if isinstance(told, dict) else {}


def split(document: Document, member_ids: Sequence[str], new_id: str) -> tuple[Document, Document]:
    """Move some members into a household of their own; returns what stays and what is new.

    Relationships to the old head are left to be asked anew; a recorded population shrinks by those
    who moved. Raises `UserError` when nobody would move or nobody stay.
    """
    moving = [m for m in members_of(document) if m.get("member_id") in member_ids]
    staying = [m for m in members_of(document) if m.get("member_id") not in member_ids]
    if not moving or not staying:
        raise UserError(
            BilingualText(
                "分户要有人走、有人留", "a split needs somebody to move and somebody to stay"
            )
        )
    rest = {**document, "members": staying}
    population = document.get("population")
    if isinstance(population, int):
        rest["population"] = max(population - len(moving), len(staying))
    moved = [{k: v for k, v in m.items() if k != "relationship"} for m in moving]
    new = {name: document[name] for name in COPIED_SECTIONS if name in document}
    origin = {"split_from": str(document.get("record_id"))}
    return rest, {**new, "record_id": new_id, "members": moved, KEY: origin}


def _head(members: Sequence[Document]) -> int | None:
    """Where the head of the household stands."""
    return next((n for n, m in enumerate(members) if is_head(m)), None)


def _match_members(document: Document, other: Document) -> Document:
    """The other household with its members under ids of this one.

    What they are to their head is left out, unless that is the head here.
    """
    mine, theirs = members_of(document), members_of(other)
    places = pair_members(mine, theirs).positions
    ids = assign_ids(mine, theirs, places)
    head, their_head = _head(mine), _head(theirs)
    one_head = their_head in places and head in (None, places[their_head])
    members = [
        {k: v for k, v in m.items() if one_head or k != "relationship"} | {"member_id": member_id}
        for m, member_id in zip(theirs, ids, strict=True)
    ]
    renamed = {
        f"members[{m.get('member_id')}]": f"members[{member_id}]"
        for m, member_id in zip(theirs, ids, strict=True)
    }
    aligned = {**other, "members": members}
    marks = other.get(NOT_KNOWN)
    if isinstance(marks, dict):
        aligned[NOT_KNOWN] = {_below(renamed, path): value for path, value in marks.items()}
    returned = other.get(SENT_BACK)
    if isinstance(returned, dict) and isinstance(returned.get("path"), str):
        aligned[SENT_BACK] = {**returned, "path": _below(renamed, returned["path"])}
    return aligned


def _below(renamed: Mapping[str, str], path: str) -> str:
    """A path of the other household's, under the ids of this one."""
    person, dot, rest = path.partition(".")
    return f"{renamed.get(person, person)}{dot}{rest}"


def _is_visited(document: Document) -> bool:
    """Whether somebody was there; a roster brings no day of visit."""
    survey = document.get("survey")
    return bool(isinstance(survey, dict) and survey.get("date"))


def _left_out(document: Document, other: Document) -> set[str]:
    """What of the other household is not this one's; its registration is where it is the same one, or
    this one has none that speaks against it.
    """
    own, theirs = document.get("registration") or {}, other.get("registration") or {}
    if own.get("household_no"):
        same = own["household_no"] == theirs.get("household_no")
    else:
        same = all(theirs.get(name) in (None, value) for name, value in own.items())
    return {*ITS_OWN} if same else {*ITS_OWN, "registration"}


def join(document: Document, other: Document) -> tuple[Document, list[BilingualText]]:
    """Take another household into this one: its people, and facts that this one lacks.

    Returns the household and a line for each fact in which the two differ. This one's stays, but
    what a roster alone told gives way to what was seen at a visit of the other.
    """
    left_out = _left_out(document, other)
    taken = {k: v for k, v in _match_members(document, other).items() if k not in left_out}
    seen_there = _is_visited(other) and not _is_visited(document)
    if seen_there:
        own = {k: document[k] for k in left_out if k in document}
        joined, differing = fill_absent({**taken, **own}, document, _NOT_VISITED)
        joined = {
            **document,
            **joined,
            "members": _in_order(members_of(document), members_of(joined)),
        }
    else:
        joined, differing = fill_absent(document, taken, _JOINED)
    counted = other.get("population") if seen_there else None
    population = document.get("population") if counted is None else counted
    if isinstance(population, int):
        joined["population"] = max(population, len(members_of(joined)))
    origin = _origin(document)
    before = origin.get("joined")
    ids = [*(before if isinstance(before, list) else []), str(other.get("record_id"))]
    return {**joined, KEY: {**origin, "joined": ids}}, differing


def _in_order(first: Sequence[Document], members: Sequence[Document]) -> list[Document]:
    """Members in the order of those that stand first, the others behind them."""
    places = {m.get("member_id"): place for place, m in enumerate(first)}
    return sorted(members, key=lambda m: places.get(m.get("member_id"), len(places)))
