"""One exchange with the county's server: how things stand, bundles up, answers down in their order."""

from collections.abc import Callable
from dataclasses import dataclass

import rfc8785

from ruhu.exchange.formats.container import digest
from ruhu.exchange.formats.receipt import (
    SequenceStatement,
    SignedReceipt,
    check_chain,
    check_receipt,
)
from ruhu.exchange.formats.reply import Answer, open_answer
from ruhu.exchange.keys.county import CountyPublic, read_county
from ruhu.exchange.keys.device import DeviceKey
from ruhu.exchange.protocol.messages import (
    MAX_REQUESTED_BUNDLES,
    ProgramInfo,
    SyncRequest,
    SyncResponse,
    UpdateOffer,
)
from ruhu.store.store import Store
from ruhu.sync.bundle_builder import build_bundles, require_county
from ruhu.sync.client import SyncClient
from ruhu.sync.replies import note_answer


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What a laptop has to say: to whom, as whom, how things stand, and the bundles that wait."""

    county: CountyPublic
    device: DeviceKey
    asked: SyncRequest
    waiting: tuple[bytes, ...]
    nonce: str = ""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What came back besides receipts: the word on the chain, changed keys, answers in order, the
    update that is offered, and the nonce for the next time.
    """

    chain: SequenceStatement
    county: CountyPublic | None
    answers: tuple[Answer, ...]
    answered: int
    nonce: str
    update: UpdateOffer | None = None


def plan_sync(store: Store, program: ProgramInfo | None = None) -> SyncPlan:
    """Bundle what changed, and gather what is to be said; `program` is the one that takes updates.

    Raises `NoCounty`.
    """
    build_bundles(store)
    county = require_county(store)
    waiting = tuple(sealed for _, sealed in store.outbox.unconfirmed())[:MAX_REQUESTED_BUNDLES]
    asked = SyncRequest(
        last=store.outbox.last_bundle()[0],
        answered=store.replies.last_number,
        county=county.digest,
        waiting=tuple(digest(sealed) for sealed in waiting),
        program=program,
    )
    return SyncPlan(
        county, store.identity.device_key, asked, waiting, str(store.settings.get("nonce", ""))
    )


def run_sync(
    errand: SyncPlan,
    courier: SyncClient,
    noted: Callable[[SignedReceipt], None],
    told: Callable[[int], None] = lambda _: None,
) -> SyncResult:
    """Carry an errand out. `noted` gets each receipt as it comes, so whatever breaks off later costs
    nothing; `told` the bytes that are there. Nothing to say and nothing to hear is one request.

    Raises what `SyncClient` raises, and `ReceiptRefused`, `BundleRefused` for what is not the county's.
    """
    heard = courier.sync(errand.asked)
    county = _keys(errand.county, heard)
    courier.county = now = county or errand.county
    known = {receipt.digest: receipt for receipt in (check_receipt(r, now) for r in heard.receipts)}
    chain = check_chain(heard.chain, now)
    there = 0

    def counting(before: int) -> Callable[[int], None]:
        return lambda count: told(before + count)

    for sealed in errand.waiting:
        key = digest(sealed)
        receipt = known.get(key)
        if receipt is None:
            offset = heard.offsets.get(key, 0)
            receipt = courier.send(sealed, counting(there), offset=offset)
        noted(receipt)
        there += len(sealed)
        told(there)
    answers = [
        open_answer(courier.fetch_answer(number), errand.device, now) for number in heard.answers
    ]
    return SyncResult(
        chain, county, tuple(answers), errand.asked.answered, courier.nonce, heard.update
    )


def _keys(known: CountyPublic, heard: SyncResponse) -> CountyPublic | None:
    """The county's public file where it has changed and the known keys have handed over to it."""
    if heard.county is None:
        return None
    told = read_county(rfc8785.dumps(heard.county))
    return told if told.is_successor_of(known) else None


def take_in(store: Store, brought: SyncResult) -> tuple[int, int]:
    """Take in what came back; how many records changed, and how many bundles the county has lost."""
    if brought.county is not None:
        store.identity.set_county(brought.county)
    changed = sum(note_answer(store, answer) for answer in brought.answers)
    lost = store.outbox.record_sequence(brought.chain)
    store.settings.set("nonce", brought.nonce)
    store.settings.set("told_answered", max(brought.answered, store.replies.acknowledged_number))
    return changed, lost
