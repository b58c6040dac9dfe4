"""Decrypt and assess bundles in worker processes before they are imported."""

import gc
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.context import BaseContext
from pathlib import Path

import msgspec

from ruhu.county.exchange.bundle_import import ImportContext, IncomingFile, open_files
from ruhu.county.records.revision_rows import RevisionRow
from ruhu.errors import UserError

PARALLEL_THRESHOLD = 8
"""Number of files from which on the second that workers need to start pays off."""
BATCH_SIZE = 4
"""Files assessed together: the rules cost nearly the same for a thousand records as for one."""
MAX_WORKERS = 8
_HAS_FORKSERVER = "forkserver" in get_all_start_methods()
GC_THRESHOLD = 600_000
"""Objects created between two runs of the cyclic garbage collector."""
NICENESS = 5
"""Niceness of worker processes, so that the importing process is scheduled first.

Opened bundles are of no use before they are imported, and no user waits for a worker.
"""


def _context() -> BaseContext:
    # Forked from a server that has loaded everything, the workers start at once.
    if not _HAS_FORKSERVER:
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, "ruhu.county.exchange.loaded_rules"])
    return context


def start_workers() -> None:
    """Start the fork server early, so that the first import does not wait for it."""
    if _HAS_FORKSERVER:
        from multiprocessing.forkserver import ensure_running

        _context()
        ensure_running()


def _start_worker() -> None:
    # A bundle is many small objects that are freed together; collecting cycles at the default
    # threshold would take a quarter of the time.
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)
    if hasattr(os, "nice"):
        os.nice(NICENESS)


_PACKER, _UNPACKER = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(tuple[RevisionRow, ...])

EncodedBundle = tuple[IncomingFile, bytes]
"""A file without its revisions, and the revisions in msgpack: half the time of a pickle."""
FutureBatch = Future[list[EncodedBundle]]


def _open_batch(paths: Sequence[Path], context: ImportContext) -> list[EncodedBundle]:
    return [_pack(file) for file in open_files(paths, context)]


def _pack(incoming: IncomingFile) -> EncodedBundle:
    contents = incoming.contents
    if contents is None:
        return incoming, b""
    # The bytes of an accepted bundle are not needed any more.
    light = replace(incoming, sealed=b"", contents=replace(contents, revisions=()))
    return light, _PACKER.encode(contents.revisions)


def _unpack(incoming: IncomingFile, revisions: bytes) -> IncomingFile:
    if incoming.contents is None:
        return incoming
    return replace(
        incoming, contents=replace(incoming.contents, revisions=_UNPACKER.decode(revisions))
    )


def _submit(
    pool: ProcessPoolExecutor, paths: Sequence[Path], context: ImportContext
) -> FutureBatch:
    try:
        return pool.submit(_open_batch, paths, context)
    except BrokenExecutor as broken:
        failed: FutureBatch = Future()
        failed.set_exception(broken)
        return failed


def open_in_parallel(
    paths: Sequence[Path], context: ImportContext
) -> Iterator[tuple[Path, IncomingFile | None]]:
    """Yield the files in order, opened in advance by workers.

    `None` stands for a file that no worker could open; the caller opens it.
    """
    processes = min(MAX_WORKERS, os.cpu_count() or 1)
    waiting: deque[tuple[Sequence[Path], FutureBatch]] = deque()
    with ProcessPoolExecutor(processes, _context(), _start_worker) as pool:
        try:
            for batch in _batches(paths, processes):
                waiting.append((batch, _submit(pool, batch, context)))
                if len(waiting) > processes + 1:
                    yield from _results(*waiting.popleft())
            while waiting:
                yield from _results(*waiting.popleft())
        finally:
            for _, future in waiting:
                future.cancel()


def _batches(paths: Sequence[Path], processes: int) -> Iterator[Sequence[Path]]:
    """Yield batches of files, single ones at the end, so that all workers finish together."""
    start, first_single = 0, len(paths) - 2 * processes
    while start < len(paths):
        size = BATCH_SIZE if start < first_single else 1
        yield paths[start : start + size]
        start += size


def _results(
    paths: Sequence[Path], batch: FutureBatch
) -> Iterator[tuple[Path, IncomingFile | None]]:
    try:
        opened = [_unpack(*packed) for packed in batch.result()]
        return iter(list(zip(paths, opened, strict=True)))
    except (BrokenExecutor, UserError):  # a worker ran out of memory, or a file was removed
        return iter([(path, None) for path in paths])
