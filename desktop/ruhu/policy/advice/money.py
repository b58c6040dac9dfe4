"""Sum findings up: the known money and what is still open."""

from collections.abc import Sequence
from decimal import Decimal

from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import Finding, Outcome, PaymentPeriod
from ruhu.policy.text.labels import join_texts


def is_open(finding: Finding) -> bool:
    """Return whether a fact or a county standard can still change the finding."""
    eligible = finding.outcome is Outcome.ELIGIBLE and bool(finding.missing)
    return finding.outcome is Outcome.UNKNOWN or eligible


def money_of(findings: Sequence[Finding]) -> BilingualText:
    """Return the known money by payment period; one-off and yearly sums are never added."""
    sums: dict[PaymentPeriod | None, Decimal] = {}
    for finding in findings:
        if finding.amount and finding.grant:
            sums[finding.per] = sums.get(finding.per, Decimal(0)) + finding.amount
    parts = [
        BilingualText(
            f"{per.label.zh if per else ''}{sums[per]:,f}元",
            f"{sums[per]:,f} CNY {per.label.en.lower() if per else ''}".rstrip(),
        )
        for per in (*PaymentPeriod, None)
        if per in sums
    ]
    return join_texts(parts, "、", ", ")
