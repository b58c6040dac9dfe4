"""Bundles by folder or stick."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from uuid_utils.compat import uuid7

from ruhu import __version__
from ruhu.bundle.durable import write_durably
from ruhu.bundle.envelope import (
    MOST_PLAIN,
    MOST_REVISIONS,
    SUFFIX,
    Attachment,
    Manifest,
    digest,
    recipient_fingerprints,
    seal,
)
from ruhu.bundle.keys import CountyPublic
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
    """What lies in the folder now: the files written, and how many revisions and photos were new."""

    files: tuple[Path, ...]
    revisions: int
    papers: int


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


def export_bundles(store: Store, folder: Path) -> Exported:
    """Bundle what changed since the last bundle and write all unconfirmed bundles to `folder`.

    Sealed bundles stay in the store's outbox until the county confirms them, so a stick that
    fails or is lost costs nothing: the next try writes the same bytes. Raises `NoCounty`,
    `NotWritten`.
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
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            Text("{folder} 打不开（{why}）", "{folder} cannot be opened ({why})").format(
                folder=folder, why=error.strerror
            )
        ) from None
    written = []
    for name, sealed in store.unconfirmed_bundles():
        path = folder / name
        if not path.exists() or digest(path.read_bytes()) != digest(sealed):
            write_durably(path, sealed)
        written.append(path)
    return Exported(tuple(written), len(revisions), len(papers))
