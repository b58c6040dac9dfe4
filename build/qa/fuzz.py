"""Throws damaged input at what reads from outside, until something breaks that should not.

usage: python -m build.qa.fuzz TARGET [-max_total_time=SECONDS ...]

TARGET is record, expression, or a reader of `build.qa.fuzz_targets`: bundle, bundle-text, container, answer,
receipts, county-key, device-key, recovery-request, roster, standards, slip-code, slip-file, photo, request.

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
    from build.qa.fuzz_targets import READERS, Reader, samples

    from ruhu.errors import UserError
    from ruhu.policy.evaluation.assess import assess
    from ruhu.policy.evaluation.record_reader import read_draft, read_record
    from ruhu.policy.language.parser import names_for, parse_expression
    from ruhu.policy.standards.model import FIGURES
    from ruhu.strict_json import read_json
    from ruhu.survey.validation.validate import parse_record
from build.qa.bench.made_up import household

NAMES = names_for("stay", frozenset({"limit"}), frozenset(FIGURES), frozenset({"net"}))


def record(data: bytes) -> None:
    """A record is refused with a sentence, or assessed; what can be read of a draft, too."""
    try:
        document = read_json(data)
        draft = read_draft(document)
        for on in (date(2016, 6, 1), date(2017, 6, 1)):
            assess(draft, on=on, show_all=True)
        read_record(document)
        parse_record(document)
    except UserError:
        return


def expression(data: bytes) -> None:
    """An expression of a pack is refused with a sentence, or parsed."""
    try:
        parse_expression(data.decode("utf-8", "replace"), NAMES)
    except UserError:
        return


def _reading(reader: Reader) -> Callable[[bytes], None]:
    """A reader refuses with a sentence, or reads."""

    def target(data: bytes) -> None:
        try:
            reader(data)
        except UserError:
            return

    return target


TARGETS: dict[str, Callable[[bytes], None]] = {
    "record": record,
    "expression": expression,
    **{name.replace(" ", "-"): _reading(reader) for name, reader in READERS.items()},
}


def _seeds(target: str, folder: Path) -> None:
    """Write valid inputs as seeds of the corpus."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(1)
    seeds = {name.replace(" ", "-"): [data] for name, data in samples().items()}
    seeds["record"] = [json.dumps(household(chance, size)).encode() for size in (1, 3, 5)]
    seeds["standards"].append(Path("resources/demo/standards.toml").read_bytes())
    seeds["expression"] = [
        b"min(stay.total, figure.limit) * standards.health.basic[stay.level].rate > 0",
        b"any(t.certificate and t.type == 'vocational' for t in member.trainings)",
    ]
    for number, data in enumerate(seeds[target]):
        (folder / f"seed-{number}").write_bytes(data)


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
