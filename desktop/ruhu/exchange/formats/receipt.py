"""The county's signed statements to a laptop: on one bundle, and on its sequence.

A receipt says that a bundle was imported, or refused and why. Nothing else marks a bundle as delivered:
neither a file on a medium nor a server's response. A statement on the sequence says which bundles the county
has. A bundle that it confirmed and lacks now, as after restoring a backup, is sent again.
"""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Self, TypeVar
from uuid import UUID

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ruhu.errors import UserError
from ruhu.exchange.keys.county import CountyPublic
from ruhu.i18n import BilingualText
from ruhu.strict_json import read_json

FORMAT: Literal["ruhu.receipt/1"] = "ruhu.receipt/1"
CHAIN_FORMAT: Literal["ruhu.chain/1"] = "ruhu.chain/1"


class ReceiptRefused(UserError):
    """The data is not a statement of this county."""


class SignedStatement(BaseModel):
    """What the county signs: all but the signature, as canonical JSON after the format's domain."""

    model_config = ConfigDict(frozen=True, extra="allow")

    format: str
    county: str
    at: datetime
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """Return the bytes that the signature covers."""
        body: dict[str, Any] = self.model_dump(mode="json", exclude={"signature"})
        return self.format.encode() + b"\0" + rfc8785.dumps(body)

    def signed(self, secret: bytes) -> Self:
        """Return a copy signed with the county's signing key (32 bytes)."""
        key = Ed25519PrivateKey.from_private_bytes(secret)
        signature = base64.b64encode(key.sign(self.signed_bytes())).decode()
        return self.model_copy(update={"signature": signature})


class SignedReceipt(SignedStatement):
    """The outcome of one bundle, by the SHA-256 of its sealed bytes.

    Where the bundle was set aside, `reason` is the county's sentence in Chinese and `reason_en` in English. The
    latter is absent where it is empty: so a receipt of before is still signed as it was.
    """

    format: Literal["ruhu.receipt/1"] = FORMAT
    digest: str
    outcome: Literal["taken_in", "set_aside"]
    reason: str = ""
    reason_en: str = Field(default="", exclude_if=lambda value: not value)

    @property
    def why(self) -> BilingualText:
        """The reason in both languages, as far as the county gives it."""
        return BilingualText(self.reason, self.reason_en or self.reason)


class SequenceStatement(SignedStatement):
    """What the county has of a device's bundles: the number of the last, and which it lacks."""

    format: Literal["ruhu.chain/1"] = CHAIN_FORMAT
    device_id: UUID
    last: int
    gaps: tuple[int, ...] = ()


StatementT = TypeVar("StatementT", bound=SignedStatement)


def _check(kind: type[StatementT], document: Any, county: CountyPublic) -> StatementT:
    refused = ReceiptRefused(
        BilingualText("这不是{name}签名的回执", "not a receipt signed by {name}").format(
            name=county.name
        )
    )
    try:
        statement = kind.model_validate(document)
        signature = base64.b64decode(statement.signature, validate=True)
        genuine = county.signed_by(signature, statement.signed_bytes())
    except (ValidationError, ValueError, rfc8785.CanonicalizationError):
        raise refused from None
    if not genuine or statement.county != county.county:
        raise refused
    return statement


def check_receipt(document: Any, county: CountyPublic) -> SignedReceipt:
    """Return a receipt that this county signed. Raises `ReceiptRefused` for anything else."""
    return _check(SignedReceipt, document, county)


def check_sequence(document: Any, county: CountyPublic) -> SequenceStatement:
    """Return a sequence statement that this county signed. Raises `ReceiptRefused` for anything else."""
    return _check(SequenceStatement, document, county)


def write_receipts(
    receipts: Sequence[SignedReceipt], chains: Sequence[SequenceStatement] = ()
) -> bytes:
    """Return the receipts' file for a removable medium."""
    document = {
        "receipts": [receipt.model_dump(mode="json") for receipt in receipts],
        "chains": [chain.model_dump(mode="json") for chain in chains],
    }
    return rfc8785.dumps(document)


def read_receipts(
    data: bytes, county: CountyPublic
) -> tuple[list[SignedReceipt], list[SequenceStatement]]:
    """Read the statements of a file. Raises `ReceiptRefused` if one is not by this county."""
    try:
        document = read_json(data)
    except UserError as error:
        raise ReceiptRefused(error.text) from None
    receipts = document.get("receipts") if isinstance(document, dict) else None
    chains = document.get("chains", []) if isinstance(document, dict) else None
    if not isinstance(receipts, list) or not isinstance(chains, list):
        raise ReceiptRefused(BilingualText("这不是回执文件", "not a file of receipts"))
    return (
        [check_receipt(each, county) for each in receipts],
        [check_sequence(each, county) for each in chains],
    )
