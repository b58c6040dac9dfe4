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

import msgspec

from ruhu.county.exchange.bundle_import import ImportContext, IncomingFile, open_files
from ruhu.county.records.revision_rows import RevisionRow
from ruhu.errors import UserError

PARALLEL_THRESHOLD = 8
"""Files from which on the second that the processes take to start is made good."""
BATCH_SIZE = 4
"""Files that are assessed together: the rules cost nearly the same for a thousand records as for one."""
MAX_WORKERS = 8
_SPLITS = "forkserver" in get_all_start_methods()
GC_THRESHOLD = 600_000
"""Objects that opening and assessing bundles may leave before they are looked through for cycles."""
NICENESS = 5
"""How far a helper stands back (as `nice` counts) where there are fewer processors than processes: what is
opened is of use only as fast as it is taken in, and nobody waits at a window for what comes ahead.
"""


def _context() -> BaseContext:
    # Where a process can be split off one that has all it needs, that is loaded once for all of them.
    if not _SPLITS:
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, "ruhu.county.exchange.loaded_rules"])
    return context


def start_workers() -> None:
    """Begin to load what the processes need, so that the first stick does not wait for it."""
    if _SPLITS:
        from multiprocessing.forkserver import ensure_running

        _context()
        ensure_running()


def _begin() -> None:
    # A bundle is many small things that are dropped together: looking through them for cycles at
    # every few hundred would take a quarter of the time.
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)
    if hasattr(os, "nice"):
        os.nice(NICENESS)


_PACKER, _UNPACKER = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(tuple[RevisionRow, ...])

EncodedBundle = tuple[IncomingFile, bytes]
"""A file without its revisions, and these: nearly all there is to hand over, in half the time of a pickle."""
FutureBatch = Future[list[EncodedBundle]]


def _open(paths: Sequence[Path], opening: ImportContext) -> list[EncodedBundle]:
    return [_pack(arrived) for arrived in open_files(paths, opening)]


def _pack(arrived: IncomingFile) -> EncodedBundle:
    contents = arrived.contents
    if contents is None:
        return arrived, b""
    # The bytes of what is sound are wanted no more.
    light = replace(arrived, sealed=b"", contents=replace(contents, revisions=()))
    return light, _PACKER.encode(contents.revisions)


def _unpack(arrived: IncomingFile, revisions: bytes) -> IncomingFile:
    if arrived.contents is None:
        return arrived
    return replace(
        arrived, contents=replace(arrived.contents, revisions=_UNPACKER.decode(revisions))
    )


def _submit(
    pool: ProcessPoolExecutor, paths: Sequence[Path], opening: ImportContext
) -> FutureBatch:
    try:
        return pool.submit(_open, paths, opening)
    except BrokenExecutor as broken:
        failed: FutureBatch = Future()
        failed.set_exception(broken)
        return failed


def open_in_parallel(
    paths: Sequence[Path], opening: ImportContext
) -> Iterator[tuple[Path, IncomingFile | None]]:
    """The files one after the other, some of them opened ahead.

    `None` stands for one that no helper could open: it is to be opened by itself.
    """
    processes = min(MAX_WORKERS, os.cpu_count() or 1)
    waiting: deque[tuple[Sequence[Path], FutureBatch]] = deque()
    with ProcessPoolExecutor(processes, _context(), _begin) as pool:
        try:
            for some in _portions(paths, processes):
                waiting.append((some, _submit(pool, some, opening)))
                if len(waiting) > processes + 1:
                    yield from _results(*waiting.popleft())
            while waiting:
                yield from _results(*waiting.popleft())
        finally:
            for _, left in waiting:
                left.cancel()


def _portions(paths: Sequence[Path], processes: int) -> Iterator[Sequence[Path]]:
    """Some files at a time, the last ones by themselves: no processor waits long for another at the end."""
    start, alone = 0, len(paths) - 2 * processes
    while start < len(paths):
        some = BATCH_SIZE if start < alone else 1
        yield paths[start : start + some]
        start += some


def _results(
    paths: Sequence[Path], coming: FutureBatch
) -> Iterator[tuple[Path, IncomingFile | None]]:
    try:
        opened = [_unpack(*packed) for packed in coming.result()]
        return iter(list(zip(paths, opened, strict=True)))
    except (BrokenExecutor, UserError):  # a helper ended for want of memory; a file went away
        return iter([(path, None) for path in paths])
