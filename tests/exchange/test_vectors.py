"""The committed files of each format: read by today's program, and checked with ordinary tools alone."""

import base64
import json
import re
import shutil
import subprocess
from pathlib import Path
from uuid import UUID

import pytest
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ruhu.exchange.formats.bundle import open_bundle
from ruhu.exchange.formats.container import digest, inflate, open_container
from ruhu.exchange.formats.receipt import (
    ReceiptRefused,
    SignedReceipt,
    read_receipts,
    write_receipts,
)
from ruhu.exchange.formats.reply import open_reply
from ruhu.exchange.keys.county import CountySecrets, read_county
from ruhu.exchange.keys.device import DeviceKey, read_device
from ruhu.exchange.keys.rotation import Signer
from ruhu.i18n import BilingualText
from ruhu.resources import resource

VECTORS = resource("vectors")
PAGES = [resource(f"help/formats.{language}.md") for language in ("zh", "en")]
COUNTY = read_county((VECTORS / "county.json").read_bytes())
DEVICE = read_device((VECTORS / "device.json").read_bytes())
BUNDLE = (VECTORS / "example.bundle.age").read_bytes()


def test_todays_program_reads_the_bundle_the_receipts_and_the_answer() -> None:
    bundle = open_bundle(
        BUNDLE,
        [(VECTORS / "county.key").read_text()],
        COUNTY,
        {DEVICE.key: Signer(DEVICE.device_id)}.get,
    )
    assert bundle.manifest.counts == {"revisions": 1, "attachments": 0}
    assert bundle.revisions[0].document == {
        "record_id": str(bundle.revisions[0].record_id), "kind": "household", "population": 3
    }  # fmt: skip
    (receipt,), (chain,) = read_receipts((VECTORS / "receipts.json").read_bytes(), COUNTY)
    assert (receipt.digest, receipt.outcome, chain.last) == (digest(BUNDLE), "taken_in", 1)
    (aside,), _ = read_receipts((VECTORS / "receipts-set-aside.json").read_bytes(), COUNTY)
    assert aside.outcome == "set_aside"
    assert aside.why == BilingualText("文件不完整或被改动", "the file is cut short or altered")
    device = DeviceKey(DEVICE.device_id, bytes(32), [(VECTORS / "device.key").read_text()])
    answer = open_reply((VECTORS / "answer.age").read_bytes(), device, COUNTY)
    assert answer.sequence == 1
    assert [revision.device_id for revision in answer.revisions] == [UUID(int=1)]


@pytest.mark.parametrize("name", ["receipts.json", "receipts-set-aside.json"])
def test_a_receipts_signature_covers_all_that_stands_in_it(name: str) -> None:
    """So a program that does not know a field verifies it all the same."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(COUNTY.signing))
    (document,) = json.loads((VECTORS / name).read_bytes())["receipts"]
    signature = base64.b64decode(document.pop("signature"))
    assert ("reason_en" in document) == (document["outcome"] == "set_aside")
    key.verify(signature, b"ruhu.receipt/1\0" + rfc8785.dumps(document))
    for field in document:
        altered = {**document, field: f"{document[field]}."}
        with pytest.raises(InvalidSignature):
            key.verify(signature, b"ruhu.receipt/1\0" + rfc8785.dumps(altered))


def test_a_receipt_whose_english_reason_is_altered_or_added_is_refused() -> None:
    for name in ("receipts.json", "receipts-set-aside.json"):
        document = json.loads((VECTORS / name).read_bytes())
        document["receipts"][0]["reason_en"] = "all is well"
        with pytest.raises(ReceiptRefused):
            read_receipts(rfc8785.dumps(document), COUNTY)


def test_what_a_newer_county_adds_to_a_receipt_is_signed_and_passed_over() -> None:
    secrets, county, _ = CountySecrets.generate("451024", "示范县")
    document = {
        "county": "451024", "digest": "0" * 64, "outcome": "set_aside", "reason": "不完整",
        "at": "2017-06-01T08:30:00Z", "reason_later": "something new",
    }  # fmt: skip
    newer = SignedReceipt.model_validate(document).signed(secrets.signing_secret)
    written = write_receipts([newer])
    assert b"reason_en" not in written
    (read,), _ = read_receipts(written, county)
    assert read.why == BilingualText("不完整", "不完整")
    with pytest.raises(ReceiptRefused):
        read_receipts(written.replace(b"something new", b"something else"), county)


def test_ordinary_tools_alone_open_verify_and_read_the_bundle(tmp_path: Path) -> None:
    for path in VECTORS.iterdir():
        shutil.copy(path, tmp_path)
    (script,) = re.findall(r"```sh\n(.*?)```", PAGES[1].read_text(encoding="utf-8"), re.DOTALL)
    assert script in PAGES[0].read_text(encoding="utf-8")
    done = subprocess.run(
        ["sh", "-eu"], input=script, cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:-1] == [
        "Signature Verified Successfully",
        "true",
        "true",
        "true",
    ]
    altered = (
        (tmp_path / "bundle.json")
        .read_text(encoding="utf-8")
        .replace('"population":3', '"population":4')
    )
    (tmp_path / "bundle.json").write_text(altered, encoding="utf-8")
    without_opening = "\n".join(script.splitlines()[1:])
    again = subprocess.run(
        ["sh", "-eu"],
        input=without_opening.encode(),
        cwd=tmp_path,
        check=False,
        capture_output=True,
    )
    assert again.returncode != 0


def test_the_page_shows_the_bytes_as_they_are() -> None:
    text = inflate(open_container(BUNDLE, [(VECTORS / "county.key").read_text()]))
    assert text == (VECTORS / "example.bundle.json").read_bytes()
    kinds = {"sealed": BUNDLE, "text": text}
    for page in PAGES:
        rows = re.findall(
            r"^\| (sealed|text) (\d+) \| `(.+?)` \|", page.read_text(encoding="utf-8"), re.MULTILINE
        )
        assert len(rows) >= 10
        for kind, start, shown in rows:
            there = kinds[kind][int(start) :]
            wanted = bytes.fromhex(shown[3:]) if shown.startswith("0x ") else shown.encode()
            assert there.startswith(wanted), (kind, start, shown)
