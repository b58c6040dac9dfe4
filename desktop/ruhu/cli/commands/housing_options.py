"""`ruhu options`: a household's house rebuilt and repaired, side by side."""

import argparse
import json

from ruhu.cli.options.record_files import (
    add_arguments,
    households_only,
    read_day,
    read_records,
    read_standards,
)
from ruhu.i18n import BilingualText, Language
from ruhu.policy.advice.housing_options import housing_options
from ruhu.policy.formats.finding_json import finding_document
from ruhu.policy.language.numbers import to_plain

HELP = BilingualText(
    "新建与维修对照：面积范围和补助", "rebuild against repair: area range and subsidy"
)
BOUNDS = BilingualText("面积下限{lower}，上限{upper}", "area at least {lower}, at most {upper}")


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu options`."""
    add_arguments(parser, language)


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Print both ways of renovating for each household."""
    on = read_day(arguments.on)
    standards = read_standards(arguments.standards)
    for path, reading in households_only(read_records(arguments.records, on)):
        options = housing_options(reading, on=on, standards=standards)
        if arguments.json:
            rows = [
                {
                    "renovation": option.renovation.value,
                    "lower": None if option.lower is None else to_plain(option.lower),
                    "upper": None if option.upper is None else to_plain(option.upper),
                    "findings": [
                        finding_document(finding, language) for finding in option.findings
                    ],
                }
                for option in options
            ]
            answer = {"record_id": reading.record_id, "options": rows}
            print(json.dumps(answer, ensure_ascii=False))
            continue
        print(path)
        for option in options:
            lower, upper = option.bounds()
            bounds = BOUNDS.format(lower=lower, upper=upper)
            label = option.renovation.label.in_language(language)
            print(f"  {label}  {bounds.in_language(language)}")
            for finding in option.findings:
                title = finding.title.in_language(language)
                print(f"      {title}  {finding.explanation.in_language(language)}")
    return 0
