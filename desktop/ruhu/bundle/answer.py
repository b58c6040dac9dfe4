"""The county's answer to one laptop: the revisions it lacks of the records it works on.

`ruhu.answer/1` is gzip-compressed JSON in an age container sealed to that laptop alone, signed
inside with the county's signing key over everything but the signature, as a bundle is.
"""

import base64
import binascii
import gzip
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import pyrage
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from ruhu.bundle.envelope import MOST_INFLATED, BundleRefused, Part, inflate, open_container
from ruhu.bundle.keys import CountyPublic, verify
from ruhu.bundle.revision import Revision
from ruhu.survey.strict_json import read_json
from ruhu.survey.text import UserError

FORMAT: Literal["ruhu.answer/1"] = "ruhu.answer/1"
DOMAIN = b"ruhu.answer/1\0"
FILE_NAME = "ruhu-answer-{county}-{device}.age"
"""What the county leaves on a stick for a laptop, by the last eight digits of its id."""


class Answer(Part):
    """An opened and verified answer."""

    format: Literal["ruhu.answer/1"]
    county: str
    device_id: UUID
    created: datetime
    revisions: tuple[Revision, ...]


def answer_file(county: str, device_id: UUID) -> str:
    """The name of the answer's file."""
    return FILE_NAME.format(county=county, device=str(device_id)[-8:])


def seal_answer(
    revisions: Sequence[Revision],
    *,
    county: str,
    device_id: UUID,
    recipient: str,
    secret: bytes,
    at: datetime,
) -> bytes:
    """Sign with the county's key (32 bytes), compress, and seal to the laptop's age recipient."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "county": county,
        "device_id": str(device_id),
        "created": at.isoformat(),
        "revisions": [revision.model_dump(mode="json") for revision in revisions],
    }
    key = Ed25519PrivateKey.from_private_bytes(secret)
    document["signature"] = base64.b64encode(key.sign(_signed(document))).decode()
    packed = gzip.compress(rfc8785.dumps(document), mtime=0)
    return bytes(pyrage.encrypt(packed, [pyrage.x25519.Recipient.from_str(recipient)]))


def _signed(document: dict[str, Any]) -> bytes:
    return DOMAIN + rfc8785.dumps({k: v for k, v in document.items() if k != "signature"})


def open_answer(
    sealed: bytes, identity: str, county: CountyPublic, device_id: UUID
) -> tuple[Revision, ...]:
    """The revisions of an answer to this laptop. Raises `BundleRefused` for anything else."""
    refused = BundleRefused(
        "answer",
        "这不是{name}给本机的答复",
        "this is no answer of {name} to this laptop",
        name=county.name,
    )
    try:
        document = read_json(inflate(open_container(sealed, identity)), most_bytes=MOST_INFLATED)
        signature = base64.b64decode(document["signature"], validate=True)
        genuine = verify(county.signing, signature, _signed(document))
    except (UserError, TypeError, KeyError, ValueError, binascii.Error):
        raise refused from None
    if not genuine:
        raise refused
    try:
        answer = Answer.model_validate(document)
    except ValidationError:
        raise refused from None
    if answer.county != county.county or answer.device_id != device_id:
        raise refused
    return answer.revisions
