"""Import of bundles: decrypted and verified outside the transaction, then applied.

Each bundle is applied atomically or goes to quarantine with the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from ruhu.county.assessment.published_standards import book_of
from ruhu.county.audit.trail import Transaction
from ruhu.county.database import tables
from ruhu.county.database.bulk import existing_keys, insert_rows
from ruhu.county.devices.bundle_sequence import sequence_of
from ruhu.county.devices.devices import DeviceAccess, apply_key_rotation, device_access, device_row
from ruhu.county.exchange.change_feed import record_acknowledged, resend_own, subscribe
from ruhu.county.exchange.quarantine import quarantine, release
from ruhu.county.records.import_result import ImportOutcome, ImportResult
from ruhu.county.records.revision_rows import RevisionRow, build_rows
from ruhu.county.records.revisions import save_attachments, save_revisions
from ruhu.errors import UserError
from ruhu.exchange.formats.bundle import Attachment, Bundle, Manifest, open_bundle, revoked_device
from ruhu.exchange.formats.container import MAX_SEALED_BYTES, BundleRefused, digest
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.keys.rotation import KeyRotation
from ruhu.exchange.media_files import read_regular_file
from ruhu.i18n import BilingualText
from ruhu.strict_json import Document

MAX_SEQUENCE = 1_000_000
"""Bundles of one device: more than one every ten minutes for ten years."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a file is refused: a code for the audit trail, and the text."""

    code: str
    text: BilingualText


@dataclass(frozen=True, slots=True)
class ImportContext:
    """What bundles are opened and assessed with: the state before the first of them."""

    identities: tuple[str, ...]
    public: CountyPublic
    admission: DeviceAccess
    standards: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class BundleContents:
    """The contents of a bundle, its revisions assessed by `standards` and ready for the tables."""

    manifest: Manifest
    revisions: tuple[RevisionRow, ...]
    standards: tuple[Document, ...]
    papers: tuple[Attachment, ...]
    rotations: tuple[KeyRotation, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as it arrived: its bytes, and its contents or why it is refused.

    `digest` is the SHA-256 of the file, or of its name if the file is too large to read.
    """

    name: str
    digest: str
    sealed: bytes
    contents: BundleContents | None
    refusal: Rejection | None = None


def open_file(path: Path, context: ImportContext) -> IncomingFile:
    """Read, decrypt, verify and assess a bundle file.

    Raises `UserError` if the file cannot be read.
    """
    return open_files([path], context)[0]


def open_files(paths: Sequence[Path], context: ImportContext) -> list[IncomingFile]:
    """Read, decrypt and verify bundle files; assess their contents together.

    Raises `UserError` if one cannot be read.
    """
    return _assess([_decrypt(path.name, *_read(path), context) for path in paths], context)


def open_bytes(name: str, sealed: bytes, context: ImportContext) -> IncomingFile:
    """Decrypt, verify and assess a bundle's bytes."""
    return _assess([_decrypt(name, sealed, None, context)], context)[0]


def _read(path: Path) -> tuple[bytes, BundleRefused | None]:
    """Return the bytes of a file, or none and the reason."""
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


DecryptedFile = tuple[IncomingFile, Bundle | None]
"""A file and its bundle, `None` if it is refused."""


def _decrypt(
    name: str, sealed: bytes, refusal: BundleRefused | None, context: ImportContext
) -> DecryptedFile:
    key = digest(sealed or name.encode())
    if refusal is None:
        try:
            bundle = open_bundle(
                sealed, context.identities, context.public, context.admission.for_bundle(key)
            )
            _check_sequence(bundle)
            return IncomingFile(name, key, sealed, None), bundle
        except BundleRefused as refused:
            refusal = refused
    return IncomingFile(name, key, sealed, None, Rejection(refusal.code, refusal.text)), None


def _assess(files: Sequence[DecryptedFile], context: ImportContext) -> list[IncomingFile]:
    bundles = [bundle for _, bundle in files if bundle]
    revisions = [each for bundle in bundles for each in bundle.revisions]
    texts = [text for bundle in bundles for text in bundle.texts]
    standards = book_of(list(context.standards))
    rows = iter(build_rows(context.public.county, revisions, texts, standards))
    return [
        file
        if bundle is None
        else replace(
            file,
            contents=BundleContents(
                bundle.manifest,
                tuple(islice(rows, len(bundle.revisions))),
                context.standards,
                bundle.attachments,
                bundle.learned,
                bundle.unknown(),
            ),
        )
        for file, bundle in files
    ]


def _check_sequence(bundle: Bundle) -> None:
    manifest = bundle.manifest
    if not 0 < manifest.sequence <= MAX_SEQUENCE or len(manifest.previous or "") > 64:
        raise BundleRefused("schema", "数据包的序号不对", "the bundle's sequence number is invalid")


def is_accepted(tx: Transaction, incoming: IncomingFile) -> bool:
    """Return whether the county still accepts the file's contents from its device."""
    contents = incoming.contents
    return contents is not None and device_access(tx.connection, tx.county).admits(
        contents.manifest.device_id, incoming.digest
    )


def import_bundle(tx: Transaction, incoming: IncomingFile) -> ImportResult:
    """Apply a file's contents, or quarantine the file.

    The device's access is checked again: it may have been revoked since the file was opened.
    """
    contents, refusal = incoming.contents, incoming.refusal
    if contents is not None and not is_accepted(tx, incoming):
        row = device_row(tx.connection, tx.county, contents.manifest.device_id)
        revoked = revoked_device(row.key)
        refusal = Rejection(revoked.code, revoked.text)
    if contents is None or refusal is not None:
        assert refusal is not None
        return _quarantine(tx, incoming, refusal)
    result = _apply(tx, incoming, contents)
    release(tx, incoming.digest)  # refused before, such as while its device was not enrolled
    return result


def _quarantine(tx: Transaction, incoming: IncomingFile, refusal: Rejection) -> ImportResult:
    quarantine(tx, incoming.name, incoming.digest, incoming.sealed, refusal.code, refusal.text)
    return ImportResult(incoming.name, ImportOutcome.REJECTED, reason=refusal.text)


def _recovered(manifest: Manifest) -> list[str]:
    return [at.isoformat() for at in manifest.recovered]


def _apply(tx: Transaction, incoming: IncomingFile, contents: BundleContents) -> ImportResult:
    # A bundle that was imported before changes nothing.
    manifest, county, connection = contents.manifest, tx.county, tx.connection
    table = tables.bundle
    if existing_keys(connection, county, table.c.bundle_id, [str(manifest.bundle_id)]):
        gaps = sequence_of(connection, county, manifest.device_id).gaps
        return ImportResult(incoming.name, ImportOutcome.KNOWN, manifest.sequence, gaps=gaps)
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
                "digest": incoming.digest,
                "imported_at": tx.at.isoformat(),
                "replaces": " ".join(map(str, manifest.replaces)),
            }
        ],
    )
    for rotation in contents.rotations:
        apply_key_rotation(tx, rotation)
    saved = save_revisions(tx, contents.revisions, contents.standards)
    attachments = save_attachments(tx, manifest.device_id, contents.papers)
    subscribe(tx, manifest.device_id, {revision.record_id for revision in saved.new})
    record_acknowledged(
        tx, manifest.device_id, manifest.answered, manifest.sequence, is_request=False
    )
    sequence = sequence_of(connection, county, manifest.device_id)
    if not sequence.forgotten.isdisjoint({manifest.sequence, *manifest.replaces}):
        resend_own(tx, manifest.device_id, manifest.answered)
    tx.log(
        "import",
        {
            "bundle": str(manifest.bundle_id),
            "revisions": len(saved.new),
            "papers": attachments,
            "file": incoming.name,
            **({"passphrase recovered": recovered} if (recovered := _recovered(manifest)) else {}),
        },
    )
    return ImportResult(
        incoming.name,
        ImportOutcome.IMPORTED,
        manifest.sequence,
        revisions=len(saved.new),
        papers=attachments,
        records=saved.records,
        merged=saved.merged,
        conflicts=saved.conflicts,
        gaps=sequence.gaps,
        unknown=contents.unknown,
    )
