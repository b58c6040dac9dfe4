"""Bundles: what waits, what the county has confirmed or set aside; to a stick or to the server."""

from collections import Counter
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
from ruhu.ui.core.copy_task import PERCENT, CopyTask
from ruhu.ui.core.i18n import interface
from ruhu.ui.surveyor.session import Session
from ruhu.ui.surveyor.sync.keys_dialog import KeysDialog
from ruhu.ui.surveyor.sync.sync_task import SyncTask
from ruhu.ui.widgets.empty_state import EmptyHint

STATES = {
    "waiting": BilingualText("○ 等县里确认", "○ not confirmed yet"),
    "confirmed": BilingualText("● 县里已接收", "● taken in by the county"),
    "refused": BilingualText("✗ 县里搁置", "✗ set aside by the county"),
    "again": BilingualText("↻ 县里丢失，已重新打包", "↻ lost by the county, bundled again"),
}


class SyncDialog(QDialog):
    """What goes to the county, and what came back."""

    told = Signal(str)

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("数据包"))
        self.resize(820, 520)
        self._session = session
        self._sending: SyncTask | None = None
        self._copying: CopyTask | None = None
        self._waiting = QLabel()
        self._waiting.setObjectName("heading")
        self._server = QLabel()
        self._server.setObjectName("dim")
        self._server.setWordWrap(True)
        self._told = QLabel()
        self._told.setWordWrap(True)
        self.problem = QLabel()
        self.problem.setObjectName("wrong")
        self.problem.setWordWrap(True)
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName(self.tr("数据包"))
        self.table.setHorizontalHeaderLabels(
            [self.tr("第几包"), self.tr("生成时间"), self.tr("大小"), self.tr("状态")]
        )
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        EmptyHint(self.table, self.tr("还没有打过包：入户以后点“写到U盘或文件夹…”。"))
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("进度"))
        self.stop = QPushButton(self.tr("停止"))
        self.stop.clicked.connect(self._stop)
        self._write = QPushButton(self.tr("写到U盘或文件夹…"))
        self._write.setObjectName("primary")
        self._write.clicked.connect(self._choose_folder)
        self._read = QPushButton(self.tr("读U盘上的回执和答复…"))
        self._read.clicked.connect(self._choose_receipts)
        self._send = QPushButton(self.tr("上传到县服务器"))
        self._send.clicked.connect(self.send)
        self._copy = QPushButton(self.tr("备份…"))
        self._copy.setToolTip(
            self.tr("把本机的全部数据（包括没完成的入户和照片）加密拷一份到U盘，电脑坏了可以恢复")
        )
        self._copy.clicked.connect(self._choose_stick)
        self._keys = QPushButton(self.tr("密钥…"))
        self._keys.clicked.connect(lambda: KeysDialog(self, self._session).exec())
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        for button in (self._write, self._read, self._send):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self._copy, self._keys, close):
            buttons.addWidget(button)
        working = QHBoxLayout()
        working.addWidget(self.progress, 1)
        working.addWidget(self.stop)
        layout = QVBoxLayout(self)
        for label in (self._waiting, self._server):
            layout.addWidget(label)
        layout.addWidget(self.table, 1)
        for label in (self._told, self.problem):
            layout.addWidget(label)
        layout.addLayout(working)
        layout.addLayout(buttons)
        self._work(False)
        self.refresh()

    # What is shown

    def refresh(self) -> None:
        """Ask the store again what waits and what came back."""

        def job(store: Store) -> tuple[int, int, CountyPublic | None, list[OutboxEntry]]:
            return (
                store.outbox.pending_count(),
                len(store.attachments.pending()),
                store.identity.county,
                store.outbox.entries(),
            )

        self._session.run(job, lambda found: self._show(*found))

    def _show(
        self, revisions: int, papers: int, county: CountyPublic | None, parcels: list[OutboxEntry]
    ) -> None:
        self._waiting.setText(
            self.tr("还没打包：修订 {0} 条，照片 {1} 张").format(revisions, papers)
        )
        server = county.server if county else None
        if server is not None:
            self._server.setText(self.tr("县服务器：{0}").format(server.url))
        elif county is None:
            self._server.setText(self.tr("还没有县公钥：请先在设置里导入 county.json"))
        else:
            self._server.setText(self.tr("县里没有给服务器地址，用U盘送"))
        self._send.setEnabled(server is not None and self._sending is None)
        self.table.setRowCount(len(parcels))
        for row, parcel in enumerate(parcels):
            state = interface.translate(STATES[parcel.state])
            if parcel.state == "refused":
                state = self.tr("{0}：{1}").format(state, interface.translate(parcel.refused))
            made = parcel.made_at[:16].replace("T", " ")
            size = f"{parcel.size / 1024:,.0f} KB" if parcel.size else "—"
            for column, text in enumerate((str(parcel.sequence), made, size, state)):
                item = QTableWidgetItem(text)
                item.setToolTip(parcel.file_name)
                self.table.setItem(row, column, item)

    def _work(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        self.stop.setVisible(busy)
        for button in (self._write, self._read, self._send, self._copy):
            button.setEnabled(not busy)

    def _tell(self, text: str) -> None:
        self.problem.setText("")
        self._told.setText(text)
        self.told.emit(text)
        self.refresh()

    def _failed(self, error: UserError) -> None:
        self._sending = self._copying = None
        self._work(False)
        self._told.setText("")
        self.problem.setText(interface.translate(error.text))
        self.refresh()

    # By stick

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("数据包写到哪里"))
        if name:
            self.write_to(Path(name))

    def write_to(self, folder: Path) -> None:
        """Write the bundles to a folder or stick, and read what receipts lie there."""

        def done(exported: FolderExport) -> None:
            text = self.tr("数据包 {0} 个在 {1}，新修订 {2} 条，新照片 {3} 张").format(
                len(exported.files), folder, exported.revisions, exported.papers
            )
            taken = exported.imported
            if taken.confirmed:
                text += self.tr("；县里新确认 {0} 个").format(taken.confirmed)
            self._tell_taken(text, taken)

        self._session.save(field="")
        self._list_stick(folder)
        self._session.run(lambda store: export_bundles(store, folder), done, self._failed)

    def _list_stick(self, folder: Path) -> None:
        """Say what lies on a stick before anything of it is read."""

        def job(_: Store) -> list[MediaFile]:
            return list_media_files(folder) if folder.is_dir() else []

        def told(found: list[MediaFile]) -> None:
            counts = Counter(each.kind for each in found)
            listed = "，".join(
                f"{interface.translate(KINDS[kind])} {n}" for kind, n in counts.items()
            )
            self._told.setText(self.tr("{0} 上有：{1}").format(folder, listed or self.tr("没有")))

        self._session.run(job, told, self._failed)

    def _choose_receipts(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("回执在哪里"))
        if name:
            self.read_from(Path(name))

    def read_from(self, folder: Path) -> None:
        """Read the county's receipts from a folder or stick."""

        def done(taken: FolderImport) -> None:
            self._tell_taken(self.tr("县里新确认 {0} 个数据包").format(taken.confirmed), taken)

        self._list_stick(folder)
        self._session.run(lambda store: import_from(store, folder), done, self._failed)

    def _tell_taken(self, text: str, taken: FolderImport) -> None:
        if taken.changed:
            text += self.tr("；县里更新了 {0} 户").format(taken.changed)
        self._session.reload()
        self._tell(text)
        self.problem.setText("\n".join(map(interface.translate, taken.problems)))

    def _choose_stick(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("备份写到哪个U盘"))
        if name:
            self.back_up(Path(name))

    def back_up(self, target: Path) -> None:
        """Copy everything to a stick, into a folder of its own."""
        self._session.save(field="")
        self._copying = copying = CopyTask(self._session)
        self._session.closing.connect(copying.stop)
        self.problem.setText("")
        self._told.setText(self.tr("正在备份到 {0} …").format(target))
        self.progress.setRange(0, PERCENT)
        self._work(True)
        copying.step.connect(self.progress.setValue)
        copying.done.connect(self._backed_up)
        copying.failed.connect(self._failed)
        copying.start(
            self._session.run, lambda store, watched: store.back_up(target, progress=watched)
        )

    def _backed_up(self, place: Path) -> None:
        self._copying = None
        self._work(False)
        self._tell(self.tr("已备份到 {0}，用现在的口令可以恢复").format(place))

    # By the server

    def send(self) -> None:
        """Send what waits to the county's server; the window can be worked in meanwhile."""
        self._session.save(field="")
        self._sending = sending = SyncTask(self._session)
        self.problem.setText("")
        self._told.setText(self.tr("正在上传…"))
        self.progress.setRange(0, 0)
        self._work(True)
        sending.told.connect(self.progress.setMaximum)
        sending.step.connect(self.progress.setValue)
        sending.done.connect(self._sent)
        sending.failed.connect(self._failed)
        sending.fetching.connect(lambda *told: self._fetching(sending, *told))
        sending.fetched.connect(self._fetched)
        sending.start()

    def _sent(self, taken: int, aside: int, changed: int, lost: int) -> None:
        self._sending = None
        self._work(False)
        text = self.tr("县里已接收 {0} 个数据包").format(taken)
        if aside:
            text += self.tr("，搁置 {0} 个，原因见上").format(aside)
        if changed:
            text += self.tr("；县里更新了 {0} 户").format(changed)
        self._session.reload()
        if lost:
            text += self.tr("；县里丢了 {0} 个已确认的包，再传一次即可补上").format(lost)
        self._tell(text)

    def _fetching(self, sending: SyncTask, version: str, size: int) -> None:
        """The data is through; a new version of the program comes, which may be stopped any time."""
        self._sending = sending
        self.progress.setMaximum(size)
        self._work(True)
        self._told.setText(
            self._told.text()
            + self.tr("；正在取新版本 {0}（{1} MB），可以停止，下次接着取").format(
                version, f"{size / 1024**2:,.0f}"
            )
        )

    def _fetched(self, version: str) -> None:
        self._sending = None
        self._work(False)
        if version:
            self._tell(self.tr("新版本 {0} 已取到，在“帮助”里点“软件更新…”装上").format(version))
        else:
            self._tell(self.tr("新版本还没有取完，下次上传时接着取"))

    def _stop(self) -> None:
        for running in (self._sending, self._copying):
            if running is not None:
                running.stop()

    def reject(self) -> None:
        self._stop()
        super().reject()
