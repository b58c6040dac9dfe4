"""Export records, the register and the device key."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ruhu.errors import UserError
from ruhu.files.atomic_write import write_atomic
from ruhu.store.search import Search
from ruhu.store.store import Store
from ruhu.ui.surveyor.session import Session

if TYPE_CHECKING:
    from ruhu.export.cell_text import AlteredCells
    from ruhu.export.register import RegisterExport


def write_households(
    session: Session, search: Search, path: Path, done: Callable[[int, "RegisterExport"], None]
) -> None:
    """Write the households a search finds to a file by its ending; `done` gets their number
    and what was written.
    """
    session.save(field="")

    def job(store: Store) -> "tuple[int, RegisterExport]":
        from ruhu.export.register import write_register

        found = store.records.summaries(search)
        documents = (store.records.document(s.record_id) for s in found)
        return len(found), write_register(documents, path)

    session.run(job, lambda counts: done(*counts))


def write_device(
    session: Session,
    path: Path,
    done: Callable[[], None],
    failed: Callable[[UserError], None],
) -> None:
    """Write this laptop's public key to a file, for the county to enrol it."""

    def job(store: Store) -> None:
        write_atomic(path, store.identity.device.model_dump_json(indent=1).encode())

    session.run(job, lambda _: done(), failed)


def export_record(session: Session, path: Path, done: Callable[["AlteredCells"], None]) -> None:
    """Write the record in hand as JSON; `done` gets where characters were replaced."""
    document = session.document

    def job(store: Store) -> "AlteredCells":
        from ruhu.export.register import write_record

        return write_record(document, path)

    session.run(job, done)
