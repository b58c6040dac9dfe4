"""Options that several commands share: record files, day and standards."""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ruhu.cli.options.files import read_file, with_file_name
from ruhu.errors import UserError, UserErrors
from ruhu.exchange.formats.signed_standards import open_standards
from ruhu.i18n import BilingualText, Language
from ruhu.policy.evaluation.assess import governing_day
from ruhu.policy.evaluation.record_reader import RecordView, read_record
from ruhu.policy.packs.loader import pack_for
from ruhu.policy.standards.files import read_standards_file
from ruhu.policy.standards.model import Standards, StandardsBook
from ruhu.policy.standards.parser import parse_standards
from ruhu.strict_json import read_json
from ruhu.survey.facts.types import read_date


def add_arguments(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the record files, `--on`, `--standards` and `--json`."""
    texts = {
        "records": BilingualText("记录文件（JSON）", "record files (JSON)"),
        "on": BilingualText(
            "核对日，默认为入户日期", "day of the check; the survey's date by default"
        ),
        "json": BilingualText("每条记录输出一行 JSON", "print one line of JSON for each record"),
    }
    say = {name: text.in_language(language) for name, text in texts.items()}
    parser.add_argument("records", nargs="+", type=Path, metavar="RECORD.json", help=say["records"])
    parser.add_argument("--on", metavar="DATE", help=say["on"])
    add_standards_option(parser, language)
    parser.add_argument("--json", action="store_true", help=say["json"])


def add_standards_option(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add `--standards`, which may be given for several dated sets."""
    text = BilingualText(
        "县标准文件（TOML、JSON 或已签名的）；有几套时可重复",
        "the county's standards (TOML, JSON or signed); again for each further set",
    )
    parser.add_argument(
        "--standards",
        type=Path,
        metavar="FILE",
        action="append",
        default=[],
        help=text.in_language(language),
    )


def read_day(text: str | None) -> date | None:
    """Return the day given with `--on`. Raises `UserError` if it is not a date, or before the first policy."""
    try:
        day: date | None = read_date(text)
    except ValueError:
        raise UserError(
            BilingualText(
                "--on：读到“{text}”；可填：日期，如 2017-06-01",
                "--on: read “{text}”; accepted: a date such as 2017-06-01",
            ).format(text=text)
        ) from None
    if day is not None:
        pack_for(day)
    return day


def read_standards(paths: Sequence[Path]) -> StandardsBook | None:
    """Return the county's standards if files are given. Raises `UserErrors` with every problem."""
    problems: list[BilingualText] = []
    sets: list[Standards] = []
    for path in paths:
        try:
            document = open_standards(read_standards_file(str(path), read_file(path)))
            sets.append(parse_standards(document))
        except UserError as error:
            problems += with_file_name(path, error)
    if problems:
        raise UserErrors(problems)
    return StandardsBook.of(sets) if sets else None


def read_records(paths: list[Path], on: date | None) -> list[tuple[Path, RecordView]]:
    """Read all records. Raises `UserErrors` with the problems of all of them, among them no day and one
    before the first policy.
    """
    problems: list[BilingualText] = []
    records: list[tuple[Path, RecordView]] = []
    for path in paths:
        try:
            record = read_record(read_json(read_file(path)))
            _check_day(record, on)
            records.append((path, record))
        except UserError as error:
            problems += with_file_name(path, error)
    if problems:
        raise UserErrors(problems)
    return records


def _check_day(record: RecordView, on: date | None) -> None:
    """Raise `UserError` where there is no day of the check, or the survey was before the first policy."""
    day = governing_day(record, on)
    try:
        pack_for(day)
    except UserError as error:
        where = BilingualText("survey.date：{why}", "survey.date: {why}")
        raise UserError(where.format(why=error.text)) from None


def households_only(records: list[tuple[Path, RecordView]]) -> list[tuple[Path, RecordView]]:
    """Return the records. Raises `UserErrors` if some are not households."""
    text = BilingualText("{path}：不是农户记录（kind）", "{path}: no household record (kind)")
    others = [text.format(path=path) for path, each in records if each.kind != "household"]
    if others:
        raise UserErrors(others)
    return records
