"""Messages of the server beyond those of the sync protocol."""

from typing import Literal

from pydantic import BaseModel


class Health(BaseModel):
    """A server that can work: the county by its six-digit code."""

    county: str


class EnrolmentStatus(BaseModel):
    """The status of a laptop's request to be enrolled."""

    state: Literal["enrolled", "waiting"]
    fingerprint: str
