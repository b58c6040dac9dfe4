"""Members and head of a household document.

Documents may be incomplete or hold values of the wrong type; what is not a member is left out.
"""

from collections.abc import Sequence

from ruhu.strict_json import Document

HEAD = "户主"
"""The relationship that the program writes for the head of a household."""
_HEADS = (HEAD, "本人", "head")
"""Relationships read as the head: rosters also have 本人, records in English have head."""


def members_of(document: Document) -> list[Document]:
    """Return the members of a household document."""
    members = document.get("members")
    return [m for m in members if isinstance(m, dict)] if isinstance(members, list) else []


def is_head(member: Document) -> bool:
    """Return whether a member is recorded as the head."""
    return member.get("relationship") in _HEADS


def find_head(members: Sequence[Document]) -> Document | None:
    """Return the first member recorded as the head, or `None`."""
    return next(filter(is_head, members), None)


def head_of(document: Document) -> Document:
    """Return the head of a household, else its first member, else an empty document."""
    members = members_of(document)
    return find_head(members) or (members[0] if members else {})
