"""One synchronisation with the county's server: states, bundles up, replies down in order."""

from collections.abc import Callable
from dataclasses import dataclass

import rfc8785

from ruhu.exchange.formats.container import digest
from ruhu.exchange.formats.receipt import (
    SequenceStatement,
    SignedReceipt,
    check_receipt,
    check_sequence,
)
from ruhu.exchange.formats.reply import Reply, open_reply
from ruhu.exchange.keys.county import CountyPublic, read_county
from ruhu.exchange.keys.device import DeviceKey
from ruhu.exchange.protocol.messages import (
    MAX_REQUESTED_BUNDLES,
    ProgramInfo,
    SyncRequest,
    SyncResponse,
    UpdateOffer,
)
from ruhu.progress import ByteCountCallback, no_byte_count
from ruhu.store.store import Store
from ruhu.sync.bundle_builder import build_bundles, require_county
from ruhu.sync.client import SyncClient
from ruhu.sync.replies import import_reply


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What a laptop sends: to which county, as which device, its state, and the pending bundles."""

    county: CountyPublic
    device: DeviceKey
    request: SyncRequest
    waiting: tuple[bytes, ...]
    nonce: str = ""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What the server returned besides receipts: sequence statement, changed keys, replies, update offer,
    nonce.
    """

    chain: SequenceStatement
    county: CountyPublic | None
    answers: tuple[Reply, ...]
    answered: int
    nonce: str
    update: UpdateOffer | None = None


def plan_sync(store: Store, program: ProgramInfo | None = None) -> SyncPlan:
    """Bundle what changed and prepare a synchronisation; `program` is the one that accepts updates.

    Raises `NoCounty`.
    """
    build_bundles(store)
    county = require_county(store)
    waiting = tuple(sealed for _, sealed in store.outbox.unconfirmed())[:MAX_REQUESTED_BUNDLES]
    request = SyncRequest(
        last=store.outbox.last_bundle()[0],
        answered=store.replies.last_number,
        county=county.digest,
        waiting=tuple(digest(sealed) for sealed in waiting),
        program=program,
    )
    return SyncPlan(
        county, store.identity.device_key, request, waiting, str(store.settings.get("nonce", ""))
    )


def run_sync(
    plan: SyncPlan,
    client: SyncClient,
    on_receipt: Callable[[SignedReceipt], None],
    progress: ByteCountCallback = no_byte_count,
) -> SyncResult:
    """Synchronise with the server.

    `on_receipt` gets each receipt at once, so that a later failure loses nothing; `progress` gets the bytes
    transferred. Without changes it takes one request. Raises what `SyncClient` raises, and `ReceiptRefused`,
    `BundleRefused` for data that is not the county's.
    """
    response = client.sync(plan.request)
    county = _keys(plan.county, response)
    client.county = current_county = county or plan.county
    known = {
        receipt.digest: receipt
        for receipt in (check_receipt(r, current_county) for r in response.receipts)
    }
    chain = check_sequence(response.chain, current_county)
    transferred = 0

    def counting(before: int) -> ByteCountCallback:
        return lambda count: progress(before + count)

    for sealed in plan.waiting:
        key = digest(sealed)
        receipt = known.get(key)
        if receipt is None:
            offset = response.offsets.get(key, 0)
            receipt = client.send(sealed, counting(transferred), offset=offset)
        on_receipt(receipt)
        transferred += len(sealed)
        progress(transferred)
    answers = [
        open_reply(client.fetch_answer(number), plan.device, current_county)
        for number in response.answers
    ]
    return SyncResult(
        chain, county, tuple(answers), plan.request.answered, client.nonce, response.update
    )


def _keys(known: CountyPublic, response: SyncResponse) -> CountyPublic | None:
    """Return the county's new keys if they changed and the known keys signed for them."""
    if response.county is None:
        return None
    keys = read_county(rfc8785.dumps(response.county))
    return keys if keys.is_successor_of(known) else None


def apply_result(store: Store, result: SyncResult) -> tuple[int, int]:
    """Import a result; return the number of records changed, and of bundles that the county lost."""
    if result.county is not None:
        store.identity.set_county(result.county)
    changed = sum(import_reply(store, answer) for answer in result.answers)
    lost = store.outbox.record_sequence(result.chain)
    store.settings.set("nonce", result.nonce)
    store.settings.set("told_answered", max(result.answered, store.replies.acknowledged_number))
    return changed, lost
