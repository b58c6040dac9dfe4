"""`ruhu check`: what each record's household, enterprise, class or village is entitled to."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from ruhu.cli.options.record_files import add_arguments, read_day, read_records, read_standards
from ruhu.i18n import BilingualText, Language, one_line
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.finding import Assessment
from ruhu.policy.evaluation.record_reader import RecordView
from ruhu.policy.formats.finding_json import assessment_document
from ruhu.policy.standards.model import StandardsBook
from ruhu.policy.text.labels import join_texts

HELP = BilingualText(
    "核对记录：各项政策的结论、依据和还需核实的事实", "check records against the policy"
)


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu check`."""
    add_arguments(parser, language)
    help_text = BilingualText("也列出不适用的规则", "print rules that do not apply, too")
    parser.add_argument("--all", action="store_true", help=help_text.in_language(language))


def print_assessment(assessment: Assessment, language: Language) -> None:
    """Print an assessment for people to read."""
    print(f"{assessment.record_id}  {assessment.policy}  {assessment.as_of}")
    for finding in assessment.findings:
        print(
            f"  {finding.outcome.label.in_language(language)}  "
            f"{finding.title.in_language(language)}  [{finding.subject}]  {finding.clause}\n"
            f"      {finding.explanation.in_language(language)}"
        )


def _remarks(
    path: Path, reading: RecordView, assessment: Assessment, book: StandardsBook | None
) -> Iterator[BilingualText]:
    for key in reading.unknown_keys:
        yield BilingualText(
            "{path}：不认识“{key}”，已保留", "{path}: unknown key “{key}”, kept"
        ).format(path=path, key=one_line(key))
    for note in reading.notes:
        yield BilingualText("{path}：{note}", "{path}: {note}").format(path=path, note=note)
    if book is not None and assessment.standards is None:
        spans = [
            BilingualText("县 {c} {s}", "county {c} {s}").format(c=s.county, s=s.span)
            for s in book.sets
        ]
        yield BilingualText(
            "{path}：县标准不适用（{spans}），按没有标准核对",
            "{path}: the standards do not count ({spans}); checked as if there were none",
        ).format(path=path, spans=join_texts(spans, "；", "; "))


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Check the records. Nothing is printed on standard output unless all of them are valid."""
    on = read_day(arguments.on)
    standards = read_standards(arguments.standards)
    records = read_records(arguments.records, on)
    for key in (key for one in standards.sets for key in one.unknown_keys) if standards else ():
        text = BilingualText("不认识的标准“{key}”", "unknown standard “{key}”").format(
            key=one_line(key)
        )
        print(text.in_language(language), file=sys.stderr)
    for path, record in records:
        assessment = assess(record, on=on, standards=standards, show_all=arguments.all)
        for remark in _remarks(path, record, assessment, standards):
            print(remark.in_language(language), file=sys.stderr)
        if arguments.json:
            print(json.dumps(assessment_document(assessment, language), ensure_ascii=False))
        else:
            print_assessment(assessment, language)
    return 0
