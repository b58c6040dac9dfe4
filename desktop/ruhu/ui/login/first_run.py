"""The first start in three steps: passphrase, the county's key, the surveyor."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ruhu.errors import UserError
from ruhu.exchange.keys.passphrase import MIN_PASSPHRASE_CHARS
from ruhu.i18n import BilingualText
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.core.i18n import interface
from ruhu.ui.login.unlock_screen import centred_box, hint_label, quiet_button, secret_line

if TYPE_CHECKING:
    from ruhu.exchange.keys.county import CountyPublic
    from ruhu.store.store import Store

PASSPHRASE, COUNTY, SURVEYOR = range(3)


class FirstStart(QWidget):
    """Creates the store; `unlocked` has it, open."""

    unlocked = Signal(object)

    def __init__(self, folder: Path, worker: Worker, restore: Callable[[], None]) -> None:
        """`restore` is called to restore a backup instead."""
        super().__init__()
        self._folder, self._worker = folder, worker
        self._county: CountyPublic | None = None
        self._shown: CountyPublic | None = None
        self.passphrase = secret_line(self.tr("口令"))
        self.again = secret_line(self.tr("再输一遍口令"))
        self.county = QLineEdit()
        self.county.setAccessibleName(self.tr("县公钥文件"))
        self.county.setPlaceholderText(self.tr("county.json，可以以后在设置里导入"))
        self.surveyor = QLineEdit()
        self.surveyor.setAccessibleName(self.tr("调查员姓名"))
        self.fingerprint = QLabel()
        self.fingerprint.setWordWrap(True)
        self.problem = QLabel()
        self.problem.setObjectName("wrong")
        self.problem.setWordWrap(True)
        self._step = QLabel()
        self._step.setObjectName("dim")
        self.pages = QStackedWidget()
        for page in (
            self._make_passphrase_page(),
            self._make_county_page(),
            self._make_surveyor_page(),
        ):
            self.pages.addWidget(page)
        self.back = QPushButton(self.tr("上一步"))
        self.back.clicked.connect(lambda: self._show_step(self.pages.currentIndex() - 1))
        self.next = QPushButton()
        self.next.setObjectName("primary")
        self.next.clicked.connect(self.continue_)
        self.restore = quiet_button(self.tr("从备份恢复…"), restore)
        for line in (self.again, self.county, self.surveyor):
            line.returnPressed.connect(self.continue_)
        for line in (self.passphrase, self.again, self.county):
            line.textEdited.connect(lambda _: self.problem.setText(""))
        for button in (self.back, self.next):
            button.setAutoDefault(True)  # Enter presses the focused button
        self.passphrase.returnPressed.connect(self.again.setFocus)
        buttons = QHBoxLayout()
        buttons.addWidget(self.back)
        buttons.addWidget(self.restore)
        buttons.addStretch(1)
        buttons.addWidget(self.next)
        centred_box(self, [self._step, self.pages, self.problem, buttons])
        self._show_step(PASSPHRASE)

    def _page(self, hint: str, *parts: QLayout | QWidget) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(hint_label(hint))
        for part in parts:
            if isinstance(part, QLayout):
                layout.addLayout(part)
            else:
                layout.addWidget(part)
        layout.addStretch(1)
        return page

    def _make_passphrase_page(self) -> QWidget:
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("口令（至少{0}个字符）").format(MIN_PASSPHRASE_CHARS), self.passphrase)
        form.addRow(self.tr("再输一遍"), self.again)
        hint = self.tr(
            "请定一个口令。调查数据用它加密，忘了只能找县里恢复。几个词连起来好记又难猜。"
        )
        return self._page(hint, form)

    def _make_county_page(self) -> QWidget:
        choose = QPushButton(self.tr("选择…"))
        choose.setAccessibleName(self.tr("选择县公钥文件"))
        choose.clicked.connect(self._choose_county)
        line = QHBoxLayout()
        line.addWidget(self.county, 1)
        line.addWidget(choose)
        hint = self.tr(
            "县里发的 county.json：数据包封给它，口令忘了也靠它恢复。没有就先空着，以后在设置里导入。"
        )
        return self._page(hint, line, self.fingerprint)

    def _make_surveyor_page(self) -> QWidget:
        form = QFormLayout()
        form.addRow(self.tr("调查员姓名"), self.surveyor)
        return self._page(self.tr("姓名印在明白卡上，也记在每次修改里。"), form)

    def _show_step(self, step: int) -> None:
        self.pages.setCurrentIndex(step)
        self.problem.setText("")
        self._step.setText(self.tr("第一次使用　第 {0} 步，共 3 步").format(step + 1))
        self.back.setVisible(step > PASSPHRASE)
        self.restore.setVisible(step == PASSPHRASE)
        self.next.setText(self.tr("建立并进入") if step == SURVEYOR else self.tr("下一步"))
        first = {PASSPHRASE: self.passphrase, COUNTY: self.county, SURVEYOR: self.surveyor}[step]
        first.setFocus()

    def _choose_county(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("县公钥文件"), "", self.tr("县公钥 (*.json)")
        )
        if name:
            self.county.setText(name)
            self._read_county(self._show_county)

    def continue_(self) -> None:
        """Check the step and show the next one; after the last, create the store."""
        step = self.pages.currentIndex()
        if step == PASSPHRASE:
            try:
                self._check_passphrase()
            except UserError as error:
                self._failed(error)
            else:
                self._show_step(COUNTY)
        elif step == COUNTY:
            self._read_county(self._leave_county)
        else:
            self._create()

    def _check_passphrase(self) -> None:
        if len(self.passphrase.text()) < MIN_PASSPHRASE_CHARS:
            raise UserError(
                BilingualText(
                    f"口令太短，至少{MIN_PASSPHRASE_CHARS}个字符",
                    f"the passphrase is too short; use at least {MIN_PASSPHRASE_CHARS} characters",
                )
            )
        if self.passphrase.text() != self.again.text():
            raise UserError(
                BilingualText(
                    "两遍口令不一样，请再输", "the two passphrases differ; type them again"
                )
            )

    def _read_county(self, done: Callable[[], None]) -> None:
        name = self.county.text().strip()

        def job() -> "CountyPublic | None":
            from ruhu.exchange.keys.county import read_county

            try:
                return read_county(Path(name).read_bytes()) if name else None
            except OSError:
                raise UserError(
                    BilingualText(f"{name} 打不开", f"{name} cannot be opened")
                ) from None

        def read(county: "CountyPublic | None") -> None:
            self._county = county
            self.problem.setText("")
            done()

        self._worker.submit(job, read, self._failed)

    def _leave_county(self) -> None:
        """Continue; a key that was not shown yet is shown first, so that its words are compared."""
        if self._county == self._shown:
            self._show_step(SURVEYOR)
        else:
            self._show_county()

    def _show_county(self) -> None:
        self._shown = county = self._county
        text = self.tr("{0}（{1}），请与县里逐词核对：\n{2}")
        self.fingerprint.setText(
            text.format(county.name, county.county, interface.translate(county.words))
            if county
            else ""
        )
        self.next.setFocus()

    def _create(self) -> None:
        folder, passphrase, county = self._folder, self.passphrase.text(), self._county
        surveyor = self.surveyor.text().strip()

        def job() -> "Store":
            from ruhu.store.store import Store

            store = Store.create(folder, passphrase, surveyor=surveyor)
            if county is not None:
                store.identity.set_county(county)
            return store

        self.next.setEnabled(False)
        self._worker.submit(job, self.unlocked.emit, self._failed)

    def _failed(self, error: UserError) -> None:
        self.problem.setText(interface.translate(error.text))
        self.next.setEnabled(True)
