"""Who watches a long copy: is told how far it is, and may end it."""

from collections.abc import Callable

ProgressCallback = Callable[[int, int], None]
"""Told how much is done and how much there is, in a unit of the copy's own; what it raises ends the copy."""


def no_progress(done: int, whole: int) -> None:
    """Nobody is told, and the copy runs to its end."""
