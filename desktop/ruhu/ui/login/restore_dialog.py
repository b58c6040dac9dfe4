"""Restore a laptop's data from a backup, before a store is open."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from ruhu.errors import UserError
from ruhu.progress import ProgressCallback
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.core.cancellable_task import PROGRESS_MAX, CancellableTask
from ruhu.ui.login.recovery_dialog import RecoveryDialog
from ruhu.ui.login.unlock_screen import hint_label, secret_line
from ruhu.ui.widgets.path_field import FolderField


class RestoreDialog(RecoveryDialog):
    """Asks for the backup and its passphrase; `restored` has the open store."""

    restored = Signal(object)

    def __init__(self, parent: QWidget, folder: Path, worker: Worker) -> None:
        super().__init__(parent, self.tr("从备份恢复"), self.tr("恢复"))
        self._folder, self._worker = folder, worker
        self._task: CancellableTask | None = None
        self.place = FolderField(self.tr("备份所在的U盘或文件夹"))
        self.passphrase = secret_line(self.tr("备份时的口令"))
        self.progress = QProgressBar()
        self.progress.setRange(0, PROGRESS_MAX)
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
        """Restore the chosen backup, or the newest one on the chosen stick."""
        source, passphrase, folder = self.place.path, self.passphrase.text(), self._folder
        if source is None:
            self.problem.setText(self.tr("请先选备份所在的U盘或文件夹"))
            return

        def job(report: ProgressCallback) -> object:
            from ruhu.store.store import Store

            return Store.restore(source, folder, passphrase, progress=report)

        self._task = task = CancellableTask(self)
        self.problem.setText("")
        self._show_busy(True)
        task.progress.connect(self.progress.setValue)
        task.finished.connect(self._restored)
        task.failed.connect(self._failed)
        task.start(self._worker.submit, job)

    def _show_busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        self.act.setEnabled(not busy)
        self._grow()

    def _restored(self, store: object) -> None:
        self._task = None
        self.restored.emit(store)
        self.accept()

    def _failed(self, error: UserError) -> None:
        self._task = None
        self._show_busy(False)
        super()._failed(error)

    def reject(self) -> None:
        """Cancel a running restore; close if none runs."""
        if self._task is not None:
            self._task.cancel()
        else:
            super().reject()
