"""Bundles by folder or stick, which many laptops and the county share.

Each file is written under another name, flushed and renamed; sealed bundles stay in the outbox until
the county confirms them. So a stick that is pulled out at any moment or is lost costs nothing: the
next try writes the same bytes.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruhu.errors import UserError
from ruhu.exchange.formats.container import MAX_SEALED_BYTES, digest
from ruhu.exchange.formats.receipt import read_receipts
from ruhu.exchange.formats.reply import open_answer
from ruhu.exchange.keys.county import read_county
from ruhu.exchange.media_files import (
    MAX_COUNTY_FILE_BYTES,
    MAX_RECEIPTS_BYTES,
    MediaFile,
    MediaFileKind,
    device_suffix,
    list_stick,
    read_regular_file,
)
from ruhu.files.atomic_write import write_atomic
from ruhu.i18n import BilingualText
from ruhu.store.store import Store
from ruhu.sync.bundle_builder import build_bundles, require_county
from ruhu.sync.replies import note_answer


@dataclass(frozen=True, slots=True)
class FolderImport:
    """What a folder brought: bundles that the county newly confirmed, records that it changed,
    bundles that it had confirmed and has lost, and what of it could not be read.
    """

    confirmed: int = 0
    answered: int = 0
    lost: int = 0
    problems: tuple[BilingualText, ...] = ()


@dataclass(frozen=True, slots=True)
class FolderExport:
    """What lies in the folder now: the files written, how many revisions and photos were new, and
    what the folder brought.
    """

    files: tuple[Path, ...]
    revisions: int
    papers: int
    taken: FolderImport


class _Problems:
    """Files that cannot be read are told of, and the rest goes on."""

    def __init__(self) -> None:
        self.found: list[BilingualText] = []

    def note(self, path: Path, problem: BilingualText) -> None:
        """Note a file's problem."""
        self.found.append(BilingualText(f"{path.name}：{problem.zh}", f"{path.name}: {problem.en}"))

    @contextlib.contextmanager
    def noting(self, path: Path) -> Iterator[None]:
        """Note what makes a file unreadable."""
        try:
            yield
        except UserError as error:
            self.note(path, error.text)
        except OSError as error:
            self.note(path, BilingualText(str(error.strerror), str(error.strerror)))


def export_bundles(store: Store, folder: Path) -> FolderExport:
    """Read what the county left in `folder`, bundle what changed, and write all unconfirmed bundles.

    What the county has confirmed and what was taken in is cleared away from the folder. Raises
    `NoCounty`, `WriteFailed`; files that cannot be read are in `problems`.
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
    taken = import_from(store, folder)
    revisions, papers = build_bundles(store, confirming=True)
    written = []
    for name, sealed in store.outbox.unconfirmed():
        path = folder / name
        if not _already_written(path, sealed):
            write_atomic(path, sealed)
        written.append(path)
    _clear_away(store, folder, written)
    return FolderExport(tuple(written), revisions, papers, taken)


def _already_written(path: Path, sealed: bytes) -> bool:
    try:
        return digest(read_regular_file(path, MAX_SEALED_BYTES)) == digest(sealed)
    except (OSError, UserError):
        return False


def _clear_away(store: Store, folder: Path, waiting: list[Path]) -> None:
    """Remove this laptop's bundles that are confirmed and answers that are in; others' stay."""
    county = require_county(store)
    mine = device_suffix(store.identity.device.device_id)
    keep = {path.name for path in waiting}
    for found in list_stick(folder):
        if found.county != county.county or found.device != mine or found.path.name in keep:
            continue
        done = found.kind == "answer" and 0 < found.sequence <= store.replies.last_number
        if done or found.kind == "bundle":
            with contextlib.suppress(OSError):
                found.path.unlink()


def import_from(store: Store, folder: Path) -> FolderImport:
    """Take in what the county left in a folder for this laptop: its keys where they have changed,
    its receipts, and its answers in their order. Raises `NoCounty`, and `UserError` where the folder
    cannot be looked into.
    """
    county = require_county(store)
    problems = _Problems()
    ours = [found for found in list_stick(folder) if found.county == county.county]

    def readable(kind: MediaFileKind, device: str = "") -> Iterator[MediaFile]:
        for found in ours:
            if found.kind == kind and found.device == device:
                if found.problem is None:
                    yield found
                else:
                    problems.note(found.path, found.problem)

    for found in readable("county"):
        with problems.noting(found.path):
            told = read_county(read_regular_file(found.path, MAX_COUNTY_FILE_BYTES))
            if told != county and not county.is_successor_of(told):
                store.identity.set_county(told)
    county = require_county(store)
    confirmed = answered = lost = 0
    for found in readable("receipts"):
        with problems.noting(found.path):
            receipts, chains = read_receipts(
                read_regular_file(found.path, MAX_RECEIPTS_BYTES), county
            )
            confirmed += store.outbox.record_receipts(receipts)
            lost += sum(store.outbox.record_sequence(chain) for chain in chains)
    for found in readable("answer", device_suffix(store.identity.device.device_id)):
        with problems.noting(found.path):
            answer = open_answer(
                read_regular_file(found.path, MAX_SEALED_BYTES), store.identity.device_key, county
            )
            answered += note_answer(store, answer)
    return FolderImport(confirmed, answered, lost, tuple(problems.found))
