"""Which members of two households are one person, by what is known of them."""

import re
from collections.abc import Callable, Sequence

from ruhu.strict_json import Document
from ruhu.survey.facts.types import fold_width
from ruhu.survey.validation.id_number import IdNumber, normalise, read_id_number

MIN_REGISTER_DIGITS = 15
"""Person numbers of the national register have so many digits; shorter ones are a household's own."""
_NOT_IN_NAMES = re.compile(r"[\s·•・‧．.]")

Test = Callable[[Document, Document], bool]


def _text(member: Document, key: str) -> str:
    value = member.get(key)
    return value if isinstance(value, str) else ""


def _name(member: Document) -> str:
    return _NOT_IN_NAMES.sub("", fold_width(_text(member, "name")))


def _card(member: Document) -> IdNumber | None:
    """The member's id number, where it is one."""
    read = read_id_number(_text(member, "id_number"))
    return read if isinstance(read, IdNumber) else None


def _born(member: Document) -> str:
    card = _card(member)
    return card.birth_date.isoformat() if card else fold_width(_text(member, "birth_date"))


def _same_card(one: Document, other: Document) -> bool:
    cards = _card(one), _card(other)
    return None not in cards and cards[0] == cards[1]


def _same_name(one: Document, other: Document) -> bool:
    return bool(_name(one)) and _name(one) == _name(other)


def _same_written_number(one: Document, other: Document) -> bool:
    """A number that is none, but stands in both."""
    numbers = [normalise(_text(member, "id_number")) for member in (one, other)]
    return _same_name(one, other) and bool(numbers[0]) and numbers[0] == numbers[1]


def _same_member_id(one: Document, other: Document) -> bool:
    """`m1` is somebody in every household: only the national register's numbers tell without a name."""
    member_id = _text(one, "member_id")
    if not member_id or member_id != _text(other, "member_id"):
        return False
    of_register = member_id.isdecimal() and len(member_id) >= MIN_REGISTER_DIGITS
    return _same_name(one, other) or (of_register and not (_name(one) and _name(other)))


def _same_name_and_birth(one: Document, other: Document) -> bool:
    return _same_name(one, other) and bool(_born(one)) and _born(one) == _born(other)


STRONGEST_FIRST: tuple[Test, ...] = (
    _same_card,
    _same_written_number,
    _same_member_id,
    _same_name_and_birth,
)


def _two_cards(one: Document, other: Document) -> bool:
    cards = _card(one), _card(other)
    return None not in cards and cards[0] != cards[1]


def matched(mine: Sequence[Document], theirs: Sequence[Document]) -> dict[int, int]:
    """Where in `mine` the persons of `theirs` stand, by their places in both.

    Each is one person at most. Two sound id numbers that differ are two persons, whatever else agrees.
    """
    found: dict[int, int] = {}
    for agree in STRONGEST_FIRST:
        for there, other in enumerate(theirs):
            if there in found:
                continue
            for here, one in enumerate(mine):
                free = here not in found.values()
                if free and not _two_cards(one, other) and agree(one, other):
                    found[there] = here
                    break
    return found
