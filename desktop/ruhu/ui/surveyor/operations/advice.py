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
from ruhu.ui.core.i18n import translate
from ruhu.ui.surveyor.operations.context import OperationContext
from ruhu.ui.surveyor.session import Session


@dataclass(frozen=True, slots=True)
class Advice:
    """Outcomes that change between the texts, renovation options, and display names of item ids."""

    changes: tuple[OutcomeChange, ...]
    options: tuple[HousingOption, ...]
    names: dict[str, str]


def compare_options(session: Session, done: Callable[[Advice], None]) -> None:
    """Compare the two policy texts and the two ways of renovating for the open record."""
    document, standards = session.editor.document, session.standards
    today = date.today()  # noqa: DTZ011

    def job() -> Advice:
        reading = read_draft(document)
        # As the live assessment: a household not visited yet is assessed today.
        day = reading.survey_day or today
        options = (
            housing_options(reading, on=day, standards=standards)
            if reading.kind == "household"
            else ()
        )
        changes = compare(reading, on=day, standards=standards)
        return Advice(changes, options, item_names(document))

    session.assessments.run(job, done)


def indicators(session: Session, done: Callable[[list[Assessment]], None]) -> None:
    """Compute the counties' indicators from the households on this laptop."""
    from ruhu.policy.advice.indicators import indicators_by_county  # imports numpy: slow

    session.editor.save(field="")
    today = date.today()  # noqa: DTZ011

    def job(store: Store) -> list[Assessment]:
        drafts = [store.records.document(s.record_id) for s in store.records.summaries()]
        return indicators_by_county(map(read_draft, drafts), otherwise=today)

    session.run(job, done)


def show_advice(context: OperationContext) -> None:
    """Show how the texts and the ways of renovating compare for the open record."""
    from ruhu.ui.surveyor.policy.comparison_dialog import AdviceDialog

    if context.session.editor.record_id is None:
        context.status_message.emit(translate("Advice", "请先在左侧选一户"))
        return
    compare_options(context.session, lambda advice: AdviceDialog(context.window, advice).open())


def show_indicators(context: OperationContext) -> None:
    """Show the indicators of the households on this laptop against the notice's targets."""
    from ruhu.ui.surveyor.policy.indicators_dialog import IndicatorsDialog

    indicators(context.session, lambda rates: IndicatorsDialog(context.window, rates).open())
