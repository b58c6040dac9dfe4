"""What to ask next: the few facts that settle most of the money still unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ruhu.policy.evaluation.finding import Assessment, Finding, PaymentPeriod, RuleKind

_TIMES_A_YEAR = {PaymentPeriod.MONTH: 12, PaymentPeriod.SEMESTER: 2}
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
    findings = assessment.findings
    missing = [
        [path for path in dict.fromkeys(finding.missing) if not path.startswith("standards.")]
        for finding in findings
    ]
    holders: dict[str, list[int]] = {}
    for index, paths in enumerate(missing):
        for path in paths:
            holders.setdefault(path, []).append(index)
    worth, left = [_worth(finding) for finding in findings], [len(paths) for paths in missing]
    shares = [each / (count or 1) for each, count in zip(worth, left, strict=True)]
    weights = {path: _sum(shares, at) for path, at in holders.items()}
    order: list[Question] = []
    while weights:
        path = max(weights, key=weights.__getitem__)
        del weights[path]
        order.append(Question(path, tuple([findings[index] for index in holders[path]])))
        touched: set[str] = set()
        for index in holders[path]:
            left[index] -= 1
            shares[index] = worth[index] / (left[index] or 1)
            touched.update(missing[index])
        for other in touched & weights.keys():
            weights[other] = _sum(shares, holders[other])
    return tuple(order)


def _sum(shares: Sequence[Decimal], at: Sequence[int]) -> Decimal:
    return sum([shares[index] for index in at], Decimal(0))
