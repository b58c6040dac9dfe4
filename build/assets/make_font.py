"""Cut the slip's font out of Debian's Noto Sans CJK (package fonts-noto-cjk, OFL 1.1).

usage: make_font.py NotoSansCJK-Regular.ttc

It keeps the Simplified Chinese face with Latin, the symbols the slip prints and the ideographs of
CJK Unified and its Extension A, and drops hinting and rarely used tables.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

TARGET = Path(__file__).resolve().parents[2] / "resources" / "fonts" / "RuhuSans-Regular.otf"
RANGES = [
    (0x20, 0x17F), (0x2010, 0x2060), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x22FF),
    (0x2460, 0x24FF), (0x2500, 0x27BF), (0x3000, 0x30FF), (0x3200, 0x33FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF),
]  # fmt: skip


def main() -> None:
    fonts = TTCollection(sys.argv[1]).fonts
    font = next(f for f in fonts if f["name"].getDebugName(1) == "Noto Sans CJK SC")
    # No substitutions: a PDF reader could not tell the digits that replace digits.
    options = subset.Options(
        layout_features=[],
        hinting=False,
        desubroutinize=False,
        notdef_outline=True,
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[c for first, last in RANGES for c in range(first, last + 1)])
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 4, 16):
            record.string = "Ruhu Sans"
        elif record.nameID == 6:
            record.string = "RuhuSans-Regular"
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    font.save(TARGET)
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1024 / 1024:.1f} MB")


if __name__ == "__main__":
    main()
