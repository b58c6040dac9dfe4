"""A proof that every answer shows its clause and its arithmetic.

It reads all findings of a made-up county as printed, in both languages, and recalculates them from that text.
"""

import contextlib
import os
import random
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from build.qa.bench.made_up import household
from build.qa.explanations.arithmetic import (
    CHINESE,
    ENGLISH,
    Line,
    NotArithmetic,
    Operand,
    Style,
    money,
    read_line,
    read_operand,
)
from build.qa.report import Report
from msgspec.structs import replace

from ruhu.cli.options.record_files import read_standards
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.finding import Finding, Outcome, StepStatus
from ruhu.policy.evaluation.record_reader import read_record
from ruhu.policy.packs.loader import pack_for
from ruhu.policy.standards.model import FIGURES, TIERS_LABEL
from ruhu.resources import resource
from ruhu.survey.facts.catalogue import catalogue

HOUSEHOLDS = 30_000
AT_ONCE = 200
ABSENT = 0.06
"""The share of facts that are taken away, each by chance, besides what is made up without them."""
DAYS = ("2016-06-01", "2017-06-01", "2017-06-01", "2018-03-01")
NEVER_ABSENT = ("record_id", "kind", "survey", "place", "county", "date")
AMOUNT = BilingualText("金额", "Amount")
STANDARDS = resource("demo") / "standards.toml"
CONSTANTS = frozenset(map(Fraction, (0, 1, 12, 100)))
"""Bare numbers that need no name: zero, one, the months of a year, per cent."""


def _without_some(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        return {
            name: _without_some(part, chance)
            for name, part in value.items()
            if name in NEVER_ABSENT or name.endswith("_id") or chance.random() >= ABSENT
        }
    if isinstance(value, list):
        return [_without_some(part, chance) for part in value]
    return value


def _add_rarer_facts(document: dict[str, Any], chance: random.Random) -> None:
    """Facts of the rules that the benches' households never meet."""
    if chance.random() < 0.3:
        document["farming"]["insurance"] = {
            "policy_based": True,
            "bought_on": f"2017-0{chance.randrange(1, 6)}-10",
            "premium": str(chance.randrange(500, 30_000) / 100),
        }
    for member in document["members"]:
        schooling = member["schooling"]
        if schooling["stage"] in ("senior_high", "undergraduate") and chance.random() < 0.6:
            schooling["stage"] = chance.choice(["secondary_vocational", "higher_vocational"])
            schooling["from_secondary_vocational"] = chance.random() < 0.5
            schooling["women_class"] = chance.random() < 0.2
        schooling["enrolment_confirmed"] = chance.random() < 0.7
        if "labour" in member and chance.random() < 0.25:
            member["business"] = {
                "form": chance.choice(["individual", "other"]),
                "operating": chance.random() < 0.8,
                "registered_on": f"201{chance.randrange(3, 7)}-03-0{chance.randrange(1, 9)}",
            }
            farming = chance.random() < 0.5
            member.setdefault("trainings", []).append(
                {
                    "training_id": "t2",
                    "type": "practical_farming" if farming else "short_term_skill",
                    "organiser": "poverty_office",
                    "on": "2017-04-10",
                    "days": chance.randrange(1, 15),
                    "certificate": chance.random() < 0.8,
                }
            )
        for stay in member.get("stays", []):
            stay["major_spend"] = str(chance.randrange(0, 12_000_000) / 100)
            if chance.random() < 0.3:
                stay["reimbursed"] = str(int(stay["total"]) // 2)


def made_up(seed: int) -> Iterator[dict[str, Any]]:
    """Some households of the county, facts absent here and there, under the texts of both years."""
    chance = random.Random(seed)
    for _ in range(AT_ONCE):
        document = household(chance, chance.randrange(1, 8))
        document["survey"]["date"] = chance.choice(DAYS)
        _add_rarer_facts(document, chance)
        kept: dict[str, Any] = _without_some(document, chance)
        yield kept


@dataclass
class Printed:
    """What one finding prints in one language, and what a reader may take from it."""

    finding: Finding
    style: Style
    figures: dict[str, Operand]
    """Figures of the notice, each with its clause."""
    lines: dict[str, Line]
    problems: list[str]

    @classmethod
    def of(cls, finding: Finding, style: Style) -> "Printed":
        """Read the steps."""
        printed = cls(finding, style, {}, {}, [])
        for step in finding.steps:
            text = step.text.zh if style is CHINESE else step.text.en
            if not text.strip():
                printed.problems.append("an empty step")
            try:
                if step.mark is StepStatus.FIGURE and step.clause:
                    label, _, _ = text.rpartition(style.colon)
                    printed.figures[label] = read_operand(text, style)
                elif step.mark is StepStatus.RESULT and step.clause is None:
                    printed._read_result(text)
            except NotArithmetic as error:
                printed.problems.append(f"cannot be worked out: {error}")
        return printed

    def _read_result(self, text: str) -> None:
        line = read_line(text, self.style)
        if line is None:
            label, colon, _ = text.rpartition(self.style.colon)
            if colon:
                value = read_operand(text, self.style)
                line = Line(label, value.value, (), value)
            else:
                return
        self.lines[line.label] = line


class Origins:
    """Where the numbers of a formula may come from, besides what the finding itself prints before."""

    def __init__(self) -> None:
        raw = tomllib.loads(STANDARDS.read_text(encoding="utf-8"), parse_float=Fraction)
        tiers = raw["health"]["major"].pop("tiers")
        values = dict(_leaves(raw))
        called = {path: figure.label for path, figure in FIGURES.items()}
        self._rates = {_fraction(tier["rate"]) for tier in tiers}
        self._ends = {_fraction(tier["up_to"]) for tier in tiers if "up_to" in tier}
        self._standards = {
            style: {
                _of_county(label, style): _fraction(values[path])
                for path, label in called.items()
                if not isinstance(values.get(path), (bool, type(None)))
            }
            for style in (CHINESE, ENGLISH)
        }
        self._facts = {
            style: frozenset(
                _in_style(fact.label, style) for fact in catalogue("household").values()
            )
            for style in (CHINESE, ENGLISH)
        }

    def of(self, operand: Operand, printed: Printed, numbers: frozenset[Fraction]) -> str:
        """Where an operand comes from; empty where a reader cannot tell, or it is another number."""
        label, value, style = operand.label, operand.value, printed.style
        if label in printed.figures:
            return "clause" if printed.figures[label].value == value else ""
        if label in printed.lines:
            return "line above" if printed.lines[label].result.value == value else ""
        if label == _of_county(TIERS_LABEL, style):
            return "standard" if value in self._rates else ""
        if label in self._standards[style]:
            return "standard" if self._standards[style][label] == value else ""
        if label in self._facts[style]:
            return "fact" if value in numbers or value == 0 else ""
        return "constant" if not label and (value in CONSTANTS or value in self._ends) else ""


def _in_style(text: BilingualText, style: Style) -> str:
    return text.zh if style is CHINESE else text.en


def _of_county(label: BilingualText, style: Style) -> str:
    return f"县标准“{label.zh}”" if style is CHINESE else f"county standard “{label.en}”"


def _fraction(value: Any) -> Fraction:
    return Fraction(str(value)) if isinstance(value, str) else Fraction(value)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _leaves(part, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part, path)
    else:
        yield path, value


def _numbers(document: dict[str, Any]) -> frozenset[Fraction]:
    found = set()
    for _, value in _leaves(document):
        with contextlib.suppress(ValueError):
            found.add(Fraction(str(value)))
    return frozenset(found)


def examine(
    finding: Finding, clauses: Mapping[str, Any], origins: Origins, numbers: frozenset[Fraction]
) -> tuple[Counter[str], list[str]]:
    """What one finding holds, and what is wrong with it."""
    counted, wrong = Counter[str](findings=1), list[str]()
    last = finding.steps[-1] if finding.steps else None
    if finding.clause not in clauses or last is None or last.clause != finding.clause:
        wrong.append("no clause, or no steps that end with it")
    wrong += [
        f"clause {step.clause} is in no text"
        for step in finding.steps
        if step.clause is not None and step.clause not in clauses
    ]
    worked = []
    for style in (CHINESE, ENGLISH):
        printed = Printed.of(finding, style)
        wrong += printed.problems
        for line in printed.lines.values():
            counted["lines"] += 1
            if not line.right:
                wrong.append(f"{line.label}: {float(line.value)} is not {float(line.result.value)}")
            for operand in line.operands:
                origin = origins.of(operand, printed, numbers)
                counted[origin] += 1
                if not origin:
                    wrong.append(f"{line.label}: whence is {operand.label} {operand.value}?")
        worked.append([line.value for line in printed.lines.values()])
        if finding.amount is not None:
            counted["amounts"] += style is CHINESE
            amount = printed.lines.get(_in_style(AMOUNT, style))
            if (
                amount is None
                or not amount.operands
                or amount.result.value != money(finding.amount)
            ):
                wrong.append(f"the arithmetic of {finding.amount} is missing")
    if worked[0] != worked[1]:
        wrong.append("the languages differ")
    return counted, wrong


def examine_some(seed: int) -> tuple[Counter[str], Counter[str], list[str]]:
    """Some households: what was counted, amounts by rule, and what is wrong, with the rule."""
    origins = Origins()
    standards = read_standards([STANDARDS])
    counted, rules, wrong = Counter[str](), Counter[str](), list[str]()
    for document in made_up(seed):
        found = assess(read_record(document), standards=standards)
        clauses, numbers = pack_for(found.as_of).clauses, _numbers(document)
        counted["households"] += 1
        for finding in found.findings:
            more, problems = examine(finding, clauses, origins, numbers)
            counted += more
            counted[finding.outcome.value] += 1
            rules[finding.rule] += finding.amount is not None
            wrong += [f"{finding.rule} {problem}" for problem in problems]
    return counted, rules, wrong


def control(report: Report) -> None:
    """An answer with another amount, clause or number in its arithmetic must be found out."""
    origins, standards = Origins(), read_standards([STANDARDS])
    caught = altered = 0
    for document in made_up(0):
        found = assess(read_record(document), standards=standards)
        clauses, numbers = pack_for(found.as_of).clauses, _numbers(document)
        for finding in found.findings:
            if finding.amount is None:
                continue
            for other in _altered(finding):
                altered += 1
                caught += bool(examine(other, clauses, origins, numbers)[1])
    report.add("answers altered on purpose", altered=altered, found_out=caught)
    if caught < altered:
        report.broken("answers altered on purpose", f"{altered - caught} were taken as good")


def _altered(finding: Finding) -> Iterator[Finding]:
    assert finding.amount is not None
    yield replace(finding, amount=finding.amount + 1)
    yield replace(finding, clause="housing/9/9")
    at = next(i for i, s in enumerate(finding.steps) if s.text.zh.startswith(f"{AMOUNT.zh} ＝"))
    step = finding.steps[at]
    result = step.text.en.rsplit(ENGLISH.equals, 1)[-1]
    text = BilingualText(step.text.zh, step.text.en.replace(result, "7 CNY"))
    yield replace(
        finding, steps=(*finding.steps[:at], replace(step, text=text), *finding.steps[at + 1 :])
    )


def prove(report: Report, *, quick: bool) -> None:
    """Examine the county, on every processor."""
    parts = 1 if quick else HOUSEHOLDS // AT_ONCE
    counted, rules, wrong = Counter[str](), Counter[str](), Counter[str]()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for some, by_rule, problems in pool.map(examine_some, range(parts)):
            counted += some
            rules += by_rule
            wrong.update(problems)
    report.add(
        "a county",
        households=counted["households"],
        findings=counted["findings"],
        outcomes=", ".join(f"{o.value} {counted[o.value]:,}" for o in Outcome if counted[o.value]),
    )
    report.add(
        "recalculated from what is printed, in both languages",
        amounts=counted["amounts"],
        rules_with_amounts=len(+rules),
        lines=counted["lines"],
        mismatches=sum(wrong.values()),
    )
    report.add(
        "where the numbers of the formulas come from",
        **{origin: counted[origin] for origin in ("clause", "standard", "fact", "line above")},
        bare_numbers=counted["constant"],
    )
    control(report)
    for problem, times in wrong.most_common(50):
        report.broken(f"{times} times", problem)
