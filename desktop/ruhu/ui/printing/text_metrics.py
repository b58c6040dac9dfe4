"""Letters of one size on paper: how far a text goes, and where it is broken into lines."""

from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextOption

from ruhu.ui.printing.slip_printing import load_font


class CharWidths(dict[str, float]):
    """A size of the program's own font; as a dictionary, how far each character met so far goes.

    Texts are measured character by character, which takes a fraction of what laying them out would.
    """

    def __init__(self, pixels: float) -> None:
        super().__init__()
        self.font = QFont(load_font())
        self.font.setPixelSize(round(pixels))
        # Otherwise a letter is as wide as the device at hand would have it.
        self.font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        self._metrics = QFontMetricsF(self.font)
        self.height, self.ascent = self._metrics.height(), self._metrics.ascent()

    def __missing__(self, character: str) -> float:
        self[character] = found = self._metrics.horizontalAdvance(character)
        return found

    def width(self, text: str) -> float:
        """How far a text goes in one line, in pixels."""
        return sum(map(self.__getitem__, text))

    def lines(self, text: str, width: float) -> list[str]:
        """A text in lines of `width`; words and numbers stay whole where that is wide enough."""
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
        # Qt counts in UTF-16, where a rare character takes two.
        units = text.encode("utf-16-le")
        return [units[2 * start : 2 * end].decode("utf-16-le").rstrip() for start, end in parts]
