"""Export records, the register and the device key."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from ruhu.errors import UserError
from ruhu.files.atomic_write import write_atomic
from ruhu.store.search import Search
from ruhu.store.store import Store
from ruhu.ui.core.i18n import interface, translate
from ruhu.ui.surveyor.operations.context import OperationContext
from ruhu.ui.surveyor.session import Session

if TYPE_CHECKING:
    from ruhu.export.cell_text import AlteredCells
    from ruhu.export.register import RegisterExport


def write_households(
    session: Session, search: Search, path: Path, done: Callable[[int, "RegisterExport"], None]
) -> None:
    """Write the households of a search to a file, in the format of its suffix.

    `done` gets their number and a summary of what was written.
    """
    session.editor.save(field="")

    def job(store: Store) -> "tuple[int, RegisterExport]":
        from ruhu.export.register import write_register

        summaries = store.records.summaries(search)
        documents = (store.records.document(s.record_id) for s in summaries)
        return len(summaries), write_register(documents, path)

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
    """Write the open record as JSON; `done` gets the characters that were replaced."""
    document = session.editor.document

    def job(store: Store) -> "AlteredCells":
        from ruhu.export.register import write_record

        return write_record(document, path)

    session.run(job, done)


def choose_export(context: OperationContext) -> None:
    """Choose a file for the listed households or the open record, and write it."""
    listed = translate("Export", "列出的农户")
    one_record = translate("Export", "只这一户")
    kinds = [f"{listed} (*.xlsx)", f"{listed} (*.csv)", f"{listed} (*.json)"]
    if context.session.editor.record_id is not None:
        kinds.append(f"{one_record} (*.json)")
    title = translate("Export", "导出到文件（不加密，请妥善保管）")
    name, kind = QFileDialog.getSaveFileName(context.window, title, "", ";;".join(kinds))
    if not name:
        return
    path, suffix = Path(name), kind.rpartition("*")[2].rstrip(")")
    if kind.startswith(one_record):
        write_open_record(context, path, suffix)
    else:
        write_listed(context, path, suffix)


def write_open_record(context: OperationContext, path: Path, suffix: str) -> None:
    """Write the open record to a file, with `suffix` if `path` has none."""
    file = path if path.suffix else path.with_suffix(suffix)
    export_record(
        context.session,
        file,
        lambda altered: _tell_exported(context, translate("Export", "一户"), file, altered),
    )


def write_listed(context: OperationContext, path: Path, suffix: str) -> None:
    """Write the listed households to a file, with `suffix` if `path` has none."""
    file = path if path.suffix else path.with_suffix(suffix)

    def done(households: int, written: "RegisterExport") -> None:
        count = translate("Export", "{0}户{1}人").format(households, written.persons)
        _tell_exported(context, count, file, written.altered)

    write_households(context.session, context.session.search, file, done)


def _tell_exported(
    context: OperationContext, count: str, file: Path, altered: "AlteredCells"
) -> None:
    text = translate("Export", "已导出{0}：{1}（未加密）").format(count, file.name)
    context.status_message.emit(interface.after(text, altered.text))
