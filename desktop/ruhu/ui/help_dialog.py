"""The handbook: headings to go to, words to find, pictures as wide as there is room."""

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ruhu.assets import resource
from ruhu.ui.language import interface

WIDEST_PICTURE = 640


class _Pages(QTextBrowser):
    def loadResource(self, type: int, name: QUrl | str) -> object:
        path = resource("help") / QUrl(name).fileName()
        if type == QTextDocument.ResourceType.ImageResource.value and path.exists():
            picture = QImage(str(path))
            width = min(WIDEST_PICTURE, picture.width())
            return picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        return super().loadResource(type, name)


class HelpDialog(QDialog):
    """The handbook in the language in use."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("帮助"))
        self.resize(980, 640)
        self.pages = _Pages()
        self.pages.setAccessibleName(self.tr("使用手册"))
        self.pages.setOpenExternalLinks(False)
        text = (resource("help") / f"handbook.{interface.language}.md").read_text(encoding="utf-8")
        dialect = QTextDocument.MarkdownFeature.MarkdownDialectGitHub
        self.pages.document().setMarkdown(text, dialect)
        self.pages.moveCursor(QTextCursor.MoveOperation.Start)
        self.headings = QListWidget()
        self.headings.setAccessibleName(self.tr("目录"))
        self._fill_headings()
        self.headings.currentItemChanged.connect(self._go)
        self.search = QLineEdit()
        self.search.setAccessibleName(self.tr("在手册里查找"))
        self.search.setPlaceholderText(self.tr("在手册里查找"))
        self.search.setClearButtonEnabled(True)
        self.search.returnPressed.connect(self.find_next)
        self.search.textChanged.connect(self._find_first)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        QShortcut(QKeySequence.StandardKey.FindNext, self, self.find_next)
        self._told = QLabel()
        self._told.setObjectName("dim")
        again = QPushButton(self.tr("下一处"))
        again.clicked.connect(self.find_next)
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.reject)
        close.setAutoDefault(False)
        again.setAutoDefault(False)
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self._told)
        top.addWidget(again)
        top.addWidget(close)
        middle = QHBoxLayout()
        self.headings.setFixedWidth(self.fontMetrics().horizontalAdvance("汉") * 12)
        middle.addWidget(self.headings)
        middle.addWidget(self.pages, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addLayout(middle, 1)

    def _fill_headings(self) -> None:
        block = self.pages.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() == 2:
                item = QListWidgetItem(block.text())
                item.setData(Qt.ItemDataRole.UserRole, block.position())
                self.headings.addItem(item)
            block = block.next()

    def _go(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        document = self.pages.document()
        block = document.findBlock(item.data(Qt.ItemDataRole.UserRole))
        top = document.documentLayout().blockBoundingRect(block).top()
        self.pages.verticalScrollBar().setValue(int(top))

    def _find_first(self) -> None:
        cursor = self.pages.textCursor()
        cursor.setPosition(0)
        self.pages.setTextCursor(cursor)
        self.find_next()

    def find_next(self) -> None:
        """Go to the next place with the words searched for, from the top again after the last."""
        words = self.search.text().strip()
        self._told.setText("")
        if not words or self.pages.find(words):
            return
        cursor = self.pages.textCursor()
        cursor.setPosition(0)
        self.pages.setTextCursor(cursor)
        if not self.pages.find(words):
            self._told.setText(self.tr("没有找到"))
