"""`ruhu indicators`: each county's rates from its household records, against the targets."""

import argparse
import json
import sys
from pathlib import Path

from ruhu.cli.commands.check import print_assessment
from ruhu.cli.options.files import read_file, with_file_name
from ruhu.cli.options.record_files import read_day
from ruhu.errors import UserError, UserErrors
from ruhu.i18n import BilingualText, Language
from ruhu.policy.advice.indicators import indicators_by_county
from ruhu.policy.evaluation.record_reader import RecordView, read_record
from ruhu.policy.formats.finding_json import assessment_document
from ruhu.strict_json import read_json

HELP = BilingualText("由农户记录计算县级指标并对照目标", "county rates from household records")


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu indicators`."""
    texts = {
        "records": BilingualText("农户记录文件（JSON）", "household record files (JSON)"),
        "on": BilingualText(
            "核对日，默认为各县最近的入户日期", "day of the check; the county's latest survey"
        ),
        "json": BilingualText("每个县输出一行 JSON", "print one line of JSON for each county"),
    }
    say = {name: text.in_language(language) for name, text in texts.items()}
    parser.add_argument("records", nargs="+", type=Path, metavar="RECORD.json", help=say["records"])
    parser.add_argument("--on", metavar="DATE", help=say["on"])
    parser.add_argument("--json", action="store_true", help=say["json"])


def _skipped(path: Path, reading: RecordView) -> BilingualText | None:
    """Return why a record counts for no county, or `None`."""
    if reading.kind != "household":
        return BilingualText(
            "{path}：不是农户记录，未计入", "{path}: no household record; not counted"
        )
    if reading.county is None:
        return BilingualText(
            "{path}：没有县代码（place.county），未计入", "{path}: no place.county; not counted"
        )
    return None


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Print one answer for each county. Nothing is printed unless all records are valid."""
    on = read_day(arguments.on)
    problems: list[BilingualText] = []
    records: list[RecordView] = []
    for path in arguments.records:
        try:
            reading = read_record(read_json(read_file(path)))
        except UserError as error:
            problems += with_file_name(path, error)
            continue
        reason = _skipped(path, reading)
        if reason is not None:
            print(reason.format(path=path).in_language(language), file=sys.stderr)
        else:
            records.append(reading)
    if problems:
        raise UserErrors(problems)
    answers = indicators_by_county(records, on)
    for answer in answers:
        if arguments.json:
            print(json.dumps(assessment_document(answer, language), ensure_ascii=False))
        else:
            print_assessment(answer, language)
    return 0
