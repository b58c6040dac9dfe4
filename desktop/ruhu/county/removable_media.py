"""A stick at the county: receipts, answers and changed keys go back on the one the bundles came on."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from ruhu.county.county import CountyStore
from ruhu.county.devices.device_list import Device
from ruhu.errors import UserError
from ruhu.exchange.formats.container import MAX_SEALED_BYTES, digest
from ruhu.exchange.formats.receipt import SignedReceipt, read_receipts, write_receipts
from ruhu.exchange.media_files import (
    MAX_RECEIPTS_BYTES,
    county_file,
    device_suffix,
    list_media_files,
    read_regular_file,
    receipts_file,
    reply_file,
)
from ruhu.files.atomic_write import WriteFailed, write_atomic

MAX_FILE_RECEIPTS = 5000
"""Receipts in one file at most, the newest: a laptop that missed older ones sends again and is told."""


def leave_answers(store: CountyStore, folder: Path, files: Sequence[Path]) -> None:
    """Leave beside imported files their signed receipts, together with those already there, which
    bundles of each laptop the county has, and what others and the county have made of its records.

    A stick that cannot be written to is left as it is: the bundles are in all the same.
    """
    with contextlib.suppress(WriteFailed):
        devices = [device for device in store.devices() if device.revoked_at is None]
        _leave_receipts(store, folder, files, devices)
        if store.public.former:
            told = store.public.model_dump_json(indent=1).encode()
            _write(folder / county_file(store.public.county), told)
        for device in devices:
            _leave_answers_to(store, folder, device)


def _write(path: Path, data: bytes) -> None:
    with contextlib.suppress(OSError, UserError):
        if read_regular_file(path, len(data)) == data:
            return
    write_atomic(path, data)


def _leave_answers_to(store: CountyStore, folder: Path, device: Device) -> None:
    county, mark = store.public.county, device_suffix(device.device_id)
    waiting = store.waiting_answers(device.device_id)
    there = {
        found.sequence: found.path
        for found in list_media_files(folder)
        if (found.kind, found.county, found.device) == ("answer", county, mark)
    }
    for sequence, path in there.items():
        if sequence not in waiting:
            path.unlink(missing_ok=True)
    for sequence in waiting:
        sealed = store.answer(device.device_id, sequence)
        if sealed is not None:
            write_atomic(folder / reply_file(county, device.device_id, sequence), sealed)


def _leave_receipts(
    store: CountyStore, folder: Path, files: Sequence[Path], devices: Sequence[Device]
) -> None:
    path = folder / receipts_file(store.public.county)
    receipts = _there(store, path)
    # What was set aside may have been taken in since.
    asked = [receipt.digest for receipt in receipts.values() if receipt.outcome == "set_aside"]
    for file in files:
        with contextlib.suppress(OSError, UserError):
            asked.append(digest(read_regular_file(file, MAX_SEALED_BYTES)))
    for each in asked:
        receipt = store.receipt(each)
        if receipt is not None:
            receipts[receipt.digest] = receipt
    kept = sorted(receipts.values(), key=lambda receipt: receipt.at)[-MAX_FILE_RECEIPTS:]
    chains = [store.chain(device.device_id) for device in devices if device.last]
    if kept or chains:
        write_atomic(path, write_receipts(kept, chains))


def _there(store: CountyStore, path: Path) -> dict[str, SignedReceipt]:
    try:
        receipts, _ = read_receipts(read_regular_file(path, MAX_RECEIPTS_BYTES), store.public)
    except (OSError, UserError):
        return {}
    return {receipt.digest: receipt for receipt in receipts}
