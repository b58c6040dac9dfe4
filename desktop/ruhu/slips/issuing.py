"""Issue a slip: assess, number, sign, store."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.finding import Assessment
from ruhu.policy.evaluation.record_reader import RecordView, read_draft
from ruhu.policy.packs.loader import pack_for
from ruhu.policy.standards.model import DatedStandards
from ruhu.slips.document import Slip, SlipLanguage, bilingual, format_day, make_slip
from ruhu.slips.token import make_token
from ruhu.store.store import Store


@dataclass(frozen=True, slots=True)
class IssuedSlip:
    """A slip ready to print. A preview has no number and no token."""

    slip: Slip
    number: str
    issued_on: str
    token: str
    reprint: bool


def _assessed(
    store: Store, record_id: UUID, on: date | None, standards: DatedStandards | None
) -> tuple[RecordView, Assessment]:
    try:
        document = store.records.document(record_id)
    except KeyError:
        raise UserError(
            BilingualText("没有记录 {record}", "record {record} does not exist").format(
                record=record_id
            )
        ) from None
    if document.get("kind") != "household":
        raise UserError(BilingualText("只有农户有明白卡", "only households have slips"))
    reading = read_draft(document)
    return reading, assess(reading, on=on, standards=standards)


def _slip(reading: RecordView, assessment: Assessment, language: SlipLanguage) -> Slip:
    pack = pack_for(assessment.as_of)
    sample = assessment.standards is not None and assessment.standards.sample
    if language == "both":
        return bilingual(_slip(reading, assessment, "zh"), _slip(reading, assessment, "en"))
    return make_slip(reading.document, assessment, pack, language=language, sample=sample)


def preview_slip(
    store: Store,
    record_id: UUID,
    *,
    on: date | None = None,
    standards: DatedStandards | None = None,
    language: SlipLanguage = "zh",
) -> IssuedSlip:
    """Return the slip as it would be issued now, without numbering or storing it. Raises as `issue` does."""
    reading, assessment = _assessed(store, record_id, on, standards)
    return IssuedSlip(_slip(reading, assessment, language), "", "", "", reprint=False)


def issue_slip(
    store: Store,
    record_id: UUID,
    *,
    on: date | None = None,
    standards: DatedStandards | None = None,
    language: SlipLanguage = "zh",
) -> IssuedSlip:
    """Assess the record, number the slip and store its content.

    Raises `UserError` if the record does not exist or has no day to assess it on.
    """
    reading, assessment = _assessed(store, record_id, on, standards)
    slip = _slip(reading, assessment, language)
    stored = store.slips.issue(
        record_id,
        policy=assessment.policy,
        facts_hash=assessment.facts_hash,
        content=slip.content(),
    )
    household_no = str((reading.document.get("registration") or {}).get("household_no") or "")
    token = make_token(
        stored.number,
        household_no,
        assessment,
        store.identity.device.device_id,
        store.identity.sign,
    )
    day = format_day(stored.issued_on.date(), "en" if language == "en" else "zh")
    return IssuedSlip(slip, stored.number, day, token, stored.reprint)
