"""The container of bundles and replies: gzip in age, opened within limits."""

import gzip
import hashlib
from collections.abc import Sequence

import pyrage
from isal import isal_zlib

from ruhu.errors import UserError
from ruhu.i18n import BilingualText

MAX_SEALED_BYTES = 8 * 1024 * 1024
MAX_INFLATED_BYTES = 6 * 1024 * 1024
_Broken: type[Exception] = getattr(isal_zlib, "error")  # noqa: B009 - its stub takes the class for one of its errors


class BundleRefused(UserError):
    """A bundle that must not be imported. `code` names the reason in the records of imports."""

    def __init__(self, code: str, zh: str, en: str, **values: object) -> None:
        super().__init__(BilingualText(zh, en).format(**values))
        self.code = code


def digest(sealed: bytes) -> str:
    """Return the SHA-256 of a sealed bundle in hexadecimal."""
    return hashlib.sha256(sealed).hexdigest()


def seal_container(text: bytes, recipients: Sequence[str]) -> bytes:
    """Compress a text and seal it to age recipients."""
    keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    return bytes(pyrage.encrypt(gzip.compress(text, mtime=0), keys))


def inflate(packed: bytes) -> bytes:
    """Decompress at most the limit. Raises `BundleRefused`."""
    try:
        inflater = isal_zlib.decompressobj(wbits=31)
        data = inflater.decompress(packed, MAX_INFLATED_BYTES)
    except _Broken:
        raise BundleRefused("damaged", "数据包已损坏", "the bundle is damaged") from None
    if inflater.unconsumed_tail or not inflater.eof:
        raise BundleRefused(
            "too_large",
            "解开后超过 {limit} MB 或不完整，不予接收",
            "the bundle unpacks to more than {limit} MB or is incomplete; refused",
            limit=MAX_INFLATED_BYTES // 1024 // 1024,
        )
    return data


def open_container(sealed: bytes, identities: Sequence[str]) -> bytes:
    """Open an age container of bounded size with one of several identities. Raises `BundleRefused`."""
    if len(sealed) > MAX_SEALED_BYTES:
        raise BundleRefused(
            "too_large",
            "数据包超过 {limit} MB，不予接收",
            "the bundle is over {limit} MB; refused",
            limit=MAX_SEALED_BYTES // 1024 // 1024,
        )
    if not sealed.startswith(b"age-encryption.org/v1\n"):
        raise BundleRefused("not_a_bundle", "这不是入户数据包", "this is no Ruhu bundle")
    try:
        return bytes(
            pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(i) for i in identities])
        )
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise BundleRefused(
                "wrong_county",
                "数据包不是封给本县的，打不开",
                "the bundle is not sealed to this county and cannot be opened",
            ) from None
        raise BundleRefused(
            "damaged",
            "数据包不完整或被改动过，打不开",
            "the bundle is incomplete or was changed, and cannot be opened",
        ) from None
