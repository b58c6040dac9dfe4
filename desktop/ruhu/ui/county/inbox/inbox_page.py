"""The county's inbox: bundles dropped or chosen, what came of each, what was set aside."""

from collections.abc import Generator, Sequence
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
)

from ruhu.county.county import CountyStore
from ruhu.county.exchange.quarantine import QuarantinedFile
from ruhu.county.records.import_result import ImportOutcome, ImportResult
from ruhu.county.removable_media import write_replies
from ruhu.errors import UserError
from ruhu.exchange.formats.bundle import SUFFIX
from ruhu.exchange.media_files import MediaFile, list_media_files
from ruhu.files.atomic_write import write_atomic
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.page import Page, format_timestamp, set_rows, table_of
from ruhu.ui.county.session import CountySession
from ruhu.ui.widgets.empty_state import EmptyHint


class InboxPage(Page):
    """Bundles dropped or chosen; per bundle what came of it, and what was set aside."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self.setAcceptDrops(True)
        self._queue: list[Path] = []
        self._results_iterator: Generator[ImportResult, None, None] | None = None
        self._done: list[Path] = []
        self._results: list[ImportResult] = []
        self.rejected: list[QuarantinedFile] = []
        self._unreadable: list[MediaFile] = []
        hint = QLabel(self.tr("把数据包或整个U盘拖到这里，或点下面的按钮。导入后回执写回U盘。"))
        hint.setObjectName("dim")
        hint.setWordWrap(True)
        self.results = table_of(
            self.tr("导入结果"),
            [self.tr("文件"), self.tr("结果"), self.tr("修订"), self.tr("照片"), self.tr("户"),
             self.tr("自动合并"), self.tr("待核对"), self.tr("说明")],
            wrap=True,
        )  # fmt: skip
        self.aside = table_of(
            self.tr("搁置的数据包"),
            [self.tr("时间"), self.tr("文件"), self.tr("原因")],
            wrap=True,
        )
        EmptyHint(self.results, self.tr("收到的数据包列在这里，每个有几户、几处要核对。"))
        EmptyHint(self.aside, self.tr("没有搁置的数据包。"))
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("进度"))
        self.stop = self._button(self.tr("停止"), self._queue.clear)
        self._files = self._button(self.tr("选数据包…"), self.choose_files, primary=True)
        self._folder = self._button(self.tr("选U盘或文件夹…"), self.choose_folder)
        buttons = QHBoxLayout()
        for widget in (self._files, self._folder, self.progress, self.stop):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(hint)
        layout.addLayout(buttons)
        layout.addWidget(self.problem)
        layout.addWidget(self.results, 2)
        heading = QLabel(self.tr("搁置的数据包（原件都留着）"))
        heading.setObjectName("heading")
        layout.addWidget(heading)
        layout.addWidget(self.aside, 1)
        self._keep = self._button(self.tr("另存所选原件…"), self.choose_place)
        self.again = self._button(self.tr("再试所选"), self.try_again)
        kept = QHBoxLayout()
        for widget in (self.again, self._keep):
            kept.addWidget(widget)
        kept.addStretch(1)
        layout.addLayout(kept)
        self._work(False)

    def refresh(self) -> None:
        self.session.run(
            lambda store: store.exchange.quarantined(), self._show_rejected, self._failed
        )

    def _show_rejected(self, files: list[QuarantinedFile]) -> None:
        self.rejected = files
        for button in (self.again, self._keep):
            button.setVisible(bool(files))
        set_rows(
            self.aside,
            [(format_timestamp(x.at), x.file_name, interface.translate(x.reason)) for x in files],
        )

    def _chosen(self) -> QuarantinedFile | None:
        row = self.aside.currentRow()
        if 0 <= row < len(self.rejected):
            return self.rejected[row]
        self.problem.setText(self.tr("请先在表里选一个文件"))
        return None

    def try_again(self) -> None:
        """Import the chosen file again, after the reason for its rejection was removed."""
        chosen = self._chosen()
        if chosen is None:
            return

        def done(imported: ImportResult) -> None:
            self._results, self._unreadable = [imported], []
            self._show_rows()
            rejected = imported.outcome is ImportOutcome.REJECTED
            self.problem.setText(interface.translate(imported.text) if rejected else "")
            if not rejected:
                self.status_message.emit(interface.translate(imported.text))
                self.session.changed.emit()

        self.session.run(lambda store: store.exchange.retry(chosen.digest), done, self._failed)

    def choose_place(self) -> None:
        """Choose where to write the rejected file, unchanged."""
        chosen = self._chosen()
        if chosen is None:
            return
        name, _ = QFileDialog.getSaveFileName(self, self.tr("另存原件"), chosen.file_name)
        if name:
            self.keep_file(chosen.digest, Path(name))

    def keep_file(self, digest: str, path: Path) -> None:
        """Write a rejected file."""

        def done(_: object) -> None:
            self.problem.setText("")
            self.status_message.emit(self.tr("已另存：{0}").format(path.name))

        self.session.run(
            lambda store: write_atomic(path, store.exchange.quarantined_bytes(digest)),
            done,
            self._failed,
        )

    def choose_files(self) -> None:
        """Choose bundle files and import them."""
        names, _ = QFileDialog.getOpenFileNames(
            self, self.tr("选数据包"), "", self.tr("数据包 (*{0})").format(SUFFIX)
        )
        self.take([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Choose a stick and import its bundles."""
        name = QFileDialog.getExistingDirectory(self, self.tr("选U盘或文件夹"))
        if name:
            self.take([Path(name)])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take([Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()])
        event.acceptProposedAction()

    def take(self, paths: Sequence[Path]) -> None:
        """Import bundle files and those in folders, one after the other.

        They are listed before any is read.
        """

        def list_files(_: CountyStore) -> list[MediaFile | Path]:
            files: list[MediaFile | Path] = []
            for path in paths:
                if path.is_dir():
                    files += [file for file in list_media_files(path) if file.kind == "bundle"]
                else:
                    files.append(path)
            return files

        self.session.run(list_files, self._begin, self._failed)

    def _begin(self, listed: list[MediaFile | Path]) -> None:
        self._unreadable = [f for f in listed if isinstance(f, MediaFile) and f.problem is not None]
        files = [f if isinstance(f, Path) else f.path for f in listed if f not in self._unreadable]
        self.problem.setText("" if listed else self.tr("没有找到数据包（*{0}）").format(SUFFIX))
        if not listed:
            return
        self._queue += files
        self._done, self._results = [], []
        self._show_rows()
        self.progress.setRange(0, len(self._queue))
        self.progress.setValue(0)
        self._work(True)
        self._next()

    def _show_rows(self) -> None:
        nothing = ("",) * 5
        unreadable = [
            (
                f.path.name.removesuffix(SUFFIX),
                self.tr("✗ 不读"),
                *nothing,
                interface.translate(f.problem),
            )
            for f in self._unreadable
            if f.problem is not None
        ]
        waiting = [
            (path.name.removesuffix(SUFFIX), self.tr("… 等待"), *nothing, "")
            for path in self._queue
        ]
        set_rows(self.results, [*map(self._row, self._results), *unreadable, *waiting])

    def _next(self) -> None:
        if not self._queue:
            self._finish()
            return
        path, left = self._queue[0], list(self._queue)

        def take_one(store: CountyStore) -> ImportResult:
            # One iterator imports all files: it opens the next ones in parallel.
            if self._results_iterator is None:
                self._results_iterator = store.exchange.import_files(left)
            return next(self._results_iterator)

        def done(imported: ImportResult) -> None:
            del self._queue[:1]
            self._done.append(path)
            self._results.append(imported)
            self.progress.setValue(len(self._done))
            self._show_rows()
            self._next()

        def failed(error: UserError) -> None:
            self._failed(error)
            del self._queue[:1]
            self._results_iterator = None
            self._next()

        self.session.run(take_one, done, failed)

    def _row(self, imported: ImportResult) -> tuple[str, ...]:
        outcomes = {
            ImportOutcome.IMPORTED: self.tr("● 已接收"),
            ImportOutcome.KNOWN: self.tr("○ 以前收过"),
            ImportOutcome.REJECTED: self.tr("✗ 搁置"),
        }
        remark = interface.translate(imported.reason) if imported.reason else ""
        if imported.gaps:
            numbers = "、".join(map(str, imported.gaps[:20]))
            remark = self.tr("该设备还缺第 {0} 包").format(numbers)
        numbers_ = (imported.revisions, imported.papers, imported.records, imported.merged,
                    imported.conflicts)  # fmt: skip
        counted = tuple(str(number or "") for number in numbers_)
        return (
            imported.file_name.removesuffix(SUFFIX),
            outcomes[imported.outcome],
            *counted,
            remark,
        )

    def _finish(self) -> None:
        done = list(self._done)

        def finish(store: CountyStore) -> None:
            results, self._results_iterator = self._results_iterator, None
            if results is not None:
                results.close()  # files that were opened in parallel are opened again next time
            for folder in {path.parent for path in done}:
                write_replies(store, folder, [path for path in done if path.parent == folder])

        def written(_: object) -> None:
            self._work(False)
            rejected = sum(1 for r in self._results if r.outcome is ImportOutcome.REJECTED)
            text = self.tr("导入 {0} 个数据包，搁置 {1} 个").format(len(self._results), rejected)
            if self._unreadable:
                text += self.tr("，不读 {0} 个").format(len(self._unreadable))
            self.status_message.emit(text)
            self.session.changed.emit()

        self.session.run(finish, written, self._failed)

    def _work(self, busy: bool) -> None:
        for widget in (self.progress, self.stop):
            widget.setVisible(busy)
        for button in (self._files, self._folder):
            button.setEnabled(not busy)
