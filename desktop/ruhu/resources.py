"""Where the files that travel with the program are."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "resources"
_CHECKOUT = _PACKAGE.parent.parent / "resources"


def resource(name: str) -> Path:
    """The path of a resource: beside the installed package, else in the checkout."""
    return (_INSTALLED if _INSTALLED.is_dir() else _CHECKOUT) / name
