"""Answer a laptop's recovery request with the county's recovery key."""

from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ruhu.county.access.permissions import Permission
from ruhu.county.county import CountyStore
from ruhu.exchange.keys import recovery
from ruhu.exchange.keys.recovery import RecoveryRequest
from ruhu.files.atomic_write import write_atomic
from ruhu.ui.county.session import CountySession
from ruhu.ui.login.recovery_dialog import RecoveryDialog, read_chosen
from ruhu.ui.login.unlock_screen import hint_label
from ruhu.ui.widgets.path_field import PathField


class GrantDialog(RecoveryDialog):
    """Answers a request. The recovery key is read from its file and not stored."""

    def __init__(self, parent: QWidget, session: CountySession) -> None:
        super().__init__(parent, self.tr("找回口令"), self.tr("逐词一致，写答复"))
        self._session = session
        self._request: RecoveryRequest | None = None
        self.request = PathField(self.tr("电脑的请求"), self.tr("请求 (*.json)"))
        self.request.chosen.connect(self.read)
        self.recovery = PathField(self.tr("恢复密钥"), self.tr("恢复密钥 (*.key);;(*)"))
        self.answer = PathField(self.tr("答复存到"), self.tr("答复 (*.age)"), for_writing=True)
        self.act.clicked.connect(self.grant)
        self.act.setEnabled(False)
        self._form.addRow(self.tr("电脑的请求"), self.request)
        self._form.addRow(self.words)
        self._form.addRow(self.tr("恢复密钥"), self.recovery)
        self._form.addRow(self.tr("答复存到"), self.answer)
        hint = hint_label(
            self.tr(
                "调查员忘了口令：选他交来的请求，打电话请他念出屏幕上的词，一词不同就不要答复。"
                "恢复密钥只在这一次读入，不留在本机；答复只有那台电脑打得开，并记入审计。"
            )
        )
        layout = QVBoxLayout(self)
        layout.addWidget(hint)
        layout.addLayout(self._form)
        layout.addWidget(self.problem)
        layout.addLayout(self._buttons())

    def read(self) -> None:
        """Read the chosen request and show its words."""
        path = self.request.path
        self._request = None
        self.words.setText("")
        self.act.setEnabled(False)
        if path is not None:
            self._session.run(
                lambda _: recovery.read_request(read_chosen(path)),
                lambda request: self._show(path, request),
                self._failed,
            )

    def _show(self, path: Path, request: RecoveryRequest) -> None:
        if path != self.request.path:  # another request was chosen meanwhile
            return
        self._request = request
        self.problem.setText("")
        self._show_words(request.words)
        if not self.answer.line.text():
            self.answer.line.setText(str(path.with_name("answer.age")))
        self.act.setEnabled(True)

    def grant(self) -> None:
        """Decrypt the laptop's key with the recovery key, log it, and write the answer."""
        request, key_path, answer_path = self._request, self.recovery.path, self.answer.path
        if request is None or key_path is None or answer_path is None:
            self.problem.setText(self.tr("请选请求、恢复密钥和答复存放的地方"))
            return

        def job(store: CountyStore) -> None:
            store.require(Permission.DEVICES)
            identity = read_chosen(key_path).decode("utf-8", "replace")
            answer = recovery.grant_request(request, identity)
            store.devices.record_recovery(request.words.zh)
            write_atomic(answer_path, answer)

        self._session.run(job, lambda _: self.accept(), self._failed)
