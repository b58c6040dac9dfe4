"""A stick at the county: receipts and answers go back on the one the bundles came on."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from ruhu.bundle.answer import answer_file
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


def leave_answers(store: CountyStore, folder: Path, files: Sequence[Path]) -> None:
    """Leave beside imported files their signed receipts, together with those already there, and for
    each laptop what others and the county have made of its records.

    A stick that cannot be written to is left as it is: the bundles are in all the same.
    """
    with contextlib.suppress(NotWritten):
        _leave_receipts(store, folder, files)
        for device in store.devices():
            path = folder / answer_file(store.public.county, device.device_id)
            sealed = store.answer(device.device_id)
            if sealed is not None:
                write_durably(path, sealed)
            elif path.exists():
                path.unlink(missing_ok=True)


def _leave_receipts(store: CountyStore, folder: Path, files: Sequence[Path]) -> None:
    path = folder / FILE_NAME.format(county=store.public.county)
    receipts = _there(store, path)
    for file in files:
        try:
            receipt = store.receipt(digest(file.read_bytes()))
        except OSError:
            continue
        if receipt is not None:
            receipts[receipt.digest] = receipt
    if receipts:
        write_durably(path, write_receipts(list(receipts.values())))


def _there(store: CountyStore, path: Path) -> dict[str, SignedReceipt]:
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else b""
        return {receipt.digest: receipt for receipt in read_receipts(data, store.public)}
    except (OSError, ReceiptRefused):
        return {}
