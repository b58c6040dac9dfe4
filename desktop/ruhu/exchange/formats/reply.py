"""The county's reply to one laptop: what it lacks of the records it works on.

`ruhu.answer/1` is gzip-compressed JSON in an age container sealed to that laptop alone. Like a bundle it is
signed inside, with the county's signing key over everything but the signature. Replies are numbered; the
laptop's next bundle says which it imported. Photos come in replies after those with their records.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ConfigDict, ValidationError

from ruhu.errors import UserError
from ruhu.exchange.formats.bundle import Attachment, BundleModel
from ruhu.exchange.formats.container import BundleRefused, inflate, open_container, seal_container
from ruhu.exchange.formats.signed_json import read_envelope, write_signed
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.keys.device import DeviceKey
from ruhu.revisions.revision import Revision
from ruhu.strict_json import Document

FORMAT: Literal["ruhu.answer/1"] = "ruhu.answer/1"
DOMAIN = b"ruhu.answer/1\0"


class Reply(BundleModel):
    """An opened and verified answer; `sequence` counts those to one laptop from 1."""

    model_config = ConfigDict(title="Answer")

    format: Literal["ruhu.answer/1"]
    county: str
    device_id: UUID
    created: datetime
    sequence: int
    revisions: tuple[Revision, ...]
    attachments: tuple[Attachment, ...] = ()
    published: tuple[dict[str, Any], ...] = ()
    """Signed files of the county's standards that came out since the answer before."""


def seal_reply(
    revisions: Sequence[Revision],
    *,
    county: str,
    device_id: UUID,
    recipient: str,
    secret: bytes,
    at: datetime,
    sequence: int,
    attachments: Sequence[Attachment] = (),
    published: Sequence[Document] = (),
) -> bytes:
    """Sign with the county's key (32 bytes), compress, and seal to the laptop's age recipient."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "county": county,
        "device_id": str(device_id),
        "created": at.isoformat(),
        "sequence": sequence,
        "revisions": [revision.model_dump(mode="json") for revision in revisions],
        "attachments": [part.model_dump(mode="json") for part in attachments],
    }
    if published:
        document["published"] = list(published)
    key = Ed25519PrivateKey.from_private_bytes(secret)
    text = write_signed(
        document, DOMAIN, lambda signed: base64.b64encode(key.sign(signed)).decode()
    )
    return seal_container(text, [recipient])


def open_reply(sealed: bytes, device: DeviceKey, county: CountyPublic) -> Reply:
    """Open a reply to this laptop. Raises `BundleRefused` for anything else."""
    refused = BundleRefused(
        "answer",
        "这不是{name}给本机的答复",
        "not a reply of {name} to this laptop",
        name=county.name,
    )
    try:
        envelope = read_envelope(inflate(open_container(sealed, device.identities)), DOMAIN)
        signature = base64.b64decode(envelope.signature, validate=True)
    except (UserError, TypeError, ValueError, binascii.Error):
        raise refused from None
    if envelope.rest or not county.signed_by(signature, envelope.signed):
        raise refused
    try:
        answer = Reply.model_validate(envelope.document()[0])
    except (UserError, ValidationError):
        raise refused from None
    if answer.county != county.county or answer.device_id != device.device_id:
        raise refused
    return answer
