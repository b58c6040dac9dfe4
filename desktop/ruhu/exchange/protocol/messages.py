"""Messages between a device and the county's service over HTTP."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

NONCE = "Ruhu-Nonce"
OFFSET = "Upload-Offset"
LENGTH = "Upload-Length"
COMPLETE = "Upload-Complete"
REVOKED = "Ruhu-Revoked"
"""Header in responses to a revoked laptop; a proxy's own 403 does not have it."""
MAX_REQUESTED_BUNDLES = 2000
"""Bundles that one request may ask about."""
MAX_BODY_BYTES = 512 * 1024
MAX_UPDATE_BYTES = 1024**3
MAX_NUMBER = 2**31 - 1
"""The greatest bundle or reply number that the county's tables can hold."""


class ProgramInfo(BaseModel):
    """The program that a laptop runs."""

    model_config = ConfigDict(frozen=True, extra="allow")

    version: str = Field(max_length=20)
    platform: str = Field(max_length=40)


class UpdateOffer(BaseModel):
    """An update package that the county passes on: its version and platform, its SHA-256 and length."""

    model_config = ConfigDict(frozen=True, extra="allow")

    version: str = Field(max_length=20)
    platform: str = Field(max_length=40)
    digest: str = Field(pattern="^[0-9a-f]{64}$")
    length: int = Field(gt=0, le=MAX_UPDATE_BYTES)


class SyncRequest(BaseModel):
    """What a laptop says of itself: its last bundle and answer, the county's keys it knows, and the
    digests of the bundles that wait; and which program it runs, where that takes updates.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    format: Literal["ruhu.sync/1"] = "ruhu.sync/1"
    last: int = Field(ge=0, le=MAX_NUMBER)
    answered: int = Field(ge=0, le=MAX_NUMBER)
    county: str
    waiting: tuple[str, ...] = Field(default=(), max_length=MAX_REQUESTED_BUNDLES)
    program: ProgramInfo | None = None


class SyncResponse(BaseModel):
    """What the county says to it: its words on bundles and chain, how much of other bundles has come,
    the answers that wait, its keys where they have changed, and the update it offers.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    format: Literal["ruhu.sync/1"] = "ruhu.sync/1"
    receipts: tuple[dict[str, Any], ...] = ()
    chain: dict[str, Any]
    offsets: dict[str, int] = Field(default_factory=dict)
    answers: tuple[int, ...] = ()
    county: dict[str, Any] | None = None
    update: UpdateOffer | None = None
