"""JSON with its signature inside, verified before anything but its last bytes is parsed.

The text is canonical (RFC 8785), so its members are ordered and `signature` is at the end, followed only by
members whose names sort later. The same text without it is signed, after a domain: the format's name and a
zero byte.
"""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785

from ruhu.i18n import BilingualText
from ruhu.strict_json import Document, JsonError, read_canonical, read_json

MAX_DOCUMENT_BYTES = 64 * 1024
MAX_VALUES = 200_000
"""Values in a document, counted before parsing: it is values that fill the memory, not bytes."""
MAX_NESTING = 100
_SIGNATURE = b',"signature":'
_NOT_BEFORE_A_VALUE = bytes(set(range(256)) - set(b",[{"))


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """An unparsed document: its signature, the members after it, and the signed bytes."""

    signature: Any
    rest: Document
    signed: bytes
    domain: bytes

    @property
    def text(self) -> memoryview:
        """The signed document's text without its signature."""
        return memoryview(self.signed)[len(self.domain) :]

    def document(self) -> tuple[Any, bool]:
        """Parse the signed document; also return whether its text is canonical without fractions.

        Raises `JsonError`.
        """
        if count_values(self.signed) > MAX_VALUES:
            raise JsonError(
                BilingualText("内容过多，上限{limit}项", "too many values, at most {limit}").format(
                    limit=MAX_VALUES
                )
            )
        return read_canonical(self.text)


def count_values(text: bytes) -> int:
    """Return an upper bound of the values in a JSON text, from its punctuation."""
    return len(text.translate(None, _NOT_BEFORE_A_VALUE))


def _no_envelope() -> JsonError:
    return JsonError(
        BilingualText(
            "结尾没有签名（须为规范 JSON）", "no signature at the end (canonical JSON required)"
        )
    )


def _find_tail(data: bytes) -> tuple[int, Document]:
    """Return where the document's own signature begins, and the members from there on.

    Nested documents may have signatures of their own; those do not end where the document does.
    """
    end = len(data)
    for _ in range(MAX_NESTING):
        end = data.rfind(_SIGNATURE, max(0, len(data) - MAX_DOCUMENT_BYTES), end)
        if end < 0:
            break
        with contextlib.suppress(JsonError):
            return end, read_json(b"{" + data[end + 1 :])
    raise _no_envelope()


def read_envelope(data: bytes, domain: bytes) -> SignedDocument:
    """Split a document without parsing it. Raises `JsonError` if it does not end with a signature."""
    start, tail = _find_tail(data)
    rest = {name: value for name, value in tail.items() if name != "signature"}
    try:
        end = rfc8785.dumps(rest).replace(b"{", b",", 1) if rest else b"}"
    except rfc8785.CanonicalizationError:
        raise _no_envelope() from None
    return SignedDocument(tail["signature"], rest, b"".join((domain, data[:start], end)), domain)


def write_signed(document: Mapping[str, Any], domain: bytes, sign: Callable[[bytes], Any]) -> bytes:
    """Return the canonical text of a document with the signature that `sign` returns for its bytes.

    Raises `ValueError` if there is no member before the signature, or an unexpected one after it.
    """
    early = {name: value for name, value in document.items() if name < "signature"}
    late = {name: value for name, value in document.items() if name > "signature"}
    if not early or late.keys() - {"suite"}:
        raise ValueError(f"members after the signature: {sorted(late)}")
    head = rfc8785.dumps(early)[:-1]
    end = rfc8785.dumps(late).replace(b"{", b",", 1) if late else b"}"
    signature = rfc8785.dumps(sign(b"".join((domain, head, end))))
    return b"".join((head, _SIGNATURE, signature, end))
