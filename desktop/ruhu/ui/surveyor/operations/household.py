"""What is done to the household in hand as a whole: split, joined, photographed, signed."""

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
    """Move members of the household in hand into one of their own, which is then in hand."""
    document, new_id = session.document, uuid7()
    rest, new = split_document(document, member_ids, str(new_id))
    session.save(field="")

    def made(_: object) -> None:
        session.list_records()
        session.open_record(new_id)
        done()

    session.run(lambda store: store.records.replace([rest, new], [], reason="split"), made)


def join_household(
    session: Session, other: UUID, done: Callable[[list[BilingualText]], None]
) -> None:
    """Take another household into the one in hand; `done` gets what stood differently there."""
    record_id, document = session.record_id, session.document
    if record_id is None or other == record_id:
        return
    session.save(field="")

    def job(store: Store) -> list[BilingualText]:
        theirs = store.records.document(other)
        if problems_of(theirs):
            raise UserError(
                BilingualText(
                    "另一户还有填错的格子，先打开它改好再并",
                    "the other household has facts that need mending first; open it and mend them",
                )
            )
        joined, differing = join_documents(document, theirs)
        store.records.replace([joined], [other], reason="join")
        return differing

    def made(differing: list[BilingualText]) -> None:
        session.list_records()
        session.open_record(record_id)
        done(differing)

    session.run(job, made)


def history_of(store: Store, record_id: UUID) -> History:
    """What each revision of a record changed, and by their ids the names of the records that it was
    split from or joined with.
    """
    told = history(store.records.revisions(record_id))
    others: dict[str, str] = {}
    for revision, _ in told:
        origin = (revision.document or {}).get("origin") or {}
        for other in [origin.get("split_from"), *(origin.get("joined") or [])]:
            if other and other not in others:
                others[other] = _name_of(store.records.revisions(UUID(other))) or other
    return told, others


def _name_of(revisions: Sequence[Revision]) -> str:
    """What a record was called last."""
    documents = [r.document for r in revisions if r.document is not None]
    return title_of(documents[-1]) if documents else ""


def add_pictures(
    session: Session, sources: Sequence[tuple[str, Callable[[], bytes]]], purpose: Purpose
) -> None:
    """Add pictures, each a name and what reads it, to the record in hand; faulty ones are told
    by `failed`, the others are added all the same.
    """
    record_id = session.record_id
    if record_id is None:
        return

    def job() -> tuple[list[ImportedImage], list[BilingualText]]:
        found, faults = [], []
        for name, read in sources:
            try:
                found.append(read_picture(name, read()))
            except OSError:
                faults.append(BilingualText(f"{name}：打不开", f"{name}: cannot be opened"))
            except UserError as error:
                faults.append(error.text)
        return found, faults

    def keep(pictures: list[ImportedImage]) -> Callable[[Store], None]:
        def each(store: Store) -> None:
            for picture in pictures:
                store.attachments.save(record_id, picture)

        return each

    def read(answer: tuple[list[ImportedImage], list[BilingualText]]) -> None:
        pictures, faults = answer
        if pictures:
            session.run(
                keep(pictures), lambda _: _name_pictures(session, record_id, pictures, purpose)
            )
        if faults:
            session.failed.emit(UserErrors(faults))

    session.run_on_reader(job, read)


def _name_pictures(
    session: Session, record_id: UUID, pictures: list[ImportedImage], purpose: Purpose
) -> None:
    if record_id != session.record_id:
        return
    document = session.document
    for picture in pictures:
        where = (picture.latitude, picture.longitude)
        paper = Paper(picture.digest, purpose, picture.taken_at, *where)
        document = with_paper(document, paper)
    session.replace(document, KEY)


def sign_and_close(
    session: Session,
    *,
    by: str,
    how: SignatureMethod,
    drawn: bytes | None,
    done: Callable[[], None],
) -> None:
    """Put the householder's signature under the survey, seal it, and close the visit.

    `drawn` is the picture of a signature on the screen. Raises `UserError` as `close_visit`.
    """
    session.require_valid()
    today, record_id = date.today(), session.record_id  # noqa: DTZ011 - the day on the worker's wall
    if record_id is None:
        return

    def keep(store: Store) -> str:
        if drawn is None:
            return ""
        picture = read_picture("signature", drawn)
        store.attachments.save(record_id, picture)
        return picture.digest

    def kept(digest: str) -> None:
        if record_id != session.record_id:
            return
        document = session.document
        if digest:
            document = with_paper(document, Paper(digest, Purpose.SIGNATURE))
        session.replace(sign(document, by=by, on=today, how=how, paper=digest))
        session.close_visit(done)

    session.run(keep, kept)
