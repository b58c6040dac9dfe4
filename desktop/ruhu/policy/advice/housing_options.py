"""Compare rebuilding and repairing a house: areas and money of both."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ruhu.i18n import BilingualText
from ruhu.policy.compiler.program import Program
from ruhu.policy.evaluation.assess import assess, governing_day
from ruhu.policy.evaluation.context import EvaluationContext
from ruhu.policy.evaluation.finding import Finding
from ruhu.policy.evaluation.record_reader import RecordView, read_draft
from ruhu.policy.language.numbers import as_decimal, show_number
from ruhu.policy.packs.loader import pack_for
from ruhu.policy.standards.model import DatedStandards
from ruhu.survey.models.choices import Renovation
from ruhu.survey.validation.validate import to_document


@dataclass(frozen=True, slots=True)
class HousingOption:
    """One way of renovating. `lower` and `upper` bound the floor area in m²; `None` is no bound.

    `binding` is the rule that sets the bound; `findings` are those of the housing plan.
    """

    renovation: Renovation
    lower: Decimal | None
    upper: Decimal | None
    binding: BilingualText | None
    findings: tuple[Finding, ...]

    def bounds(self) -> tuple[BilingualText, BilingualText]:
        """Return the lower and the upper bound in words."""
        return _area(self.lower), _area(self.upper)

    def finding(self, rule: str) -> Finding | None:
        """Return the finding of a rule, if it applies."""
        return next((f for f in self.findings if f.rule == rule), None)


def _area(value: Decimal | None) -> BilingualText:
    return BilingualText("不限", "free") if value is None else show_number(Fraction(value), "m2")


def _with(reading: RecordView, renovation: Renovation) -> RecordView:
    document: dict[str, Any] = to_document(reading.document)
    housing = {**(document.get("housing") or {}), "renovation": renovation.value}
    return read_draft({**document, "housing": housing})


def housing_options(
    reading: RecordView, *, on: date | None = None, standards: DatedStandards | None = None
) -> tuple[HousingOption, ...]:
    """Return the options for a household's house by the text in force on the day.

    Raises `UserError` without a day, or before the first version of the policy.
    """
    day = governing_day(reading, on)
    return tuple(
        _option(_with(reading, renovation), renovation, day, standards) for renovation in Renovation
    )


def _option(
    reading: RecordView, renovation: Renovation, day: date, standards: DatedStandards | None
) -> HousingOption:
    pack = pack_for(day)
    rules = {rule.id: rule for rule in pack.rules_for("household")}
    program = Program(EvaluationContext.of(pack, "household", day))
    ruling = program.range_of(rules["housing.area.range"], (reading.root,))
    answers = assess(reading, on=day, standards=standards).findings
    return HousingOption(
        renovation,
        None if ruling.lower is None else as_decimal(ruling.lower),
        None if ruling.upper is None else as_decimal(ruling.upper),
        ruling.binding.title if ruling.binding else None,
        tuple(finding for finding in answers if finding.plan == "housing"),
    )
