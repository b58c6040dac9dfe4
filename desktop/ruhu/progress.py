"""Progress callback for long copies."""

from collections.abc import Callable

ProgressCallback = Callable[[int, int], None]
"""Called with the units done and the total units; an exception from it cancels the copy."""

ByteCountCallback = Callable[[int], None]
"""Called with the bytes done so far."""


def no_progress(done: int, total: int) -> None:
    """Ignore the progress."""


def no_byte_count(done: int) -> None:
    """Ignore the bytes done."""
