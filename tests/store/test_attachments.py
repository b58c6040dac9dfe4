"""Photos: what is kept of them, and what a hostile file may not do."""

import contextlib
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.conftest import QUICK

from ruhu.county.county import CountyStore
from ruhu.county.records.import_result import ImportOutcome
from ruhu.images import MAX_STORED_BYTES, UnreadableImage, read_picture
from ruhu.store.store import Store
from ruhu.survey.attachments import (
    Paper,
    Purpose,
    missing_photos,
    papers_of,
    read_taken,
    with_paper,
    without_paper,
)
from ruhu.sync.folder import export_bundles


def photo(
    size: tuple[int, int] = (60, 40),
    *,
    exif: bool = False,
    kind: str = "JPEG",
    taken: str = "2017:06:01 09:30:00",
) -> bytes:
    """A picture, red at its upper left; with `exif`, lying on its side and with place and time."""
    picture = Image.new("RGB", size, "white")
    picture.paste("red", (0, 0, size[0] // 3, size[1] // 3))
    metadata = Image.Exif()
    if exif:
        metadata[0x0112] = 6  # turned a quarter to the right
        metadata.get_ifd(0x8769)[36867] = taken
        metadata.get_ifd(0x8825).update(
            {1: "N", 2: (23.0, 20.0, 6.0), 3: "E", 4: (106.0, 36.0, 36.0)}
        )
        metadata[0x010F] = "Camera with a serial number"
    stream = io.BytesIO()
    picture.save(stream, kind, exif=metadata)
    return stream.getvalue()


def test_a_photo_is_turned_upright_and_tells_when_and_where() -> None:
    found = read_picture("a.jpg", photo(exif=True))
    shown = Image.open(io.BytesIO(found.data))
    assert shown.size == (40, 60)
    assert shown.getpixel((35, 3))[0] > 200  # type: ignore[index]
    assert shown.getpixel((35, 3))[1] < 80  # type: ignore[index]
    assert found.taken_at == "2017-06-01T09:30:00"
    assert (found.latitude, found.longitude) == (Decimal("23.335000"), Decimal("106.610000"))
    assert not shown.getexif()


def test_a_clock_that_was_never_set_tells_no_time() -> None:
    assert read_picture("a.jpg", photo(exif=True, taken="0000:00:00 00:00:00")).taken_at == ""


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ""),
        ("２０１７年６月１日", "2017-06-01"),
        ("20170601", "2017-06-01"),
        ("2017.6.1 9：05", "2017-06-01T09:05:00"),
        ("2017-06-01T09:30:15", "2017-06-01T09:30:15"),
    ],
)
def test_when_a_photo_was_taken_is_read_as_people_write_it(typed: str, read: str) -> None:
    assert read_taken(typed) == read


@pytest.mark.parametrize("typed", ["2017", "2017-02-30", "2017-06-01 25:00", "2017-06-01 a", "x"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_taken(typed)


def test_a_large_photo_is_shrunk() -> None:
    noise = Image.effect_noise((4000, 3000), 90).convert("RGB")
    stream = io.BytesIO()
    noise.save(stream, "PNG", compress_level=0)
    found = read_picture("a.png", stream.getvalue())
    assert max(Image.open(io.BytesIO(found.data)).size) == 1600
    assert len(found.data) <= MAX_STORED_BYTES
    assert max(Image.open(io.BytesIO(found.thumbnail)).size) <= 240


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"]
)
def test_what_is_no_photo_is_refused_with_its_name(data: bytes) -> None:
    with pytest.raises(UnreadableImage, match="strange"):
        read_picture("strange.jpg", data)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_photo_is_read_or_refused(data: st.DataObject) -> None:
    raw = bytearray(photo(exif=True))
    for _ in range(data.draw(st.integers(1, 12))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UnreadableImage):
        read_picture("x.jpg", bytes(raw))


def test_papers_are_next_to_the_facts_by_digest() -> None:
    one = Paper("a" * 64, Purpose.DANGER, "2017-06-01T09:30:00", Decimal("23.3"), Decimal("106.6"))
    two = Paper("b" * 64, Purpose.HOUSE_BEFORE, note="正面")
    document: dict[str, Any] = with_paper(with_paper({"kind": "household"}, one), two)
    assert papers_of(document) == [two, one]
    assert papers_of(without_paper(document, one.digest)) == [two]
    assert "papers" not in without_paper(without_paper(document, one.digest), two.digest)


@pytest.mark.parametrize("papers", [None, 3, [], {"x": 1}, {"x": {"latitude": "north"}}])
def test_papers_from_outside_may_be_anything(papers: object) -> None:
    assert all(paper.latitude is None for paper in papers_of({"papers": papers}))


def test_the_photos_a_housing_case_lacks_are_named() -> None:
    document: dict[str, Any] = {"housing": {"danger_grade": "D", "stage": "accepted"}}
    assert missing_photos(document) == [Purpose.HOUSE_BEFORE, Purpose.DANGER, Purpose.HOUSE_AFTER]
    document = with_paper(document, Paper("a" * 64, Purpose.DANGER))
    assert missing_photos(document) == [Purpose.HOUSE_BEFORE, Purpose.HOUSE_AFTER]
    assert missing_photos({"housing": {"danger_grade": "A"}}) == []


def test_photos_travel_to_the_county_after_the_records_and_only_once(
    store: Store, household: dict[str, Any], tmp_path: Path
) -> None:
    county, _ = CountyStore.create(
        tmp_path / "county.db", "county passphrase", county="451024", name="德保县", cost=QUICK
    )
    county.devices.enrol(store.identity.device)
    store.identity.set_county(county.public)
    record_id = store.records.add(household)
    picture = read_picture("a.jpg", photo(exif=True))
    store.attachments.save(record_id, picture)
    assert store.attachments.pending() == []
    document = with_paper(store.records.document(record_id), Paper(picture.digest, Purpose.DANGER))
    store.records.save_draft(record_id, document, field="")
    store.records.close_visit(record_id)
    exported = export_bundles(store, tmp_path / "stick")
    assert (exported.revisions, exported.papers, len(exported.files)) == (1, 1, 2)
    found = [county.exchange.import_file(path) for path in exported.files]
    assert [(f.outcome, f.revisions, f.papers) for f in found] == [
        (ImportOutcome.IMPORTED, 1, 0),
        (ImportOutcome.IMPORTED, 0, 1),
    ]
    assert county.records.attachment(picture.digest) == picture.data
    assert export_bundles(store, tmp_path / "stick").papers == 0
    county.close()


def test_the_store_holds_photos_encrypted(
    store: Store, household: dict[str, Any], tmp_path: Path
) -> None:
    picture = read_picture("a.jpg", photo())
    store.attachments.save(store.records.add(household), picture)
    assert store.attachments.data(picture.digest) == picture.data
    assert store.attachments.thumbnails([picture.digest, "none"]) == {
        picture.digest: picture.thumbnail
    }
    for path in store.folder.iterdir():
        assert picture.data[100:200] not in path.read_bytes()
