"""Taking bundles in: opened and checked apart from the database, then all of one or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from ruhu.county.assessment.published_standards import book_of
from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables
from ruhu.county.database.bulk import existing_keys, insert_rows
from ruhu.county.devices.bundle_sequence import chain_of
from ruhu.county.devices.devices import DeviceAccess, admission, apply_key_rotation, device_row
from ruhu.county.exchange.change_feed import note_answered, resend_own, subscribe
from ruhu.county.records.import_result import ImportOutcome, ImportResult, encode_reason
from ruhu.county.records.revision_rows import RevisionRow, build_rows
from ruhu.county.records.revisions import keep_papers, keep_revisions
from ruhu.errors import UserError
from ruhu.exchange.formats.bundle import Attachment, Bundle, Manifest, open_bundle, revoked_device
from ruhu.exchange.formats.container import MAX_SEALED_BYTES, BundleRefused, digest
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.keys.rotation import KeyRotation
from ruhu.exchange.media_files import read_regular_file
from ruhu.i18n import BilingualText
from ruhu.strict_json import Document

MAX_SEQUENCE_BUNDLES = 1_000_000
"""Bundles of one device: more than one every ten minutes for ten years."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a file is refused, with a name for it."""

    code: str
    text: BilingualText


@dataclass(frozen=True, slots=True)
class ImportContext:
    """What bundles are opened and assessed with; as things stood before the first of them."""

    identities: tuple[str, ...]
    public: CountyPublic
    admission: DeviceAccess
    standards: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class BundleContents:
    """What is in a bundle, its revisions ready for the tables by the county's `standards`."""

    manifest: Manifest
    revisions: tuple[RevisionRow, ...]
    standards: tuple[Document, ...]
    papers: tuple[Attachment, ...]
    learned: tuple[KeyRotation, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as it came: its bytes, and what is in it or why it is refused.

    `digest` is the SHA-256 of the file; of its name where its bytes were too many to read.
    """

    name: str
    digest: str
    sealed: bytes
    contents: BundleContents | None
    refusal: Rejection | None = None


def open_file(path: Path, opening: ImportContext) -> IncomingFile:
    """Read, open, check and assess a bundle file.

    Raises `UserError` when the file cannot be read at all.
    """
    return open_files([path], opening)[0]


def open_files(paths: Sequence[Path], opening: ImportContext) -> list[IncomingFile]:
    """Read, open and check bundle files; what is in them is assessed together.

    Raises `UserError` when one cannot be read at all.
    """
    return _assessed([_opened(path.name, *_read(path), opening) for path in paths], opening)


def open_bytes(name: str, sealed: bytes, opening: ImportContext) -> IncomingFile:
    """Open, check and assess a bundle's bytes."""
    return _assessed([_opened(name, sealed, None, opening)], opening)[0]


def _read(path: Path) -> tuple[bytes, BundleRefused | None]:
    """The bytes of a file, or none and why."""
    try:
        if path.stat().st_size <= MAX_SEALED_BYTES:
            return read_regular_file(path, MAX_SEALED_BYTES), None
    except OSError as error:
        raise UserError(
            BilingualText("{path}：打不开（{why}）", "{path}: cannot be opened ({why})").format(
                path=path, why=error.strerror
            )
        ) from None
    except BundleRefused as refusal:
        return b"", refusal
    return b"", BundleRefused(
        "too_large",
        "文件超过 {limit} MB，不予接收",
        "the file is over {limit} MB; refused",
        limit=MAX_SEALED_BYTES // 1024 // 1024,
    )


Opened = tuple[IncomingFile, Bundle | None]
"""A file and the bundle in it, `None` where it is refused."""


def _opened(
    name: str, sealed: bytes, refusal: BundleRefused | None, opening: ImportContext
) -> Opened:
    key = digest(sealed or name.encode())
    if refusal is None:
        try:
            bundle = open_bundle(
                sealed, opening.identities, opening.public, opening.admission.for_bundle(key)
            )
            _check_place_in_chain(bundle)
            return IncomingFile(name, key, sealed, None), bundle
        except BundleRefused as refused:
            refusal = refused
    return IncomingFile(name, key, sealed, None, Rejection(refusal.code, refusal.text)), None


def _assessed(opened: Sequence[Opened], opening: ImportContext) -> list[IncomingFile]:
    bundles = [bundle for _, bundle in opened if bundle]
    revisions = [each for bundle in bundles for each in bundle.revisions]
    texts = [text for bundle in bundles for text in bundle.texts]
    standards = book_of(list(opening.standards))
    ready = iter(build_rows(opening.public.county, revisions, texts, standards))
    return [
        arrived
        if bundle is None
        else replace(
            arrived,
            contents=BundleContents(
                bundle.manifest,
                tuple(islice(ready, len(bundle.revisions))),
                opening.standards,
                bundle.attachments,
                bundle.learned,
                bundle.unknown(),
            ),
        )
        for arrived, bundle in opened
    ]


def _check_place_in_chain(bundle: Bundle) -> None:
    manifest = bundle.manifest
    if not 0 < manifest.sequence <= MAX_SEQUENCE_BUNDLES or len(manifest.previous or "") > 64:
        raise BundleRefused(
            "schema", "数据包的序号不对", "the bundle's place in its chain is wrong"
        )


def is_accepted(act: Transaction, arrived: IncomingFile) -> bool:
    """Whether what is in a file may still be taken in from its device."""
    contents = arrived.contents
    return contents is not None and admission(act.connection, act.county).admits(
        contents.manifest.device_id, arrived.digest
    )


def import_bundle(act: Transaction, arrived: IncomingFile) -> ImportResult:
    """Take a file in or set it aside.

    The device's standing is looked at again: it may have been revoked since the file was opened.
    """
    contents, refusal = arrived.contents, arrived.refusal
    if contents is not None and not is_accepted(act, arrived):
        known = device_row(act.connection, act.county, contents.manifest.device_id)
        revoked = revoked_device(known.key)
        refusal = Rejection(revoked.code, revoked.text)
    if contents is None or refusal is not None:
        assert refusal is not None
        return _quarantine(act, arrived, refusal)
    imported = _take_in(act, arrived, contents)
    table = tables.set_aside  # it may have come before the county knew the device
    act.connection.execute(
        delete(table).where(table.c.county == act.county, table.c.digest == arrived.digest)
    )
    return imported


def _quarantine(act: Transaction, arrived: IncomingFile, refusal: Rejection) -> ImportResult:
    table = tables.set_aside
    known = act.connection.execute(
        select(table.c.digest).where(table.c.county == act.county, table.c.digest == arrived.digest)
    ).first()
    if known is None:
        act.connection.execute(
            insert(table).values(
                county=act.county,
                digest=arrived.digest,
                file_name=arrived.name,
                code=refusal.code,
                reason=encode_reason(refusal.text),
                sealed=arrived.sealed,
                at=act.at.isoformat(),
            )
        )
        act.log("set aside", {"file": arrived.name, "code": refusal.code})
    return ImportResult(arrived.name, ImportOutcome.REJECTED, reason=refusal.text)


def set_aside_file(connection: Connection, county: str, digest: str) -> tuple[str, bytes]:
    """The name of a file that was set aside, and its bytes as they came, none where it was too large.

    Raises `UserError` for one that is not there.
    """
    table = tables.set_aside
    found = connection.execute(
        select(table.c.file_name, table.c.sealed).where(
            table.c.county == county, table.c.digest == digest
        )
    ).first()
    if found is None:
        raise UserError(BilingualText("没有这个文件", "there is no such file"))
    return found.file_name, bytes(found.sealed)


def _recovered(manifest: Manifest) -> list[str]:
    return [at.isoformat() for at in manifest.recovered]


def _take_in(act: Transaction, arrived: IncomingFile, contents: BundleContents) -> ImportResult:
    # What came before changes nothing.
    manifest, county, connection = contents.manifest, act.county, act.connection
    table = tables.bundle
    if existing_keys(connection, county, table.c.bundle_id, [str(manifest.bundle_id)]):
        gaps = chain_of(connection, county, manifest.device_id).gaps
        return ImportResult(arrived.name, ImportOutcome.KNOWN, manifest.sequence, gaps=gaps)
    insert_rows(
        connection,
        table,
        [
            {
                "county": county,
                "bundle_id": str(manifest.bundle_id),
                "device_id": str(manifest.device_id),
                "sequence": manifest.sequence,
                "previous": manifest.previous,
                "digest": arrived.digest,
                "imported_at": act.at.isoformat(),
                "replaces": " ".join(map(str, manifest.replaces)),
            }
        ],
    )
    for handover in contents.learned:
        apply_key_rotation(act, handover)
    kept = keep_revisions(act, contents.revisions, contents.standards)
    papers = keep_papers(act, manifest.device_id, contents.papers)
    subscribe(act, manifest.device_id, {revision.record_id for revision in kept.new})
    note_answered(act, manifest.device_id, manifest.answered, manifest.sequence, asks=False)
    chain = chain_of(connection, county, manifest.device_id)
    if not chain.forgotten.isdisjoint({manifest.sequence, *manifest.replaces}):
        resend_own(act, manifest.device_id, manifest.answered)
    act.log(
        "import",
        {
            "bundle": str(manifest.bundle_id),
            "revisions": len(kept.new),
            "papers": papers,
            "file": arrived.name,
            **({"passphrase recovered": told} if (told := _recovered(manifest)) else {}),
        },
    )
    return ImportResult(
        arrived.name,
        ImportOutcome.IMPORTED,
        manifest.sequence,
        revisions=len(kept.new),
        papers=papers,
        records=kept.records,
        merged=kept.merged,
        conflicts=kept.conflicts,
        gaps=chain.gaps,
        unknown=contents.unknown,
    )
