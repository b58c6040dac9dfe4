"""Handle a file opened with the program, e.g. by a double click."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from ruhu.errors import UserError
from ruhu.exchange.media_files import MediaFile, identify
from ruhu.i18n import BilingualText
from ruhu.ui.core.i18n import interface
from ruhu.ui.surveyor.operations.context import OperationContext
from ruhu.ui.surveyor.operations.transfer import show_bundles

BUNDLE_HINT = BilingualText(
    "这是交给县里（{county}）的数据包，第 {number} 包。把它所在的U盘交到县里；"
    "县里先用 ruhu county open 打开县数据库，以后再双击数据包就直接收下。",
    "This is bundle number {number} for the county ({county}). Take the stick to the county. After its "
    "database was opened once with ruhu county open, a double click imports bundles.",
)
FOR_THE_SETTINGS = BilingualText(
    "这是县公钥，请在“设置”里导入。", "This is the county's key: import it under Settings."
)
UNKNOWN_FILE = BilingualText(
    "{name} 不是入户的数据包、答复或回执。",
    "{name} is not a bundle, answer or receipt of this program.",
)


def message_for(path: Path, file: MediaFile | None) -> BilingualText:
    """Return the message for a file that is not imported on a laptop."""
    if file is None:
        return UNKNOWN_FILE.format(name=path.name)
    if file.problem is not None:
        return BilingualText("{name}：{problem}", "{name}: {problem}").format(
            name=path.name, problem=file.problem
        )
    if file.kind == "bundle":
        return BUNDLE_HINT.format(county=file.county, number=file.sequence)
    return FOR_THE_SETTINGS


def show_opened_file(context: OperationContext, path: Path) -> None:
    """Import the county's answers and receipts; for any other file say where it belongs."""
    try:
        file = identify(path)
    except UserError as error:
        message = error.text
    else:
        if file is not None and file.problem is None and file.kind in ("answer", "receipts"):
            show_bundles(context).read_from(path.parent)
            return
        message = message_for(path, file)
    box = QMessageBox(context.window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(path.name)
    box.setText(interface.translate(message))
    box.open()
