"""Encrypted columns for personal data.

In an encrypted SQLite file they are plain. In PostgreSQL each value is encrypted with the county's
data key, so that the server and its backups cannot read it.
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
from ruhu.i18n import BilingualText
from ruhu.resources import resource

NONCE_BYTES = 12
COMPRESSION_LEVEL = 1
"""982 bytes a demo revision in 11 µs; level 0 takes 1257 bytes, zlib's level 6 942 bytes in 35 µs."""
ZLIB_HEADER = b"\x78"


class DecryptionFailed(UserError):
    """A value cannot be decrypted: it was altered, or belongs to another key or column."""


class ColumnCipher:
    """A cipher with a key of 32 bytes, from which each purpose has a key of its own."""

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
        """Encrypt data; return the nonce and the ciphertext."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher(purpose).encrypt(nonce, data, None)

    def open(self, purpose: str, sealed: bytes) -> bytes:
        """Decrypt data. Raises `DecryptionFailed`."""
        try:
            return self._cipher(purpose).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
        except (InvalidTag, ValueError):
            raise DecryptionFailed(
                BilingualText(
                    "数据库中的“{purpose}”打不开：被改动过，或不属于本县的密钥",
                    "“{purpose}” in the database cannot be decrypted: it was altered, or does not "
                    "belong to this county's key",
                ).format(purpose=purpose)
            ) from None


_CIPHERS: WeakKeyDictionary[Dialect, ColumnCipher] = WeakKeyDictionary()


def use_cipher(dialect: Dialect, cipher: ColumnCipher) -> None:
    """Encrypt the personal columns of an engine's dialect; without this they are plain."""
    _CIPHERS[dialect] = cipher


def compress(text: bytes) -> bytes:
    """Compress a UTF-8 text for an `EncryptedCompressedText` column."""
    return isal_zlib.compress(text, COMPRESSION_LEVEL)


def _decompress(data: bytes) -> str:
    """Decompress a value, using the preset dictionary of earlier versions if needed."""
    # JSON never begins with the header of compressed data.
    if data[:1] != ZLIB_HEADER:
        return data.decode()
    return isal_zlib.decompressobj(zdict=_dictionary()).decompress(data).decode()


@cache
def _dictionary() -> bytes:
    """Return the preset dictionary of older revisions. It must never change, or they become unreadable."""
    return resource("county/revision-in-common.json").read_bytes()


def is_plain(dialect: Dialect) -> bool:
    """Return whether the database is an encrypted file, which needs no encrypted columns."""
    return dialect.name == "sqlite"


class _Encrypted(TypeDecorator[Any]):
    """Base of the encrypted types; `purpose` binds a value to its column."""

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
        """Return the function that encrypts a value."""
        if is_plain(dialect):
            return None
        seal, purpose, encode = _CIPHERS[dialect].seal, self.purpose, type(self).encode
        return lambda value: None if value is None else seal(purpose, encode(value))

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return the function that decrypts a value."""
        if is_plain(dialect):
            return None
        open_, purpose, decode = _CIPHERS[dialect].open, self.purpose, type(self).decode
        return lambda value: None if value is None else decode(open_(purpose, bytes(value)))


class EncryptedText(_Encrypted):
    """An encrypted text."""

    cache_ok = True
    encode, decode = staticmethod(str.encode), staticmethod(bytes.decode)


class EncryptedCompressedText(_Encrypted):
    """An encrypted text that was compressed with `compress`; it is read as plain text.

    Values from before version 0.2 are not compressed.
    """

    cache_ok = True
    encode, decode = staticmethod(bytes), staticmethod(_decompress)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return the function that decrypts, if need be, and decompresses a value."""
        if is_plain(dialect):
            return lambda value: _decompress(value) if isinstance(value, bytes) else value
        return super().result_processor(dialect, coltype)


class EncryptedBytes(_Encrypted):
    """Encrypted bytes."""

    cache_ok = True
    plain = LargeBinary
    encode, decode = staticmethod(bytes), staticmethod(bytes)


def is_encrypted(kind: TypeEngine[Any]) -> bool:
    """Return whether a column's values are encrypted."""
    return isinstance(kind, _Encrypted)
