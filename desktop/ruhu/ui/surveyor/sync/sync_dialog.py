"""Exchange bundles with the county, by stick or by its server, and back up."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ruhu.errors import UserError
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.media_files import KINDS, MediaFile, list_media_files
from ruhu.i18n import BilingualText
from ruhu.store.outbox import OutboxEntry
from ruhu.store.store import Store
from ruhu.sync.folder import FolderExport, FolderImport, export_bundles, import_from
from ruhu.ui.core.cancellable_task import PROGRESS_MAX, CancellableTask
from ruhu.ui.core.i18n import interface
from ruhu.ui.surveyor.session import Session
from ruhu.ui.surveyor.sync.keys_dialog import KeysDialog
from ruhu.ui.surveyor.sync.sync_task import SyncSummary, SyncTask
from ruhu.ui.widgets.empty_state import EmptyHint
from ruhu.ui.widgets.wrapped_label import wrapped_label

STATES = {
    "waiting": BilingualText("○ 等县里确认", "○ not confirmed yet"),
    "confirmed": BilingualText("● 县里已接收", "● taken in by the county"),
    "refused": BilingualText("✗ 县里搁置", "✗ set aside by the county"),
    "again": BilingualText("↻ 县里丢失，已重新打包", "↻ lost by the county, bundled again"),
}


class SyncDialog(QDialog):
    """What goes to the county, and what came back."""

    status_message = Signal(str)

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("数据包"))
        self.resize(820, 520)
        self._session = session
        self._task: CancellableTask | None = None
        self.waiting = QLabel()
        self.waiting.setObjectName("heading")
        self.server = wrapped_label("dim")
        self.message, self.problem = wrapped_label(), wrapped_label("wrong")
        self.table = self._make_table()
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("进度"))
        self.progress.setRange(0, PROGRESS_MAX)
        self.stop = QPushButton(self.tr("停止"))
        self.stop.clicked.connect(self._cancel)
        self._make_buttons()
        self._lay_out()
        self._show_busy(False)
        self.refresh()

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, 4)
        table.setAccessibleName(self.tr("数据包"))
        table.setHorizontalHeaderLabels(
            [self.tr("第几包"), self.tr("生成时间"), self.tr("大小"), self.tr("状态")]
        )
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        EmptyHint(table, self.tr("还没有打过包：入户以后点“写到U盘或文件夹…”。"))
        return table

    def _make_buttons(self) -> None:
        self._write = self._button(self.tr("写到U盘或文件夹…"), self._choose_folder)
        self._write.setObjectName("primary")
        self._read = self._button(self.tr("读U盘上的回执和答复…"), self._choose_receipts)
        self.send_button = self._button(self.tr("上传到县服务器"), self.send)
        self.back_up_button = self._button(self.tr("备份…"), self._choose_stick)
        self.back_up_button.setToolTip(
            self.tr("把本机的全部数据（包括没完成的入户和照片）加密拷一份到U盘，电脑坏了可以恢复")
        )
        self._keys = self._button(self.tr("密钥…"), self._show_keys)
        self._close = self._button(self.tr("关闭"), self.reject)

    def _button(self, label: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(label)
        button.clicked.connect(lambda _=False: act())
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        for button in (self._write, self._read, self.send_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self.back_up_button, self._keys, self._close):
            buttons.addWidget(button)
        progress = QHBoxLayout()
        progress.addWidget(self.progress, 1)
        progress.addWidget(self.stop)
        layout = QVBoxLayout(self)
        for label in (self.waiting, self.server):
            layout.addWidget(label)
        layout.addWidget(self.table, 1)
        for label in (self.message, self.problem):
            layout.addWidget(label)
        layout.addLayout(progress)
        layout.addLayout(buttons)

    def _show_keys(self) -> None:
        KeysDialog(self, self._session).open()

    # What is shown

    def refresh(self) -> None:
        """Reload what waits and what came back."""

        def job(store: Store) -> tuple[int, int, CountyPublic | None, list[OutboxEntry]]:
            return (
                store.outbox.pending_count(),
                len(store.attachments.pending()),
                store.identity.county,
                store.outbox.entries(),
            )

        self._session.run(job, lambda result: self._show(*result))

    def _show(
        self, revisions: int, papers: int, county: CountyPublic | None, entries: list[OutboxEntry]
    ) -> None:
        self.waiting.setText(
            self.tr("还没打包：修订 {0} 条，照片 {1} 张").format(revisions, papers)
        )
        server = county.server if county else None
        if server is not None:
            self.server.setText(self.tr("县服务器：{0}").format(server.url))
        elif county is None:
            self.server.setText(self.tr("还没有县公钥：请先在设置里导入 county.json"))
        else:
            self.server.setText(self.tr("县里没有给服务器地址，用U盘送"))
        self.send_button.setEnabled(server is not None and self._task is None)
        self.table.setRowCount(len(entries))
        for row, entry in enumerate(entries):
            state = interface.translate(STATES[entry.state])
            if entry.state == "refused":
                state = self.tr("{0}：{1}").format(state, interface.translate(entry.refused))
            made = entry.made_at[:16].replace("T", " ")
            size = f"{entry.size / 1024:,.0f} KB" if entry.size else "—"
            for column, text in enumerate((str(entry.sequence), made, size, state)):
                item = QTableWidgetItem(text)
                item.setToolTip(entry.file_name)
                self.table.setItem(row, column, item)

    def _show_busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        self.stop.setVisible(busy)
        for button in (self._write, self._read, self.send_button, self.back_up_button):
            button.setEnabled(not busy)

    def _tell(self, text: str) -> None:
        self.problem.setText("")
        self.message.setText(text)
        self.status_message.emit(text)
        self.refresh()

    def _failed(self, error: UserError) -> None:
        self._task = None
        self._show_busy(False)
        self.message.setText("")
        self.problem.setText(interface.translate(error.text))
        self.refresh()

    # By stick

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("数据包写到哪里"))
        if name:
            self.write_to(Path(name))

    def write_to(self, folder: Path) -> None:
        """Write the bundles to a folder or stick, and import the receipts there."""

        def done(exported: FolderExport) -> None:
            text = self.tr("数据包 {0} 个在 {1}，新修订 {2} 条，新照片 {3} 张").format(
                len(exported.files), folder, exported.revisions, exported.papers
            )
            imported = exported.imported
            if imported.confirmed:
                text += self.tr("；县里新确认 {0} 个").format(imported.confirmed)
            self._show_imported(text, imported)

        self._session.editor.save(field="")
        self._list_stick(folder)
        self._session.run(lambda store: export_bundles(store, folder), done, self._failed)

    def _list_stick(self, folder: Path) -> None:
        """Show the files on a stick before any is read."""

        def job(_: Store) -> list[MediaFile]:
            return list_media_files(folder) if folder.is_dir() else []

        def show(files: list[MediaFile]) -> None:
            counts = Counter(each.kind for each in files)
            names = "，".join(
                f"{interface.translate(KINDS[kind])} {n}" for kind, n in counts.items()
            )
            self.message.setText(self.tr("{0} 上有：{1}").format(folder, names or self.tr("没有")))

        self._session.run(job, show, self._failed)

    def _choose_receipts(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("回执在哪里"))
        if name:
            self.read_from(Path(name))

    def read_from(self, folder: Path) -> None:
        """Import the county's receipts and replies from a folder or stick."""

        def done(imported: FolderImport) -> None:
            text = self.tr("县里新确认 {0} 个数据包").format(imported.confirmed)
            self._show_imported(text, imported)

        self._list_stick(folder)
        self._session.run(lambda store: import_from(store, folder), done, self._failed)

    def _show_imported(self, text: str, imported: FolderImport) -> None:
        if imported.changed:
            text += self.tr("；县里更新了 {0} 户").format(imported.changed)
        self._session.reload()
        self._tell(text)
        self.problem.setText("\n".join(map(interface.translate, imported.problems)))

    def _choose_stick(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("备份写到哪个U盘"))
        if name:
            self.back_up(Path(name))

    def back_up(self, target: Path) -> None:
        """Copy the whole store to a new folder on a stick."""
        self._session.editor.save(field="")
        task = CancellableTask(self._session)
        self._session.closing.connect(task.cancel)
        self._follow(task, self.tr("正在备份到 {0} …").format(target))
        task.finished.connect(self._show_backed_up)
        task.start(self._session.run, lambda store, report: store.back_up(target, progress=report))

    def _show_backed_up(self, folder: Path) -> None:
        self._task = None
        self._show_busy(False)
        self._tell(self.tr("已备份到 {0}，用现在的口令可以恢复").format(folder))

    def _follow(self, task: CancellableTask, message: str) -> None:
        self._task = task
        self.problem.setText("")
        self.message.setText(message)
        self.progress.setValue(0)
        self._show_busy(True)
        task.progress.connect(self.progress.setValue)
        task.failed.connect(self._failed)

    # By the server

    def send(self) -> None:
        """Synchronise with the county's server; the window stays usable."""
        self._session.editor.save(field="")
        task = SyncTask(self._session)
        self._follow(task, self.tr("正在上传…"))
        task.finished.connect(self._show_sent)
        task.update_offered.connect(self._show_update_offered)
        task.update_fetched.connect(self._show_update_fetched)
        task.synchronise()

    def _show_sent(self, summary: SyncSummary) -> None:
        self._task = None
        self._show_busy(False)
        text = self.tr("县里已接收 {0} 个数据包").format(summary.imported)
        if summary.rejected:
            text += self.tr("，搁置 {0} 个，原因见上").format(summary.rejected)
        if summary.changed:
            text += self.tr("；县里更新了 {0} 户").format(summary.changed)
        self._session.reload()
        if summary.lost:
            text += self.tr("；县里丢了 {0} 个已确认的包，再传一次即可补上").format(summary.lost)
        self._tell(text)

    def _show_update_offered(self, version: str, size: int) -> None:
        """Show that a new version is fetched after the data; this can be cancelled any time."""
        task = self.sender()
        assert isinstance(task, SyncTask)
        self._task = task
        self.progress.setValue(0)
        self._show_busy(True)
        self.message.setText(
            self.message.text()
            + self.tr("；正在取新版本 {0}（{1} MB），可以停止，下次接着取").format(
                version, f"{size / 1024**2:,.0f}"
            )
        )

    def _show_update_fetched(self, version: str) -> None:
        self._task = None
        self._show_busy(False)
        if version:
            self._tell(self.tr("新版本 {0} 已取到，在“帮助”里点“软件更新…”装上").format(version))
        else:
            self._tell(self.tr("新版本还没有取完，下次上传时接着取"))

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def reject(self) -> None:
        self._cancel()
        super().reject()
