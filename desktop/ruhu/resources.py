"""Locate the files shipped with the program."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "resources"
_CHECKOUT = _PACKAGE.parent.parent / "resources"


def resource(name: str) -> Path:
    """Return the path of a resource: next to the installed package, or in the checkout."""
    return (_INSTALLED if _INSTALLED.is_dir() else _CHECKOUT) / name
