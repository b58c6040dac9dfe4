"""Measure and wrap texts in one font size."""

from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

from ruhu.ui.printing.slip_printing import load_font


class CharWidths(dict[str, float]):
    """The program's font in one size, and a cache of its character widths in pixels.

    Adding up characters takes a fraction of the time of a text layout.
    """

    def __init__(self, pixels: float) -> None:
        super().__init__()
        self.font = QFont(load_font())
        self.font.setPixelSize(round(pixels))
        # With hinting, widths would depend on the device.
        self.font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self._metrics = QFontMetricsF(self.font)
        self.height, self.ascent = self._metrics.height(), self._metrics.ascent()

    def __missing__(self, character: str) -> float:
        self[character] = width = self._metrics.horizontalAdvance(character)
        return width

    def width(self, text: str) -> float:
        """Return the width of a text in one line, in pixels."""
        return sum(map(self.__getitem__, text))

    def lines(self, text: str, width: float) -> list[str]:
        """Return a text wrapped to a width; words and numbers are broken only if they do not fit."""
        if self.width(text) <= width:
            return [text]
        layout = QTextLayout(text, self.font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        parts = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            parts.append((line.textStart(), line.textStart() + line.textLength()))
        layout.endLayout()
        # Qt counts UTF-16 units, of which a rare character takes two.
        units = text.encode("utf-16-le")
        return [units[2 * start : 2 * end].decode("utf-16-le").rstrip() for start, end in parts]
