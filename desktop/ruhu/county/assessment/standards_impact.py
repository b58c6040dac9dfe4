"""The impact of new standards: who gains, who loses, and the sums."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from ruhu.county.assessment.evaluate import RecordAssessment, StoredFinding
from ruhu.policy.evaluation.finding import Outcome, PaymentPeriod


class EntitlementChange(NamedTuple):
    """One subject's entitlement before and after; amounts in CNY, `None` for none."""

    record_id: UUID
    rule: str
    address: str
    per: PaymentPeriod | None
    before: Decimal | None
    after: Decimal | None

    @property
    def change(self) -> Decimal:
        """The difference; negative if it is less afterwards."""
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


@dataclass(slots=True)
class RuleEffect:
    """One rule's sums, and the subjects that gain, lose, or have an amount for the first time."""

    rule: str
    per: PaymentPeriod | None
    before: Decimal = Decimal(0)
    after: Decimal = Decimal(0)
    gaining: int = 0
    losing: int = 0
    newly_known: int = 0


@dataclass(slots=True)
class StandardsImpact:
    """The effect of standards on records: each difference, and totals in the rules' order."""

    records: int = 0
    differences: list[EntitlementChange] = field(default_factory=list)
    rules: dict[str, RuleEffect] = field(default_factory=dict)

    @property
    def households_gaining(self) -> int:
        """The number of records with more than before."""
        return sum(1 for change in self._by_record().values() if change > 0)

    @property
    def households_losing(self) -> int:
        """The number of records with less than before."""
        return sum(1 for change in self._by_record().values() if change < 0)

    def _by_record(self) -> dict[UUID, Decimal]:
        changes: dict[UUID, Decimal] = {}
        for each in self.differences:
            changes[each.record_id] = changes.get(each.record_id, Decimal(0)) + each.change
        return changes

    def add(self, before: RecordAssessment, after: RecordAssessment) -> None:
        """Add one record, assessed by both."""
        self.records += 1
        old, new = _amounts(before), _amounts(after)
        for key in dict.fromkeys([*old, *new]):
            self._compare(before.record_id, key, old.get(key), new.get(key))

    def _compare(
        self,
        record_id: UUID,
        key: tuple[str, str],
        old: StoredFinding | None,
        new: StoredFinding | None,
    ) -> None:
        rule, address = key
        first = new or old
        assert first is not None
        total = self.rules.setdefault(rule, RuleEffect(rule, first.per))
        had, has = old.amount if old else None, new.amount if new else None
        total.before += had or Decimal(0)
        total.after += has or Decimal(0)
        if had == has:
            return
        difference = EntitlementChange(record_id, rule, address, first.per, had, has)
        self.differences.append(difference)
        if had is None:
            total.newly_known += 1
        elif has is None or has < had:
            total.losing += 1
        else:
            total.gaining += 1


def _amounts(assessment: RecordAssessment) -> dict[tuple[str, str], StoredFinding]:
    return {
        (finding.rule, finding.address): finding
        for finding in assessment.findings
        if finding.outcome is Outcome.ELIGIBLE
    }


def changed_rules(effect: StandardsImpact) -> Iterator[RuleEffect]:
    """Return the rules whose sums or subjects change."""
    touched = {difference.rule for difference in effect.differences}
    return (total for rule, total in effect.rules.items() if rule in touched)
