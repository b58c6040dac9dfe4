"""Fingerprints as short words, to be read over the telephone in either language."""

import hashlib
from functools import cache

from ruhu.i18n import BilingualText
from ruhu.resources import resource

COUNT = 10
"""Words of a fingerprint, one byte each: finding a second key with the same eighty bits is infeasible."""


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    lines = resource("words.txt").read_text(encoding="utf-8").splitlines()
    pairs = tuple((zh, en) for zh, en in (line.split() for line in lines))
    assert len(pairs) == 256
    return pairs


def words(text: str) -> BilingualText:
    """Return the fingerprint of a text as ten words that sound different."""
    chosen = [_pairs()[byte] for byte in hashlib.sha256(text.encode()).digest()[:COUNT]]
    return BilingualText(" ".join(zh for zh, _ in chosen), " ".join(en for _, en in chosen))
