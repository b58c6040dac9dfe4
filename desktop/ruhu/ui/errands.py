"""What is worked out or written for a session beyond the record in hand: advice, rates, rosters, files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruhu.policy.comparison import Change, compare
from ruhu.policy.finding import Assessment
from ruhu.policy.housing_options import HousingOption, housing_options
from ruhu.policy.reading import read_draft
from ruhu.store.index import Search
from ruhu.store.intake import Intake, plan_intake, take_in
from ruhu.store.store import Store
from ruhu.survey.roster.reading import Roster, read_roster
from ruhu.survey.text import Text, UserError
from ruhu.ui.session import Session


@dataclass(frozen=True, slots=True)
class Advice:
    """What changes between the texts, and the house rebuilt or repaired."""

    changes: tuple[Change, ...]
    options: tuple[HousingOption, ...]


def advise(session: Session, done: Callable[[Advice], None]) -> None:
    """Work out what the two texts and the two ways of renovating mean for the record."""
    document, standards = session.document, session.standards

    def job() -> Advice:
        reading = read_draft(document)
        options = (
            housing_options(reading, standards=standards) if reading.kind == "household" else ()
        )
        return Advice(compare(reading, standards=standards), options)

    session.compute(job, done)


def indicators(session: Session, done: Callable[[list[Assessment]], None]) -> None:
    """Work out the counties' rates from the households on this laptop."""
    from ruhu.policy.indicators import (
        indicators_by_county,
    )  # brings numpy, which the start does without

    session.save(field="")
    today = date.today()  # noqa: DTZ011

    def job(store: Store) -> list[Assessment]:
        drafts = [store.document(s.record_id) for s in store.summaries()]
        records = [read_draft(document) for document in drafts]
        surveyed = any(each.survey_day for each in records)
        return indicators_by_county(records, None if surveyed else today)

    session.run(job, done)


def preview_roster(session: Session, path: Path, done: Callable[[Roster, Intake], None]) -> None:
    """Read a roster and work out what it would change; stores nothing."""

    def job(store: Store) -> tuple[Roster, Intake]:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UserError(
                Text(f"{path.name} 打不开（{error.strerror}）", f"{path.name} cannot be opened")
            ) from None
        roster = read_roster(data)
        return roster, plan_intake(store, roster)

    session.run(job, lambda answer: done(*answer))


def import_roster(session: Session, intake: Intake, done: Callable[[], None]) -> None:
    """Store a previewed roster."""

    def stored(_: object) -> None:
        session.list_records()
        done()

    session.run(lambda store: take_in(store, intake), stored)


def write_households(
    session: Session, search: Search, path: Path, done: Callable[[int, int], None]
) -> None:
    """Write the households a search finds to a file by its ending; `done` gets their number
    and that of the persons.
    """
    session.save(field="")

    def job(store: Store) -> tuple[int, int]:
        from ruhu.county.register import write_register

        found = store.summaries(search)
        documents = (store.document(s.record_id) for s in found)
        return len(found), write_register(documents, path)

    session.run(job, lambda counts: done(*counts))


def write_own(session: Session, path: Path, done: Callable[[], None]) -> None:
    """Write the record in hand as JSON."""
    document = session.document

    def job(store: Store) -> None:
        from ruhu.county.register import write_record

        write_record(document, path)

    session.run(job, lambda _: done())
