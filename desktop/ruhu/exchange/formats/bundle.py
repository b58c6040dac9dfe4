"""The bundle: a signed JSON document in a sealed container.

`ruhu.bundle/1` is gzip-compressed JSON in an age container, sealed to the county and to its recovery key. The
Ed25519 signature is inside. It covers everything but itself, as RFC 8785 canonical JSON after the domain
`ruhu.bundle/1` and a zero byte. It also covers the recipients' fingerprints, so that nobody can reseal the
bundle for another county.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

import msgspec
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    model_validator,
)

from ruhu.exchange.formats.container import BundleRefused, inflate, open_container, seal_container
from ruhu.exchange.formats.signed_json import SignedDocument, read_envelope, write_signed
from ruhu.exchange.keys.county import CountyPublic, FormerKeys
from ruhu.exchange.keys.device import DeviceKey
from ruhu.exchange.keys.fingerprint import fingerprint
from ruhu.exchange.keys.key_document import verify
from ruhu.exchange.keys.rotation import (
    FindSigner,
    KeyRotation,
    Signer,
    follow_rotations,
    read_handovers,
)
from ruhu.revisions.revision import Revision
from ruhu.strict_json import Document, JsonError

FORMAT = "ruhu.bundle/1"
SUITE = "ed25519-age-x25519"
DOMAIN = b"ruhu.bundle/1\0"
MAX_BUNDLE_REVISIONS = 500
MAX_PLAIN_BYTES = 4 * 1024 * 1024
SUFFIX = ".bundle.age"


class BundleModel(BaseModel):
    """A part of a bundle; unknown fields travel untouched."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Manifest(BundleModel):
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
    answered: int = 0
    """The number of the county's last answer that this device has taken in."""
    replaces: tuple[int, ...] = ()
    """Earlier bundles of the chain that the county lost, whose contents are sent again."""
    recovered: tuple[datetime, ...] = ()
    """When the passphrase was recovered with the county's key."""


def _decode(value: Any) -> Any:
    return base64.b64decode(value, validate=True) if isinstance(value, str) else value


Base64 = Annotated[
    bytes,
    BeforeValidator(_decode),
    PlainSerializer(lambda data: base64.b64encode(data).decode(), when_used="json"),
]


class Attachment(BundleModel):
    """A photo or paper of a record: a JPEG picture by the SHA-256 of its bytes.

    What a newer program sends as another type is kept as it is.
    """

    digest: str
    record_id: UUID
    media_type: str = "image/jpeg"
    data: Base64

    @model_validator(mode="after")
    def _is_what_it_says(self) -> Self:
        if hashlib.sha256(self.data).hexdigest() != self.digest:
            raise ValueError("digest")
        return self


class Bundle(BundleModel):
    """An opened and verified bundle."""

    format: Literal["ruhu.bundle/1"]
    suite: str
    manifest: Manifest
    revisions: tuple[Revision, ...]
    attachments: tuple[Attachment, ...] = ()
    learned: tuple[KeyRotation, ...] = Field(default=(), exclude=True)
    """New key rotations of the device that the signature depends on."""
    texts: tuple[bytes, ...] = Field(default=(), exclude=True)
    """Each revision as JSON, exactly as signed."""

    def unknown(self) -> tuple[str, ...]:
        """Return the names of fields from a newer program; they are kept unchanged."""
        named: tuple[tuple[str, BaseModel], ...] = (
            ("", self),
            ("manifest.", self.manifest),
            *(("revisions.", revision) for revision in self.revisions),
            *(("attachments.", attachment) for attachment in self.attachments),
        )
        return tuple(
            sorted({prefix + name for prefix, part in named for name in part.model_extra or ()})
        )


def recipient_fingerprints(county: CountyPublic | FormerKeys) -> tuple[str, ...]:
    """Return the fingerprints of the keys that a bundle for `county` is sealed to."""
    return tuple(fingerprint(recipient) for recipient in county.recipients)


def seal_bundle(
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
        "manifest": manifest.model_dump(mode="json", exclude_defaults=True),
        "revisions": [revision.model_dump(mode="json") for revision in revisions],
        "attachments": [part.model_dump(mode="json") for part in attachments],
    }

    def sign(signed: bytes) -> dict[str, Any]:
        value = base64.b64encode(device.sign(signed)).decode()
        more = {"handovers": list(device.handovers)} if device.handovers else {}
        return {"key": device.public, "value": value, **more}

    return seal_container(write_signed(document, DOMAIN, sign), county.recipients)


def open_bundle(
    sealed: bytes, identities: Sequence[str], county: CountyPublic, find_signer: FindSigner
) -> Bundle:
    """Open, verify and parse a sealed bundle.

    `find_signer` returns who signs with a public key (base64), `None` for an unknown key. Raises
    `BundleRefused`. The signature is verified before anything but the envelope is parsed.
    """
    try:
        envelope = read_envelope(inflate(open_container(sealed, identities)), DOMAIN)
        _check_suite(envelope.rest.get("suite"))
        signer, learned = _check_signature(envelope, find_signer)
        document, canonical = envelope.document()
    except JsonError as error:
        raise BundleRefused("schema", error.text.zh, error.text.en) from None
    _check_format(document)
    try:
        bundle = Bundle.model_validate({**document, "learned": learned})
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise BundleRefused(
            "schema",
            "数据包内容不合格式：{where}",
            "the bundle does not follow the format at {where}",
            where=where,
        ) from None
    _check_author(bundle, signer)
    _check_addressee(bundle, county)
    return bundle.model_copy(update={"texts": _revision_texts(envelope, document, canonical)})


class _Revisions(msgspec.Struct):
    revisions: list[msgspec.Raw]


_REVISIONS = msgspec.json.Decoder(_Revisions)


def _revision_texts(
    envelope: SignedDocument, document: Document, canonical: bool
) -> tuple[bytes, ...]:
    if canonical:
        return tuple(map(bytes, _REVISIONS.decode(envelope.text).revisions))
    return tuple(map(msgspec.json.encode, document["revisions"]))


def _too_new(name: str, suite: str) -> BundleRefused:
    return BundleRefused(
        "newer",
        "数据包格式为 {name}（{suite}），本程序只读 {ours}（{our_suite}）；请升级程序，数据包保留",
        "the bundle has format {name} ({suite}), this program reads {ours} ({our_suite}); update "
        "the program, the bundle is kept",
        name=name[:40],
        suite=suite[:40],
        ours=FORMAT,
        our_suite=SUITE,
    )


def _check_suite(suite: Any) -> None:
    if suite != SUITE:
        raise _too_new("ruhu.bundle", str(suite))


def _check_format(document: Any) -> None:
    name = document.get("format") if isinstance(document, dict) else None
    if not isinstance(name, str) or not name.startswith("ruhu.bundle/"):
        raise BundleRefused("not_a_bundle", "这不是入户数据包", "not a Ruhu bundle")
    if name != FORMAT:
        raise _too_new(name, SUITE)


def _check_signature(
    envelope: SignedDocument, find_signer: FindSigner
) -> tuple[Signer, tuple[KeyRotation, ...]]:
    """Return who signed, and the new key rotations that the signature depends on."""
    signature = envelope.signature
    try:
        key = str(signature["key"])
        value = base64.b64decode(signature["value"], validate=True)
        handovers = read_handovers(signature.get("handovers"))
    except (TypeError, KeyError, ValueError, AttributeError, binascii.Error):
        raise BundleRefused("schema", "数据包缺少签名", "the bundle lacks its signature") from None
    signer, learned = follow_rotations(key, handovers, find_signer)
    if signer is None:
        raise unknown_device(key)
    if not verify(key, value, envelope.signed):
        # Another format is signed under another domain, so the format it names is the reason to report.
        match = re.search(rb'"format":"([^"]{1,40})","manifest":', envelope.signed)
        if match is not None:
            _check_format({"format": match[1].decode("utf-8", "replace")})
        raise BundleRefused("signature", "签名不符，内容被改动过", "the signature does not match")
    if signer.revoked:
        raise revoked_device(key)
    return signer, learned


def _check_author(bundle: Bundle, signer: Signer) -> None:
    manifest = bundle.manifest
    late = signer.until is not None and manifest.sequence > signer.until
    if manifest.device_id != signer.device_id or late:
        raise BundleRefused(
            "signature",
            "签名的密钥不是设备 {device} 此时的密钥",
            "the key that signed is not the key of device {device} at that time",
            device=manifest.device_id,
        )
    if any(revision.device_id != manifest.device_id for revision in bundle.revisions):
        raise BundleRefused(
            "signature",
            "数据包里有别的设备的记录",
            "the bundle contains revisions of another device",
        )


def unknown_device(key: str) -> BundleRefused:
    """Return the refusal of a bundle whose device, known by its public key, was never enrolled."""
    return BundleRefused(
        "unknown_device",
        "签名的设备没有登记（密钥 {key}）；县里登记它以后再试这个数据包",
        "the device that signed is not enrolled (key {key}); enrol it, then import the bundle again",
        key=fingerprint(key),
    )


def revoked_device(key: str) -> BundleRefused:
    """Return the refusal of a bundle whose device, known by its public key, was revoked."""
    return BundleRefused(
        "revoked_device",
        "签名的设备已注销（密钥 {key}），它以后的数据包不再接收；注销有误的，由管理员恢复登记以后再试",
        "the device that signed was revoked (key {key}), and its later bundles are refused; if that was a "
        "mistake, an administrator can enrol it again, then import the bundle again",
        key=fingerprint(key),
    )


def _check_addressee(bundle: Bundle, county: CountyPublic) -> None:
    manifest = bundle.manifest
    generations: list[CountyPublic | FormerKeys] = [county, *county.former]
    accepted = {recipient_fingerprints(keys) for keys in generations}
    if manifest.county != county.county or manifest.recipients not in accepted:
        raise BundleRefused(
            "wrong_county",
            "数据包是给县 {other} 的，本县是 {ours}",
            "the bundle is for county {other}, this is {ours}",
            other=manifest.county[:12],
            ours=county.county,
        )
    stated = (manifest.counts.get("revisions"), manifest.counts.get("attachments", 0))
    actual = (len(bundle.revisions), len(bundle.attachments))
    if stated != actual or len(bundle.revisions) > MAX_BUNDLE_REVISIONS:
        raise BundleRefused(
            "schema",
            "记录条数与清单不符",
            "the number of revisions differs from the manifest",
        )
