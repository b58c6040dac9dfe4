"""The householder's signature under a survey, and whether the survey has changed since."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Any

from ruhu.strict_json import Document, json_default
from ruhu.survey.models.choices import Choice
from ruhu.survey.validation.validate import PROGRAM_KEYS, drop_nulls

KEY = "signature"


class SignatureMethod(Choice):
    """Where the householder signed."""

    SCREEN = "screen", "在屏幕上签字", "On the screen"
    PAPER = "paper", "在纸上签字", "On paper"


class SignatureStatus(Enum):
    """Whether a survey is signed, and unchanged since."""

    UNSIGNED = auto()
    SEALED = auto()
    CHANGED = auto()


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, when and how; `paper` is the digest of a signature's picture on the screen."""

    by: str
    on: date
    how: SignatureMethod
    facts: str
    paper: str = ""


def facts_digest(document: Document) -> str:
    """Return the SHA-256 of the contract's facts of a document in hexadecimal."""
    facts: Any = {k: v for k, v in drop_nulls(document).items() if k not in PROGRAM_KEYS}
    text = json.dumps(
        facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=json_default
    )
    return hashlib.sha256(text.encode()).hexdigest()


def sign(
    document: Document, *, by: str, on: date, how: SignatureMethod, paper: str = ""
) -> Document:
    """Return a copy of the document with a signature under its current facts."""
    entry = {"by": by, "on": on.isoformat(), "how": how.value, "facts": facts_digest(document)}
    return {**document, KEY: {**entry, "paper": paper} if paper else entry}


def signature_of(document: Document) -> Signature | None:
    """Return a document's signature if it is complete."""
    entry = document.get(KEY)
    if not isinstance(entry, dict) or entry.get("how") not in list(SignatureMethod):
        return None
    by, facts, paper = (str(entry.get(name) or "") for name in ("by", "facts", "paper"))
    try:
        on = date.fromisoformat(str(entry.get("on")))
    except ValueError:
        return None
    return Signature(by, on, SignatureMethod(entry["how"]), facts, paper) if facts else None


def signature_status(document: Document) -> SignatureStatus:
    """Return whether the document is signed and unchanged since."""
    signature = signature_of(document)
    if signature is None:
        return SignatureStatus.UNSIGNED
    return (
        SignatureStatus.SEALED
        if signature.facts == facts_digest(document)
        else SignatureStatus.CHANGED
    )
