"""The handbook with its contents and a search."""

import sys

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QImage, QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTextBrowser,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ruhu import __version__
from ruhu.resources import resource
from ruhu.ui.core.i18n import interface
from ruhu.ui.help.handbook import PAGES, name_of, page_path, page_text, title_of
from ruhu.ui.widgets.search_field import SearchField
from ruhu.updates.launcher import databases

MAX_PICTURE_WIDTH_PX = 640
NAME = Qt.ItemDataRole.UserRole


class _Sheet(QTextBrowser):
    """Shows a page of the handbook."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)

    def loadResource(self, type: int, name: QUrl | str) -> object:
        path = resource("help") / QUrl(name).fileName()
        if type == QTextDocument.ResourceType.ImageResource.value and path.exists():
            picture = QImage(str(path))
            width = min(MAX_PICTURE_WIDTH_PX, picture.width())
            return picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        return super().loadResource(type, name)

    def show_text(self, text: str) -> None:
        """Show a text from its beginning."""
        dialect = QTextDocument.MarkdownFeature.MarkdownDialectGitHub
        self.document().setMarkdown(text, dialect)
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def go_to(self, heading: int) -> None:
        """Scroll to a heading of the page, counted from 0."""
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() == 2:
                if heading == 0:
                    top = self.document().documentLayout().blockBoundingRect(block).top()
                    self.verticalScrollBar().setValue(int(top))
                    return
                heading -= 1
            block = block.next()


class HelpDialog(QDialog):
    """The handbook in the language in use, with buttons for updates and licences.

    `restart_asked` follows the installation of a new version.
    """

    restart_asked = Signal()

    def __init__(self, parent: QWidget, page: str = PAGES[0]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("帮助"))
        self.resize(1080, 660)
        self._texts = {name: page_text(name, interface.language) for name in PAGES}
        self._shown = ""
        self.sheet = _Sheet()
        self.sheet.setAccessibleName(self.tr("使用手册"))
        self.sheet.anchorClicked.connect(self._follow)
        self.contents = QTreeWidget()
        self.contents.setHeaderHidden(True)
        self.contents.setAccessibleName(self.tr("目录"))
        self.contents.setFixedWidth(self.fontMetrics().horizontalAdvance("汉") * 17)
        self._fill_contents()
        self.contents.currentItemChanged.connect(self._show_chosen)
        self.search = SearchField(self.tr("在手册里查找"), self.tr("在手册里查找"))
        self.search.returnPressed.connect(self.find_next)
        self.search.textChanged.connect(self._find_first)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        QShortcut(QKeySequence.StandardKey.FindNext, self, self.find_next)
        self._lay_out()
        self.show_page(page)

    def _lay_out(self) -> None:
        self.message = QLabel()
        self.message.setObjectName("dim")
        next_match = QPushButton(self.tr("下一处"))
        next_match.clicked.connect(self.find_next)
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.reject)
        close.setAutoDefault(False)
        next_match.setAutoDefault(False)
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.message)
        top.addWidget(next_match)
        top.addWidget(close)
        middle = QHBoxLayout()
        middle.addWidget(self.contents)
        middle.addWidget(self.sheet, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addLayout(middle, 1)
        below = QHBoxLayout()
        below.addWidget(QLabel(self.tr("入户 {0}").format(__version__)))
        below.addStretch(1)
        updates = QPushButton(self.tr("软件更新…"))
        updates.clicked.connect(self.show_updates)
        updates.setAutoDefault(False)
        licences = QPushButton(self.tr("开源许可…"))
        licences.clicked.connect(self.show_licences)
        licences.setAutoDefault(False)
        below.addWidget(updates)
        below.addWidget(licences)
        layout.addLayout(below)

    def show_updates(self) -> None:
        """Show the running version and install updates."""
        from ruhu.ui.help.update_dialog import UpdateDialog

        dialog = UpdateDialog(self, databases(sys.argv[1:]))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.restart_asked.connect(self.restart_asked)
        dialog.open()

    def show_licences(self) -> None:
        """Show the third-party components and their licences."""
        from ruhu.ui.help.licences_dialog import LicencesDialog

        dialog = LicencesDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _fill_contents(self) -> None:
        for name, text in self._texts.items():
            item = QTreeWidgetItem([name_of(text)])
            item.setToolTip(0, title_of(text))
            item.setData(0, NAME, name)
            for line in text.splitlines():
                if line.startswith("## "):
                    below = QTreeWidgetItem([line.removeprefix("## ")])
                    below.setToolTip(0, below.text(0))
                    item.addChild(below)
            self.contents.addTopLevelItem(item)

    def show_page(self, name: str) -> None:
        """Show a page and expand its headings in the contents."""
        at = PAGES.index(name)
        item = self.contents.topLevelItem(at)
        assert item is not None
        self.contents.setCurrentItem(item)

    def _show_text(self, name: str) -> None:
        if name != self._shown:
            self._shown = name
            self.sheet.show_text(self._texts[name])

    def _show_chosen(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            return
        page = item.parent() or item
        self._show_text(page.data(0, NAME))
        page.setExpanded(True)
        if page is item:
            self.sheet.verticalScrollBar().setValue(0)
        else:
            self.sheet.go_to(page.indexOfChild(item))

    def _follow(self, link: QUrl) -> None:
        """Follow a link to another page; other links are ignored, since there may be no network."""
        pages = {page_path(name, interface.language).name: name for name in PAGES}
        name = pages.get(link.fileName())
        if name is not None:
            self.show_page(name)

    def _find_first(self) -> None:
        cursor = self.sheet.textCursor()
        cursor.setPosition(0)
        self.sheet.setTextCursor(cursor)
        self.find_next()

    def find_next(self) -> None:
        """Go to the next match, through all pages and back to the first."""
        text = self.search.text().strip()
        self.message.setText("")
        if not text or self.sheet.find(text):
            return
        at = PAGES.index(self._shown)
        for name in (*PAGES[at + 1 :], *PAGES[: at + 1]):
            if text.casefold() not in self._texts[name].casefold():
                continue
            self.show_page(name)
            self.sheet.moveCursor(QTextCursor.MoveOperation.Start)
            if self.sheet.find(text):
                return
        self.message.setText(self.tr("没有找到"))
