"""Make the test vectors of the exchange formats: public test keys, and files sealed and signed with them.

usage: python -m build.docs.vectors

They are committed under resources/vectors. Sealing is random, so run it only where the format
changed; tests hold the programs of today to the files of then.
"""

import base64
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ruhu.exchange.formats.bundle import Manifest, recipient_fingerprints, seal_bundle
from ruhu.exchange.formats.container import digest, inflate, open_container
from ruhu.exchange.formats.receipt import SequenceStatement, SignedReceipt, write_receipts
from ruhu.exchange.formats.reply import seal_reply
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.keys.device import DeviceKey, DevicePublic
from ruhu.revisions.revision import Revision

FOLDER = Path("resources/vectors")
COUNTY, AT = "451024", datetime(2017, 6, 1, 8, 30, tzinfo=UTC)
DEVICE_ID = UUID("018f0000-0000-7000-8000-00000000d0e1")
RECORD_ID = UUID("018f0000-0000-7000-8000-00000000a001")
_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def _secret(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def _checksum(prefix: str, data: list[int]) -> list[int]:
    values = [*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix), *data, *[0] * 6]
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= term if top >> bit & 1 else 0
    return [(check ^ 1) >> 5 * (5 - place) & 31 for place in range(6)]


def identity(name: str) -> str:
    """Derive a test age identity from a name (Bech32 of 32 bytes); it is not secret."""
    bits = int.from_bytes(_secret(name), "big") << 4
    data = [bits >> 5 * (51 - place) & 31 for place in range(52)]
    prefix = "age-secret-key-"
    coded = "".join(_CHARSET[value] for value in [*data, *_checksum(prefix, data)])
    return f"{prefix}1{coded}".upper()


def _recipient(name: str) -> str:
    return str(pyrage.x25519.Identity.from_str(identity(name)).to_public())


def main() -> None:
    """Write every vector."""
    signing = _secret("county signing")
    public = Ed25519PrivateKey.from_private_bytes(signing).public_key().public_bytes_raw()
    county = CountyPublic(
        county=COUNTY,
        name="示范县",
        seal=_recipient("county seal"),
        recovery=_recipient("county recovery"),
        signing=base64.b64encode(public).decode(),
    )
    device = DeviceKey(DEVICE_ID, _secret("device signing"), [identity("device seal")])
    device_public = DevicePublic(
        device_id=DEVICE_ID, key=device.public, surveyor="测试员", seal=device.recipient
    )
    revision = Revision(
        revision_id=UUID("018f0000-0000-7000-8000-00000000b001"),
        record_id=RECORD_ID,
        device_id=DEVICE_ID,
        author="测试员",
        at=AT,
        reason="visit",
        document={"record_id": str(RECORD_ID), "kind": "household", "population": 3},
    )
    manifest = Manifest(
        bundle_id=UUID("018f0000-0000-7000-8000-00000000c001"),
        device_id=DEVICE_ID,
        sequence=1,
        previous=None,
        county=COUNTY,
        created=AT,
        app="0.1",
        policy="2017",
        counts={"revisions": 1, "attachments": 0},
        recipients=recipient_fingerprints(county),
    )
    bundle = seal_bundle(manifest, [revision], device, county)
    receipt = SignedReceipt(county=COUNTY, digest=digest(bundle), outcome="taken_in", at=AT)
    aside = SignedReceipt(
        county=COUNTY,
        digest=digest(b""),
        outcome="set_aside",
        reason="文件不完整或被改动",
        reason_en="the file is cut short or altered",
        at=AT,
    )
    chain = SequenceStatement(county=COUNTY, device_id=DEVICE_ID, last=1, at=AT)
    answer = seal_reply(
        [revision.model_copy(update={"device_id": UUID(int=1), "author": "另一员"})],
        county=COUNTY,
        device_id=DEVICE_ID,
        recipient=device.recipient,
        secret=signing,
        at=AT,
        sequence=1,
    )
    files = {
        "county.json": county.model_dump_json(indent=1).encode(),
        "device.json": device_public.model_dump_json(indent=1).encode(),
        "county.key": identity("county seal").encode(),
        "device.key": identity("device seal").encode(),
        "example.bundle.age": bundle,
        "example.bundle.json": inflate(open_container(bundle, [identity("county seal")])),
        "receipts.json": write_receipts([receipt.signed(signing)], [chain.signed(signing)]),
        "receipts-set-aside.json": write_receipts([aside.signed(signing)]),
        "answer.age": answer,
    }
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (FOLDER / name).write_bytes(data)
    print(json.dumps({name: len(data) for name, data in files.items()}, indent=1))


if __name__ == "__main__":
    main()
