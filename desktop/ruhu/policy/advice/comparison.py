"""Compare a household's findings under two texts of the policy."""

from dataclasses import dataclass
from datetime import date

from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.assess import assess, governing_day
from ruhu.policy.evaluation.finding import Finding
from ruhu.policy.evaluation.record_reader import RecordView
from ruhu.policy.packs.loader import load_packs
from ruhu.policy.packs.model import Pack
from ruhu.policy.standards.model import DatedStandards


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """A rule and subject that the two texts decide differently; `None` if one has no finding."""

    before: Finding | None
    after: Finding | None

    @property
    def finding(self) -> Finding:
        """The newer finding, otherwise the older one."""
        finding = self.after or self.before
        assert finding is not None
        return finding

    @property
    def title(self) -> BilingualText:
        """The rule's title."""
        return self.finding.title


def _answer(finding: Finding | None) -> tuple[object, ...] | None:
    if finding is None:
        return None
    return (
        finding.outcome,
        finding.strength,
        finding.value,
        finding.limit,
        finding.amount,
        finding.per,
    )


def compare(
    reading: RecordView,
    *,
    on: date | None = None,
    standards: DatedStandards | None = None,
    packs: tuple[Pack, Pack] | None = None,
) -> tuple[OutcomeChange, ...]:
    """Return the findings of one day that differ between `packs` (default: 2016 and 2017).

    Both texts are applied to the same day and facts, so only the text makes the difference. Raises
    `UserError` without a day.
    """
    day = governing_day(reading, on)
    old, new = packs or (load_packs()[0], load_packs()[-1])
    before, after = (
        {
            (finding.rule, finding.subject): finding
            for finding in assess(reading, on=day, standards=standards, pack=pack).findings
        }
        for pack in (old, new)
    )
    keys = [*after, *(key for key in before if key not in after)]
    changes = (OutcomeChange(before.get(key), after.get(key)) for key in keys)
    return tuple(c for c in changes if _answer(c.before) != _answer(c.after))
