"""Opens bundles ahead of their turn, and assesses what is in them, in processes of their own."""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from ruhu.county.importing import Arrived, Opening, open_file

WORTH_IT = 8
"""Files from which on the second that the processes take to start is made good."""
MOST_PROCESSES = 8


def _submit(pool: ProcessPoolExecutor, path: Path, opening: Opening) -> Future[Arrived]:
    try:
        return pool.submit(open_file, path, opening)
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
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
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
