"""A stick at the county: receipts go back on the one the bundles came on."""

from collections.abc import Sequence
from pathlib import Path

from ruhu.bundle.durable import NotWritten, write_durably
from ruhu.bundle.envelope import digest
from ruhu.bundle.receipt import (
    FILE_NAME,
    MOST_BYTES,
    ReceiptRefused,
    SignedReceipt,
    read_receipts,
    write_receipts,
)
from ruhu.county.store import CountyStore


def leave_receipts(store: CountyStore, folder: Path, files: Sequence[Path]) -> None:
    """Write signed receipts for imported files beside them, together with those already there.

    A stick that cannot be written to is left as it is: the bundles are in all the same.
    """
    path = folder / FILE_NAME.format(county=store.public.county)
    receipts = _there(store, path)
    for file in files:
        try:
            receipt = store.receipt(digest(file.read_bytes()))
        except OSError:
            continue
        if receipt is not None:
            receipts[receipt.digest] = receipt
    if not receipts:
        return
    try:
        write_durably(path, write_receipts(list(receipts.values())))
    except NotWritten:
        return


def _there(store: CountyStore, path: Path) -> dict[str, SignedReceipt]:
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
        return {receipt.digest: receipt for receipt in read_receipts(data, store.public)}
    except (OSError, ReceiptRefused):
        return {}
