"""Compare texts and renovation options for the open record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ruhu.policy.advice.comparison import OutcomeChange, compare
from ruhu.policy.advice.housing_options import HousingOption, housing_options
from ruhu.policy.evaluation.finding import Assessment
from ruhu.policy.evaluation.record_reader import read_draft
from ruhu.store.store import Store
from ruhu.survey.facts.item_names import item_names
from ruhu.ui.surveyor.session import Session


@dataclass(frozen=True, slots=True)
class Advice:
    """What changes between the texts, and the house rebuilt or repaired; whom the answers' ids mean."""

    changes: tuple[OutcomeChange, ...]
    options: tuple[HousingOption, ...]
    names: dict[str, str]


def compare_options(session: Session, done: Callable[[Advice], None]) -> None:
    """Work out what the two texts and the two ways of renovating mean for the record."""
    document, standards = session.document, session.standards
    today = date.today()  # noqa: DTZ011

    def job() -> Advice:
        reading = read_draft(document)
        # As the live answers: of a household not visited yet, today's.
        day = reading.survey_day or today
        options = (
            housing_options(reading, on=day, standards=standards)
            if reading.kind == "household"
            else ()
        )
        changes = compare(reading, on=day, standards=standards)
        return Advice(changes, options, item_names(document))

    session.run_on_assessor(job, done)


def indicators(session: Session, done: Callable[[list[Assessment]], None]) -> None:
    """Work out the counties' rates from the households on this laptop."""
    from ruhu.policy.advice.indicators import (
        indicators_by_county,
    )  # brings numpy, which the start does without

    session.save(field="")
    today = date.today()  # noqa: DTZ011

    def job(store: Store) -> list[Assessment]:
        drafts = [store.records.document(s.record_id) for s in store.records.summaries()]
        return indicators_by_county(map(read_draft, drafts), otherwise=today)

    session.run(job, done)
