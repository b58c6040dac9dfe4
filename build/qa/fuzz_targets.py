"""Every reader of outside bytes, with a valid sample to be damaged for fuzzing."""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from openpyxl import Workbook
from PIL import Image
from pydantic import ValidationError

from ruhu.county.server.nonces import Nonces
from ruhu.exchange.formats.bundle import open_bundle
from ruhu.exchange.formats.container import inflate, open_container, seal_container
from ruhu.exchange.formats.receipt import read_receipts
from ruhu.exchange.formats.reply import open_reply
from ruhu.exchange.keys.county import read_county
from ruhu.exchange.keys.device import DeviceKey, read_device
from ruhu.exchange.keys.recovery import read_request
from ruhu.exchange.keys.rotation import Signer
from ruhu.exchange.protocol.http_signature import NotSigned, sign_request, verify_request
from ruhu.exchange.protocol.messages import SyncRequest
from ruhu.images import read_picture
from ruhu.policy.standards.files import read_standards_file
from ruhu.policy.standards.parser import parse_standards
from ruhu.slips.code_reader import tokens_in
from ruhu.slips.device_qr import device_in, draw_device
from ruhu.slips.token import read_token
from ruhu.strict_json import read_json
from ruhu.survey.roster.reader import read_roster

VECTORS = Path("resources/vectors")
COUNTY = read_county((VECTORS / "county.json").read_bytes())
DEVICE = read_device((VECTORS / "device.json").read_bytes())
IDENTITY = (VECTORS / "county.key").read_text()
_OWN = DeviceKey(DEVICE.device_id, bytes(32), [(VECTORS / "device.key").read_text()])
_NONCES = Nonces(bytes(32))
Reader = Callable[[bytes], Any]


def _bundle(data: bytes) -> Any:
    return open_bundle(data, [IDENTITY], COUNTY, {DEVICE.key: Signer(DEVICE.device_id)}.get)


def _bundle_text(data: bytes) -> Any:
    """Seal a bundle's damaged text and read it, so that the damage reaches the parser."""
    return _bundle(seal_container(data, COUNTY.recipients))


def _request(data: bytes) -> Any:
    """Verify and parse a request: a header field a line, then an empty line and the body."""
    head, _, body = data.partition(b"\n\n")
    lines = [line.partition(": ") for line in head.decode("latin-1").split("\n")]
    headers = {name.strip() or "x": value for name, _, value in lines}
    path = "/v1/" + "".join(c for c in lines[0][2] if c.isalnum())
    try:
        signed = verify_request("POST", path, headers, lambda _: bytes(32), body)
        _NONCES.mark(signed.nonce)
    except NotSigned:
        _NONCES.mark(headers.get("nonce", ""))
    with contextlib.suppress(ValidationError):  # the service answers these with where they fail
        return SyncRequest.model_validate(read_json(body))


def _token(data: bytes) -> Any:
    return read_token(data.decode("utf-8", "replace"), lambda _: None)


def _standards(data: bytes) -> Any:
    return parse_standards(read_standards_file("x.json", data))


READERS: dict[str, Reader] = {
    "bundle": _bundle,
    "bundle text": _bundle_text,
    "container": lambda data: inflate(open_container(data, [IDENTITY])),
    "answer": lambda data: open_reply(data, _OWN, COUNTY),
    "receipts": lambda data: read_receipts(data, COUNTY),
    "county key": read_county,
    "device key": lambda data: device_in("x", data),
    "recovery request": read_request,
    "roster": read_roster,
    "standards": _standards,
    "slip code": _token,
    "slip file": lambda data: tokens_in("x", data),
    "photo": lambda data: read_picture("x", data),
    "request": _request,
}


def _workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["户编号", "姓名", "证件号码"], ["45109900000009", "韦岜明", "451099198606190789"]):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _photo() -> bytes:
    stream = io.BytesIO()
    Image.effect_noise((40, 30), 80).convert("RGB").save(
        stream, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08"
    )
    return stream.getvalue()


def _signed_request() -> bytes:
    asked = SyncRequest(last=1, answered=0, county="x", waiting=("0" * 64,))
    body = asked.model_dump_json().encode()
    head = sign_request(_OWN, "POST", "/v1/sync", {"Path": "sync"}, _NONCES.issue(), body)
    lines = [f"{name}: {value}" for name, value in head.items()]
    return "\n".join(lines).encode("latin-1") + b"\n\n" + body


def samples() -> dict[str, bytes]:
    """Return a valid sample for each reader."""
    bundle = (VECTORS / "example.bundle.age").read_bytes()
    return {
        "bundle": bundle,
        "bundle text": (VECTORS / "example.bundle.json").read_bytes(),
        "container": bundle,
        "answer": (VECTORS / "answer.age").read_bytes(),
        "receipts": (VECTORS / "receipts.json").read_bytes(),
        "county key": (VECTORS / "county.json").read_bytes(),
        "device key": draw_device(DEVICE),
        "recovery request": b'{"format":"ruhu.recovery/1","wrapped":"","recipient":"age1","at":"2017-06-01T00:00:00Z"}',
        "roster": _workbook(),
        "standards": b'{"county":"451024","valid_from":"2017-01-01"}',
        "slip code": b"RUHU1.eyJuIjoiMSIsImsiOiIw" + UUID(int=1).hex.encode() + b"In0.AAAA",
        "slip file": draw_device(DEVICE),
        "photo": _photo(),
        "request": _signed_request(),
    }
