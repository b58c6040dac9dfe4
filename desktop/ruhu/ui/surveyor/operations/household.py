"""Split and join households, add pictures, and sign."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from uuid_utils.compat import uuid7

from ruhu.errors import UserError, UserErrors
from ruhu.i18n import BilingualText
from ruhu.images import ImportedImage, read_picture
from ruhu.revisions.history import FieldChange, history
from ruhu.revisions.revision import Revision
from ruhu.store.record_list import title_of
from ruhu.store.store import Store
from ruhu.survey.attachments import KEY, Paper, Purpose, with_paper
from ruhu.survey.changes.split_join import join_documents, split_document
from ruhu.survey.signature import SignatureMethod, sign
from ruhu.ui.surveyor.form.form_model import problems_of
from ruhu.ui.surveyor.session import Session

History = tuple[list[tuple[Revision, list[FieldChange]]], dict[str, str]]


def split_household(session: Session, member_ids: Sequence[str], done: Callable[[], None]) -> None:
    """Move members of the open household to a new one, and open that."""
    document, new_id = session.editor.document, uuid7()
    rest, new = split_document(document, member_ids, str(new_id))
    session.editor.save(field="")

    def stored(_: object) -> None:
        session.list_records()
        session.editor.open_record(new_id)
        done()

    session.run(lambda store: store.records.replace([rest, new], [], reason="split"), stored)


def join_household(
    session: Session, other_id: UUID, done: Callable[[list[BilingualText]], None]
) -> None:
    """Join another household into the open one; `done` gets the facts that differed."""
    record_id, document = session.editor.record_id, session.editor.document
    if record_id is None or other_id == record_id:
        return
    session.editor.save(field="")

    def job(store: Store) -> list[BilingualText]:
        other = store.records.document(other_id)
        if problems_of(other):
            raise UserError(
                BilingualText(
                    "另一户还有填错的格子，先打开它改好再并",
                    "the other household has invalid facts; open it and correct them first",
                )
            )
        joined, differing = join_documents(document, other)
        store.records.replace([joined], [other_id], reason="join")
        return differing

    def stored(differing: list[BilingualText]) -> None:
        session.list_records()
        session.editor.open_record(record_id)
        done(differing)

    session.run(job, stored)


def history_of(store: Store, record_id: UUID) -> History:
    """Return the changes of each revision, and the names of the records of its origin by id.

    The origin are the records that it was split from or joined with.
    """
    changes = history(store.records.revisions(record_id))
    names: dict[str, str] = {}
    for revision, _ in changes:
        origin = (revision.document or {}).get("origin") or {}
        for other in [origin.get("split_from"), *(origin.get("joined") or [])]:
            if other and other not in names:
                names[other] = _name_of(store.records.revisions(UUID(other))) or other
    return changes, names


def _name_of(revisions: Sequence[Revision]) -> str:
    """Return the last title of a record."""
    documents = [r.document for r in revisions if r.document is not None]
    return title_of(documents[-1]) if documents else ""


def add_pictures(
    session: Session, sources: Sequence[tuple[str, Callable[[], bytes]]], purpose: Purpose
) -> None:
    """Add pictures, each a name and a function that reads it, to the open record.

    Unreadable pictures are reported by `session.failed`; the others are added.
    """
    record_id = session.editor.record_id
    if record_id is None:
        return

    def job() -> tuple[list[ImportedImage], list[BilingualText]]:
        pictures, errors = [], []
        for name, read in sources:
            try:
                pictures.append(read_picture(name, read()))
            except OSError:
                errors.append(BilingualText(f"{name}：打不开", f"{name}: cannot be opened"))
            except UserError as error:
                errors.append(error.text)
        return pictures, errors

    def save(pictures: list[ImportedImage]) -> Callable[[Store], None]:
        def job(store: Store) -> None:
            for picture in pictures:
                store.attachments.save(record_id, picture)

        return job

    def done(result: tuple[list[ImportedImage], list[BilingualText]]) -> None:
        pictures, errors = result
        if pictures:
            session.run(
                save(pictures), lambda _: _name_pictures(session, record_id, pictures, purpose)
            )
        if errors:
            session.failed.emit(UserErrors(errors))

    session.run_on_reader(job, done)


def _name_pictures(
    session: Session, record_id: UUID, pictures: list[ImportedImage], purpose: Purpose
) -> None:
    if record_id != session.editor.record_id:
        return
    document = session.editor.document
    for picture in pictures:
        position = (picture.latitude, picture.longitude)
        paper = Paper(picture.digest, purpose, picture.taken_at, *position)
        document = with_paper(document, paper)
    session.editor.replace(document, KEY)


def sign_and_close(
    session: Session,
    *,
    by: str,
    how: SignatureMethod,
    drawn: bytes | None,
    done: Callable[[], None],
) -> None:
    """Sign and seal the survey, and close the visit.

    `drawn` is the PNG of a signature on the screen. Raises `InvalidRecord`.
    """
    session.editor.require_valid()
    today, record_id = date.today(), session.editor.record_id  # noqa: DTZ011 - the local date
    if record_id is None:
        return

    def save(store: Store) -> str:
        if drawn is None:
            return ""
        picture = read_picture("signature", drawn)
        store.attachments.save(record_id, picture)
        return picture.digest

    def saved(digest: str) -> None:
        if record_id != session.editor.record_id:
            return
        document = session.editor.document
        if digest:
            document = with_paper(document, Paper(digest, Purpose.SIGNATURE))
        session.editor.replace(sign(document, by=by, on=today, how=how, paper=digest))
        session.editor.close_visit(done)

    session.run(save, saved)
