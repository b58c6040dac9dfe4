"""Synchronise with the county's server, off the interface thread."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from ruhu.errors import UserError
from ruhu.exchange.formats.receipt import SignedReceipt
from ruhu.store.store import Store
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.core.cancellable_task import CancellableTask
from ruhu.ui.surveyor.session import Session
from ruhu.updates.installed_versions import Versions, versions_folder

if TYPE_CHECKING:
    from ruhu.sync.session import SyncPlan, SyncResult


@dataclass(frozen=True, slots=True)
class SyncSummary:
    """Bundles that the county imported, rejected and lost, and records that its replies changed."""

    imported: int
    rejected: int
    changed: int
    lost: int


class SyncTask(CancellableTask):
    """One synchronisation; finishes with a `SyncSummary`.

    Each receipt is stored as it comes, so that an interruption loses nothing. If the county offers
    a new version of the program, it is fetched last: `update_offered` has the version and the
    bytes of its package, `update_fetched` the version, or an empty string if it is incomplete.
    """

    receipt_received = Signal()
    update_offered = Signal(str, int)
    update_fetched = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._network = Worker("courier")
        self._receipts: list[SignedReceipt] = []
        self.receipt_received.connect(self._store_receipts)
        session.closing.connect(self.end)

    def synchronise(self) -> None:
        """Bundle what changed, send all bundles that wait, and import the replies."""

        def job(store: Store) -> "SyncPlan":
            from ruhu.sync.session import plan_sync
            from ruhu.updates.download_cache import running_program

            return plan_sync(store, running_program())

        self._session.run(job, self._send, self.fail)

    def _send(self, plan: "SyncPlan") -> None:
        total = sum(map(len, plan.waiting))

        def received(receipt: SignedReceipt) -> None:
            self._receipts.append(receipt)
            self.receipt_received.emit()

        def job() -> "SyncResult":
            from ruhu.sync.client import SyncClient
            from ruhu.sync.session import run_sync

            with SyncClient(plan.county, plan.device, self.cancelled, nonce=plan.nonce) as client:
                return run_sync(plan, client, received, lambda sent: self._count(sent, total))

        self._network.submit(job, lambda result: self._import(plan, result), self._break_off)

    def _count(self, done: int, total: int) -> None:
        """Report bytes; the client itself ends after the part that is being sent."""
        if not self.cancelled.is_set():
            self.report(done, total)

    def _store_receipts(self) -> None:
        receipts = list(self._receipts)
        self._session.run(lambda store: store.outbox.record_receipts(receipts))

    def _break_off(self, error: UserError) -> None:
        self._network.stop()
        self.fail(error)

    def _import(self, plan: "SyncPlan", result: "SyncResult") -> None:
        imported = sum(1 for receipt in self._receipts if receipt.outcome == "taken_in")
        rejected = len(self._receipts) - imported

        def job(store: Store) -> tuple[int, int]:
            from ruhu.sync.session import apply_result

            return apply_result(store, result)

        def done(counts: tuple[int, int]) -> None:
            changed, lost = counts
            self.finish(SyncSummary(imported, rejected, changed, lost))
            self._fetch_update(plan, result)

        self._session.run(job, done, self._break_off)

    def _fetch_update(self, plan: "SyncPlan", result: "SyncResult") -> None:
        """Fetch the update that the county offers, or the rest of it, unless it is here."""
        from ruhu.updates.download_cache import DownloadCache

        offer, cache = result.update, DownloadCache(Versions(versions_folder()))
        path = cache.download_path(offer) if offer else None
        if offer is None or path is None:
            self._network.stop()
            return

        def job() -> None:
            from ruhu.sync.client import SyncClient

            county = result.county or plan.county
            with SyncClient(county, plan.device, self.cancelled, nonce=result.nonce) as client:
                client.fetch_update(offer, path, lambda done: self._count(done, offer.length))
            cache.finish(offer)

        def ended(version: str) -> None:
            self._network.stop()
            self.update_fetched.emit(version)

        self.update_offered.emit(offer.version, offer.length)
        self._network.submit(job, lambda _: ended(offer.version), lambda _: ended(""))

    def end(self) -> None:
        """Cancel, and wait until nothing runs."""
        self.cancel()
        self._network.stop()
