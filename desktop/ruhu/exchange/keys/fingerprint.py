"""Fingerprints that people compare when keys are exchanged."""

import hashlib

from ruhu.exchange.keys.fingerprint_words import words
from ruhu.i18n import BilingualText


def fingerprint(text: str) -> str:
    """Return the fingerprint of a text: eight groups of four digits and letters."""
    digest = hashlib.sha256(text.encode()).hexdigest().upper()
    return "-".join(digest[start : start + 4] for start in range(0, 32, 4))


def device_fingerprint(device_id: str, key: str, seal: str) -> str:
    """Return the fingerprint of a device's public keys."""
    return fingerprint("\n".join((device_id, key, seal)))


def device_words(device_id: str, key: str, seal: str) -> BilingualText:
    """Return the fingerprint of a device's public keys as ten words."""
    return words("\n".join((device_id, key, seal)))
