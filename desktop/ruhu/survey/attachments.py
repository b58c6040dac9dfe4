"""Photos and papers of a record: purpose, time, position and note.

They are an object by digest next to the contract's facts, so that photos added on two laptops merge one by
one. Their bytes are stored elsewhere.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import time
from decimal import Decimal
from typing import Any

from ruhu.strict_json import Document
from ruhu.survey.facts.types import fold_width, read_decimal, read_written_day
from ruhu.survey.models.choices import Choice, DangerGrade, HousingStage

KEY = "papers"


class Purpose(Choice):
    """What a photo or paper shows."""

    HOUSE_BEFORE = "house_before", "改造前房屋", "House before"
    DANGER = "danger", "危险部位", "Dangerous parts"
    HOUSE_AFTER = "house_after", "改造后房屋", "House after"
    DOCUMENT = "document", "证件、证明", "Document"
    SIGNATURE = "signature", "户主签字", "Householder's signature"
    OTHER = "other", "其他", "Other"


@dataclass(frozen=True, slots=True)
class Paper:
    """A photo or paper. `digest` is the SHA-256 of its bytes.

    `taken_at` is a local date, or date and time (ISO 8601), as the camera or the surveyor gave it. `latitude`
    and `longitude` are in degrees (WGS 84), `None` if unknown.
    """

    digest: str
    purpose: Purpose = Purpose.OTHER
    taken_at: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    note: str = ""


def read_degrees(value: Any, limit: int) -> Decimal | None:
    """Parse degrees from -`limit` to `limit`; `None` if empty. Raises `ValueError`."""
    number = read_decimal(value or None)
    if number is None:
        return None
    if not isinstance(number, Decimal) or abs(number) > limit:
        raise ValueError("not degrees")
    return number


def read_taken(typed: str) -> str:
    """Parse when a photo was taken, a date or a date and 24-hour time; return ISO 8601.

    Returns an empty text for an empty input. Raises `ValueError`.
    """
    text = fold_width(typed.strip())
    if not text:
        return ""
    day, _, clock = text.replace("T", " ").partition(" ")
    iso_day = read_written_day(day).isoformat()
    if not clock.strip():
        return iso_day
    hour, minute, second = (int(part) for part in f"{clock.strip()}:0".split(":")[:3])
    return f"{iso_day}T{time(hour, minute, second).isoformat()}"


def _read(digest: str, entry: Mapping[str, Any]) -> Paper:
    def degrees(name: str, limit: int) -> Decimal | None:
        try:
            return read_degrees(entry.get(name), limit)
        except ValueError:
            return None

    purpose = entry.get("purpose")
    return Paper(
        digest,
        Purpose(purpose) if purpose in list(Purpose) else Purpose.OTHER,
        str(entry.get("taken_at") or "")[:40],
        degrees("latitude", 90),
        degrees("longitude", 180),
        str(entry.get("note") or "")[:500],
    )


def papers_of(document: Document) -> list[Paper]:
    """Return the photos and papers of a record by purpose and time; unreadable entries are skipped."""
    entries = document.get(KEY)
    pairs = entries.items() if isinstance(entries, dict) else ()
    order = list(Purpose)
    papers = [_read(digest, entry) for digest, entry in pairs if isinstance(entry, dict)]
    return sorted(papers, key=lambda p: (order.index(p.purpose), p.taken_at, p.digest))


def with_paper(document: Document, paper: Paper) -> Document:
    """Return a copy of the document with a paper added or replaced."""
    entry = {
        name: str(value)
        for name, value in asdict(paper).items()
        if name != "digest" and value not in (None, "")
    }
    papers = document.get(KEY)
    return {**document, KEY: {**(papers if isinstance(papers, dict) else {}), paper.digest: entry}}


def without_paper(document: Document, digest: str) -> Document:
    """Return a copy of the document without a paper."""
    papers = document.get(KEY)
    remaining = {k: v for k, v in papers.items() if k != digest} if isinstance(papers, dict) else {}
    rest = {name: value for name, value in document.items() if name != KEY}
    return {**rest, KEY: remaining} if remaining else rest


_BUILT = (HousingStage.BUILDING, HousingStage.ACCEPTED, HousingStage.PAID)


def missing_photos(document: Document) -> list[Purpose]:
    """Return the photos that a housing case needs and lacks.

    Grades C and D need the house before and its dangerous parts; a house under construction needs the new
    house.
    """
    housing = document.get("housing") or {}
    required: list[Purpose] = []
    if housing.get("danger_grade") in (DangerGrade.C, DangerGrade.D):
        required = [Purpose.HOUSE_BEFORE, Purpose.DANGER]
        if housing.get("stage") in _BUILT:
            required.append(Purpose.HOUSE_AFTER)
    present = {paper.purpose for paper in papers_of(document)}
    return [purpose for purpose in required if purpose not in present]
