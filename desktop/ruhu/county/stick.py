"""A stick at the county: receipts and answers go back on the one the bundles came on."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from ruhu.bundle.container import digest
from ruhu.bundle.durable import NotWritten, write_durably
from ruhu.bundle.receipt import SignedReceipt, read_receipts, write_receipts
from ruhu.bundle.stick import MOST_RECEIPTS, answer_file, read_plain, receipts_file
from ruhu.county.store import CountyStore
from ruhu.survey.text import UserError


def leave_answers(store: CountyStore, folder: Path, files: Sequence[Path]) -> None:
    """Leave beside imported files their signed receipts, together with those already there, and for
    each laptop what others and the county have made of its records.

    A stick that cannot be written to is left as it is: the bundles are in all the same.
    """
    with contextlib.suppress(NotWritten):
        _leave_receipts(store, folder, files)
        for device in store.devices():
            path = folder / answer_file(store.public.county, device.device_id, 0)
            sealed = store.answer(device.device_id)
            if sealed is not None:
                write_durably(path, sealed)
            elif path.exists():
                path.unlink(missing_ok=True)


def _leave_receipts(store: CountyStore, folder: Path, files: Sequence[Path]) -> None:
    path = folder / receipts_file(store.public.county)
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
        data = read_plain(path, MOST_RECEIPTS)
        return {receipt.digest: receipt for receipt in read_receipts(data, store.public)}
    except (OSError, UserError):
        return {}
