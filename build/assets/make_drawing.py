"""Draw the data flow of the architecture page, in both languages.

usage: QT_QPA_PLATFORM=offscreen python -m build.assets.make_drawing
"""

from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QImage,
    QPainter,
    QPen,
    QPolygonF,
)

from ruhu.i18n import BilingualText, Language
from ruhu.resources import resource

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "help"
SCALE = 2
WIDTH, HEIGHT = 900, 330
BOX_WIDTH, BOX_HEIGHT = 128, 62
INK, LINE, LAPTOP, COUNTY = (
    QColor("#1f2933"),
    QColor("#52606d"),
    QColor("#e3f1ef"),
    QColor("#e8edf7"),
)


class Box(NamedTuple):
    """A stage of the data: its name, the module that makes it, and its column and row."""

    name: BilingualText
    module: str
    column: int
    row: int


BOXES = (
    Box(BilingualText("按键", "Keystroke"), "ui.surveyor.form", 0, 0),
    Box(BilingualText("草稿", "Draft"), "store.records", 1, 0),
    Box(BilingualText("修订", "Revision"), "revisions", 2, 0),
    Box(BilingualText("数据包", "Bundle"), "sync · exchange", 3, 0),
    Box(BilingualText("核对结果", "Findings"), "policy", 1, 1),
    Box(BilingualText("明白卡", "Slip"), "slips", 0, 1),
    Box(BilingualText("县里的记录", "County record"), "county.exchange", 3, 2),
    Box(BilingualText("合并与核对", "Merge and review"), "county.review", 4, 2),
    Box(BilingualText("台账", "Ledger"), "county.ledgers", 5, 2),
    Box(BilingualText("答复、回执", "Reply, receipt"), "county.exchange", 2, 2),
)
ARROWS = ((0, 1), (1, 2), (2, 3), (1, 4), (4, 5), (3, 6), (6, 7), (7, 8), (6, 9), (9, 2))
LAPTOP_ROWS = 2
TITLES = (BilingualText("笔记本电脑", "Laptop"), BilingualText("县", "County"))


def rectangle(box: Box) -> QRectF:
    """Return where a box stands."""
    return QRectF(16 + box.column * 147, 40 + box.row * 98, BOX_WIDTH, BOX_HEIGHT)


def draw_arrow(painter: QPainter, start: QRectF, end: QRectF) -> None:
    """Draw an arrow between the nearest sides of two boxes."""
    if abs(start.center().y() - end.center().y()) < 1:
        right = end.center().x() > start.center().x()
        a = QPointF(start.right() if right else start.left(), start.center().y())
        b = QPointF(end.left() if right else end.right(), end.center().y())
    else:
        down = end.center().y() > start.center().y()
        a = QPointF(start.center().x(), start.bottom() if down else start.top())
        b = QPointF(end.center().x(), end.top() if down else end.bottom())
    painter.drawLine(a, b)
    along = b - a
    length = (along.x() ** 2 + along.y() ** 2) ** 0.5
    unit = along / length
    side = QPointF(-unit.y(), unit.x())
    painter.setBrush(LINE)
    painter.drawPolygon(QPolygonF([b, b - unit * 9 + side * 4, b - unit * 9 - side * 4]))


def draw(language: Language) -> QImage:
    """Return the drawing in one language."""
    image = QImage(WIDTH * SCALE, HEIGHT * SCALE, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(SCALE, SCALE)
    [family] = QFontDatabase.applicationFontFamilies(
        QFontDatabase.addApplicationFont(str(resource("fonts/RuhuSans-Regular.otf")))
    )
    font = QFont(family)
    for title, y in zip(TITLES, (26, 258), strict=True):
        font.setPixelSize(14)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(INK)
        painter.drawText(QPointF(16, y), title.in_language(language))
    painter.setPen(QPen(LINE, 1.4))
    for start, end in ARROWS:
        draw_arrow(painter, rectangle(BOXES[start]), rectangle(BOXES[end]))
    for box in BOXES:
        where = rectangle(box)
        painter.setPen(QPen(LINE, 1))
        painter.setBrush(LAPTOP if box.row < LAPTOP_ROWS else COUNTY)
        painter.drawRoundedRect(where, 6, 6)
        painter.setPen(INK)
        font.setBold(True)
        font.setPixelSize(14)
        painter.setFont(font)
        painter.drawText(
            where.adjusted(4, 6, -4, -26),
            Qt.AlignmentFlag.AlignCenter,
            box.name.in_language(language),
        )
        font.setBold(False)
        font.setPixelSize(11)
        painter.setFont(font)
        painter.drawText(where.adjusted(4, 32, -4, -6), Qt.AlignmentFlag.AlignCenter, box.module)
    painter.end()
    return image


def main() -> None:
    _app = QGuiApplication([])
    for language in ("zh", "en"):
        draw(language).save(str(FOLDER / f"data-flow.{language}.png"))


if __name__ == "__main__":
    main()
