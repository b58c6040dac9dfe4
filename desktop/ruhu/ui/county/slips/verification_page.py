"""Verify slips from a picture, a PDF or the text of their code."""

from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
)

from ruhu.county.county import CountyStore
from ruhu.slips.code_reader import tokens_in
from ruhu.slips.token import IssuingDevice, Verdict
from ruhu.slips.verification import VerificationResult, verify_slip
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.page import Page
from ruhu.ui.county.session import CountySession


class VerifyPage(Page):
    """Verifies slips and shows the results."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self.setAcceptDrops(True)
        hint = QLabel(
            self.tr("把明白卡的照片、扫描件或 PDF 拖到这里；或把扫码枪读出的文字贴进来。")
        )
        hint.setObjectName("dim")
        hint.setWordWrap(True)
        self.code = QPlainTextEdit()
        self.code.setAccessibleName(self.tr("二维码的文字"))
        self.code.setTabChangesFocus(True)
        self.code.setFixedHeight(self.fontMetrics().lineSpacing() * 4)
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QHBoxLayout()
        buttons.addWidget(self._button(self.tr("验文字"), self.judge_text, primary=True))
        buttons.addWidget(self._button(self.tr("选文件…"), self.choose_file))
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(hint)
        layout.addWidget(self.code)
        layout.addLayout(buttons)
        layout.addWidget(self.verdict)
        layout.addWidget(self.problem)
        layout.addStretch(1)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.judge_file(Path(url.toLocalFile()))
        event.acceptProposedAction()

    def choose_file(self) -> None:
        """Choose a picture or PDF of a slip."""
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("明白卡"), "", self.tr("照片、扫描件 (*.jpg *.jpeg *.png *.pdf *.txt)")
        )
        if name:
            self.judge_file(Path(name))

    def judge_file(self, path: Path) -> None:
        """Verify every slip in a file."""
        self._judge(lambda: tokens_in(path.name, path.read_bytes()))

    def judge_text(self) -> None:
        """Verify the code that was typed or scanned."""
        text = self.code.toPlainText().strip()
        self._judge(lambda: [text])

    def _judge(self, read: Any) -> None:
        def job(store: CountyStore) -> list[VerificationResult]:
            def find_issuer(device_id: UUID) -> IssuingDevice | None:
                known = store.devices.issuer(device_id)
                return IssuingDevice(*known) if known else None

            return [verify_slip(code, find_issuer) for code in read()] or [
                VerificationResult(Verdict.NOT_A_SLIP)
            ]

        def done(results: list[VerificationResult]) -> None:
            self.problem.setText("")
            marks = {True: "✓", False: "✗"}
            lines = [
                f"{marks[each.verdict is Verdict.GENUINE]} {interface.translate(each.text)}"
                for each in results
            ]
            self.verdict.setText("\n".join(lines))
            genuine = all(each.verdict is Verdict.GENUINE for each in results)
            self.verdict.setObjectName("good" if genuine else "wrong")
            self.verdict.style().polish(self.verdict)

        self.session.run(job, done, self._failed)
