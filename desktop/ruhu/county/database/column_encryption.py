"""Columns that hold personal data. In an encrypted SQLite file they are plain; in any other database
each value is sealed with the county's data key, so that the server and its backups see none of it.
"""

import secrets
from collections.abc import Callable
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from isal import isal_zlib
from sqlalchemy import Dialect, LargeBinary, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from ruhu.errors import UserError
from ruhu.i18n import BilingualText as Words
from ruhu.resources import resource

NONCE = 12
COMPRESSION_LEVEL = 1
"""982 bytes a demo revision in 11 µs; level 0 takes 1257 bytes, zlib's level 6 942 bytes in 35 µs."""
ZLIB = b"\x78"


class DecryptionFailed(UserError):
    """A sealed value does not open: it was altered, or belongs under another key or column."""


class ColumnCipher:
    """Seals and opens values with a key of 32 bytes, each purpose under a key of its own."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._ciphers: dict[str, ChaCha20Poly1305] = {}

    def _cipher(self, purpose: str) -> ChaCha20Poly1305:
        cipher = self._ciphers.get(purpose)
        if cipher is None:
            info = f"ruhu.column/1 {purpose}".encode()
            key = HKDFExpand(hashes.SHA256(), 32, info).derive(self._key)
            cipher = self._ciphers[purpose] = ChaCha20Poly1305(key)
        return cipher

    def seal(self, purpose: str, data: bytes) -> bytes:
        """A nonce and the sealed bytes."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._cipher(purpose).encrypt(nonce, data, None)

    def open(self, purpose: str, sealed: bytes) -> bytes:
        """What was sealed. Raises `DecryptionFailed`."""
        try:
            return self._cipher(purpose).decrypt(sealed[:NONCE], sealed[NONCE:], None)
        except (InvalidTag, ValueError):
            raise DecryptionFailed(
                Words(
                    "数据库中的“{purpose}”打不开：被改动过，或不属于本县的密钥",
                    "“{purpose}” in the database does not open: it was altered, or is not under "
                    "this county's key",
                ).format(purpose=purpose)
            ) from None


_VAULTS: WeakKeyDictionary[Dialect, ColumnCipher] = WeakKeyDictionary()


def seal_with(dialect: Dialect, vault: ColumnCipher) -> None:
    """Seal the personal columns of an engine's dialect; without this they are plain."""
    _VAULTS[dialect] = vault


def compress(text: bytes) -> bytes:
    """Compress a UTF-8 text for an `EncryptedCompressedText` column."""
    return isal_zlib.compress(text, COMPRESSION_LEVEL)


def _decompress(data: bytes) -> str:
    """Decompress a value, using the preset dictionary of earlier versions if needed."""
    # No JSON begins as compressed data does.
    if data[:1] != ZLIB:
        return data.decode()
    return isal_zlib.decompressobj(zdict=_dictionary()).decompress(data).decode()


@cache
def _dictionary() -> bytes:
    """Return the preset dictionary of older revisions. It must never change, or they become unreadable."""
    return resource("county/revision-in-common.json").read_bytes()


def is_plain(dialect: Dialect) -> bool:
    """Whether the database is an encrypted file, whose columns need no seal of their own."""
    return dialect.name == "sqlite"


class _Sealed(TypeDecorator[Any]):
    """What text and bytes share; `purpose` binds a value to its column."""

    impl = Text
    cache_ok = True
    plain: type[TypeEngine[Any]] = Text
    encode: Callable[[Any], bytes]
    decode: Callable[[bytes], Any]

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(self.plain() if is_plain(dialect) else LargeBinary())

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """What seals a value."""
        if is_plain(dialect):
            return None
        seal, purpose, encode = _VAULTS[dialect].seal, self.purpose, type(self).encode
        return lambda value: None if value is None else seal(purpose, encode(value))

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """What opens a sealed value."""
        if is_plain(dialect):
            return None
        open_, purpose, decode = _VAULTS[dialect].open, self.purpose, type(self).decode
        return lambda value: None if value is None else decode(open_(purpose, bytes(value)))


class EncryptedText(_Sealed):
    """A text that is nobody's business but the county's."""

    cache_ok = True
    encode, decode = staticmethod(str.encode), staticmethod(bytes.decode)


class EncryptedCompressedText(_Sealed):
    """A text that is nobody's business but the county's, kept compressed: `pack` it, read it as it was.

    What was kept before version 0.2 is plain.
    """

    cache_ok = True
    encode, decode = staticmethod(bytes), staticmethod(_decompress)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """What unpacks a value, once it is opened where it is sealed."""
        if is_plain(dialect):
            return lambda value: _decompress(value) if isinstance(value, bytes) else value
        return super().result_processor(dialect, coltype)


class EncryptedBytes(_Sealed):
    """Bytes that are nobody's business but the county's."""

    cache_ok = True
    plain = LargeBinary
    encode, decode = staticmethod(bytes), staticmethod(bytes)


def is_sealed(kind: TypeEngine[Any]) -> bool:
    """Whether a column's values are nobody's business but the county's."""
    return isinstance(kind, _Sealed)
