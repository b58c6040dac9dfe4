"""What Qt fetches when it is first used: the drawing of SVG, the lists of choice boxes, its styles.

Done one by one between the keys of the passphrase, it is there when the window is built.
"""

from collections.abc import Iterator

from PySide6.QtWidgets import (
    QComboBox,
    QMainWindow,
    QScrollArea,
    QSplitter,
    QTableView,
    QTabWidget,
    QToolButton,
    QTreeWidget,
)

from ruhu.ui.widgets.search_field import SearchField

_KINDS = (QTableView, QTreeWidget, QTabWidget, QSplitter, QScrollArea, QToolButton, QMainWindow)


def warm_up_widgets() -> Iterator[None]:
    """Use each once, one at a step."""
    QComboBox().addItem("")
    yield
    SearchField("", "")
    for kind in _KINDS:
        yield
        kind()
