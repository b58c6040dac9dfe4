"""Decrypt and assess bundles in worker processes before they are imported."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path

from ruhu.county.exchange.bundle_import import ImportContext, IncomingFile, open_files
from ruhu.errors import UserError

PARALLEL_THRESHOLD = 8
"""Number of files from which on the second that workers need to start pays off."""
BATCH_FILES = 4
"""Files assessed together: the rules cost nearly the same for a thousand records as for one."""
GROUP_BATCHES = 16
"""Batches in flight, so that opened bundles do not fill the memory if the database is slow."""
MAX_WORKERS = 8
_START_METHOD = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
"""Never fork: the window's threads may hold locks."""


def open_in_parallel(
    paths: Sequence[Path], context: ImportContext
) -> Iterator[tuple[Path, IncomingFile | None]]:
    """Yield the files in order, opened in advance by workers.

    `None` stands for a file that no worker could open; the caller opens it.
    """
    workers = min(MAX_WORKERS, os.cpu_count() or 1)
    batches = [paths[at : at + BATCH_FILES] for at in range(0, len(paths), BATCH_FILES)]
    yielded = 0
    try:
        with ProcessPoolExecutor(workers, get_context(_START_METHOD)) as pool:
            for at in range(0, len(batches), GROUP_BATCHES):
                for opened in pool.map(
                    partial(_open_batch, context=context), batches[at : at + GROUP_BATCHES]
                ):
                    for path, incoming in zip(paths[yielded:], opened, strict=False):
                        yielded += 1
                        yield path, incoming
    except BrokenExecutor:  # a worker was ended, for want of memory for instance
        yield from ((path, None) for path in paths[yielded:])


def _open_batch(paths: Sequence[Path], context: ImportContext) -> list[IncomingFile | None]:
    try:
        # A sound file's bytes are not needed any more.
        return [
            file if file.contents is None else replace(file, sealed=b"")
            for file in open_files(paths, context)
        ]
    except UserError:  # a file is gone
        return [None] * len(paths)
