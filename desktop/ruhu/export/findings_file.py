"""Write the findings of many records: CSV for Excel, NDJSON, or Parquet for statistics."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.batch.finding_rows import FindingRow

Batches = Iterable[list[FindingRow]]


def _flat(row: FindingRow) -> list[Any]:
    """Return a row with one plain value in each field."""
    cells = list(row)
    cells[-1] = "; ".join(row.missing)
    return cells


def _write_csv(path: Path, batches: Batches) -> None:
    # Excel recognises UTF-8 only by a byte order mark.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FindingRow._fields)
        for rows in batches:
            writer.writerows(map(_flat, rows))


def _write_ndjson(path: Path, batches: Batches) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for rows in batches:
            for row in rows:
                json.dump(row._asdict(), file, ensure_ascii=False, default=str)
                file.write("\n")


def _write_parquet(path: Path, batches: Batches) -> None:
    from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
    from arro3.io import write_parquet

    kinds = {name: DataType.string() for name in FindingRow._fields}
    kinds["as_of"] = DataType.date32()
    kinds |= dict.fromkeys(("value", "limit"), DataType.decimal128(28, 8))
    kinds["amount"] = DataType.decimal128(20, 2)
    schema = Schema([Field(name, kind, nullable=True) for name, kind in kinds.items()])

    def columns(rows: list[FindingRow]) -> Iterator[Array]:
        for values, kind in zip(zip(*map(_flat, rows), strict=True), kinds.values(), strict=True):
            texts = [None if value is None else str(value) for value in values]
            yield Array(texts, type=DataType.string()).cast(kind)

    stopped: list[BaseException] = []

    def record_batches() -> Iterator[RecordBatch]:
        # The library would wrap our exception in one of its own; it only sees the end of the batches.
        try:
            for rows in batches:
                if rows:
                    yield RecordBatch.from_arrays(list(columns(rows)), schema=schema)
        except BaseException as error:  # noqa: BLE001 - raised again below
            stopped.append(error)

    write_parquet(RecordBatchReader.from_batches(schema, record_batches()), str(path))
    if stopped:
        raise stopped[0]


_WRITERS: dict[str, Callable[[Path, Batches], None]] = {
    ".csv": _write_csv,
    ".ndjson": _write_ndjson,
    ".parquet": _write_parquet,
}


@contextmanager
def _atomic_file(path: Path) -> Iterator[Path]:
    """Yield a temporary file that gets its name only when complete."""
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise UserError(
            BilingualText("{path}：写不了（{why}）", "{path}: cannot be written ({why})").format(
                path=path, why=error.strerror
            )
        ) from None
    finally:
        part.unlink(missing_ok=True)


def require_supported_ending(path: Path) -> None:
    """Raise `UserError` unless the file's ending is supported."""
    if path.suffix.lower() not in _WRITERS:
        endings = ", ".join(_WRITERS)
        raise UserError(
            BilingualText(
                "{path}：文件名请以 {endings} 结尾",
                "{path}: the file name must end with one of {endings}",
            ).format(path=path, endings=endings)
        )


def write_findings(path: Path, batches: Batches) -> None:
    """Write batches of findings to `path`, in the format of its ending.

    If `batches` fails, the previous file is kept. Raises `UserError` for another ending or an unwritable
    path.
    """
    require_supported_ending(path)
    with _atomic_file(path) as part:
        _WRITERS[path.suffix.lower()](part, batches)
