"""What comes from outside is hostile: every reader says no with a sentence, within bounds."""

import base64
import io
import json
import tempfile
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from build.qa.fuzz_targets import COUNTY, DEVICE, IDENTITY, READERS, samples
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ruhu.county.server.uploads import DigestMismatch, Uploads
from ruhu.errors import UserError
from ruhu.exchange.formats.bundle import DOMAIN, open_bundle
from ruhu.exchange.formats.container import MAX_INFLATED_BYTES, BundleRefused, seal_container
from ruhu.exchange.formats.signed_json import MAX_VALUES, write_signed
from ruhu.exchange.keys.device import DeviceKey
from ruhu.exchange.keys.rotation import Signer
from ruhu.survey.roster.workbook import NoRoster, read_rows

SAMPLES = samples()


@st.composite
def damaged(draw: st.DrawFn, sound: bytes) -> bytes:
    """Sound bytes with some cut out, doubled, changed or put in."""
    data = bytearray(sound)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 30))
        put = draw(
            st.binary(max_size=20) | st.sampled_from([b'"', b"{", b"[" * 60, b"9" * 400, b"\0"])
        )
        data[place : place + length] = put
    return bytes(data)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=40)
@given(data=st.data())
def test_damaged_or_arbitrary_bytes_are_refused_with_a_sentence(
    name: str, data: st.DataObject
) -> None:
    given_ = data.draw(damaged(SAMPLES[name]) | st.binary(max_size=300))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            READERS[name](given_)
        except UserError as error:
            assert str(error)


def device() -> DeviceKey:
    return DeviceKey(DEVICE.device_id, bytes(range(32)), ["x"])


def signed(document: dict[str, Any] | bytes) -> bytes:
    """A bundle that an enrolled device has signed, whatever it says."""
    key = device()

    def sign(data: bytes) -> dict[str, str]:
        return {"key": key.public, "value": base64.b64encode(key.sign(data)).decode()}

    if isinstance(document, dict):
        text = write_signed({**document, "suite": "ed25519-age-x25519"}, DOMAIN, sign)
    else:
        body = document[:-1] + b',"suite":"ed25519-age-x25519"}'
        signature = rfc8785.dumps(sign(DOMAIN + body))
        text = document[:-1] + b',"signature":' + signature + b',"suite":"ed25519-age-x25519"}'
    return seal_container(text, COUNTY.recipients)


def refusal(sealed: bytes) -> BundleRefused:
    key = device().public
    with pytest.raises(BundleRefused) as caught:
        open_bundle(sealed, [IDENTITY], COUNTY, {key: Signer(DEVICE.device_id)}.get)
    return caught.value


@pytest.mark.parametrize(
    ("text", "code", "word"),
    [
        (b'{"format":"ruhu.bundle/1","format":"ruhu.bundle/1"}', "schema", "duplicate key"),
        (b'{"format":' + b"[" * 5000 + b"]" * 5000 + b"}", "schema", "deeply"),
        (b'{"format":' + b'{"a":' * 60 + b"1" + b"}" * 60 + b"}", "schema", "deeply"),
        (b'{"format":' + b"9" * 5000 + b"}", "schema", "too long"),
        (b'{"format":1e999999999}', "schema", "too long"),
        (b'{"format":NaN}', "schema", "number"),
        (b'{"format":"ruhu.bundle/1","x":[' + b"1," * MAX_VALUES + b"1]}", "schema", "too many"),
        (b'{"format":"ruhu.bundle/1","x":"' + b"a" * MAX_INFLATED_BYTES + b'"}', "too_large", "6 MB"),
        (b'{"format":"ruhu.bundle/7"}', "newer", "ruhu.bundle/7"),
        (b'{"format":"\xff\xfe"}', "schema", "UTF-8"),
        (b'{"format":"ruhu.bundle/1","manifest":{"sequence":"../../etc"}}', "schema", "format at"),
        (b'{"format":"ruhu.bundle/1","x":"\\ud800"}', "schema", "half a character"),
    ],
)  # fmt: skip
def test_even_an_enrolled_device_is_kept_within_bounds(text: bytes, code: str, word: str) -> None:
    refused = refusal(signed(text))
    assert (refused.code, word in refused.text.en) == (code, True), refused.text.en


def test_nothing_is_parsed_before_the_signature_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b'{"format":"ruhu.bundle/1","x":' + b"[" * 5000 + b"]" * 5000
    forged = b'{"key":"' + base64.b64encode(bytes(32)) + b'","value":""}'
    sealed = seal_container(
        text + b',"signature":' + forged + b',"suite":"ed25519-age-x25519"}', COUNTY.recipients
    )
    assert refusal(sealed).code == "unknown_device"
    known = forged.replace(base64.b64encode(bytes(32)), device().public.encode())
    sealed = seal_container(
        text + b',"signature":' + known + b',"suite":"ed25519-age-x25519"}', COUNTY.recipients
    )
    assert refusal(sealed).code == "signature"


@pytest.mark.parametrize("suite", [b"1.5", b"9" * 20, b'"\\ud800"'])
def test_what_stands_behind_a_signature_cannot_end_the_import(suite: bytes) -> None:
    text = b'{"format":"ruhu.bundle/1","signature":{"key":"","value":""},"suite":' + suite + b"}"
    assert refusal(seal_container(text, COUNTY.recipients)).code == "schema"


@pytest.mark.parametrize("more", [{"after": 10**20}, {"more": 10**20}, {"old": "\ud800"}])
def test_a_hand_over_that_cannot_have_been_signed_is_none(more: dict[str, Any]) -> None:
    handover = {"device_id": str(DEVICE.device_id), "after": 1, "old": device().public, "key": "new", "seal": "",
                "at": "2017-06-01T00:00:00Z", **more}  # fmt: skip
    tail = json.dumps({"key": "new", "value": "", "handovers": [handover]}).encode()
    text = b'{"format":"ruhu.bundle/1","signature":' + tail + b',"suite":"ed25519-age-x25519"}'
    assert refusal(seal_container(text, COUNTY.recipients)).code in ("unknown_device", "schema")


@given(st.text(max_size=100))
@example("../../etc/passwd")
@example("0" * 63 + "/")
def test_an_upload_is_named_by_a_digest_and_nothing_else(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.raises(DigestMismatch):
        Uploads(Path(folder)).path(name)


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">%s]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">
<c r="A1" t="inlineStr"><is><t>&z;</t></is></c></row></sheetData></worksheet>"""


def changed_workbook(changes: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SAMPLES["roster"])) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
    return stream.getvalue()


def test_a_workbook_that_laughs_or_swells_is_refused() -> None:
    levels = "bcdefghijklmnopqrstuvwxyz"
    entities = "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("a" + levels, levels, strict=False)
    )
    laughing = changed_workbook({"xl/worksheets/sheet1.xml": LAUGHS % entities.encode()})
    outside = changed_workbook({
        "xl/workbook.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY z SYSTEM "file:///etc/passwd">]><x>&z;</x>'
    })  # fmt: skip
    swollen = changed_workbook({"xl/styles.xml": b" " * (301 * 1024 * 1024)})
    for data in (laughing, outside, swollen):
        with pytest.raises(NoRoster):
            list(read_rows(data))


def test_fields_of_a_newer_program_travel_untouched_and_are_named() -> None:
    manifest = {
        "bundle_id": "018f0000-0000-7000-8000-00000000c001", "device_id": str(DEVICE.device_id),
        "sequence": 1, "previous": None, "county": "451024", "created": "2017-06-01T00:00:00Z",
        "app": "9", "policy": "2030", "counts": {"revisions": 1, "attachments": 0},
        "recipients": json.loads(SAMPLES["bundle text"])["manifest"]["recipients"], "weather": "rain",
    }  # fmt: skip
    revision = {
        "revision_id": "018f0000-0000-7000-8000-00000000b001", "device_id": str(DEVICE.device_id),
        "record_id": "018f0000-0000-7000-8000-00000000a001", "parents": [], "mood": ["good"],
        "at": "2017-06-01T00:00:00Z", "reason": "dictated", "document": {"kind": "barn", "area": {"x": 1}},
    }  # fmt: skip
    sealed = signed(
        {
            "format": "ruhu.bundle/1",
            "manifest": manifest,
            "revisions": [revision],
            "attachments": [],
            "also": 1,
        }
    )
    key = device().public
    bundle = open_bundle(sealed, [IDENTITY], COUNTY, {key: Signer(DEVICE.device_id)}.get)
    assert bundle.unknown() == ("also", "manifest.weather", "revisions.mood")
    kept = json.loads(bundle.revisions[0].model_dump_json())
    assert (kept["mood"], kept["reason"], kept["document"]) == (
        ["good"],
        "dictated",
        revision["document"],
    )
