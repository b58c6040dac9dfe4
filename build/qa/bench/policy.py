"""Rules: one household with its explanations, and a whole region in columns."""

import random
import statistics
import sys
import time
from collections.abc import Iterator

from build.qa.bench.figures import Figure
from build.qa.bench.made_up import DAY, household
from build.qa.bench.openfisca import Peer
from build.qa.bench.region import region

from ruhu.policy.batch.assess import evaluate_rules
from ruhu.policy.batch.record_table import build_table
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.context import EvaluationContext
from ruhu.policy.evaluation.record_reader import read_record, root_of
from ruhu.policy.packs.loader import pack_for
from ruhu.policy.standards.files import read_standards_file
from ruhu.policy.standards.model import Standards
from ruhu.policy.standards.parser import parse_standards
from ruhu.resources import resource
from ruhu.strict_json import Document

AT_ONCE = 15_000
"""Households worked out together: their columns fit the processor's cache."""

WHOLE_REGION = 1_400_000


def sample_standards() -> Standards:
    """Return the sample standards shipped with the program."""
    path = resource("demo/standards.toml")
    return parse_standards(read_standards_file(path.name, path.read_bytes()))


def _timed(
    households: list[Document], standards: Standards, *, show_all: bool = True
) -> tuple[list[float], int]:
    """Seconds for each from its document, as the peer begins with a situation that is still to be read;
    and how many findings there were.
    """
    taken: list[float] = []
    findings = 0
    for document in households:
        start = time.perf_counter()
        assessment = assess(read_record(document), standards=standards, show_all=show_all)
        taken.append(time.perf_counter() - start)
        assert all(f.steps and f.explanation.zh and f.explanation.en for f in assessment.findings)
        findings += len(assessment.findings)
    return taken, findings


def household_figures(peer: Peer | None, *, quick: bool) -> Iterator[Figure]:
    """Measure one household of five: reading, every rule, and its explanation in both languages.

    Three ways: the same household again; one fact changed from the last time, as while typing; and
    households never seen before, after as many others.
    """
    chance, standards = random.Random(7), sample_standards()
    count = 20 if quick else 400
    others = [household(chance, 5) for _ in range(count)]
    new = [household(chance, 5) for _ in range(count)]
    _timed(others, standards)
    document = new[0]
    typed = [
        {**document, "housing": {**document["housing"], "floor_area_m2": str(30 + n)}}
        for n in range(count)
    ]
    theirs = peer.answers("household", str(count)) if peer else None
    rate = theirs["answers"] / theirs["seconds"] if theirs else None
    ways = {"again": [new[1]] * count, "one fact changed": typed, "never seen": new[2:]}
    for way, households in ways.items():
        taken, findings = _timed(households, standards)
        middle = statistics.median(taken)
        ours = findings / len(taken) / middle
        yield Figure(
            f"household of five, {way}: findings a second, all explained",
            f"{ours:,.0f} ({middle * 1000:.3f} ms for {findings // len(taken)})",
            f"OpenFisca, traced: {rate:,.0f}" if rate else "",
            ours / rate if rate else None,
            at_least=50.0 if way == "never seen" else None,
        )
    _timed(others, standards, show_all=False)
    taken, findings = _timed(new, standards, show_all=False)
    middle = statistics.median(taken) * 1000
    yield Figure(
        "household of five, never seen, what applies to it: milliseconds",
        f"{middle:.3f} for {findings // len(taken)} findings",
        "",
        middle,
        at_most=1.0,
    )


def _memory() -> float:
    """Return the peak memory of this process in GiB."""
    if sys.platform == "win32":
        return 0.0
    import resource as limits

    return limits.getrusage(limits.RUSAGE_SELF).ru_maxrss / 1024**2


def _columns(households: int, frame: EvaluationContext) -> tuple[float, int]:
    """Seconds to work out every household and member rule, amounts too, and how many answers."""
    table = region(households)
    answers = 0
    start = time.perf_counter()
    for part in table.parts(AT_ONCE):
        for rulings in evaluate_rules(part, frame):
            rulings.amount.fen()
            answers += part.places[frame.place_of(rulings.rule)].size
    return time.perf_counter() - start, answers


def batch_figures(peer: Peer | None, *, quick: bool) -> Iterator[Figure]:
    """Measure a region from columns, and a county from its records with the reading counted separately."""
    frame = EvaluationContext.of(pack_for(DAY), "household", DAY, sample_standards())
    size = 20_000 if quick else WHOLE_REGION
    small, _ = _columns(10_000, frame)
    seconds, answers = _columns(size, frame)
    theirs = peer.answers("batch", str(size)) if peer else None
    rate = theirs["answers"] / theirs["seconds"] if theirs else None
    ours = answers / seconds
    yield Figure(
        f"{size:,} households from columns: answers a second (a rule for a subject)",
        f"{ours:,.0f} ({seconds:.2f} s)",
        f"OpenFisca: {rate:,.0f}" if rate else "",
        ours / rate if rate else None,
        at_least=2.0,
    )
    growth = (seconds / size) / (small / 10_000)
    yield Figure(f"time a household at {size:,} against 10,000", "", "", growth, at_most=1.5)
    memory = _memory()
    yield Figure("most memory held, GiB", f"{memory:.2f}", "", memory, at_most=4.0)
    yield from _from_records(frame, 300 if quick else 10_000)


def _from_records(frame: EvaluationContext, count: int) -> Iterator[Figure]:
    chance = random.Random(5)
    documents = [household(chance, chance.randint(1, 7)) for _ in range(count)]
    start = time.perf_counter()
    roots = [root_of(document) for document in documents]
    read = time.perf_counter()
    table = build_table("household", roots, [DAY] * count)
    made = time.perf_counter()
    for rulings in evaluate_rules(table, frame):
        rulings.amount.fen()
    done = time.perf_counter()
    shares = (read - start, made - read, done - made)
    yield Figure(
        f"{count:,} households from their records: households a second",
        f"{count / (done - start):,.0f}",
        "of the time: reading {:.0%}, columns {:.0%}, rules {:.0%}".format(
            *(share / (done - start) for share in shares)
        ),
        None,
    )
