"""Build bundles of what changed: records first, then photos."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from uuid_utils.compat import uuid7

from ruhu import __version__
from ruhu.errors import UserError
from ruhu.exchange.formats.bundle import (
    MAX_BUNDLE_REVISIONS,
    MAX_PLAIN_BYTES,
    Attachment,
    Manifest,
    recipient_fingerprints,
    seal_bundle,
)
from ruhu.exchange.formats.container import digest
from ruhu.exchange.formats.signed_json import count_values
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.media_files import bundle_file
from ruhu.i18n import BilingualText
from ruhu.policy.packs.loader import load_packs
from ruhu.revisions.revision import Revision
from ruhu.store.attachments import StoredAttachment
from ruhu.store.outbox import SealedBundle
from ruhu.store.store import Store

T = TypeVar("T")
MIN_VALUE_BYTES = 22
"""Bytes that a JSON value counts for at least: many small values fill a reader's memory before its limit."""


class NoCounty(UserError):
    """No county key was imported yet."""


def require_county(store: Store) -> CountyPublic:
    """Return the county that bundles are sealed to. Raises `NoCounty`."""
    county = store.identity.county
    if county is None:
        raise NoCounty(
            BilingualText(
                "还没有县公钥：请先在设置里导入县里发的 county.json",
                "there is no county key yet: first import the county.json from your county",
            )
        )
    return county


def _batches(parts: Sequence[T], size_of: Callable[[T], int]) -> Iterator[list[T]]:
    """Split into bundles of at most 500 parts or 4 MB."""
    batch: list[T] = []
    size = 0
    for part in parts:
        length = size_of(part)
        if batch and (len(batch) == MAX_BUNDLE_REVISIONS or size + length > MAX_PLAIN_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(part)
        size += length
    if batch:
        yield batch


def _estimated_size(revision: Revision) -> int:
    text = revision.model_dump_json().encode()
    return max(len(text), MIN_VALUE_BYTES * count_values(text))


def _make_bundle(
    store: Store,
    county: CountyPublic,
    revisions: Sequence[Revision],
    papers: Sequence[StoredAttachment],
) -> None:
    sequence, previous = store.outbox.last_bundle()
    manifest = Manifest(
        bundle_id=uuid7(),
        device_id=store.identity.device.device_id,
        sequence=sequence + 1,
        previous=previous,
        county=county.county,
        created=datetime.now(UTC),
        app=__version__,
        policy=load_packs()[-1].id,
        counts={"revisions": len(revisions), "attachments": len(papers)},
        recipients=recipient_fingerprints(county),
        answered=store.replies.last_number,
        replaces=tuple(store.outbox.replaced_numbers()),
        recovered=store.identity.unreported_recoveries,
    )
    attachments = [
        Attachment(digest=paper.digest, record_id=paper.record_id, data=paper.data)
        for paper in papers
    ]
    sealed = seal_bundle(manifest, revisions, store.identity.device_key, county, attachments)
    name = bundle_file(county.county, manifest.device_id, manifest.sequence)
    store.outbox.save_bundle(
        manifest, revisions, papers, SealedBundle(name, sealed, digest(sealed))
    )


def build_bundles(store: Store, *, confirming: bool = False) -> tuple[int, int]:
    """Bundle what changed since the last bundle; return the number of revisions and photos.

    With `confirming`, an empty bundle acknowledges replies if no other does. Raises `NoCounty`.
    """
    county = require_county(store)
    revisions = store.outbox.pending_revisions()
    for batch in _batches(revisions, _estimated_size):
        _make_bundle(store, county, batch, [])
    # Photos follow the records: the data that money depends on arrives first.
    papers = store.attachments.pending()
    for pictures in _batches(papers, lambda p: len(p.data) * 4 // 3):
        _make_bundle(store, county, [], pictures)
    if confirming and store.replies.last_number > store.replies.acknowledged_number:
        _make_bundle(store, county, [], [])
    return len(revisions), len(papers)
