"""Importing bundle files, and the county's receipts for them."""

from collections.abc import Generator, Sequence
from pathlib import Path
from uuid import UUID

from ruhu.county.access.permissions import Permission
from ruhu.county.access.session import DatabaseSession
from ruhu.county.assessment.published_standards import published
from ruhu.county.devices.devices import device_access
from ruhu.county.exchange import bundle_import, signing
from ruhu.county.exchange.bundle_import import ImportContext
from ruhu.county.exchange.key_service import KeyService
from ruhu.county.exchange.parallel_open import PARALLEL_THRESHOLD, open_in_parallel
from ruhu.county.exchange.quarantine import QuarantinedFile, list_quarantined, quarantined_file
from ruhu.county.records.import_result import ImportResult
from ruhu.errors import UserError
from ruhu.exchange.formats.receipt import SequenceStatement, SignedReceipt
from ruhu.i18n import BilingualText


class ExchangeService:
    """Import of bundles, the quarantine for refused ones, and receipts."""

    def __init__(self, session: DatabaseSession, keys: KeyService) -> None:
        self._session, self._keys = session, keys

    def import_file(self, path: Path) -> ImportResult:
        """Import a bundle file atomically.

        A refused file goes to quarantine with its reason, and `ImportResult` says so. Raises
        `UserError` if the file cannot be read.
        """
        incoming = bundle_import.open_file(path, self._context())
        with self._session.transaction(Permission.IMPORT) as tx:
            return bundle_import.import_bundle(tx, incoming)

    def import_files(self, paths: Sequence[Path]) -> Generator[ImportResult, None, None]:
        """Import bundle files in turn, each atomically; see `import_file`.

        Worker processes open and assess the next files meanwhile. A file that they refuse is opened
        again in its turn, because an earlier bundle may have brought the device's next key.
        """
        if len(paths) < PARALLEL_THRESHOLD:
            for path in paths:
                yield self.import_file(path)
            return
        for path, incoming in open_in_parallel(paths, self._context()):
            result = None
            if incoming is not None and incoming.contents is not None:
                with self._session.transaction(Permission.IMPORT) as tx:
                    if bundle_import.is_accepted(tx, incoming):
                        result = bundle_import.import_bundle(tx, incoming)
            yield result or self.import_file(path)

    def _context(self) -> ImportContext:
        county = self._session.county
        with self._session.reader(Permission.IMPORT) as connection:
            return ImportContext(
                self._keys.identities,
                self._keys.public,
                device_access(connection, county),
                tuple(published(connection, county)),
            )

    def quarantined(self) -> list[QuarantinedFile]:
        """Return the refused files, the newest first."""
        with self._session.reader() as connection:
            return list_quarantined(connection, self._session.county)

    def quarantined_bytes(self, digest: str) -> bytes:
        """Return a refused file exactly as it arrived, empty if it was too large to save.

        Raises `UserError` if there is no such file.
        """
        with self._session.reader(Permission.IMPORT) as connection:
            return quarantined_file(connection, self._session.county, digest)[1]

    def retry(self, digest: str) -> ImportResult:
        """Import a quarantined file again, for example once its device is enrolled.

        If it is refused again, it stays in quarantine. Raises `UserError` if there is no such file,
        or it was too large to save.
        """
        context = self._context()
        with self._session.reader(Permission.IMPORT) as connection:
            name, sealed = quarantined_file(connection, self._session.county, digest)
        if not sealed:
            raise UserError(
                BilingualText("这个文件太大，没有留存", "this file was too large to be saved")
            )
        incoming = bundle_import.open_bytes(name, sealed, context)
        with self._session.transaction(Permission.IMPORT) as tx:
            return bundle_import.import_bundle(tx, incoming)

    def receipt(self, digest: str) -> SignedReceipt | None:
        """Return the signed receipt for a bundle, `None` if it never arrived."""
        with self._session.reader(Permission.IMPORT) as connection:
            return signing.receipt(connection, self._session.county, digest)

    def chain(self, device_id: UUID) -> SequenceStatement:
        """Return the signed statement of which bundles of a laptop have arrived."""
        with self._session.reader(Permission.IMPORT) as connection:
            return signing.sequence_statement(
                connection, self._session.county, device_id, self._session.now()
            )
