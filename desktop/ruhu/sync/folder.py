"""Exchange bundles through a folder or removable medium shared by laptops and county.

Each file is written atomically, and sealed bundles stay in the outbox until the county confirms them. So a
medium that is pulled out or lost costs nothing: the next export writes the same bytes.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruhu.errors import UserError
from ruhu.exchange.formats.container import MAX_SEALED_BYTES, digest
from ruhu.exchange.formats.receipt import read_receipts
from ruhu.exchange.formats.reply import open_reply
from ruhu.exchange.keys.county import read_county
from ruhu.exchange.media_files import (
    MAX_COUNTY_FILE_BYTES,
    MAX_RECEIPTS_BYTES,
    MediaFile,
    MediaFileKind,
    device_suffix,
    list_media_files,
    read_regular_file,
)
from ruhu.files.atomic_write import write_atomic
from ruhu.i18n import BilingualText
from ruhu.store.store import Store
from ruhu.sync.bundle_builder import build_bundles, require_county
from ruhu.sync.replies import import_reply


@dataclass(frozen=True, slots=True)
class FolderImport:
    """The result of importing a folder.

    `confirmed` bundles are newly confirmed by the county, `answered` counts the records changed, `lost` the
    bundles that the county had confirmed and lost, and `problems` the unreadable files.
    """

    confirmed: int = 0
    changed: int = 0
    lost: int = 0
    problems: tuple[BilingualText, ...] = ()


@dataclass(frozen=True, slots=True)
class FolderExport:
    """The result of exporting to a folder: files, new revisions and photos, and the import before it."""

    files: tuple[Path, ...]
    revisions: int
    papers: int
    imported: FolderImport


class _Problems:
    """Collects problems of unreadable files, so that the other files are still processed."""

    def __init__(self) -> None:
        self.problems: list[BilingualText] = []

    def add(self, path: Path, problem: BilingualText) -> None:
        """Add a file's problem."""
        self.problems.append(
            BilingualText(f"{path.name}：{problem.zh}", f"{path.name}: {problem.en}")
        )

    @contextlib.contextmanager
    def collecting(self, path: Path) -> Iterator[None]:
        """Add the error of a file that cannot be read."""
        try:
            yield
        except UserError as error:
            self.add(path, error.text)
        except OSError as error:
            self.add(path, BilingualText(str(error.strerror), str(error.strerror)))


def export_bundles(store: Store, folder: Path) -> FolderExport:
    """Import the county's files in `folder`, bundle what changed, and write all unconfirmed bundles.

    Confirmed bundles and imported replies are deleted from the folder. Raises `NoCounty`, `WriteFailed`;
    unreadable files are in `problems`.
    """
    require_county(store)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            BilingualText("{folder} 打不开（{why}）", "{folder} cannot be opened ({why})").format(
                folder=folder, why=error.strerror
            )
        ) from None
    imported = import_from(store, folder)
    revisions, papers = build_bundles(store, confirming=True)
    written = []
    for name, sealed in store.outbox.unconfirmed():
        path = folder / name
        if not _already_written(path, sealed):
            write_atomic(path, sealed)
        written.append(path)
    _clear_away(store, folder, written)
    return FolderExport(tuple(written), revisions, papers, imported)


def _already_written(path: Path, sealed: bytes) -> bool:
    try:
        return digest(read_regular_file(path, MAX_SEALED_BYTES)) == digest(sealed)
    except (OSError, UserError):
        return False


def _clear_away(store: Store, folder: Path, waiting: list[Path]) -> None:
    """Delete this laptop's confirmed bundles and imported replies; others' files stay."""
    county = require_county(store)
    mine = device_suffix(store.identity.device.device_id)
    keep = {path.name for path in waiting}
    for file in list_media_files(folder):
        if file.county != county.county or file.device != mine or file.path.name in keep:
            continue
        done = file.kind == "answer" and 0 < file.sequence <= store.replies.last_number
        if done or file.kind == "bundle":
            with contextlib.suppress(OSError):
                file.path.unlink()


def import_from(store: Store, folder: Path) -> FolderImport:
    """Import the county's files for this laptop: changed keys, receipts, and replies in order.

    Raises `NoCounty`, and `UserError` if the folder cannot be read.
    """
    county = require_county(store)
    problems = _Problems()
    ours = [file for file in list_media_files(folder) if file.county == county.county]

    def readable(kind: MediaFileKind, device: str = "") -> Iterator[MediaFile]:
        for file in ours:
            if file.kind == kind and file.device == device:
                if file.problem is None:
                    yield file
                else:
                    problems.add(file.path, file.problem)

    for file in readable("county"):
        with problems.collecting(file.path):
            keys = read_county(read_regular_file(file.path, MAX_COUNTY_FILE_BYTES))
            if keys != county and not county.is_successor_of(keys):
                store.identity.set_county(keys)
    county = require_county(store)
    confirmed = answered = lost = 0
    for file in readable("receipts"):
        with problems.collecting(file.path):
            receipts, chains = read_receipts(
                read_regular_file(file.path, MAX_RECEIPTS_BYTES), county
            )
            confirmed += store.outbox.record_receipts(receipts)
            lost += sum(store.outbox.record_sequence(chain) for chain in chains)
    for file in readable("answer", device_suffix(store.identity.device.device_id)):
        with problems.collecting(file.path):
            answer = open_reply(
                read_regular_file(file.path, MAX_SEALED_BYTES), store.identity.device_key, county
            )
            answered += import_reply(store, answer)
    return FolderImport(confirmed, answered, lost, tuple(problems.problems))
