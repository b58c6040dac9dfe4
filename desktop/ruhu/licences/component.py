"""One part of the program that others have made."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a part is."""

    LIBRARY = "library"
    RUNTIME = "runtime"
    SYSTEM = "system"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Part:
    """A part with its licence as an SPDX expression, empty where it is not known, and its full text."""

    name: str
    version: str
    kind: Kind
    licence: str
    text: str
    url: str = ""
