"""Undo and redo history of one record.

`QUndoStack` would not make this smaller: it merges a change into its last command, and the id card
reader needs the history as it was before digits were merged (`snapshot`, `restore`).
"""

from dataclasses import dataclass

from ruhu.strict_json import Document

MAX_UNDO_STEPS = 200


@dataclass(frozen=True, slots=True)
class UndoStep:
    """A record before a change, and the path that was changed."""

    document: Document
    path: str


@dataclass(frozen=True, slots=True)
class UndoSnapshot:
    """A record at some moment, and its undo steps at that moment."""

    document: Document
    steps: tuple[UndoStep, ...]


class UndoHistory:
    """Undo and redo steps; documents are never modified in place, so steps share their values."""

    def __init__(self) -> None:
        self._undo: list[UndoStep] = []
        self._redo: list[UndoStep] = []

    def clear(self) -> None:
        """Forget all steps."""
        self._undo, self._redo = [], []

    def record(self, document: Document, path: str, *, merge: bool) -> None:
        """Add a step back to `document`.

        With `merge`, a change of the same path as the last step extends that step: letters typed
        one after the other are undone at once.
        """
        if not (merge and self._undo and self._undo[-1].path == path):
            self._undo = [*self._undo, UndoStep(document, path)][-MAX_UNDO_STEPS:]
        self._redo = []

    def undo(self, current: Document) -> UndoStep | None:
        """Return the step to go back to, or None; `current` becomes the step to redo."""
        return _move(current, self._undo, self._redo)

    def redo(self, current: Document) -> UndoStep | None:
        """Return the step to go forward to, or None; `current` becomes the step to undo."""
        return _move(current, self._redo, self._undo)

    def snapshot(self, current: Document) -> UndoSnapshot:
        """Return the current record with its undo steps."""
        return UndoSnapshot(current, tuple(self._undo))

    def restore(self, snapshot: UndoSnapshot) -> None:
        """Return to the steps of a snapshot; later steps are discarded."""
        self._undo, self._redo = list(snapshot.steps), []


def _move(current: Document, source: list[UndoStep], target: list[UndoStep]) -> UndoStep | None:
    if not source:
        return None
    step = source.pop()
    target.append(UndoStep(current, step.path))
    return step
