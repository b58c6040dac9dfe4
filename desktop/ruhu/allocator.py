"""What glibc's allocator is told, where it is the one at hand: others are left as they are."""

import ctypes
import sys
from enum import IntEnum


class Choice(IntEnum):
    """What can be chosen, as glibc's malloc.h numbers it."""

    TRIM_THRESHOLD = -1
    """Bytes that are kept when they are let go of, for the next to ask for them."""
    MMAP_THRESHOLD = -3
    """Bytes from which on a piece is asked of the system by itself."""
    ARENA_MAX = -8
    """Heaps that threads have for themselves."""


def choose(choice: Choice, value: int) -> None:
    """Choose for this process."""
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(choice.value, value)
