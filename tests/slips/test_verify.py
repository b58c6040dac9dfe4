"""An officer holds a slip: as a scan, a photo or text, genuine or not."""

import contextlib
import io
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.conftest import QUICK

from ruhu.cli.commands.slip import print_to_file
from ruhu.cli.main import main
from ruhu.county.county import CountyStore
from ruhu.slips.code_reader import NoSlipFile, tokens_in
from ruhu.slips.issuing import IssuedSlip, issue_slip
from ruhu.store.store import Store

PASSPHRASE = "correct horse battery"


@pytest.fixture
def issued(linked: Store, household: dict[str, Any]) -> IssuedSlip:
    return issue_slip(linked, linked.records.add(household))


@pytest.fixture
def page(issued: IssuedSlip, tmp_path: Path, qapp: object) -> Image.Image:
    """The first page, as a scanner at 150 dots an inch sees it."""
    import pypdfium2

    print_to_file(issued, tmp_path / "slip.pdf")
    with pypdfium2.PdfDocument(tmp_path / "slip.pdf") as document:
        picture: Image.Image = document[0].render(scale=150 / 72).to_pil()
    return picture


def saved(picture: Image.Image, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, kind, **options)
    return out.getvalue()


def test_a_scan_a_crooked_photo_a_pdf_and_text_are_read(
    issued: IssuedSlip, page: Image.Image, tmp_path: Path
) -> None:
    crooked = page.rotate(7, Image.Resampling.BICUBIC, expand=True, fillcolor="grey")
    for data in (
        saved(page, "PNG"),
        saved(page, "JPEG", quality=60),
        saved(crooked, "JPEG", quality=70),
        (tmp_path / "slip.pdf").read_bytes(),
        f"卡上的码：{issued.token}。".encode(),
    ):
        assert tokens_in("slip", data) == [issued.token]


def verdicts(
    paths: list[Path], db: Path | str, capsys: pytest.CaptureFixture[str], code: int
) -> list[dict[str, Any]]:
    words = ["slip", "verify", *map(str, paths), "--db", str(db), "--json"]
    assert main(words) == code
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_genuine_altered_unknown_and_revoked_slips_are_distinguished(
    issued: IssuedSlip,
    linked: Store,
    county: CountyStore,
    place: Path | str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RUHU_PASSPHRASE", PASSPHRASE)
    head, body, signature = issued.token.split(".")
    with Store.create(tmp_path / "stranger", PASSPHRASE, surveyor="外人", cost=QUICK) as other:
        record = other.records.add({"kind": "household", "survey": {"date": "2017-06-01"}})
        stranger = issue_slip(other, record).token
    texts = {
        "genuine": issued.token,
        "altered": f"{head}.{body}.{signature[:-6]}AAAAAA",
        "unknown_device": stranger,
        "not_a_slip": "https://example.org",
    }
    paths = []
    for name, text in texts.items():
        path = tmp_path / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    county.devices.enrol(linked.identity.device)
    results = verdicts(paths, place, capsys, 2)
    assert [one["verdict"] for one in results] == list(texts)
    assert results[0]["slip"]["n"] == issued.number
    assert verdicts(paths[:1], place, capsys, 0)[0]["verdict"] == "genuine"
    county.devices.revoke(linked.identity.device.device_id)
    revoked = verdicts(paths[:1], place, capsys, 2)[0]
    assert (revoked["verdict"], revoked["slip"]["n"]) == ("revoked_device", issued.number)


def bomb() -> bytes:
    """A PNG of a hundred kilobytes that says it is 60,000 by 60,000 pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    packed = zlib.compress(b"\0" * 10_000_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "data", [bomb(), b"%PDF-1.7 nothing", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xfe\x00", b"x" * 21_000_000]
)  # fmt: skip
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(NoSlipFile, match="PNG"):
        tokens_in("x", data)


@given(
    st.sampled_from([b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b""]), st.binary()
)
def test_whatever_a_file_holds_it_is_read_or_refused(start: bytes, rest: bytes) -> None:
    with contextlib.suppress(NoSlipFile):
        assert all(token.startswith("RUHU1.") for token in tokens_in("x", start + rest))
