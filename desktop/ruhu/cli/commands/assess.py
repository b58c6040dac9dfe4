"""`ruhu assess`: all records again, as after a change of the county's standards."""

import argparse
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from ruhu.cli.options.county import Place, add_user_options, database, open_county
from ruhu.cli.options.files import read_file, with_file_name
from ruhu.cli.options.record_files import add_standards_option, read_day, read_standards
from ruhu.errors import UserError, UserErrors
from ruhu.i18n import BilingualText, Language
from ruhu.policy.evaluation.assess import MISSING_SURVEY_DATE, governing_day
from ruhu.policy.evaluation.record_reader import RecordView, read_record
from ruhu.policy.packs.loader import pack_for
from ruhu.strict_json import read_json
from ruhu.survey.facts.catalogue import MODELS

HELP = BilingualText("重新核对全部记录，结果写入一个文件", "assess all records again into one file")

BATCH_RECORDS = 2000
"""Records assessed together: enough for columns to pay off, few enough for the memory."""

SQLITE = (".db", ".sqlite", ".sqlite3")


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu assess`."""

    def say(zh: str, en: str) -> str:
        return BilingualText(zh, en).in_language(language)

    parser.add_argument(
        "source",
        type=database,
        metavar="DB|DIR|NDJSON",
        help=say(
            "县数据库（.db 或 PostgreSQL 地址）、装有记录文件（*.json）的文件夹，或每行一条记录的文件",
            "the county's database (.db or a PostgreSQL URL), a folder of record files (*.json), or a file with a record a line",
        ),
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help=say("写入 .csv、.ndjson 或 .parquet", "written as .csv, .ndjson or .parquet"),
    )
    parser.add_argument(
        "--on",
        metavar="DATE",
        help=say("核对日，默认为各自的入户日期", "day of the check; each survey's date by default"),
    )
    add_standards_option(parser, language)
    add_user_options(parser, language)


class Origin(NamedTuple):
    """A record to read, and its place for error messages."""

    place: Path
    read: Callable[[], Any]


def _in_database(
    place: Place, arguments: argparse.Namespace, language: Language
) -> Iterator[Origin]:
    with open_county(place, arguments, language) as store:
        for kind in MODELS:
            for document in store.records.documents(kind):
                named = Path(f"{store.name}:{document.get('record_id')}")
                yield Origin(named, partial(dict, document))


def _read(path: Path) -> Any:
    return read_json(read_file(path))


def _in_folder(folder: Path) -> Iterator[Origin]:
    for path in sorted(folder.rglob("*.json")):
        yield Origin(path, partial(_read, path))


def _in_lines(path: Path) -> Iterator[Origin]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield Origin(path.with_name(f"{path.name}:{number}"), partial(read_json, line))
    except OSError:
        read_file(path)


def _is_database(source: Place) -> bool:
    return isinstance(source, str) or source.suffix.lower() in SQLITE


def _origins(arguments: argparse.Namespace, language: Language) -> Iterator[Origin]:
    source: Place = arguments.source
    if isinstance(source, str) or _is_database(source):
        return _in_database(source, arguments, language)
    if source.is_dir():
        return _in_folder(source)
    return _in_lines(source)


def _records(
    origins: Iterator[Origin], on: date | None, unvisited: Callable[[], None] | None
) -> Iterator[RecordView]:
    """Yield the records. Raises `UserErrors` with the problems of all, once all are read.

    With `unvisited`, one without a day of its visit is no problem: it is left out, and `unvisited` called.
    """
    problems: list[BilingualText] = []
    for origin in origins:
        try:
            reading = read_record(origin.read())
            pack_for(governing_day(reading, on))
        except UserError as error:
            if unvisited is not None and error.text == MISSING_SURVEY_DATE:
                unvisited()
            else:
                problems += with_file_name(origin.place, error)
        else:
            yield reading
    if problems:
        raise UserErrors(problems)


class AssessmentProgress:
    """Progress on the terminal."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._watched = sys.stderr.isatty()
        self.records = 0
        self.findings = 0
        self.unvisited = 0

    def leave_out(self) -> None:
        """Count a record without a visit."""
        self.unvisited += 1

    def add(self, records: int, findings: int) -> None:
        """Count finished records and print the progress."""
        self.records += records
        self.findings += findings
        if self._watched:
            print(f"\r{self.text}", end="", file=sys.stderr, flush=True)

    @property
    def text(self) -> str:
        """Return the counts in words."""
        text = BilingualText("已核对 {n} 条记录，{m} 项结果", "{n} records assessed, {m} findings")
        counted = text.format(n=f"{self.records:,}", m=f"{self.findings:,}")
        if self.unvisited:
            text = BilingualText(
                "{counted}；{n} 条还没有入户，没有核对（可用 --on 指定核对日）",
                "{counted}; {n} not visited yet are left out (--on names a day for them)",
            )
            counted = text.format(counted=counted, n=f"{self.unvisited:,}")
        return counted.in_language(self._language)


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Assess all records of the source. Nothing is written unless all of them are valid.

    Of a county's database households that were not visited yet are left out, and counted.
    """
    from ruhu.export.findings_file import require_supported_ending, write_findings
    from ruhu.policy.batch.assess import BatchRecord
    from ruhu.policy.batch.finding_rows import FindingRow, finding_rows

    on = read_day(arguments.on)
    standards = read_standards(arguments.standards)
    require_supported_ending(arguments.out)
    progress = AssessmentProgress(language)

    def batches() -> Iterator[list[FindingRow]]:
        leave_out = progress.leave_out if _is_database(arguments.source) else None
        records = _records(_origins(arguments, language), on, leave_out)
        while some := list(islice(records, BATCH_RECORDS)):
            cases = [BatchRecord(r.kind, r.root, r.county, governing_day(r, on)) for r in some]
            rows = finding_rows(cases, [reading.record_id for reading in some], standards)
            progress.add(len(some), len(rows))
            yield rows

    write_findings(arguments.out, batches())
    print(f"\r{progress.text}", file=sys.stderr)
    print(arguments.out)
    return 0
