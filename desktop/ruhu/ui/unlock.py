"""The first screen: choose a passphrase, or give it.

It stands before the store and the rest of the window are loaded, which happens while people type.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ruhu.bundle.passphrase import SHORTEST
from ruhu.store.place import has_store
from ruhu.survey.text import Text, UserError
from ruhu.ui.language import interface
from ruhu.ui.worker import Worker

if TYPE_CHECKING:
    from ruhu.store.store import Store


class UnlockScreen(QWidget):
    """Opens the store in a folder, or makes it at the first start."""

    unlocked = Signal(object)

    def __init__(self, folder: Path, worker: Worker) -> None:
        super().__init__()
        self._folder, self._worker = folder, worker
        self._first = not has_store(folder)
        self.passphrase = self._secret(self.tr("口令"))
        self.again = self._secret(self.tr("再输一遍口令"))
        self.surveyor = QLineEdit()
        self.surveyor.setAccessibleName(self.tr("调查员姓名"))
        self.county = QLineEdit()
        self.county.setAccessibleName(self.tr("县公钥文件"))
        self.county.setPlaceholderText(self.tr("county.json，可以以后在设置里导入"))
        self.problem = QLabel()
        self.problem.setObjectName("wrong")
        self.problem.setWordWrap(True)
        self.button = QPushButton(self.tr("建立并进入") if self._first else self.tr("进入"))
        self.button.setObjectName("primary")
        self.button.clicked.connect(self.try_unlock)
        box = QFrame()
        box.setObjectName("column")
        box.setMaximumWidth(self.fontMetrics().horizontalAdvance("汉") * 36)
        inside = QVBoxLayout(box)
        inside.setContentsMargins(32, 24, 32, 24)
        inside.setSpacing(12)
        title = QLabel(self.tr("入户") + "　Ruhu")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        title.setFont(font)
        inside.addWidget(title)
        words = (
            self.tr("第一次使用：请定一个口令。调查数据用它加密，忘了只能找县里恢复。")
            if self._first
            else self.tr("请输入口令打开本机的调查数据。")
        )
        hint = QLabel(words)
        hint.setObjectName("dim")
        hint.setWordWrap(True)
        inside.addWidget(hint)
        inside.addLayout(self._fields())
        inside.addWidget(self.problem)
        inside.addWidget(self.button)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(box, 4)
        across.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addLayout(across)
        layout.addStretch(2)
        self.passphrase.setFocus()

    def _secret(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setEchoMode(QLineEdit.EchoMode.Password)
        line.setAccessibleName(name)
        line.returnPressed.connect(self._entered)
        return line

    def _fields(self) -> QFormLayout:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        if self._first:
            words = self.tr("口令（至少{0}个字符）").format(SHORTEST)
            form.addRow(words, self.passphrase)
            form.addRow(self.tr("再输一遍"), self.again)
            form.addRow(self.tr("调查员姓名"), self.surveyor)
            choose = QPushButton(self.tr("选择…"))
            choose.setAccessibleName(self.tr("选择县公钥文件"))
            choose.clicked.connect(self._choose_county)
            line = QHBoxLayout()
            line.addWidget(self.county, 1)
            line.addWidget(choose)
            form.addRow(self.tr("县公钥"), line)
        else:
            form.addRow(self.tr("口令"), self.passphrase)
        return form

    def _choose_county(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("县公钥文件"), "", self.tr("县公钥 (*.json)")
        )
        if name:
            self.county.setText(name)

    def _entered(self) -> None:
        if self._first and self.sender() is self.passphrase:
            self.again.setFocus()
        else:
            self.try_unlock()

    def try_unlock(self) -> None:
        """Try what was typed; `unlocked` brings the open store."""
        try:
            job = self._creation() if self._first else self._opening()
        except UserError as error:
            self._failed(error)
            return
        self.problem.setText("")
        self.button.setEnabled(False)
        self._worker.submit(job, self.unlocked.emit, self._failed)

    def _opening(self) -> Callable[[], "Store"]:
        folder, passphrase = self._folder, self.passphrase.text()

        def job() -> "Store":
            from ruhu.store.store import Store

            return Store.open(folder, passphrase)

        return job

    def _creation(self) -> Callable[[], "Store"]:
        folder, passphrase = self._folder, self.passphrase.text()
        if passphrase != self.again.text():
            raise UserError(
                Text("两遍口令不一样，请再输", "the passphrases differ; type them again")
            )
        name = self.county.text().strip()
        try:
            key = Path(name).read_bytes() if name else None
        except OSError:
            raise UserError(Text(f"{name} 打不开", f"{name} cannot be opened")) from None
        surveyor = self.surveyor.text().strip()

        def job() -> "Store":
            from ruhu.bundle.keys import read_county
            from ruhu.store.store import Store

            county = read_county(key) if key is not None else None
            store = Store.create(folder, passphrase, surveyor=surveyor)
            if county is not None:
                store.set_county(county)
            return store

        return job

    def _failed(self, error: UserError) -> None:
        self.problem.setText(interface.say(error.text))
        self.button.setEnabled(True)
        self.passphrase.selectAll()
        QTimer.singleShot(0, self.passphrase.setFocus)
