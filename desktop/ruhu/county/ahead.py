"""Opens bundles ahead of their turn, and assesses what is in them, in processes of their own."""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID

from ruhu.bundle.keys import CountyPublic
from ruhu.bundle.revision import Revision, heads
from ruhu.county.assessing import standings
from ruhu.county.devices import Admission
from ruhu.county.importing import Arrived, open_file
from ruhu.county.records import Assessed
from ruhu.county.standards_book import book_of
from ruhu.survey.strict_json import Document

WORTH_IT = 8
"""Files from which on the second that the processes take to start is made good."""
MOST_PROCESSES = 8


@dataclass(frozen=True, slots=True)
class Opening:
    """What bundles are opened and assessed with; as things stood before the first of them."""

    identities: tuple[str, ...]
    public: CountyPublic
    admission: Admission
    standards: tuple[Document, ...]


def open_and_assess(path: Path, opening: Opening) -> Arrived:
    """Open a file; records with one head in it are assessed. Raises what `open_file` raises."""
    arrived = open_file(path, opening.identities, opening.public, opening.admission)
    if arrived.bundle is None:
        return arrived
    by_record: dict[UUID, list[Revision]] = {}
    for revision in arrived.bundle.revisions:
        by_record.setdefault(revision.record_id, []).append(revision)
    tops = [heads(revisions) for revisions in by_record.values()]
    single = [top[0] for top in tops if len(top) == 1 and top[0].document is not None]
    book = book_of(list(opening.standards))
    found = standings([top.document or {} for top in single], book)
    by_revision = {top.revision_id: each for top, each in zip(single, found, strict=True)}
    return replace(arrived, assessed=Assessed(opening.standards, by_revision))


def _submit(pool: ProcessPoolExecutor, path: Path, opening: Opening) -> Future[Arrived]:
    try:
        return pool.submit(open_and_assess, path, opening)
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
