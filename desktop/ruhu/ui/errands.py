"""What is worked out or written for a session beyond the record in hand: advice, rates, rosters, files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ruhu.bundle.durable import write_durably
from ruhu.policy.comparison import Change, compare
from ruhu.policy.finding import Assessment
from ruhu.policy.housing_options import HousingOption, housing_options
from ruhu.policy.reading import read_draft
from ruhu.store.index import Search
from ruhu.store.intake import Intake, plan_intake, take_in
from ruhu.store.store import Store
from ruhu.survey.called import names_in
from ruhu.survey.roster.reading import Roster, read_roster
from ruhu.survey.roster.workbook import NoRoster
from ruhu.survey.text import Text, UserError
from ruhu.ui.session import Session

if TYPE_CHECKING:
    from ruhu.county.register import Written
    from ruhu.county.writable import Altered


@dataclass(frozen=True, slots=True)
class Advice:
    """What changes between the texts, and the house rebuilt or repaired; whom the answers' ids mean."""

    changes: tuple[Change, ...]
    options: tuple[HousingOption, ...]
    names: dict[str, str]


def advise(session: Session, done: Callable[[Advice], None]) -> None:
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
        return Advice(changes, options, names_in(document))

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
        return indicators_by_county(map(read_draft, drafts), otherwise=today)

    session.run(job, done)


def preview_roster(
    session: Session,
    path: Path,
    done: Callable[[Roster, Intake], None],
    failed: Callable[[UserError], None],
) -> None:
    """Read a roster and work out what it would change; stores nothing."""

    def job(store: Store) -> tuple[Roster, Intake]:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UserError(
                Text(f"{path.name} 打不开（{error.strerror}）", f"{path.name} cannot be opened")
            ) from None
        try:
            roster = read_roster(data)
        except NoRoster as error:
            raise UserError(
                Text("{file}：{why}", "{file}: {why}").format(file=path.name, why=error.text)
            ) from None
        return roster, plan_intake(store, roster)

    session.run(job, lambda answer: done(*answer), failed)


def import_roster(session: Session, intake: Intake, done: Callable[[], None]) -> None:
    """Store a previewed roster."""

    def stored(_: object) -> None:
        session.list_records()
        done()

    session.run(lambda store: take_in(store, intake), stored)


def write_households(
    session: Session, search: Search, path: Path, done: Callable[[int, "Written"], None]
) -> None:
    """Write the households a search finds to a file by its ending; `done` gets their number
    and what was written.
    """
    session.save(field="")

    def job(store: Store) -> "tuple[int, Written]":
        from ruhu.county.register import write_register

        found = store.summaries(search)
        documents = (store.document(s.record_id) for s in found)
        return len(found), write_register(documents, path)

    session.run(job, lambda counts: done(*counts))


def write_device(
    session: Session,
    path: Path,
    done: Callable[[], None],
    failed: Callable[[UserError], None],
) -> None:
    """Write this laptop's public key to a file, for the county to enrol it."""

    def job(store: Store) -> None:
        write_durably(path, store.device.model_dump_json(indent=1).encode())

    session.run(job, lambda _: done(), failed)


def write_own(session: Session, path: Path, done: Callable[["Altered"], None]) -> None:
    """Write the record in hand as JSON; `done` gets where characters were replaced."""
    document = session.document

    def job(store: Store) -> "Altered":
        from ruhu.county.register import write_record

        return write_record(document, path)

    session.run(job, done)
