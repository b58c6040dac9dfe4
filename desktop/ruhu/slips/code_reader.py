"""Find slips' QR codes in an image, a PDF or a text.

Files are untrusted, so size, pages and pixels are limited before anything is drawn.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.images import UnreadableImage, open_picture
from ruhu.slips.token import PREFIX

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_SCAN_BYTES = 20 * 1024 * 1024
MAX_SCAN_PAGES = 50
MAX_SCAN_PIXELS = 40_000_000
SCAN_DPI = 200
"""Resolution at which a PDF page is drawn for reading."""

_TOKEN = re.compile(rf"{PREFIX}\.[A-Za-z0-9_-]{{1,3000}}\.[A-Za-z0-9_-]{{1,200}}")


class NoSlipFile(UserError):
    """The file is not a readable image, PDF or text."""


def _refuse(name: str) -> NoSlipFile:
    return NoSlipFile(
        BilingualText(
            f"{name}：读不了；可用的有 PNG、JPEG、PDF（{MAX_SCAN_PAGES}页以内）和文字",
            f"{name}: cannot be read; use PNG, JPEG, PDF (at most {MAX_SCAN_PAGES} pages) and text",
        )
    )


def tokens_in(name: str, data: bytes) -> list[str]:
    """Return the token of every slip's code in a file; see `texts_in`."""
    return texts_in(name, data, _TOKEN)


def texts_in(name: str, data: bytes, pattern: re.Pattern[str]) -> list[str]:
    """Return the texts of codes in a file that match a pattern, without duplicates, in order.

    `name` is used in messages only; the type is recognised by the bytes. Raises `NoSlipFile`.
    """
    if len(data) > MAX_SCAN_BYTES:
        raise _refuse(name)
    if data.startswith(b"%PDF"):
        texts = _in_pdf(name, data, pattern)
    elif data.startswith((b"\x89PNG", b"\xff\xd8")):
        texts = _in_image(name, data, pattern)
    else:
        try:
            texts = iter(pattern.findall(data.decode("utf-8-sig")))
        except UnicodeDecodeError:
            raise _refuse(name) from None
    return list(dict.fromkeys(texts))


def _read_codes(picture: "Image", pattern: re.Pattern[str]) -> list[str]:
    """Return the codes of a picture; if there are none, those of the picture enlarged."""
    import zxingcpp
    from PIL.Image import Resampling

    kinds = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    larger = (picture.width * 2, picture.height * 2)
    for scaled in (False, True):
        if scaled and larger[0] * larger[1] > MAX_SCAN_PIXELS:
            break
        image = picture.resize(larger, Resampling.BICUBIC) if scaled else picture
        codes = zxingcpp.read_barcodes(image, kinds)
        tokens = [token for code in codes for token in pattern.findall(code.text)]
        if tokens:
            return tokens
    return []


def _in_image(name: str, data: bytes, pattern: re.Pattern[str]) -> Iterator[str]:
    try:
        picture = open_picture(name, data, ("PNG", "JPEG"), MAX_SCAN_PIXELS)
    except UnreadableImage:
        raise _refuse(name) from None
    yield from _read_codes(picture.convert("L"), pattern)


def _in_pdf(name: str, data: bytes, pattern: re.Pattern[str]) -> Iterator[str]:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(data) as document:
            if len(document) > MAX_SCAN_PAGES:
                raise _refuse(name)
            for page in document:
                width, height = page.get_size()
                scale = min(SCAN_DPI / 72, (MAX_SCAN_PIXELS / max(width * height, 1)) ** 0.5)
                yield from _read_codes(page.render(scale=scale, grayscale=True).to_pil(), pattern)
    except pypdfium2.PdfiumError:
        raise _refuse(name) from None
