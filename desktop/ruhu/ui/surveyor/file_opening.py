"""A file that was opened with the program, by a double click for one: what it is and where it belongs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from ruhu.errors import UserError
from ruhu.exchange.media_files import MediaFile, identify
from ruhu.i18n import BilingualText
from ruhu.ui.core.i18n import interface

if TYPE_CHECKING:
    from ruhu.ui.surveyor.window import MainWindow

BUNDLE_HINT = BilingualText(
    "这是交给县里（{county}）的数据包，第 {number} 包。把它所在的U盘交到县里；"
    "县里先用 ruhu county open 打开县数据库，以后再双击数据包就直接收下。",
    "This is bundle number {number} for the county ({county}). Hand its stick in at the county. There the "
    "county's database is opened with ruhu county open once; from then on a double click takes bundles in.",
)
FOR_THE_SETTINGS = BilingualText(
    "这是县公钥，请在“设置”里导入。", "This is the county's key: read it in under Settings."
)
UNKNOWN_FILE = BilingualText(
    "{name} 不是入户的数据包、答复或回执。",
    "{name} is no bundle, answer or receipt of this program.",
)


def message_for(path: Path, found: MediaFile | None) -> BilingualText:
    """What is said of a file that is not read in on a laptop."""
    if found is None:
        return UNKNOWN_FILE.format(name=path.name)
    if found.problem is not None:
        return BilingualText("{name}：{what}", "{name}: {what}").format(
            name=path.name, what=found.problem
        )
    if found.kind == "bundle":
        return BUNDLE_HINT.format(county=found.county, number=found.sequence)
    return FOR_THE_SETTINGS


def show_opened_file(window: MainWindow, path: Path) -> None:
    """Read the county's answers and receipts in; of any other file say where it belongs."""
    try:
        found = identify(path)
    except UserError as error:
        told = error.text
    else:
        if found is not None and found.problem is None and found.kind in ("answer", "receipts"):
            window.show_bundles().read_from(path.parent)
            return
        told = message_for(path, found)
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(path.name)
    box.setText(interface.translate(told))
    box.open()
