"""The QR token of a slip: what an officer needs to know, signed by the issuing device."""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import rfc8785

from ruhu.errors import UserError
from ruhu.exchange.keys.key_document import verify
from ruhu.policy.evaluation.finding import Assessment
from ruhu.policy.language.numbers import to_plain
from ruhu.survey.models.choices import Choice

PREFIX = "RUHU1"
DOMAIN = b"ruhu.slip/1\0"
TOKEN_RULES = ("housing.area.range", "housing.subsidy")


class Verdict(Choice):
    """What a slip's code proves."""

    GENUINE = "genuine", "真卡，内容没有改动", "Genuine, unaltered"
    NOT_A_SLIP = "not_a_slip", "这不是入户明白卡的二维码", "Not a slip's QR code"
    ALTERED = "altered", "内容被改动过，不是真卡", "The content was altered; not genuine"
    UNKNOWN_DEVICE = "unknown_device", "出自没有登记的设备", "Issued by a device never enrolled"
    REVOKED_DEVICE = "revoked_device", "出自已注销的设备", "Issued by a device that was revoked"


class TokenRefused(UserError):
    """The token is not a slip's, was altered, or is from an unknown or revoked device; see `verdict`."""

    def __init__(self, verdict: Verdict, token: "Token | None" = None) -> None:
        super().__init__(verdict.label)
        self.verdict, self.token = verdict, token


@dataclass(frozen=True, slots=True)
class IssuingDevice:
    """A device as the county knows it; `former` are its replaced keys."""

    key: str
    surveyor: str = ""
    revoked: bool = False
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Token:
    """A verified token's content, and the device that signed it."""

    number: str
    device_id: UUID
    content: dict[str, Any]
    issuer: IssuingDevice


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def make_token(
    number: str,
    household_no: str,
    assessment: Assessment,
    device_id: UUID,
    sign: Callable[[bytes], bytes],
) -> str:
    """Sign the slip's number, household, policy, day, facts and results of the housing rules."""
    results = {
        f.rule: [
            f.outcome.value,
            *(to_plain(n) if n is not None else "" for n in (f.limit, f.amount)),
        ]
        for f in assessment.findings
        if f.rule in TOKEN_RULES
    }
    content: dict[str, Any] = {
        "n": number,
        "h": household_no,
        "p": assessment.policy,
        "d": assessment.as_of.isoformat(),
        "f": assessment.facts_hash[:16],
        "o": results,
        "k": device_id.hex,
    }
    body = rfc8785.dumps(content)
    return f"{PREFIX}.{_encode(body)}.{_encode(sign(DOMAIN + body))}"


def read_token(text: str, find_issuer: Callable[[UUID], IssuingDevice | None]) -> Token:
    """Verify a token's text. Raises `TokenRefused` with the reason."""
    not_ours = TokenRefused(Verdict.NOT_A_SLIP)
    parts = text.strip().split(".")
    if len(text) > 4000 or len(parts) != 3 or parts[0] != PREFIX:
        raise not_ours
    try:
        body, signature = _decode(parts[1]), _decode(parts[2])
        content = json.loads(body)
        device_id = UUID(content["k"])
        number = str(content["n"])
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError, AttributeError):
        raise not_ours from None
    issuer = find_issuer(device_id)
    if issuer is None:
        raise TokenRefused(Verdict.UNKNOWN_DEVICE)
    if not any(verify(key, signature, DOMAIN + body) for key in (issuer.key, *issuer.former)):
        raise TokenRefused(Verdict.ALTERED)
    token = Token(number, device_id, content, issuer)
    if issuer.revoked:
        raise TokenRefused(Verdict.REVOKED_DEVICE, token)
    return token
