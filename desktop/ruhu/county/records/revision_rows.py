"""Conversion of revisions to table rows, doing all work that needs no database.

Most revisions create a record or update its only head; so the record with that revision alone is
computed along with it.
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
    """A document as rows of the tables; `assessment` is `None` for a deleted document."""

    record: Row
    assessment: Row | None


class RevisionRow(NamedTuple):
    """A revision as a row, its text compressed, and the record as it is with it alone."""

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
    """Convert revisions, each given as JSON too; assess their documents by the standards."""
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
    """Convert and assess documents; `None` stands for a deleted one."""
    assessments = iter(
        assess_documents([each for each in documents if each is not None], standards)
    )
    return [
        RecordRow(
            _record_row(each or {}),
            None if each is None else assessment_row(county, each, next(assessments)),
        )
        for each in documents
    ]


def _record_row(document: Document) -> Row:
    location, members = document.get("place"), document.get("members")
    village = location.get("village") if isinstance(location, dict) else None
    return {
        "kind": _truncate(document.get("kind"), 20),
        "village": _truncate(village, 12),
        "persons": len(members) if isinstance(members, list) else 0,
        "face": encode_entry(document),
    }


def _truncate(value: Any, max_chars: int) -> str:
    """Return a text that fits a column, empty for a value of another type."""
    return value.replace("\0", "")[:max_chars] if isinstance(value, str) else ""
