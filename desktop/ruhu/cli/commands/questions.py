"""`ruhu questions`: what to ask next, by the money that waits for the answer."""

import argparse
import json

from ruhu.cli.options.record_files import add_arguments, read_day, read_records, read_standards
from ruhu.i18n import BilingualText, Language
from ruhu.policy.advice.next_questions import next_questions
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.language.numbers import to_plain
from ruhu.policy.packs.loader import pack_for
from ruhu.policy.text.labels import Labels

HELP = BilingualText(
    "接下来该问什么，各能落实多少钱", "what to ask next, and the money that waits for it"
)


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu questions`."""
    add_arguments(parser, language)


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Print the questions in their order."""
    on = read_day(arguments.on)
    standards = read_standards(arguments.standards)
    for path, reading in read_records(arguments.records, on):
        assessment = assess(reading, on=on, standards=standards)
        wording = Labels(pack_for(assessment.as_of), assessment.kind)
        questions = next_questions(assessment)
        if arguments.json:
            rows = [
                {
                    "path": question.path,
                    "money": to_plain(question.money),
                    "settles": [f"{f.rule} {f.subject}" for f in question.findings],
                }
                for question in questions
            ]
            answer = {"record_id": assessment.record_id, "questions": rows}
            print(json.dumps(answer, ensure_ascii=False))
            continue
        print(path)
        for question in questions:
            titles = dict.fromkeys(f.title.in_language(language) for f in question.findings)
            label = wording.missing(question.path).in_language(language)
            money = f"{question.money:,f}" if question.money else "–"
            print(f"  {label}  {question.path}\n      {money}  {'、'.join(titles)}")
    return 0
