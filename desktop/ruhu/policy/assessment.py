"""Assessing one record: every rule of the version in force on a day."""

import hashlib
import json
from datetime import date

from ruhu.policy.area_range import rule_on_range
from ruhu.policy.evaluation import Scope
from ruhu.policy.explanation import explain
from ruhu.policy.finding import Assessment, Finding, Outcome
from ruhu.policy.frame import Frame
from ruhu.policy.language import SUBJECTS
from ruhu.policy.numbers import as_decimal, to_fen
from ruhu.policy.pack import Pack
from ruhu.policy.packs import pack_for
from ruhu.policy.rulings import Ruling, rule_on
from ruhu.policy.standards import Standards
from ruhu.policy.subjects import Subject, subject_of
from ruhu.policy.wording import Wording
from ruhu.survey.facts import catalogue, plain
from ruhu.survey.record import Parsed, to_document
from ruhu.survey.text import Text, UserError

NO_DAY = Text(
    "没有入户日期（survey.date），请用 --on 指定核对日",
    "no survey.date; give the day of the check with --on",
)


def governing_day(parsed: Parsed, on: date | None) -> date:
    """The day of the check: `on`, else the survey's. Raises `UserError` when there is neither."""
    day = on or parsed.record.survey.date
    if day is None:
        raise UserError(NO_DAY)
    return day


def facts_hash(parsed: Parsed) -> str:
    """A digest of the facts, the same for the same facts in any order."""
    text = json.dumps(to_document(parsed.document), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _scopes(root: Subject, frame: Frame) -> dict[str, list[tuple[Subject, Scope]]]:
    """Every subject of the record with its scope, by the list it stands in."""
    return {
        place: [(subject, frame.scope(subject)) for subject in root.items(place)]
        for place in frame.names
    }


def _order(kind: str) -> dict[str, int]:
    return {path: index for index, path in enumerate(catalogue(kind))}


def _finding(
    ruling: Ruling, subject: Subject, scope: Scope, wording: Wording, order: dict[str, int]
) -> Finding:
    rule = ruling.rule
    name = rule.subject if not subject.place else f"{rule.subject}:{subject.identity}"
    sentence, steps = explain(ruling, scope, wording)
    missing = sorted(ruling.missing, key=lambda path: (order.get(plain(path), 10**6), path))
    return Finding(
        rule.id,
        name,
        rule.kind,
        ruling.outcome,
        ruling.strength,
        rule.clause,
        rule.title,
        None if ruling.value is None else as_decimal(ruling.value),
        None if ruling.limit is None else as_decimal(ruling.limit),
        rule.unit,
        None if ruling.amount is None else to_fen(ruling.amount),
        rule.per,
        rule.grant,
        None if ruling.possible is None else to_fen(ruling.possible),
        tuple(missing),
        sentence,
        steps,
    )


def assess(
    parsed: Parsed,
    *,
    on: date | None = None,
    standards: Standards | None = None,
    pack: Pack | None = None,
    show_all: bool = False,
) -> Assessment:
    """Assess a record as of `on` (absent: its survey date) by the version in force that day.

    `standards` out of force that day or of another county count as absent. `show_all` adds the
    rules that do not apply. Raises `UserError` without a day, or before the first version.
    """
    day = governing_day(parsed, on)
    pack = pack or pack_for(day)
    kind = parsed.record.kind
    if standards is not None and not standards.in_force(day, parsed.record.place.county):
        standards = None
    root = subject_of(parsed.record)
    wording, order = Wording(pack, kind), _order(kind)
    rules = pack.rules_for(kind)
    by_id = {rule.id: rule for rule in rules}
    scopes = _scopes(root, Frame.of(pack, kind, day, standards))
    findings: list[Finding] = []
    for rule in rules:
        for subject, scope in scopes[SUBJECTS[rule.subject][1]]:
            if rule.over is not None and rule.over not in subject.lists:
                continue
            ruling = rule_on_range(rule, by_id, scope) if rule.range_of else rule_on(rule, scope)
            if show_all or ruling.outcome is not Outcome.NOT_APPLICABLE:
                findings.append(_finding(ruling, subject, scope, wording, order))
    return Assessment(
        str(parsed.record.record_id),
        kind,
        pack.id,
        day,
        pack.digest,
        facts_hash(parsed),
        tuple(findings),
        tuple(parsed.notes),
    )
