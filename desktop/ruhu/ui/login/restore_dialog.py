"""Putting a copy of a laptop's data back, before anything is open."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from ruhu.errors import UserError
from ruhu.progress import ProgressCallback
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.core.copy_task import PERCENT, CopyTask
from ruhu.ui.login.recovery_dialog import RecoveryDialog
from ruhu.ui.login.unlock_screen import hint_label, secret_line
from ruhu.ui.widgets.path_field import FolderField


class RestoreDialog(RecoveryDialog):
    """Asks where the copy is and for its passphrase; `restored` brings the store, open."""

    restored = Signal(object)

    def __init__(self, parent: QWidget, folder: Path, worker: Worker) -> None:
        super().__init__(parent, self.tr("从备份恢复"), self.tr("恢复"))
        self._folder, self._worker = folder, worker
        self._copying: CopyTask | None = None
        self.place = FolderField(self.tr("备份所在的U盘或文件夹"))
        self.passphrase = secret_line(self.tr("备份时的口令"))
        self.progress = QProgressBar()
        self.progress.setRange(0, PERCENT)
        self.progress.setAccessibleName(self.tr("进度"))
        self.progress.hide()
        self.act.clicked.connect(self.restore)
        self.passphrase.returnPressed.connect(self.act.click)
        self._form.addRow(self.tr("备份所在的U盘或文件夹"), self.place)
        self._form.addRow(self.tr("备份时的口令"), self.passphrase)
        hint = self.tr(
            "备份以后填的、又没有上报的，恢复不了；已经上报的，县里会发回来。这台电脑上现有的数据不删除，留在数据文件夹里。"
            "恢复以后，原来那台电脑不要再用同一份数据。"
        )
        layout = QVBoxLayout(self)
        layout.addWidget(hint_label(hint))
        layout.addLayout(self._form)
        layout.addWidget(self.progress)
        layout.addWidget(self.problem)
        layout.addLayout(self._buttons())

    def restore(self) -> None:
        """Put the copy back, or the newest that lies on the stick."""
        place, passphrase, folder = self.place.path, self.passphrase.text(), self._folder
        if place is None:
            self.problem.setText(self.tr("请先选备份所在的U盘或文件夹"))
            return

        def restore(watched: ProgressCallback) -> object:
            from ruhu.store.store import Store

            return Store.restore(place, folder, passphrase, progress=watched)

        self._copying = copying = CopyTask(self)
        self.problem.setText("")
        self._work(True)
        copying.step.connect(self.progress.setValue)
        copying.done.connect(self._restored)
        copying.failed.connect(self._failed)
        copying.start(self._worker.submit, restore)

    def _work(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        self.act.setEnabled(not busy)
        self._make_room()

    def _restored(self, store: object) -> None:
        self._copying = None
        self.restored.emit(store)
        self.accept()

    def _failed(self, error: UserError) -> None:
        self._copying = None
        self._work(False)
        super()._failed(error)

    def reject(self) -> None:
        """Stop what runs; close where nothing does."""
        if self._copying is not None:
            self._copying.stop()
        else:
            super().reject()
