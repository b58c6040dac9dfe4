"""Revisions made ready for the tables: all that can be worked out before the database is asked.

Most revisions bring a record of their own or the next state of one, so what the record would be with
that revision alone is worked out along with it.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from ruhu.county.assessment.evaluate import assess_documents
from ruhu.county.assessment.results import assessment_row
from ruhu.county.database.bulk import Row
from ruhu.county.database.column_encryption import compress
from ruhu.county.records.search_index import encode_entry
from ruhu.policy.standards.model import DatedStandards
from ruhu.revisions.revision import Revision
from ruhu.strict_json import Document


class RecordRow(NamedTuple):
    """A document as the tables hold it; `record` and `standing` are rows. `standing` is `None` where the
    document is gone.
    """

    record: Row
    assessment: Row | None


class RevisionRow(NamedTuple):
    """A revision as the tables hold it, its text packed; and the record as it would be with it alone."""

    revision_id: str
    record_id: str
    device_id: str
    parents: tuple[str, ...]
    body: bytes
    state: RecordRow


def build_rows(
    county: str,
    revisions: Sequence[Revision],
    texts: Sequence[bytes],
    standards: DatedStandards | None,
) -> list[RevisionRow]:
    """Make revisions ready, given each as JSON too; their documents are assessed by the county's
    standards.
    """
    states = record_rows(county, [revision.document for revision in revisions], standards)
    return [
        RevisionRow(
            str(revision.revision_id),
            str(revision.record_id),
            str(revision.device_id),
            tuple(map(str, revision.parents)),
            compress(text),
            state,
        )
        for revision, text, state in zip(revisions, texts, states, strict=True)
    ]


def record_rows(
    county: str, documents: Sequence[Document | None], standards: DatedStandards | None
) -> list[RecordRow]:
    """Make documents ready and assess them; `None` stands for one that is gone."""
    found = iter(assess_documents([each for each in documents if each is not None], standards))
    return [
        RecordRow(
            _record_row(each or {}),
            None if each is None else assessment_row(county, each, next(found)),
        )
        for each in documents
    ]


def _record_row(document: Document) -> Row:
    place, members = document.get("place"), document.get("members")
    village = place.get("village") if isinstance(place, dict) else None
    return {
        "kind": _truncate(document.get("kind"), 20),
        "village": _truncate(village, 12),
        "persons": len(members) if isinstance(members, list) else 0,
        "face": encode_entry(document),
    }


def _truncate(value: Any, max_chars: int) -> str:
    """A value as a column of so many characters holds it, whatever a laptop wrote."""
    return value.replace("\0", "")[:max_chars] if isinstance(value, str) else ""
