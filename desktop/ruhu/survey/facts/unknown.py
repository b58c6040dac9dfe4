"""Facts that were asked and that nobody in the home knows: apart from those not asked yet.

For the policy both are absent. The marks stand beside the contract's facts, by addressed path, as
an object, so that marks set on two laptops merge one by one.
"""

from ruhu.strict_json import Document

KEY = "not_known"


def _marks(document: Document) -> Document:
    told = document.get(KEY)
    return told if isinstance(told, dict) else {}


def is_marked(document: Document, path: str) -> bool:
    """Whether the fact at an addressed path was asked in vain."""
    return _marks(document).get(path) is True


def mark(document: Document, path: str) -> Document:
    """A copy of the document in which the fact was asked in vain."""
    return {**document, KEY: {**_marks(document), path: True}}


def move_marks(document: Document, old: str, new: str) -> Document:
    """A copy of the document with the marks below the path `old` below `new`; itself if there are none."""
    marks = _marks(document)
    moved = {k: v for k, v in marks.items() if k.startswith(f"{old}.")}
    if not moved:
        return document
    kept = {k: v for k, v in marks.items() if k not in moved}
    return {**document, KEY: {**kept, **{f"{new}{k[len(old) :]}": v for k, v in moved.items()}}}


def clear_mark(document: Document, path: str) -> Document:
    """A copy of the document without the mark at `path` and below it; itself if there is none."""
    below = (f"{path}.", f"{path}[")
    kept = {k: v for k, v in _marks(document).items() if k != path and not k.startswith(below)}
    if kept == _marks(document):
        return document
    rest = {name: value for name, value in document.items() if name != KEY}
    return {**rest, KEY: kept} if kept else rest
