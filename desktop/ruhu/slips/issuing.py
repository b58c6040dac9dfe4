"""Issuing a slip: assess, number, sign, keep."""

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
from ruhu.slips.document import Slip, SlipLanguage, bilingual, make_slip, show_day
from ruhu.slips.token import make_token
from ruhu.store.store import Store


@dataclass(frozen=True, slots=True)
class IssuedSlip:
    """A slip ready to print. A preview has no number and no token yet."""

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
            BilingualText("没有记录 {record}", "there is no record {record}").format(
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


def preview(
    store: Store,
    record_id: UUID,
    *,
    on: date | None = None,
    standards: DatedStandards | None = None,
    language: SlipLanguage = "zh",
) -> IssuedSlip:
    """The slip as it would be issued now; nothing is numbered or kept. Raises as `issue` does."""
    reading, assessment = _assessed(store, record_id, on, standards)
    return IssuedSlip(_slip(reading, assessment, language), "", "", "", reprint=False)


def issue(
    store: Store,
    record_id: UUID,
    *,
    on: date | None = None,
    standards: DatedStandards | None = None,
    language: SlipLanguage = "zh",
) -> IssuedSlip:
    """Assess the record as it stands, number the slip and keep what it says.

    Raises `UserError` when there is no such record, or no day to assess it on.
    """
    reading, assessment = _assessed(store, record_id, on, standards)
    slip = _slip(reading, assessment, language)
    kept = store.slips.issue(
        record_id,
        policy=assessment.policy,
        facts_hash=assessment.facts_hash,
        content=slip.content(),
    )
    household_no = str((reading.document.get("registration") or {}).get("household_no") or "")
    token = make_token(
        kept.number, household_no, assessment, store.identity.device.device_id, store.identity.sign
    )
    day = show_day(kept.issued_on.date(), "en" if language == "en" else "zh")
    return IssuedSlip(slip, kept.number, day, token, kept.reprint)
