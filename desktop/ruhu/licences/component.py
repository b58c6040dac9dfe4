"""A third-party component of the program."""

from dataclasses import dataclass
from enum import StrEnum


class ComponentKind(StrEnum):
    """The kind of a component."""

    LIBRARY = "library"
    RUNTIME = "runtime"
    SYSTEM = "system"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class LicensedComponent:
    """A component with its licence's full text and SPDX expression, empty if unknown."""

    name: str
    version: str
    kind: ComponentKind
    licence: str
    text: str
    url: str = ""
