"""Throws damaged input at what reads from outside, until something breaks that should not.

usage: python -m build.fuzz record|standards|expression [-max_total_time=SECONDS ...]

Needs `pip install atheris` in the environment (Linux); what it finds belongs in the tests. The inputs
tried so far are kept in out/fuzz.
"""

import json
import random
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ruhu"]):
    from ruhu.policy.assessment import assess
    from ruhu.policy.language import names_for, parse_expression
    from ruhu.policy.standards import FIGURES, parse_standards
    from ruhu.policy.standards_file import read_standards_file
    from ruhu.survey.record import parse_draft, parse_record
    from ruhu.survey.strict_json import read_json
    from ruhu.survey.text import UserError

from build.bench.made_up import household

NAMES = names_for("stay", frozenset({"limit"}), frozenset(FIGURES), frozenset({"net"}))


def record(data: bytes) -> None:
    """A record is refused with a sentence, or assessed; what can be read of a draft, too."""
    try:
        document = read_json(data)
        draft, _ = parse_draft(document)
        for on in (date(2016, 6, 1), date(2017, 6, 1)):
            assess(draft, on=on, show_all=True)
        parse_record(document)
    except UserError:
        return


def standards(data: bytes) -> None:
    """A standards file is refused with a sentence, or read."""
    for name in ("x.toml", "x.json"):
        try:
            parse_standards(read_standards_file(name, data))
        except UserError:
            continue


def expression(data: bytes) -> None:
    """An expression of a pack is refused with a sentence, or parsed."""
    try:
        parse_expression(data.decode("utf-8", "replace"), NAMES)
    except UserError:
        return


TARGETS: dict[str, Callable[[bytes], None]] = {
    "record": record,
    "standards": standards,
    "expression": expression,
}


def _seeds(target: str, folder: Path) -> None:
    """Something sound to begin with."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(1)
    samples = {
        "record": [json.dumps(household(chance, size)) for size in (1, 3, 5)],
        "standards": [Path("resources/demo/standards.toml").read_text(encoding="utf-8")],
        "expression": [
            "min(stay.total, figure.limit) * standards.health.basic[stay.level].rate > 0",
            "any(t.certificate and t.type == 'vocational' for t in member.trainings)",
        ],
    }
    for number, text in enumerate(samples[target]):
        (folder / f"seed-{number}").write_text(text, encoding="utf-8")


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        sys.exit(str(__doc__))
    target = sys.argv[1]
    corpus = Path("out/fuzz") / target
    _seeds(target, corpus)
    words = [sys.argv[0], str(corpus), f"-artifact_prefix={corpus}-", *sys.argv[2:]]
    atheris.Setup(words, TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
