"""Photos and papers of a record: what each shows, when and where; their bytes are kept elsewhere.

They stand beside the contract's facts as an object by their digest, so that photos added on two
laptops merge one by one.
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
    """One photo or paper. `digest` is the SHA-256 of its bytes; `taken_at` a local day, or day and time,
    after ISO 8601, as the camera or the worker wrote it.

    `latitude` and `longitude` are degrees, WGS 84, absent where neither camera nor worker told.
    """

    digest: str
    purpose: Purpose = Purpose.OTHER
    taken_at: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    note: str = ""


def read_degrees(value: Any, most: int) -> Decimal | None:
    """Read degrees from -`most` to `most`, `None` for nothing. Raises `ValueError`."""
    number = read_decimal(value or None)
    if number is None:
        return None
    if not isinstance(number, Decimal) or abs(number) > most:
        raise ValueError("not degrees")
    return number


def read_taken(typed: str) -> str:
    """Read when a photo was taken, a day or a day and a time of 24 hours, as ISO 8601; empty for
    nothing. Raises `ValueError`.
    """
    text = fold_width(typed.strip())
    if not text:
        return ""
    day, _, at = text.replace("T", " ").partition(" ")
    on = read_written_day(day).isoformat()
    if not at.strip():
        return on
    hour, minute, second = (int(part) for part in f"{at.strip()}:0".split(":")[:3])
    return f"{on}T{time(hour, minute, second).isoformat()}"


def _read(digest: str, told: Mapping[str, Any]) -> Paper:
    def degrees(name: str, most: int) -> Decimal | None:
        try:
            return read_degrees(told.get(name), most)
        except ValueError:
            return None

    purpose = told.get("purpose")
    return Paper(
        digest,
        Purpose(purpose) if purpose in list(Purpose) else Purpose.OTHER,
        str(told.get("taken_at") or "")[:40],
        degrees("latitude", 90),
        degrees("longitude", 180),
        str(told.get("note") or "")[:500],
    )


def papers_of(document: Document) -> list[Paper]:
    """The photos and papers of a record, by purpose and time; what cannot be read is passed over."""
    told = document.get(KEY)
    found = told.items() if isinstance(told, dict) else ()
    order = list(Purpose)
    papers = [_read(digest, entry) for digest, entry in found if isinstance(entry, dict)]
    return sorted(papers, key=lambda p: (order.index(p.purpose), p.taken_at, p.digest))


def with_paper(document: Document, paper: Paper) -> Document:
    """A copy of the document with a paper added, or told anew."""
    entry = {
        name: str(value)
        for name, value in asdict(paper).items()
        if name != "digest" and value not in (None, "")
    }
    told = document.get(KEY)
    return {**document, KEY: {**(told if isinstance(told, dict) else {}), paper.digest: entry}}


def without_paper(document: Document, digest: str) -> Document:
    """A copy of the document without a paper."""
    told = document.get(KEY)
    kept = {k: v for k, v in told.items() if k != digest} if isinstance(told, dict) else {}
    rest = {name: value for name, value in document.items() if name != KEY}
    return {**rest, KEY: kept} if kept else rest


_BUILT = (HousingStage.BUILDING, HousingStage.ACCEPTED, HousingStage.PAID)


def missing_photos(document: Document) -> list[Purpose]:
    """The photos a housing case needs and does not have: the house before and its dangerous parts
    for grades C and D, the new house once it is being built.
    """
    housing = document.get("housing") or {}
    wanted: list[Purpose] = []
    if housing.get("danger_grade") in (DangerGrade.C, DangerGrade.D):
        wanted = [Purpose.HOUSE_BEFORE, Purpose.DANGER]
        if housing.get("stage") in _BUILT:
            wanted.append(Purpose.HOUSE_AFTER)
    there = {paper.purpose for paper in papers_of(document)}
    return [purpose for purpose in wanted if purpose not in there]
