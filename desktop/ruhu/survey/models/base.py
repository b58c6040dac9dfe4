"""The base class of all record models."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A part of a record. Unknown keys are kept, so that a newer program's facts survive."""

    model_config = ConfigDict(frozen=True, extra="allow", protected_namespaces=())
