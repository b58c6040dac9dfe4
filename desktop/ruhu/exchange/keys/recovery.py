"""Recover a lost passphrase with the county's recovery key; neither key is transmitted.

The laptop writes a request with its data key as wrapped for the county, and a recipient created for this one
grant. The keeper of the recovery key compares the request's words over the telephone, opens the data key and
seals it to that recipient. The laptop accepts the grant with a new passphrase and records the recovery in its
key file.
"""

import base64
import binascii
from datetime import datetime
from pathlib import Path
from typing import Literal

import pyrage
from pydantic import BaseModel, ConfigDict, ValidationError

from ruhu.errors import UserError
from ruhu.exchange.keys.fingerprint_words import words
from ruhu.exchange.keys.key_file import KeyFile
from ruhu.exchange.keys.key_wrap import WrongPassphrase
from ruhu.files.atomic_write import write_atomic
from ruhu.i18n import BilingualText
from ruhu.strict_json import read_json

FORMAT: Literal["ruhu.recovery/1"] = "ruhu.recovery/1"
MAX_REQUEST_BYTES = 64 * 1024


class NoRequest(UserError):
    """Nothing to recover: no request was made here, or it was granted already."""


class RecoveryRequest(BaseModel):
    """What a laptop asks: its data key as wrapped for the county, and whom to seal it to."""

    model_config = ConfigDict(frozen=True, extra="allow")

    format: Literal["ruhu.recovery/1"] = FORMAT
    wrapped: str
    recipient: str
    at: datetime

    @property
    def words(self) -> BilingualText:
        """The request as ten words, to be compared over the telephone."""
        return _words(self.recipient, self.wrapped)


def _words(recipient: str, wrapped: str) -> BilingualText:
    """Return a request as ten words."""
    return words(f"{recipient}\n{wrapped}")


def _waiting(key_file: KeyFile) -> Path:
    return key_file.path.with_name("recovery.key")


def create_request(key_file: KeyFile, at: datetime) -> RecoveryRequest:
    """Create a request; it replaces an earlier one. Raises `NoRequest` without a county."""
    wrapped = key_file.wrapped_for_recovery
    if not wrapped:
        raise NoRequest(
            BilingualText(
                "这里从未导入县公钥，县里打不开此数据",
                "no county key was ever imported here, so no county can open the data",
            )
        )
    identity = pyrage.x25519.Identity.generate()
    write_atomic(_waiting(key_file), str(identity).encode(), private=True)
    return RecoveryRequest(wrapped=wrapped, recipient=str(identity.to_public()), at=at)


def pending_request_words(key_file: KeyFile) -> BilingualText | None:
    """Return the words of the pending request, `None` if there is none."""
    try:
        identity = pyrage.x25519.Identity.from_str(_waiting(key_file).read_text())
    except (OSError, pyrage.IdentityError, UnicodeDecodeError):
        return None
    return _words(str(identity.to_public()), key_file.wrapped_for_recovery)


def read_request(data: bytes) -> RecoveryRequest:
    """Parse a request file. Raises `UserError` for anything else."""
    try:
        request = RecoveryRequest.model_validate(read_json(data, max_bytes=MAX_REQUEST_BYTES))
        pyrage.x25519.Recipient.from_str(request.recipient)
    except (UserError, ValidationError, pyrage.RecipientError):
        raise UserError(
            BilingualText("这不是找回口令的请求", "not a passphrase recovery request")
        ) from None
    return request


def grant_request(request: RecoveryRequest, identity: str) -> bytes:
    """Grant a request with the county's recovery identity. Raises `WrongPassphrase`."""
    try:
        wrapped = base64.b64decode(request.wrapped, validate=True)
        key = pyrage.decrypt(wrapped, [pyrage.x25519.Identity.from_str(identity.strip())])
    except (pyrage.DecryptError, pyrage.IdentityError, binascii.Error):
        raise WrongPassphrase(
            BilingualText("这把恢复密钥打不开此数据", "this recovery key does not open the data")
        ) from None
    return bytes(pyrage.encrypt(key, [pyrage.x25519.Recipient.from_str(request.recipient)]))


def accept_grant(key_file: KeyFile, answer: bytes, passphrase: str, at: datetime) -> None:
    """Accept the county's grant and choose a new passphrase.

    Raises `NoRequest`, `WrongPassphrase` for a grant of another request, and `WeakPassphrase`.
    """
    waiting = _waiting(key_file)
    try:
        identity = pyrage.x25519.Identity.from_str(waiting.read_text())
    except (OSError, pyrage.IdentityError, UnicodeDecodeError):
        raise NoRequest(
            BilingualText(
                "本机没有待答复的请求，请先生成",
                "there is no pending request on this laptop; create one first",
            )
        ) from None
    try:
        key = bytes(pyrage.decrypt(answer, [identity]))
    except pyrage.DecryptError:
        raise WrongPassphrase(
            BilingualText("这不是对本机请求的答复", "not a reply to this laptop's request")
        ) from None
    key_file.accept_recovery(key, passphrase, at)
    waiting.unlink(missing_ok=True)
