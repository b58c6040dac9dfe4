"""Sending the waiting bundles to the county's server, off the interface thread."""

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ruhu.bundle.answer import Answer, open_answer
from ruhu.bundle.keys import CountyPublic, DeviceKey
from ruhu.bundle.receipt import SignedReceipt
from ruhu.store.store import Store
from ruhu.survey.text import UserError
from ruhu.sync.making import make_bundles, require_county
from ruhu.ui.session import Session
from ruhu.ui.worker import Worker

if TYPE_CHECKING:
    from ruhu.sync.http import Told


class Sending(QObject):
    """One sending: `told` has the bytes in all, `step` those that are there; `done` brings how many
    bundles the county took in, how many it set aside, and how many records its answer changed.

    Each receipt is noted as it comes, so whatever breaks off later costs nothing.
    """

    told = Signal(int)
    step = Signal(int)
    noted = Signal()
    done = Signal(int, int, int)
    failed = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._stopped = threading.Event()
        self._line = Worker("courier")
        self._receipts: list[SignedReceipt] = []
        session.closing.connect(self.end)

    def start(self) -> None:
        """Make bundles of what changed, and send all that wait."""

        def job(store: Store) -> tuple[CountyPublic, DeviceKey, list[bytes]]:
            make_bundles(store)
            return (
                require_county(store),
                store.device_key,
                [sealed for _, sealed in store.unconfirmed_bundles()],
            )

        self._session.run(job, lambda found: self._send(*found), self.failed.emit)

    def _send(self, county: CountyPublic, device: DeviceKey, waiting: list[bytes]) -> None:
        self.told.emit(sum(map(len, waiting)))

        def job() -> Answer | None:
            from ruhu.sync.http import Courier

            there = 0
            with Courier(county, device, self._stopped) as courier:
                for sealed in waiting:
                    self._receipts.append(courier.send(sealed, self._counting(there)))
                    there += len(sealed)
                    self.noted.emit()
                answer = courier.fetch_answer()
            return None if answer is None else open_answer(answer, device, county)

        self.noted.connect(self._note)
        self._line.submit(job, self._answered, self._broken_off)

    def _counting(self, before: int) -> "Told":
        return lambda there: self.step.emit(before + there)

    def _note(self) -> None:
        receipts = list(self._receipts)
        self._session.run(lambda store: store.note_receipts(receipts))

    def _broken_off(self, error: UserError) -> None:
        self._line.stop()
        self.failed.emit(error)

    def _answered(self, answer: Answer | None) -> None:
        self._line.stop()
        taken = sum(1 for receipt in self._receipts if receipt.outcome == "taken_in")
        aside = len(self._receipts) - taken
        self._session.run(
            lambda store: 0 if answer is None else store.note_answer(answer),
            lambda changed: self.done.emit(taken, aside, changed),
        )

    def stop(self) -> None:
        """End after the part that is on its way; the next sending goes on there."""
        self._stopped.set()

    def end(self) -> None:
        """Stop, and wait until nothing is at work."""
        self.stop()
        self._line.stop()
