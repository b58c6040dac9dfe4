"""Split one household into two, and join two into one.

Where a household came from is stored under `origin` next to its facts, so that its history can be followed
across both.
"""

from collections.abc import Mapping, Sequence

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.strict_json import Document
from ruhu.survey.changes.fill_missing import fill_missing
from ruhu.survey.changes.returned import KEY as SENT_BACK
from ruhu.survey.facts.unknown import KEY as NOT_KNOWN
from ruhu.survey.households import is_head, members_of
from ruhu.survey.matching import assign_ids, pair_members

KEY = "origin"
COPIED_SECTIONS = ("kind", "survey", "place")
"""Facts that a split-off household keeps: it lives in the same place and was seen on the same day."""
NOT_COPIED = ("record_id", "kind", "population", "signature", KEY)
"""Facts of a joined household that are not copied."""
_JOINED = BilingualText("并入的一户", "the household joined")
_NOT_VISITED = BilingualText("没有入户的一户", "the household that was not visited")


def _origin(document: Document) -> Document:
    origin = document.get(KEY)
    return dict(origin) if isinstance(origin, dict) else {}


def split_document(
    document: Document, member_ids: Sequence[str], new_id: str
) -> tuple[Document, Document]:
    """Move some members into a new household; return what stays and what is new.

    Relationships to the old head are removed, to be asked again. A recorded population shrinks by those who
    moved. Raises `UserError` if nobody would move or nobody would stay.
    """
    moving = [m for m in members_of(document) if m.get("member_id") in member_ids]
    staying = [m for m in members_of(document) if m.get("member_id") not in member_ids]
    if not moving or not staying:
        raise UserError(
            BilingualText(
                "分户要有人走、有人留",
                "to split a household, at least one member must move and one must stay",
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
    """Return the other household with its members under ids of this one.

    Relationships are removed unless both have the same head.
    """
    mine, theirs = members_of(document), members_of(other)
    positions = pair_members(mine, theirs).positions
    ids = assign_ids(mine, theirs, positions)
    head, their_head = _head(mine), _head(theirs)
    one_head = their_head in positions and head in (None, positions[their_head])
    members = [
        {k: v for k, v in m.items() if one_head or k != "relationship"} | {"member_id": member_id}
        for m, member_id in zip(theirs, ids, strict=True)
    ]
    new_paths = {
        f"members[{m.get('member_id')}]": f"members[{member_id}]"
        for m, member_id in zip(theirs, ids, strict=True)
    }
    result = {**other, "members": members}
    unknown = other.get(NOT_KNOWN)
    if isinstance(unknown, dict):
        result[NOT_KNOWN] = {_below(new_paths, path): value for path, value in unknown.items()}
    returned = other.get(SENT_BACK)
    if isinstance(returned, dict) and isinstance(returned.get("path"), str):
        result[SENT_BACK] = {**returned, "path": _below(new_paths, returned["path"])}
    return result


def _below(new_paths: Mapping[str, str], path: str) -> str:
    """Return a path of the other household under the ids of this one."""
    person, dot, rest = path.partition(".")
    return f"{new_paths.get(person, person)}{dot}{rest}"


def _is_visited(document: Document) -> bool:
    """Return whether the household was visited; a roster has no day of visit."""
    survey = document.get("survey")
    return bool(isinstance(survey, dict) and survey.get("date"))


def _left_out(document: Document, other: Document) -> set[str]:
    """Return the keys of the other household that are not copied.

    Its registration is copied if it is the same one, or if this household's does not contradict it.
    """
    own, theirs = document.get("registration") or {}, other.get("registration") or {}
    if own.get("household_no"):
        same = own["household_no"] == theirs.get("household_no")
    else:
        same = all(theirs.get(name) in (None, value) for name, value in own.items())
    return {*NOT_COPIED} if same else {*NOT_COPIED, "registration"}


def join_documents(document: Document, other: Document) -> tuple[Document, list[BilingualText]]:
    """Join another household into this one: its people, and facts that this one lacks.

    Returns the household and a line for each fact in which the two differ. This household's value is kept,
    but a roster's value gives way to one seen at a visit.
    """
    left_out = _left_out(document, other)
    copied = {k: v for k, v in _match_members(document, other).items() if k not in left_out}
    seen_there = _is_visited(other) and not _is_visited(document)
    if seen_there:
        own = {k: document[k] for k in left_out if k in document}
        joined, differing = fill_missing({**copied, **own}, document, _NOT_VISITED)
        joined = {
            **document,
            **joined,
            "members": _in_order(members_of(document), members_of(joined)),
        }
    else:
        joined, differing = fill_missing(document, copied, _JOINED)
    counted = other.get("population") if seen_there else None
    population = document.get("population") if counted is None else counted
    if isinstance(population, int):
        joined["population"] = max(population, len(members_of(joined)))
    origin = _origin(document)
    before = origin.get("joined")
    ids = [*(before if isinstance(before, list) else []), str(other.get("record_id"))]
    return {**joined, KEY: {**origin, "joined": ids}}, differing


def _in_order(first: Sequence[Document], members: Sequence[Document]) -> list[Document]:
    """Sort members in the order of `first`, the others after them."""
    positions = {m.get("member_id"): position for position, m in enumerate(first)}
    return sorted(members, key=lambda m: positions.get(m.get("member_id"), len(positions)))
