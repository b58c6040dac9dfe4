"""What to ask next: the few facts that settle most of the money still unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ruhu.policy.finding import Assessment, Finding, Per, RuleKind

_TIMES_A_YEAR = {Per.MONTH: 12, Per.SEMESTER: 2}
_UNKNOWN_AMOUNT = Decimal(1)
_CHECK = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Question:
    """One fact to ask for. `brings` are the findings that wait for it."""

    path: str
    brings: tuple[Finding, ...]

    @property
    def money(self) -> Decimal:
        """What the waiting entitlements could bring in a year, in CNY, as far as it is known."""
        return sum((_a_year(finding) for finding in self.brings), Decimal(0))


def _a_year(finding: Finding) -> Decimal:
    if finding.possible is None or not finding.grant:
        return Decimal(0)
    return finding.possible * (_TIMES_A_YEAR.get(finding.per, 1) if finding.per else 1)


def _worth(finding: Finding) -> Decimal:
    """The weight of settling a finding: its money, else that it grants something at all."""
    if finding.kind is RuleKind.CHECK:
        return _CHECK
    return _a_year(finding) or _UNKNOWN_AMOUNT


def next_questions(assessment: Assessment) -> tuple[Question, ...]:
    """The missing facts in the order to ask them; county standards are not the household's.

    Each time the fact is taken that stands for most money, an entitlement's being shared out over
    the facts it still waits for; so what is nearly settled is settled first.
    """
    waiting = {
        index: {path for path in finding.missing if not path.startswith("standards.")}
        for index, finding in enumerate(assessment.findings)
    }
    order: list[Question] = []
    while any(waiting.values()):
        path = _heaviest(assessment.findings, waiting)
        brings = [f for f in assessment.findings if path in f.missing]
        order.append(Question(path, tuple(brings)))
        for paths in waiting.values():
            paths.discard(path)
    return tuple(order)


def _heaviest(findings: Sequence[Finding], waiting: dict[int, set[str]]) -> str:
    weights: dict[str, Decimal] = {}
    for index, finding in enumerate(findings):
        for path in finding.missing:
            if path in waiting[index]:
                share = _worth(finding) / len(waiting[index])
                weights[path] = weights.get(path, Decimal(0)) + share
    return max(weights, key=lambda path: weights[path])
