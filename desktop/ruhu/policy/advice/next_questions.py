"""Rank the missing facts by the unknown money that they decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ruhu.policy.evaluation.finding import Assessment, Finding, PaymentPeriod, RuleKind

_TIMES_A_YEAR = {PaymentPeriod.MONTH: 12, PaymentPeriod.SEMESTER: 2}
_UNKNOWN_AMOUNT = Decimal(1)
_CHECK = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to ask for. `brings` are the findings that depend on it."""

    path: str
    findings: tuple[Finding, ...]

    @property
    def money(self) -> Decimal:
        """The yearly amount in CNY that the dependent entitlements could give, as far as it is known."""
        return sum((_a_year(finding) for finding in self.findings), Decimal(0))


def _a_year(finding: Finding) -> Decimal:
    if finding.possible is None or not finding.grant:
        return Decimal(0)
    return finding.possible * (_TIMES_A_YEAR.get(finding.per, 1) if finding.per else 1)


def _worth(finding: Finding) -> Decimal:
    """Return the weight of deciding a finding: its money, otherwise a minimum for an entitlement or check."""
    if finding.kind is RuleKind.CHECK:
        return _CHECK
    return _a_year(finding) or _UNKNOWN_AMOUNT


def next_questions(assessment: Assessment) -> tuple[Question, ...]:
    """Return the missing facts in the order to ask them, without county standards.

    The next fact is always the one that decides most money. An entitlement's money is shared among the facts
    it still needs, so nearly decided ones come first.
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
    worth, open_counts = (
        [_worth(finding) for finding in findings],
        [len(paths) for paths in missing],
    )
    shares = [each / (count or 1) for each, count in zip(worth, open_counts, strict=True)]
    weights = {path: _sum(shares, at) for path, at in holders.items()}
    order: list[Question] = []
    while weights:
        path = max(weights, key=weights.__getitem__)
        del weights[path]
        order.append(Question(path, tuple([findings[index] for index in holders[path]])))
        touched: set[str] = set()
        for index in holders[path]:
            open_counts[index] -= 1
            shares[index] = worth[index] / (open_counts[index] or 1)
            touched.update(missing[index])
        for affected in touched & weights.keys():
            weights[affected] = _sum(shares, holders[affected])
    return tuple(order)


def _sum(shares: Sequence[Decimal], at: Sequence[int]) -> Decimal:
    return sum([shares[index] for index in at], Decimal(0))
