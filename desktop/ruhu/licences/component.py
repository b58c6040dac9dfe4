"""One part of the program that others have made."""

from dataclasses import dataclass
from enum import StrEnum


class ComponentKind(StrEnum):
    """What a part is."""

    LIBRARY = "library"
    RUNTIME = "runtime"
    SYSTEM = "system"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class LicensedComponent:
    """A part with its licence as an SPDX expression, empty where it is not known, and its full text."""

    name: str
    version: str
    kind: ComponentKind
    licence: str
    text: str
    url: str = ""
