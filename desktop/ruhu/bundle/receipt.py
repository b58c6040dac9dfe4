"""The county's signed word on a bundle: taken in, or set aside and why.

Nothing else marks a bundle as delivered: a file on a stick or a server's polite answer does not.
"""

import base64
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ConfigDict, ValidationError

from ruhu.bundle.keys import CountyPublic
from ruhu.survey.strict_json import read_json
from ruhu.survey.text import Text, UserError

FORMAT: Literal["ruhu.receipt/1"] = "ruhu.receipt/1"
DOMAIN = b"ruhu.receipt/1\0"


class ReceiptRefused(UserError):
    """What was read is no receipt of this county."""


class SignedReceipt(BaseModel):
    """The outcome of one bundle, by the SHA-256 of its sealed bytes.

    `reason` is the county's sentence in Chinese where the bundle was set aside.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    format: Literal["ruhu.receipt/1"] = FORMAT
    county: str
    digest: str
    outcome: Literal["taken_in", "set_aside"]
    reason: str = ""
    at: datetime
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What the signature covers: all but itself, as canonical JSON after the domain."""
        body: dict[str, Any] = self.model_dump(mode="json", exclude={"signature"})
        return DOMAIN + rfc8785.dumps(body)


def sign_receipt(receipt: SignedReceipt, secret: bytes) -> SignedReceipt:
    """The receipt, signed with the county's signing key (32 bytes)."""
    key = Ed25519PrivateKey.from_private_bytes(secret)
    signature = base64.b64encode(key.sign(receipt.signed_bytes())).decode()
    return receipt.model_copy(update={"signature": signature})


def check_receipt(document: Any, county: CountyPublic) -> SignedReceipt:
    """A receipt that this county signed. Raises `ReceiptRefused` for anything else."""
    refused = ReceiptRefused(
        Text("这不是{name}签名的回执", "this is no receipt signed by {name}").format(
            name=county.name
        )
    )
    try:
        receipt = SignedReceipt.model_validate(document)
        signature = base64.b64decode(receipt.signature, validate=True)
        genuine = county.signed_by(signature, receipt.signed_bytes())
    except (ValidationError, ValueError, rfc8785.CanonicalizationError):
        raise refused from None
    if not genuine or receipt.county != county.county:
        raise refused
    return receipt


def write_receipts(receipts: Sequence[SignedReceipt]) -> bytes:
    """Receipts as they lie on a stick."""
    return rfc8785.dumps({"receipts": [receipt.model_dump(mode="json") for receipt in receipts]})


def read_receipts(data: bytes, county: CountyPublic) -> list[SignedReceipt]:
    """The receipts of a file. Raises `ReceiptRefused` when one is not by this county."""
    try:
        document = read_json(data)
    except UserError as error:
        raise ReceiptRefused(error.text) from None
    found = document.get("receipts") if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise ReceiptRefused(Text("这不是回执文件", "this is no file of receipts"))
    return [check_receipt(each, county) for each in found]
