"""Assessing one record: every rule of the version in force on a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain

from ruhu.policy.area_range import rule_on_range
from ruhu.policy.evaluation import Scope
from ruhu.policy.explanation import explain
from ruhu.policy.finding import Assessment, Finding, Outcome
from ruhu.policy.frame import Frame
from ruhu.policy.numbers import as_decimal, to_fen
from ruhu.policy.pack import Pack, Rule
from ruhu.policy.packs import pack_for
from ruhu.policy.reuse import Address, Chain, Memory, Reads
from ruhu.policy.rulings import Ruling, rule_on
from ruhu.policy.standards import DatedStandards, Standards
from ruhu.policy.subjects import Subject, subject_of
from ruhu.policy.wording import Wording
from ruhu.survey.facts import catalogue, plain
from ruhu.survey.record import Parsed
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


def _order(kind: str) -> dict[str, int]:
    return {path: index for index, path in enumerate(catalogue(kind))}


@dataclass(frozen=True, slots=True)
class _Kept:
    """Some rules about the same kind of subject, what they read and what they answered so far."""

    rules: tuple[int, ...]
    reads: Reads
    memory: Memory


class _Desk:
    """The rules of one frame, sorted by what they read: plan by plan, and each rule by itself."""

    def __init__(self, frame: Frame, kind: str, *, show_all: bool) -> None:
        self.frame = frame
        self.wording, self.order = Wording(frame.pack, kind), _order(kind)
        self.rules = frame.pack.rules_for(kind)
        self.by_id = {rule.id: rule for rule in self.rules}
        self.show_all = show_all
        self.single = [self._kept((at,)) for at in range(len(self.rules))]
        plans: dict[tuple[str, str], list[int]] = {}
        for at, rule in enumerate(self.rules):
            plans.setdefault((frame.place_of(rule), rule.plan), []).append(at)
        self.plans: dict[str, list[_Kept]] = {place: [] for place in frame.names}
        for (place, _), rules in plans.items():
            self.plans[place].append(self._kept(tuple(rules)))

    def _kept(self, indexes: tuple[int, ...]) -> _Kept:
        rules = [self.rules[at] for at in indexes]
        bounds = [self.by_id[name] for rule in rules for name in rule.range_of]
        return _Kept(indexes, Reads.of(self.frame.pack, (*rules, *bounds)), Memory())

    def findings(self, root: Subject) -> Iterator[Finding]:
        """The findings about a record, rule by rule."""
        found: list[list[Finding]] = [[] for _ in self.rules]
        for place in self.frame.names:
            for subject in root.items(place):
                chain_ = (*subject.parents, subject)
                address = tuple([link.address for link in chain_])
                scope: Scope | None = None
                for plan in self.plans[place]:
                    key = plan.reads.key(chain_)
                    answers = plan.memory.recall(key, chain_, address)
                    if answers is None:
                        scope = scope or self.frame.scope(subject)
                        worked_out = tuple(self._plan(plan, chain_, address, scope))
                        answers = plan.memory.keep(key, address, worked_out)
                    for at, finding in zip(plan.rules, answers, strict=True):
                        if finding is not None:
                            found[at].append(finding)
        return chain.from_iterable(found)

    def _plan(
        self, plan: _Kept, chain_: Chain, address: Address, scope: Scope
    ) -> Iterator[Finding | None]:
        for at in plan.rules:
            single = self.single[at]
            key = single.reads.key(chain_)
            answers = single.memory.recall(key, chain_, address)
            if answers is None:
                finding = self._rule(self.rules[at], chain_[-1], scope)
                answers = single.memory.keep(key, address, (finding,))
            yield answers[0]

    def _rule(self, rule: Rule, subject: Subject, scope: Scope) -> Finding | None:
        if rule.over is not None and rule.over not in subject.lists:
            return None
        ruling = rule_on_range(rule, self.by_id, scope) if rule.range_of else rule_on(rule, scope)
        if not self.show_all and ruling.outcome is Outcome.NOT_APPLICABLE:
            return None
        return _finding(ruling, subject, scope, self.wording, self.order)


@lru_cache(maxsize=16)
def _desk(pack: Pack, kind: str, day: date, standards: Standards | None, show_all: bool) -> _Desk:
    return _Desk(Frame.of(pack, kind, day, standards), kind, show_all=show_all)


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
    standards: DatedStandards | None = None,
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
    in_force = standards.on(day, parsed.record.place.county) if standards else None
    desk = _desk(pack, kind, day, in_force, show_all)
    return Assessment(
        str(parsed.record.record_id),
        kind,
        pack.id,
        day,
        pack.digest,
        parsed.document,
        tuple(desk.findings(subject_of(parsed.record))),
        tuple(parsed.notes),
        in_force,
    )
