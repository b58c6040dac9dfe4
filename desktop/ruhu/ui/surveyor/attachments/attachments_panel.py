"""The gallery of a record's photos and papers."""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QIcon,
    QImage,
    QKeySequence,
    QPixmap,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ruhu.survey.attachments import (
    KEY,
    Paper,
    Purpose,
    missing_photos,
    papers_of,
    with_paper,
    without_paper,
)
from ruhu.ui.core.i18n import interface
from ruhu.ui.surveyor.attachments.attachment_details import PaperFacts
from ruhu.ui.surveyor.operations.household import add_pictures
from ruhu.ui.surveyor.session import Session
from ruhu.ui.widgets.empty_state import EmptyHint
from ruhu.ui.widgets.touch_scrolling import enable_touch_scrolling

if TYPE_CHECKING:
    from ruhu.ui.surveyor.attachments.camera_dialog import Source

ENDINGS = ("jpg", "jpeg", "png", "webp", "bmp")
ICON = QSize(132, 132)
DIGEST = Qt.ItemDataRole.UserRole


def _as_bmp(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "BMP")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def pictures_in(folder: Path) -> list[Path]:
    """Return the pictures of a folder, sorted by name."""
    return sorted(p for p in folder.iterdir() if p.suffix.lower().lstrip(".") in ENDINGS)


class PapersPanel(QWidget):
    """Photos from files, a folder, the clipboard, a camera or drag and drop.

    The facts of the chosen photo are below.
    """

    status_message = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._papers: list[Paper] = []
        self._path = KEY
        self._thumbnails: dict[str, QIcon] = {}
        self.setAcceptDrops(True)
        self.missing = QLabel()
        self.missing.setObjectName("wrong")
        self.missing.setWordWrap(True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("照片和证件"))
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setIconSize(ICON)
        self.list.setSpacing(6)
        enable_touch_scrolling(self.list)
        self.list.setMinimumHeight(ICON.height() + self.fontMetrics().height() * 3)
        self.list.currentRowChanged.connect(lambda _: self._show_facts())
        self.list.itemActivated.connect(lambda _: self.enlarge())
        EmptyHint(self.list, self.tr("还没有照片。\n把照片文件拖到这里，或点上面的按钮。"))
        self.facts = self._make_facts()
        actions = [
            (self.tr("添加文件…"), self.choose_files),
            (self.tr("添加文件夹…"), self.choose_folder),
            (self.tr("粘贴"), self.paste),
        ]
        if find_spec("PySide6.QtMultimedia"):
            actions.append((self.tr("拍照…"), self.photograph))
        buttons = QHBoxLayout()
        for label, act in actions:
            button = QPushButton(label)
            button.clicked.connect(lambda _=False, a=act: a())
            buttons.addWidget(button)
        buttons.addStretch(1)
        paste = QShortcut(QKeySequence.StandardKey.Paste, self, self.paste)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.missing)
        layout.addLayout(buttons)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.facts)
        self._show_facts()

    def _make_facts(self) -> PaperFacts:
        facts = PaperFacts()
        facts.value_changed.connect(self._change)
        facts.editing_finished.connect(lambda: self._session.editor.save(field=self._path))
        look, remove = QPushButton(self.tr("看大图")), QPushButton(self.tr("删除所选"))
        look.clicked.connect(self.enlarge)
        remove.setAccessibleName(self.tr("删除所选照片"))
        remove.clicked.connect(self.remove)
        row = QHBoxLayout()
        row.addWidget(look)
        row.addWidget(remove)
        row.addStretch(1)
        facts.add_buttons(row)
        return facts

    # What is shown

    def show_papers(self) -> None:
        """Show the record's photos; thumbnails are loaded when they are needed."""
        papers = papers_of(self._session.editor.document)
        lacking = missing_photos(self._session.editor.document)
        names = "、".join(interface.translate(purpose.label) for purpose in lacking)
        self.missing.setText(self.tr("还缺照片：{0}").format(names))
        self.missing.setVisible(bool(lacking))
        if papers == self._papers:
            return
        before, self._papers = self._papers, papers
        if [(p.digest, p.purpose) for p in papers] != [(p.digest, p.purpose) for p in before]:
            self._fill(before)
        self._show_facts()

    def _fill(self, before: list[Paper]) -> None:
        """List the photos; a new one is chosen, else the one chosen in `before`."""
        row, known = self.list.currentRow(), {paper.digest for paper in before}
        chosen = before[row].digest if 0 <= row < len(before) else ""
        digests = [paper.digest for paper in self._papers]
        new = [index for index, digest in enumerate(digests) if digest not in known]
        self.list.blockSignals(True)
        self.list.clear()
        for paper in self._papers:
            item = QListWidgetItem(interface.translate(paper.purpose.label))
            item.setIcon(self._thumbnails.get(paper.digest, QIcon()))
            item.setData(DIGEST, paper.digest)
            self.list.addItem(item)
        if chosen in digests and not new:
            self.list.setCurrentRow(digests.index(chosen))
        else:
            self.list.setCurrentRow(new[-1] if new else min(max(row, 0), len(digests) - 1))
        self.list.blockSignals(False)
        missing = [digest for digest in digests if digest not in self._thumbnails]
        if missing:
            self._session.run(
                lambda store: store.attachments.thumbnails(missing), self._show_thumbnails
            )

    def _show_thumbnails(self, thumbnails: dict[str, bytes]) -> None:
        for digest, data in thumbnails.items():
            pixmap = QPixmap()
            pixmap.loadFromData(data)
            self._thumbnails[digest] = QIcon(pixmap)
        for row, paper in enumerate(self._papers):
            item = self.list.item(row)
            if item is not None:
                item.setIcon(self._thumbnails.get(paper.digest, QIcon()))

    def _chosen(self) -> Paper | None:
        row = self.list.currentRow()
        return self._papers[row] if 0 <= row < len(self._papers) else None

    def _show_facts(self) -> None:
        self.facts.show_paper(self._chosen())

    def focus_path(self, path: str) -> None:
        """Focus a photo's fact; if the photo was removed, the list."""
        digest, _, fact = path.removeprefix(f"{KEY}[").partition("].")
        digests = [paper.digest for paper in self._papers]
        if digest not in digests:
            self.list.setFocus()
            return
        self.list.setCurrentRow(digests.index(digest))
        self.facts.show_paper(self._chosen(), reset=True)
        self.facts.focus_fact(fact)

    def _change(self, paper: Paper, path: str) -> None:
        """Change the record's facts of the chosen photo."""
        self._path = path
        self._session.editor.change(with_paper(self._session.editor.document, paper), path)

    # Actions

    def choose_files(self) -> None:
        """Choose picture files and add them."""
        endings = " ".join(f"*.{ending}" for ending in ENDINGS)
        names, _ = QFileDialog.getOpenFileNames(
            self, self.tr("选择照片"), "", self.tr("照片 ({0})").format(endings)
        )
        self.add_files([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Choose a folder and add its pictures."""
        name = QFileDialog.getExistingDirectory(self, self.tr("选择照片文件夹"))
        if name:
            self.add_files(pictures_in(Path(name)))

    def paste(self) -> None:
        """Add the picture or the picture files in the clipboard."""
        self.add_dropped(QApplication.clipboard().mimeData())

    def add_dropped(self, data: QMimeData) -> None:
        """Add the picture or the picture files in the clipboard or dropped on the panel."""
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if files:
            self.add_files(files)
            return
        image = data.imageData()
        if isinstance(image, QImage) and not image.isNull():
            self._add_image(self.tr("剪贴板"), image)
        else:
            self.status_message.emit(self.tr("剪贴板里没有照片"))

    def _add_image(self, name: str, image: QImage) -> None:
        add_pictures(self._session, [(name, lambda: _as_bmp(image))], self._next_purpose())

    def photograph(self, sources: "Mapping[str, Source] | None" = None) -> None:
        """Take photos with a camera, by default one of this machine."""
        try:
            from ruhu.ui.surveyor.attachments.camera_dialog import CameraDialog, cameras
        except ImportError as error:  # a system library of QtMultimedia is missing
            self.status_message.emit(self.tr("这台电脑用不了摄像头：{0}").format(error))
            return
        available = cameras() if sources is None else sources
        if not available:
            self.status_message.emit(self.tr("没有找到摄像头"))
            return
        dialog = CameraDialog(self, available)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.taken.connect(lambda image: self._add_image(self.tr("摄像头"), image))
        dialog.open()

    def add_files(self, files: list[Path]) -> None:
        """Add picture files to the record."""
        if files:
            add_pictures(
                self._session,
                [(file.name, file.read_bytes) for file in files],
                self._next_purpose(),
            )

    def _next_purpose(self) -> Purpose:
        lacking = missing_photos(self._session.editor.document)
        return lacking[0] if lacking else Purpose.OTHER

    def remove(self) -> None:
        """Remove the chosen photo from the record; this can be undone."""
        paper = self._chosen()
        if paper is not None:
            self._session.editor.replace(
                without_paper(self._session.editor.document, paper.digest), KEY
            )
            self.status_message.emit(self.tr("已删除照片，可用 Ctrl+Z 恢复"))

    def enlarge(self) -> None:
        """Show the chosen photo as large as the screen allows."""
        paper = self._chosen()
        if paper is None:
            return

        def show(data: bytes | None) -> None:
            pixmap = QPixmap()
            if data is None or not pixmap.loadFromData(data):
                self.status_message.emit(self.tr("这张照片不在这台电脑上"))
                return
            dialog = QDialog(self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.setWindowTitle(interface.translate(paper.purpose.label))
            picture = QLabel()
            max_size = self.screen().availableSize() * 0.85
            picture.setPixmap(
                pixmap.scaled(
                    max_size.boundedTo(pixmap.size()),
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )
            QVBoxLayout(dialog).addWidget(picture)
            dialog.open()

        self._session.run(lambda store: store.attachments.data(paper.digest), show)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add_dropped(event.mimeData())
        event.acceptProposedAction()
