"""Import pictures safely: bounded, upright, resized, without camera metadata."""

import contextlib
import hashlib
import io
import warnings
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.survey.attachments import read_taken

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP", "BMP")
MAX_SOURCE_BYTES = 40 * 1024 * 1024
MAX_PIXELS = 80_000_000
MAX_SIDE_PX = 1600
MAX_THUMBNAIL_PX = 240
MAX_STORED_BYTES = 700 * 1024
_QUALITIES = (82, 70, 55, 40, 25)
_EXIF, _GPS, _TAKEN = 0x8769, 0x8825, 36867


class UnreadableImage(UserError):
    """The bytes are not a readable picture."""


@dataclass(frozen=True, slots=True)
class ImportedImage:
    """A picture as stored: a JPEG, a thumbnail for lists, and the camera's time and position.

    `digest` is the SHA-256 of `data`; `latitude` and `longitude` are in degrees.
    """

    digest: str
    data: bytes
    thumbnail: bytes
    taken_at: str
    latitude: Decimal | None
    longitude: Decimal | None


def _refuse(name: str) -> UnreadableImage:
    formats = "、".join(FORMATS)
    limit = MAX_SOURCE_BYTES // 1024 // 1024
    return UnreadableImage(
        BilingualText(
            f"{name}：读不了；请用 {formats}，不超过 {limit} MB",
            f"{name}: cannot be read; use {formats.replace('、', ', ')} of at most {limit} MB",
        )
    )


def open_picture(name: str, data: bytes, formats: tuple[str, ...], max_pixels: int) -> "Image":
    """Open a picture of bounded size. `name` is used in messages only. Raises `UnreadableImage`."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=formats)
            if picture.width * picture.height > max_pixels:
                raise _refuse(name)
            picture.load()
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        raise _refuse(name) from None
    return picture


def _degrees(parts: Any, side: Any) -> Decimal | None:
    try:
        whole, minutes, seconds = (Decimal(str(float(part))) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError, ArithmeticError):
        return None
    if not all(part.is_finite() for part in (whole, minutes, seconds)):
        return None
    value = (whole + minutes / 60 + seconds / 3600).quantize(Decimal("0.000001"))
    return -value if str(side).upper() in ("S", "W") else value


def _exif_metadata(picture: "Image") -> tuple[str, Decimal | None, Decimal | None]:
    """Return when and where the picture was taken. Damaged EXIF raises exceptions of many types."""
    exif = picture.getexif()
    taken, position = exif.get_ifd(_EXIF).get(_TAKEN), exif.get_ifd(_GPS)
    latitude = _degrees(position.get(2), position.get(1))
    longitude = _degrees(position.get(4), position.get(3))
    day, _, time = str(taken or "")[:19].partition(" ")
    at = ""
    with contextlib.suppress(ValueError):  # a camera that was never set writes 0000:00:00
        at = read_taken(f"{day.replace(':', '-')} {time}" if time else "")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return at, None, None
    return at, latitude, longitude


def _jpeg(picture: "Image", max_side_px: int) -> bytes:
    small = picture.copy()
    small.thumbnail((max_side_px, max_side_px))
    data = b""
    for quality in _QUALITIES:
        stream = io.BytesIO()
        small.save(stream, "JPEG", quality=quality, optimize=True)
        data = stream.getvalue()
        if len(data) <= MAX_STORED_BYTES:
            break
    return data


def read_picture(name: str, data: bytes) -> ImportedImage:
    """Convert a file's bytes to the stored form. `name` is used in messages only. Raises `UnreadableImage`."""
    from PIL import Image, ImageOps

    if len(data) > MAX_SOURCE_BYTES:
        raise _refuse(name)
    picture = open_picture(name, data, FORMATS, MAX_PIXELS)
    # A picture whose EXIF is damaged is still a picture; the reader of EXIF fails in many ways.
    taken_at, latitude, longitude = "", None, None
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        taken_at, latitude, longitude = _exif_metadata(picture)
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        picture = ImageOps.exif_transpose(picture)
    visible = picture.convert("RGBA")
    background = Image.new("RGB", visible.size, "white")
    background.paste(visible, mask=visible.getchannel("A"))
    jpeg = _jpeg(background, MAX_SIDE_PX)
    return ImportedImage(
        hashlib.sha256(jpeg).hexdigest(),
        jpeg,
        _jpeg(background, MAX_THUMBNAIL_PX),
        taken_at,
        latitude,
        longitude,
    )


def thumbnail_of(name: str, data: bytes) -> bytes:
    """Return the thumbnail of a stored picture. `name` is used in messages only. Raises `UnreadableImage`."""
    if len(data) > MAX_SOURCE_BYTES:
        raise _refuse(name)
    return _jpeg(open_picture(name, data, ("JPEG",), MAX_PIXELS).convert("RGB"), MAX_THUMBNAIL_PX)
