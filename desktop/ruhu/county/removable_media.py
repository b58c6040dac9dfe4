"""Removable media at the county: receipts, replies and changed keys for the laptops."""

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
"""Receipts in one file, the newest; a laptop that missed older ones sends its bundles again."""


def write_replies(store: CountyStore, folder: Path, files: Sequence[Path]) -> None:
    """Write signed receipts, statements of bundles received, and replies next to imported files.

    Receipts that are there already stay in the file. A medium that cannot be written to is skipped:
    the bundles are imported all the same.
    """
    with contextlib.suppress(WriteFailed):
        devices = [device for device in store.devices.all() if device.revoked_at is None]
        _write_receipts(store, folder, files, devices)
        if store.public.former:
            public = store.public.model_dump_json(indent=1).encode()
            _write(folder / county_file(store.public.county), public)
        for device in devices:
            _write_device_replies(store, folder, device)


def _write(path: Path, data: bytes) -> None:
    with contextlib.suppress(OSError, UserError):
        if read_regular_file(path, len(data)) == data:
            return
    write_atomic(path, data)


def _write_device_replies(store: CountyStore, folder: Path, device: Device) -> None:
    county, mark = store.public.county, device_suffix(device.device_id)
    waiting = store.replies.pending(device.device_id)
    files = {
        file.sequence: file.path
        for file in list_media_files(folder)
        if (file.kind, file.county, file.device) == ("answer", county, mark)
    }
    for sequence, path in files.items():
        if sequence not in waiting:
            path.unlink(missing_ok=True)
    for sequence in waiting:
        sealed = store.replies.sealed(device.device_id, sequence)
        if sealed is not None:
            write_atomic(folder / reply_file(county, device.device_id, sequence), sealed)


def _write_receipts(
    store: CountyStore, folder: Path, files: Sequence[Path], devices: Sequence[Device]
) -> None:
    path = folder / receipts_file(store.public.county)
    receipts = _existing_receipts(store, path)
    # Quarantined bundles may have been imported since.
    digests = [receipt.digest for receipt in receipts.values() if receipt.outcome == "set_aside"]
    for file in files:
        with contextlib.suppress(OSError, UserError):
            digests.append(digest(read_regular_file(file, MAX_SEALED_BYTES)))
    for key in digests:
        receipt = store.exchange.receipt(key)
        if receipt is not None:
            receipts[receipt.digest] = receipt
    newest = sorted(receipts.values(), key=lambda receipt: receipt.at)[-MAX_FILE_RECEIPTS:]
    statements = [store.exchange.chain(device.device_id) for device in devices if device.last]
    if newest or statements:
        write_atomic(path, write_receipts(newest, statements))


def _existing_receipts(store: CountyStore, path: Path) -> dict[str, SignedReceipt]:
    try:
        receipts, _ = read_receipts(read_regular_file(path, MAX_RECEIPTS_BYTES), store.public)
    except (OSError, UserError):
        return {}
    return {receipt.digest: receipt for receipt in receipts}
