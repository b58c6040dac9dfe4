"""Opens bundles ahead of their turn, and assesses what is in them, in processes of their own."""

import gc
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from pathlib import Path

from ruhu.county.importing import Arrived, Opening, open_file

WORTH_IT = 8
"""Files from which on the second that the processes take to start is made good."""
MOST_PROCESSES = 8
_SPLITS = "forkserver" in get_all_start_methods()
ONE_BUNDLE = 200_000
"""Objects that opening and assessing a bundle may leave before they are looked through for cycles."""


def _context() -> BaseContext:
    # Where a process can be split off one that has all it needs, that is loaded once for all of them.
    if not _SPLITS:
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def make_ready() -> None:
    """Begin to load what the processes need, so that the first stick does not wait for it."""
    if _SPLITS:
        from multiprocessing.forkserver import ensure_running

        _context()
        ensure_running()


def _begin() -> None:
    # A bundle is many small things that are dropped together: looking through them for cycles at
    # every few hundred would take a quarter of the time.
    gc.freeze()
    gc.set_threshold(ONE_BUNDLE)


def _open(path: Path, opening: Opening) -> Arrived:
    # The bytes of what is sound are wanted no more, and would have to be handed over.
    arrived = open_file(path, opening)
    return arrived if arrived.contents is None else replace(arrived, sealed=b"")


def _submit(pool: ProcessPoolExecutor, path: Path, opening: Opening) -> Future[Arrived]:
    try:
        return pool.submit(_open, path, opening)
    except BrokenExecutor as broken:
        failed: Future[Arrived] = Future()
        failed.set_exception(broken)
        return failed


def opened_ahead(paths: Sequence[Path], opening: Opening) -> Iterator[Future[Arrived]]:
    """The files one after the other, some of them opened ahead.

    A future raises `BrokenExecutor` where the processes have ended.
    """
    processes = min(MOST_PROCESSES, os.cpu_count() or 1)
    waiting: deque[Future[Arrived]] = deque()
    with ProcessPoolExecutor(processes, _context(), _begin) as pool:
        try:
            for path in paths:
                waiting.append(_submit(pool, path, opening))
                if len(waiting) > processes + 1:
                    yield waiting.popleft()
            while waiting:
                yield waiting.popleft()
        finally:
            for left in waiting:
                left.cancel()
