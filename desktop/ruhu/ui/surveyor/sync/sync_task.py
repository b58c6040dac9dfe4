"""Sending the waiting bundles to the county's server, off the interface thread."""

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ruhu.errors import UserError
from ruhu.exchange.formats.receipt import SignedReceipt
from ruhu.store.store import Store
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.surveyor.session import Session
from ruhu.updates.installed_versions import Versions, versions_folder

if TYPE_CHECKING:
    from ruhu.sync.session import SyncPlan, SyncResult


class SyncTask(QObject):
    """One sending: `told` has the bytes in all, `step` those that are there; `done` brings how many
    bundles the county took in, how many it set aside, how many records its answers changed and how
    many bundles it has lost.

    Each receipt is noted as it comes, so whatever breaks off later costs nothing. Where the county offers a
    new version of the program, that comes last: `fetching` brings the version and the bytes of its
    package, `step` those that are there, `fetched` the version, or nothing where the line broke.
    """

    told = Signal(int)
    step = Signal(int)
    noted = Signal()
    done = Signal(int, int, int, int)
    failed = Signal(object)
    fetching = Signal(str, int)
    fetched = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._stopped = threading.Event()
        self._line = Worker("courier")
        self._receipts: list[SignedReceipt] = []
        session.closing.connect(self.end)

    def start(self) -> None:
        """Make bundles of what changed, and send all that wait."""

        def job(store: Store) -> "SyncPlan":
            from ruhu.sync.session import plan_sync
            from ruhu.updates.download_cache import running_program

            return plan_sync(store, running_program())

        self._session.run(job, self._send, self.failed.emit)

    def _send(self, errand: "SyncPlan") -> None:
        self.told.emit(sum(map(len, errand.waiting)))

        def noted(receipt: SignedReceipt) -> None:
            self._receipts.append(receipt)
            self.noted.emit()

        def job() -> "SyncResult":
            from ruhu.sync.client import SyncClient
            from ruhu.sync.session import run_sync

            with SyncClient(
                errand.county, errand.device, self._stopped, nonce=errand.nonce
            ) as courier:
                return run_sync(errand, courier, noted, self.step.emit)

        self.noted.connect(self._note)
        self._line.submit(job, lambda brought: self._answered(errand, brought), self._broken_off)

    def _note(self) -> None:
        receipts = list(self._receipts)
        self._session.run(lambda store: store.outbox.record_receipts(receipts))

    def _broken_off(self, error: UserError) -> None:
        self._line.stop()
        self.failed.emit(error)

    def _answered(self, errand: "SyncPlan", brought: "SyncResult") -> None:
        taken = sum(1 for receipt in self._receipts if receipt.outcome == "taken_in")
        aside = len(self._receipts) - taken

        def job(store: Store) -> tuple[int, int]:
            from ruhu.sync.session import apply_result

            return apply_result(store, brought)

        def told(found: tuple[int, int]) -> None:
            self.done.emit(taken, aside, *found)
            self._fetch(errand, brought)

        self._session.run(job, told, self._broken_off)

    def _fetch(self, errand: "SyncPlan", brought: "SyncResult") -> None:
        """Fetch the update that the county offers, or the rest of it, where it is wanted."""
        from ruhu.updates.download_cache import DownloadCache

        offer, packages = brought.update, DownloadCache(Versions(versions_folder()))
        place = packages.download_path(offer) if offer else None
        if offer is None or place is None:
            self._line.stop()
            return

        def job() -> None:
            from ruhu.sync.client import SyncClient

            county = brought.county or errand.county
            with SyncClient(county, errand.device, self._stopped, nonce=brought.nonce) as courier:
                courier.fetch_update(offer, place, self.step.emit)
            packages.finish(offer)

        def ended(version: str) -> None:
            self._line.stop()
            self.fetched.emit(version)

        self.fetching.emit(offer.version, offer.length)
        self._line.submit(job, lambda _: ended(offer.version), lambda _: ended(""))

    def stop(self) -> None:
        """End after the part that is on its way; the next sending goes on there."""
        self._stopped.set()

    def end(self) -> None:
        """Stop, and wait until nothing is at work."""
        self.stop()
        self._line.stop()
