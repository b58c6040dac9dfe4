"""The bundle: a signed JSON document in a sealed container.

`ruhu.bundle/1` is gzip-compressed JSON in an age container, sealed to the county and to its
recovery key. The Ed25519 signature lies inside and covers everything but itself, as RFC 8785
canonical JSON after the domain `ruhu.bundle/1` and a zero byte; also the fingerprints of the
recipients, so that nobody can wrap it again for another county.
"""

import base64
import binascii
import gzip
import hashlib
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

import pyrage
import rfc8785
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from ruhu.bundle.keys import CountyPublic, DeviceKey, fingerprint, verify
from ruhu.bundle.revision import Revision
from ruhu.survey.strict_json import read_json
from ruhu.survey.text import Text, UserError

FORMAT = "ruhu.bundle/1"
SUITE = "ed25519-age-x25519"
DOMAIN = b"ruhu.bundle/1\0"
MOST_SEALED = 8 * 1024 * 1024
MOST_INFLATED = 32 * 1024 * 1024
MOST_REVISIONS = 500
MOST_PLAIN = 4 * 1024 * 1024
SUFFIX = ".bundle.age"


class BundleRefused(UserError):
    """A bundle of which nothing may enter the records. `code` names the reason for ledgers."""

    def __init__(self, code: str, zh: str, en: str, **values: object) -> None:
        super().__init__(Text(zh, en).format(**values))
        self.code = code


class Part(BaseModel):
    """A part of a bundle; unknown fields travel untouched."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Manifest(Part):
    """What a bundle says of itself."""

    bundle_id: UUID
    device_id: UUID
    sequence: int
    previous: str | None
    county: str
    created: datetime
    app: str
    policy: str
    counts: dict[str, int]
    recipients: tuple[str, ...]


def _decode(value: Any) -> Any:
    return base64.b64decode(value, validate=True) if isinstance(value, str) else value


Base64 = Annotated[
    bytes,
    BeforeValidator(_decode),
    PlainSerializer(lambda data: base64.b64encode(data).decode(), when_used="json"),
]


class Attachment(Part):
    """A photo or paper of a record: a JPEG picture by the SHA-256 of its bytes."""

    digest: str
    record_id: UUID
    media_type: Literal["image/jpeg"] = "image/jpeg"
    data: Base64

    @model_validator(mode="after")
    def _is_what_it_says(self) -> Self:
        if hashlib.sha256(self.data).hexdigest() != self.digest:
            raise ValueError("digest")
        return self


class Bundle(Part):
    """An opened and verified bundle."""

    format: Literal["ruhu.bundle/1"]
    suite: str
    manifest: Manifest
    revisions: tuple[Revision, ...]
    attachments: tuple[Attachment, ...] = ()


def recipient_fingerprints(county: CountyPublic) -> tuple[str, ...]:
    """The fingerprints of the keys a bundle for `county` is sealed to."""
    return tuple(fingerprint(recipient) for recipient in county.recipients)


def signed_bytes(document: dict[str, Any]) -> bytes:
    """The bytes the signature of a bundle's JSON covers."""
    body = {key: value for key, value in document.items() if key != "signature"}
    return DOMAIN + rfc8785.dumps(body)


def digest(sealed: bytes) -> str:
    """The SHA-256 of a sealed bundle, in hexadecimal."""
    return hashlib.sha256(sealed).hexdigest()


def seal(
    manifest: Manifest,
    revisions: Sequence[Revision],
    device: DeviceKey,
    county: CountyPublic,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """Sign with the device's key, compress, and seal to the county and its recovery key."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "suite": SUITE,
        "manifest": manifest.model_dump(mode="json"),
        "revisions": [revision.model_dump(mode="json") for revision in revisions],
        "attachments": [part.model_dump(mode="json") for part in attachments],
    }
    signature = base64.b64encode(device.sign(signed_bytes(document))).decode()
    document["signature"] = {"key": device.public, "value": signature}
    packed = gzip.compress(rfc8785.dumps(document), mtime=0)
    recipients = [pyrage.x25519.Recipient.from_str(text) for text in county.recipients]
    return bytes(pyrage.encrypt(packed, recipients))


def inflate(packed: bytes) -> bytes:
    """Decompress, but never more than the limit. Raises `BundleRefused`."""
    try:
        inflater = zlib.decompressobj(wbits=31)
        data = inflater.decompress(packed, MOST_INFLATED)
    except zlib.error:
        raise BundleRefused("damaged", "数据包已损坏", "the bundle is damaged") from None
    if inflater.unconsumed_tail or not inflater.eof:
        raise BundleRefused(
            "too_large",
            "解开后超过 {limit} MB 或不完整，不予接收",
            "it unpacks to more than {limit} MB or is cut short; refused",
            limit=MOST_INFLATED // 1024 // 1024,
        )
    return data


def open_container(sealed: bytes, identity: str) -> bytes:
    """Open an age container of bounded size with an identity. Raises `BundleRefused`."""
    if len(sealed) > MOST_SEALED:
        raise BundleRefused(
            "too_large",
            "数据包超过 {limit} MB，不予接收",
            "the bundle is over {limit} MB; refused",
            limit=MOST_SEALED // 1024 // 1024,
        )
    if not sealed.startswith(b"age-encryption.org/v1\n"):
        raise BundleRefused("not_a_bundle", "这不是入户数据包", "this is no Ruhu bundle")
    try:
        return bytes(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)]))
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise BundleRefused(
                "wrong_county",
                "数据包不是封给本县的，打不开",
                "the bundle is not sealed to this county and cannot be opened",
            ) from None
        raise BundleRefused(
            "damaged",
            "数据包不完整或被改动过，打不开",
            "the bundle is cut short or was changed; it cannot be opened",
        ) from None


def open_sealed(
    sealed: bytes, identity: str, county: CountyPublic, find_key: Callable[[UUID], str | None]
) -> Bundle:
    """Open, verify and parse a sealed bundle.

    `find_key` gives the public key of an enrolled device that is not revoked, else `None`.
    Raises `BundleRefused`; the signature is verified before anything but the envelope is read.
    """
    try:
        document = read_json(inflate(open_container(sealed, identity)), most_bytes=MOST_INFLATED)
    except BundleRefused:
        raise
    except UserError as error:
        raise BundleRefused("schema", error.text.zh, error.text.en) from None
    _check_format(document)
    _check_signature(document, find_key)
    try:
        bundle = Bundle.model_validate(document)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise BundleRefused(
            "schema",
            "数据包内容不合格式：{where}",
            "the bundle does not follow the format at {where}",
            where=where,
        ) from None
    _check_addressee(bundle, county)
    return bundle


def _check_format(document: Any) -> None:
    name = document.get("format") if isinstance(document, dict) else None
    if not isinstance(name, str) or not name.startswith("ruhu.bundle/"):
        raise BundleRefused("not_a_bundle", "这不是入户数据包", "this is no Ruhu bundle")
    if name != FORMAT or document.get("suite") != SUITE:
        raise BundleRefused(
            "newer",
            "数据包格式为 {name}（{suite}），本程序只读 {ours}；请升级程序，数据包保留",
            "the bundle has format {name} ({suite}), this program reads {ours}; update the "
            "program, the bundle is kept",
            name=name[:40],
            suite=str(document.get("suite"))[:40],
            ours=FORMAT,
        )


def _check_signature(document: dict[str, Any], find_key: Callable[[UUID], str | None]) -> None:
    manifest, signature = document.get("manifest"), document.get("signature")
    try:
        device_id = UUID(manifest["device_id"])  # type: ignore[index]
        value = base64.b64decode(signature["value"], validate=True)  # type: ignore[index]
        body = signed_bytes(document)
    except (TypeError, KeyError, ValueError, AttributeError, binascii.Error):
        raise BundleRefused(
            "schema", "数据包缺少签名或设备号", "the bundle lacks its signature or device"
        ) from None
    key = find_key(device_id)
    if key is None:
        raise unknown_device(device_id)
    if not verify(key, value, body):
        raise BundleRefused("signature", "签名不符，内容被改动过", "the signature does not match")


def unknown_device(device_id: UUID) -> BundleRefused:
    """The refusal of a bundle whose device may send none."""
    return BundleRefused(
        "unknown_device",
        "设备 {device} 没有登记或已注销",
        "device {device} is not enrolled, or revoked",
        device=device_id,
    )


def _check_addressee(bundle: Bundle, county: CountyPublic) -> None:
    manifest = bundle.manifest
    if manifest.county != county.county or manifest.recipients != recipient_fingerprints(county):
        raise BundleRefused(
            "wrong_county",
            "数据包是给县 {other} 的，本县是 {ours}",
            "the bundle is for county {other}, this is {ours}",
            other=manifest.county[:12],
            ours=county.county,
        )
    counted = (manifest.counts.get("revisions"), manifest.counts.get("attachments", 0))
    found = (len(bundle.revisions), len(bundle.attachments))
    if counted != found or len(bundle.revisions) > MOST_REVISIONS:
        raise BundleRefused(
            "schema",
            "记录条数与清单不符",
            "the number of revisions differs from the manifest",
        )
    if any(revision.device_id != manifest.device_id for revision in bundle.revisions):
        raise BundleRefused(
            "signature",
            "数据包里有别的设备的记录",
            "the bundle holds revisions of another device",
        )
