"""Mark facts that were asked and that nobody in the household knows.

They differ from facts not asked yet; for the policy both are absent. The marks are an object by path next to
the contract's facts, so that marks set on two laptops merge one by one.
"""

from ruhu.strict_json import Document

KEY = "not_known"


def _marks(document: Document) -> Document:
    marks = document.get(KEY)
    return marks if isinstance(marks, dict) else {}


def is_marked_unknown(document: Document, path: str) -> bool:
    """Return whether the fact at a path was asked in vain."""
    return _marks(document).get(path) is True


def mark_unknown(document: Document, path: str) -> Document:
    """Return a copy of the document with a fact marked as asked in vain."""
    return {**document, KEY: {**_marks(document), path: True}}


def move_marks(document: Document, old: str, new: str) -> Document:
    """Return a copy of the document with the marks below `old` moved below `new`; itself if there are none."""
    marks = _marks(document)
    moved = {k: v for k, v in marks.items() if k.startswith(f"{old}.")}
    if not moved:
        return document
    remaining = {k: v for k, v in marks.items() if k not in moved}
    return {
        **document,
        KEY: {**remaining, **{f"{new}{k[len(old) :]}": v for k, v in moved.items()}},
    }


def clear_mark(document: Document, path: str) -> Document:
    """Return a copy of the document without the marks at and below `path`; itself if there are none."""
    prefixes = (f"{path}.", f"{path}[")
    remaining = {
        k: v for k, v in _marks(document).items() if k != path and not k.startswith(prefixes)
    }
    if remaining == _marks(document):
        return document
    rest = {name: value for name, value in document.items() if name != KEY}
    return {**rest, KEY: remaining} if remaining else rest
