"""Draw resources/icons/ruhu.ico, Windows' icon in every size, from ruhu.svg.

usage: python build/assets/make_icon.py
"""

import io
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QImageReader, QImageWriter

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "icons"
SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
"""What Windows asks for from 100 to 200 % text, and for its large tiles."""


def drawn(side: int) -> Image.Image:
    """Draw the icon with sides of that many pixels."""
    reader = QImageReader(str(FOLDER / "ruhu.svg"))
    reader.setScaledSize(QSize(side, side))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(reader.read())
    return Image.open(io.BytesIO(buffer.data().data()))


def main() -> None:
    pictures = [drawn(side) for side in SIZES]
    sizes = [(side, side) for side in SIZES]
    pictures[-1].save(FOLDER / "ruhu.ico", sizes=sizes, append_images=pictures[:-1])


if __name__ == "__main__":
    main()
