"""Recover from a lost passphrase with a request to the county and its answer."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ruhu.errors import UserError
from ruhu.exchange.keys import recovery
from ruhu.exchange.keys.key_file import KeyFile
from ruhu.exchange.keys.passphrase import MIN_PASSPHRASE_CHARS
from ruhu.files.atomic_write import write_atomic
from ruhu.i18n import BilingualText
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.login.recovery_dialog import RecoveryDialog, read_chosen
from ruhu.ui.login.unlock_screen import hint_label, secret_line
from ruhu.ui.widgets.path_field import PathField


class LostPassphraseDialog(RecoveryDialog):
    """Saves a request and imports the answer; accepted once the new passphrase is set."""

    def __init__(self, parent: QWidget, keys: Path, worker: Worker) -> None:
        super().__init__(parent, self.tr("忘记口令"), self.tr("设新口令"))
        self._keys, self._worker = keys, worker
        self.save = QPushButton(self.tr("保存请求文件…"))
        self.save.setAutoDefault(False)
        self.save.clicked.connect(self._choose_request_file)
        self.answer = PathField(self.tr("县里的答复"), self.tr("答复 (*.age)"))
        self.passphrase = secret_line(self.tr("新口令"))
        self.again = secret_line(self.tr("再输一遍新口令"))
        self.act.clicked.connect(self.set_passphrase)
        request_row = QHBoxLayout()
        request_row.addWidget(self.save)
        request_row.addStretch(1)
        self._form.addRow(self.tr("县里的答复"), self.answer)
        self._form.addRow(
            self.tr("新口令（至少{0}个字符）").format(MIN_PASSPHRASE_CHARS), self.passphrase
        )
        self._form.addRow(self.tr("再输一遍"), self.again)
        first = hint_label(
            self.tr(
                "数据没有丢，县里的恢复密钥能打开。保存请求文件交给县里，再打电话把下面的词念给县里核对。"
            )
        )
        second = hint_label(self.tr("拿到县里的答复文件以后，在这里设新口令；找回会记录下来。"))
        layout = QVBoxLayout(self)
        for part in (self._heading(self.tr("一、请县里开锁")), first, request_row, self.words,
                     self._heading(self.tr("二、设新口令")), second, self._form, self.problem,
                     self._buttons()):  # fmt: skip
            if isinstance(part, QWidget):
                layout.addWidget(part)
            else:
                layout.addLayout(part)
        self._worker.submit(
            lambda: recovery.pending_request_words(KeyFile(keys)), self._show_words, self._failed
        )

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text)
        label.setObjectName("heading")
        return label

    def _choose_request_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("保存请求文件"), "request.json", self.tr("请求 (*.json)")
        )
        if name:
            self.save_request(Path(name))

    def save_request(self, path: Path) -> None:
        """Write a request; it replaces an earlier one."""

        def job() -> BilingualText:
            request = recovery.create_request(KeyFile(self._keys), datetime.now(UTC))
            write_atomic(path, request.model_dump_json(indent=1).encode())
            return request.words

        def done(words: BilingualText) -> None:
            self.problem.setText("")
            self._show_words(words)

        self._worker.submit(job, done, self._failed)

    def set_passphrase(self) -> None:
        """Set the new passphrase with the county's answer."""
        passphrase, path = self.passphrase.text(), self.answer.path
        if path is None:
            self.problem.setText(self.tr("请先选县里的答复文件"))
            return
        if passphrase != self.again.text():
            self.problem.setText(self.tr("两遍口令不一样，请再输"))
            return

        def job() -> None:
            answer = read_chosen(path)
            recovery.accept_grant(KeyFile(self._keys), answer, passphrase, datetime.now(UTC))

        self.act.setEnabled(False)
        self._worker.submit(job, lambda _: self.accept(), self._failed)

    def _failed(self, error: UserError) -> None:
        super()._failed(error)
        self.act.setEnabled(True)
