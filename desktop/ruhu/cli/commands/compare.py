"""`ruhu compare`: what the text of 2017 changes for a record against that of 2016."""

import argparse
import json

from ruhu.cli.options.record_files import add_arguments, read_day, read_records, read_standards
from ruhu.i18n import BilingualText, Language
from ruhu.policy.advice.comparison import compare
from ruhu.policy.evaluation.finding import Finding
from ruhu.policy.formats.finding_json import FindingDocument, finding_document

HELP = BilingualText(
    "对照2016年和2017年文本：哪些结论不同", "what changes between the texts of 2016 and 2017"
)
NO_FINDING = BilingualText("无此规定", "no such rule")


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu compare`."""
    add_arguments(parser, language)


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Print the findings that differ, both answers side by side."""
    on = read_day(arguments.on)
    standards = read_standards(arguments.standards)
    for path, reading in read_records(arguments.records, on):
        changes = compare(reading, on=on, standards=standards)
        if arguments.json:

            def side(finding: Finding | None) -> FindingDocument | None:
                return None if finding is None else finding_document(finding, language)

            shown = [{"before": side(c.before), "after": side(c.after)} for c in changes]
            answer = {"record_id": reading.record_id, "changes": shown}
            print(json.dumps(answer, ensure_ascii=False))
            continue
        print(path)
        for change in changes:
            print(f"  {change.title.in_language(language)}  [{change.finding.subject}]")
            for year, finding in (("2016", change.before), ("2017", change.after)):
                text = NO_FINDING if finding is None else finding.explanation
                print(f"      {year}  {text.in_language(language)}")
    return 0
