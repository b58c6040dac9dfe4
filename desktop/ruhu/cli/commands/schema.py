"""`ruhu schema`: the JSON Schemas of records, standards, findings, and of what travels."""

import argparse
import json

from ruhu.exchange.formats.schemas import all_schemas
from ruhu.i18n import BilingualText, Language
from ruhu.survey.facts.catalogue import MODELS

TRAVELLING = ("bundle", "answer", "receipt", "chain", "county", "device")
HELP = BilingualText(
    "记录、县标准、结论、数据包的 JSON Schema",
    "JSON Schemas of records, standards, findings and bundles",
)


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu schema`."""
    help_text = BilingualText("哪一个", "which one")
    parser.add_argument(
        "name",
        choices=[*MODELS, "standards", "findings", *TRAVELLING],
        help=help_text.in_language(language),
    )


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Print one schema."""
    del language
    print(json.dumps(all_schemas()[arguments.name], ensure_ascii=False, indent=2))
    return 0
