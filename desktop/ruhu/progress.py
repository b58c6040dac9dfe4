"""Progress callback for long copies."""

from collections.abc import Callable

ProgressCallback = Callable[[int, int], None]
"""Called with the units done and the total units; an exception from it cancels the copy."""


def no_progress(done: int, total: int) -> None:
    """Ignore the progress."""
