"""Bundles by folder or stick."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from uuid_utils.compat import uuid7

from ruhu import __version__
from ruhu.bundle.answer import answer_file, open_answer
from ruhu.bundle.durable import write_durably
from ruhu.bundle.envelope import (
    MOST_PLAIN,
    MOST_REVISIONS,
    MOST_SEALED,
    SUFFIX,
    Attachment,
    Manifest,
    digest,
    recipient_fingerprints,
    seal,
)
from ruhu.bundle.keys import CountyPublic
from ruhu.bundle.receipt import FILE_NAME, MOST_BYTES, read_receipts
from ruhu.bundle.revision import Revision
from ruhu.policy.packs import load_packs
from ruhu.store.papers import KeptPaper
from ruhu.store.store import Store
from ruhu.survey.text import Text, UserError

T = TypeVar("T")


class NoCounty(UserError):
    """There is no county to seal to yet."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What lies in the folder now: the files written, how many revisions and photos were new, and
    how many bundles the county has confirmed and records it has changed since.
    """

    files: tuple[Path, ...]
    revisions: int
    papers: int
    confirmed: int
    answered: int


def _batches(parts: Sequence[T], size_of: Callable[[T], int]) -> Iterator[list[T]]:
    """Split into bundles of at most 500 parts or 4 MB."""
    batch: list[T] = []
    size = 0
    for part in parts:
        length = size_of(part)
        if batch and (len(batch) == MOST_REVISIONS or size + length > MOST_PLAIN):
            yield batch
            batch, size = [], 0
        batch.append(part)
        size += length
    if batch:
        yield batch


def _make_bundle(
    store: Store, county: CountyPublic, revisions: Sequence[Revision], papers: Sequence[KeptPaper]
) -> None:
    sequence, previous = store.last_bundle()
    manifest = Manifest(
        bundle_id=uuid7(),
        device_id=store.device.device_id,
        sequence=sequence + 1,
        previous=previous,
        county=county.county,
        created=datetime.now(UTC),
        app=__version__,
        policy=load_packs()[-1].id,
        counts={"revisions": len(revisions), "attachments": len(papers)},
        recipients=recipient_fingerprints(county),
    )
    attachments = [
        Attachment(digest=paper.digest, record_id=paper.record_id, data=paper.data)
        for paper in papers
    ]
    sealed = seal(manifest, revisions, store.device_key, county, attachments)
    name = f"ruhu-{county.county}-{str(manifest.device_id)[-8:]}-{manifest.sequence:06d}{SUFFIX}"
    store.keep_bundle(manifest, revisions, papers, name, sealed, digest(sealed))


def make_bundles(store: Store) -> tuple[int, int]:
    """Bundle what changed since the last bundle into the outbox; returns how many revisions and
    photos that were. Raises `NoCounty`.
    """
    county = store.county
    if county is None:
        raise NoCounty(
            Text(
                "还没有县公钥：请先在设置里导入县里发的 county.json",
                "there is no county key yet: first read in the county.json your county gave you",
            )
        )
    revisions = store.pending_revisions()
    for batch in _batches(revisions, lambda r: len(r.model_dump_json())):
        _make_bundle(store, county, batch, [])
    # Photos come after the records: what decides about money is through first.
    papers = store.pending_papers()
    for pictures in _batches(papers, lambda p: len(p.data) * 4 // 3):
        _make_bundle(store, county, [], pictures)
    return len(revisions), len(papers)


def export_bundles(store: Store, folder: Path) -> Exported:
    """Bundle what changed and write all unconfirmed bundles to `folder`.

    Sealed bundles stay in the store's outbox until the county confirms them, so a stick that
    fails or is lost costs nothing: the next try writes the same bytes. Receipts that lie in the
    folder are read first. Raises `NoCounty`, `NotWritten`, `ReceiptRefused`.
    """
    revisions, papers = make_bundles(store)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            Text("{folder} 打不开（{why}）", "{folder} cannot be opened ({why})").format(
                folder=folder, why=error.strerror
            )
        ) from None
    confirmed = take_receipts(store, folder)
    answered = take_answer(store, folder)
    written = []
    for name, sealed in store.unconfirmed_bundles():
        path = folder / name
        if not path.exists() or digest(path.read_bytes()) != digest(sealed):
            write_durably(path, sealed)
        written.append(path)
    return Exported(tuple(written), revisions, papers, confirmed, answered)


def take_receipts(store: Store, folder: Path) -> int:
    """Note the county's receipts that lie in a folder; returns how many bundles they newly confirm.

    Raises `ReceiptRefused` for a file that the county did not sign; nothing of it is noted.
    """
    county = store.county
    if county is None:
        return 0
    path = folder / FILE_NAME.format(county=county.county)
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
    except OSError:
        return 0
    return store.note_receipts(read_receipts(data, county))


def take_answer(store: Store, folder: Path) -> int:
    """Take in the county's answer to this laptop, if it lies in a folder; returns how many records
    changed. Raises `BundleRefused` for a file that is none; nothing of it is taken in.
    """
    county = store.county
    if county is None:
        return 0
    device = store.device_key
    path = folder / answer_file(county.county, device.device_id)
    try:
        sealed = path.read_bytes() if path.stat().st_size <= MOST_SEALED else b""
    except OSError:
        return 0
    return store.take_answer(open_answer(sealed, device.identity, county, device.device_id))
