"""JSON that carries its signature, checked before anything but its last few bytes is parsed.

The text is canonical (RFC 8785), so its members are in order and `signature` stands at the end,
followed at most by members whose names come later. What is signed is the same text without it,
after a domain: the format's name and a zero byte.
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
"""Values in one document at most, counted before it is parsed: they fill the memory, not the bytes."""
MAX_NESTING = 100
_SIGNATURE = b',"signature":'
_NOT_BEFORE_A_VALUE = bytes(set(range(256)) - set(b",[{"))


@dataclass(frozen=True, slots=True)
class SignedDocument:
    """A document before it is parsed: its signature, the members behind it, and what was signed."""

    signature: Any
    rest: Document
    signed: bytes
    domain: bytes

    @property
    def text(self) -> memoryview:
        """The signed document's text, without its signature."""
        return memoryview(self.signed)[len(self.domain) :]

    def document(self) -> tuple[Any, bool]:
        """The signed document, without its signature; and whether its text is canonical and has no
        fractions. Raises `JsonError`.
        """
        if count_values(self.signed) > MAX_VALUES:
            raise JsonError(
                BilingualText("内容过多，上限{most}项", "too many values, at most {most}").format(
                    most=MAX_VALUES
                )
            )
        return read_canonical(self.text)


def count_values(text: bytes) -> int:
    """How many values a JSON text may hold, judged by its punctuation."""
    return len(text.translate(None, _NOT_BEFORE_A_VALUE))


def _no_envelope() -> JsonError:
    return JsonError(
        BilingualText(
            "结尾没有签名（须为规范 JSON）", "there is no signature at its end (canonical JSON)"
        )
    )


def _find_tail(data: bytes) -> tuple[int, Document]:
    """Where the document's own signature begins, and the members from there on.

    What it holds may bear signatures of its own: those do not end where the document does.
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
    """Take a document apart without parsing it. Raises `JsonError` where no signature ends it."""
    start, tail = _find_tail(data)
    rest = {name: value for name, value in tail.items() if name != "signature"}
    try:
        end = rfc8785.dumps(rest).replace(b"{", b",", 1) if rest else b"}"
    except rfc8785.CanonicalizationError:
        raise _no_envelope() from None
    return SignedDocument(tail["signature"], rest, b"".join((domain, data[:start], end)), domain)


def write_signed(document: Mapping[str, Any], domain: bytes, sign: Callable[[bytes], Any]) -> bytes:
    """The canonical text of a document with its signature, which `sign` makes of what is signed.

    Raises `ValueError` where there is nothing before the signature, or something unexpected behind it.
    """
    early = {name: value for name, value in document.items() if name < "signature"}
    late = {name: value for name, value in document.items() if name > "signature"}
    if not early or late.keys() - {"suite"}:
        raise ValueError(f"members after the signature: {sorted(late)}")
    head = rfc8785.dumps(early)[:-1]
    end = rfc8785.dumps(late).replace(b"{", b",", 1) if late else b"}"
    told = rfc8785.dumps(sign(b"".join((domain, head, end))))
    return b"".join((head, _SIGNATURE, told, end))
