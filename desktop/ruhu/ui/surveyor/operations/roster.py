"""Preview and import a roster."""

from collections.abc import Callable
from pathlib import Path

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.store.roster_import import RosterImport, apply_import, plan_import
from ruhu.store.store import Store
from ruhu.survey.roster.reader import Roster, read_roster
from ruhu.survey.roster.workbook import NoRoster
from ruhu.ui.surveyor.session import Session


def preview_roster(
    session: Session,
    path: Path,
    done: Callable[[Roster, RosterImport], None],
    failed: Callable[[UserError], None],
) -> None:
    """Read a roster and work out what it would change; stores nothing."""

    def job(store: Store) -> tuple[Roster, RosterImport]:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UserError(
                BilingualText(
                    f"{path.name} 打不开（{error.strerror}）", f"{path.name} cannot be opened"
                )
            ) from None
        try:
            roster = read_roster(data)
        except NoRoster as error:
            raise UserError(
                BilingualText("{file}：{why}", "{file}: {why}").format(
                    file=path.name, why=error.text
                )
            ) from None
        return roster, plan_import(store, roster)

    session.run(job, lambda answer: done(*answer), failed)


def import_roster(session: Session, intake: RosterImport, done: Callable[[], None]) -> None:
    """Store a previewed roster."""

    def stored(_: object) -> None:
        session.list_records()
        done()

    session.run(lambda store: apply_import(store, intake), stored)
