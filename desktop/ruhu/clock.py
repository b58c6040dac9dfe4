"""The current time, as a function that tests can replace."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the current time with the time zone UTC."""
    return datetime.now(UTC)
