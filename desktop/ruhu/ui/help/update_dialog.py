"""Install a new version of the program, or return to the previous one."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ruhu.errors import UserError
from ruhu.ui.core.cancellable_task import PROGRESS_MAX
from ruhu.ui.core.i18n import interface
from ruhu.ui.help.update_task import InstalledProgram, UpdateTask, this_program
from ruhu.ui.widgets.confirmation import confirm
from ruhu.ui.widgets.wrapped_label import wrapped_label
from ruhu.updates.installed_versions import version_of
from ruhu.updates.installer import roll_back
from ruhu.updates.package import SUFFIX, Package
from ruhu.updates.version import CURRENT_VERSION


class UpdateDialog(QDialog):
    """Installs packages; `restart_asked` follows the button that restarts the program."""

    restart_asked = Signal()

    def __init__(
        self, parent: QWidget, databases: list[Path], program: InstalledProgram | None = None
    ) -> None:
        """`databases` are open in the window; a version to return to must be able to read them."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("软件更新"))
        self.resize(720, 480)
        self._program, self._databases = program or this_program(), databases
        self._task = UpdateTask(self, self._program)
        self._package: Package | None = None
        self._busy = False
        self.version = QLabel()
        self.version.setObjectName("heading")
        self.state = wrapped_label()
        self.package_facts = wrapped_label()
        self.changes = QTextBrowser()
        self.changes.setAccessibleName(self.tr("新版本有什么变化"))
        self.changes.setOpenLinks(False)
        self.problem = wrapped_label("wrong")
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("进度"))
        self.progress.setRange(0, PROGRESS_MAX)
        self.choose = QPushButton(self.tr("选更新文件…"))
        self.choose.clicked.connect(self._choose)
        self.apply = QPushButton(self.tr("装上这个版本"))
        self.apply.clicked.connect(self.apply_package)
        self.restart = QPushButton(self.tr("现在重新启动"))
        self.restart.clicked.connect(self.restart_asked)
        self.back = QPushButton(self.tr("退回上一版本…"))
        self.back.clicked.connect(self._confirm_roll_back)
        for button in (self.apply, self.restart):
            button.setObjectName("primary")
        self._lay_out()
        self._show_busy(False)
        self.refresh()
        self._task.progress.connect(self.progress.setValue)
        self._task.finished.connect(self._show_found)
        self._task.failed.connect(self._failed)
        self._task.find_fetched()
        self.finished.connect(self._task.end)

    def _lay_out(self) -> None:
        self._close = QPushButton(self.tr("关闭"))
        self._close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        for button in (self.choose, self.apply, self.restart):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(self._close)
        layout = QVBoxLayout(self)
        for widget in (self.version, self.state, self.package_facts):
            layout.addWidget(widget)
        layout.addWidget(self.changes, 1)
        layout.addWidget(self.problem)
        layout.addWidget(self.progress)
        layout.addLayout(buttons)

    # What is shown

    def refresh(self) -> None:
        """Show the running version and the one of the next start."""
        state = self._program.versions.read()
        trial, previous = version_of(state.trial), version_of(state.previous)
        self.version.setText(self.tr("现在是 {0}").format(CURRENT_VERSION))
        if self._program.installed is None:
            text = self.tr("这是从源码运行的程序，请用 git 更新。")
        elif self._program.root is None:
            text = self.tr("这个程序没有带更新公钥，不能用更新包；请用安装包升级。")
        elif trial:
            text = self.tr(
                "{0} 已装好，重新启动后启用；打不开会自动退回现在的版本，数据不受影响。"
            ).format(trial)
        else:
            text = self.tr("用U盘带来的更新文件（{0}），或县服务器发来的。").format(SUFFIX)
        if previous and not trial:
            text += self.tr("上一版本是 {0}，可以退回。").format(previous)
        self.state.setText(text)
        can_update = self._program.installed is not None and self._program.root is not None
        self.choose.setVisible(can_update and not trial)
        self.apply.setVisible(can_update and not trial)
        self.apply.setEnabled(self._package is not None)
        self.restart.setVisible(bool(trial))
        self.back.setVisible(bool(trial or version_of(state.current)))

    def _show_package(self) -> None:
        package = self._package
        self.package_facts.setVisible(package is not None)
        self.changes.setVisible(package is not None)
        if package is not None:
            self.package_facts.setText(
                self.tr("新版本 {0}（{1}，{2} MB），签名人：{3}。签名已核对。").format(
                    package.version,
                    package.platform,
                    f"{package.length / 1024**2:,.0f}",
                    "、".join(package.signers),
                )
            )
            self.changes.setMarkdown(interface.translate(package.changes))
        self.refresh()

    def _show_busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        self._busy = busy
        for button in (self.choose, self.back, self._close):
            button.setEnabled(not busy)
        self._show_package()
        if busy:
            self.apply.setEnabled(False)
            self.problem.setText("")

    def _failed(self, error: UserError) -> None:
        self._show_busy(False)
        self.problem.setText(interface.translate(error.text))

    # Actions

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("更新文件"), "", self.tr("更新文件 (*{0})").format(SUFFIX)
        )
        if name:
            self.check(Path(name))

    def check(self, path: Path) -> None:
        """Check a package and show its changes."""
        self._package = None
        self._show_busy(True)
        self._task.check(path)

    def _show_found(self, package: Package | None) -> None:
        self._package = package
        self._show_busy(False)

    def apply_package(self) -> None:
        """Install the package that is shown."""
        if self._package is not None:
            self._show_busy(True)
            self._task.install(self._package, self._show_installed)

    def _show_installed(self) -> None:
        self._package = None
        self._show_busy(False)
        self.restart.setFocus()

    def reject(self) -> None:
        """Close, unless a package is being checked or installed, which takes seconds."""
        if not self._busy:
            super().reject()

    def _confirm_roll_back(self) -> None:
        confirm(
            self,
            self.tr("退回上一版本"),
            self.tr("下次启动改用上一个版本，数据不动。退回吗？"),
            self.tr("退回"),
            self.roll_back,
        )

    def roll_back(self) -> None:
        """Use the previous version from the next start on."""
        try:
            result = roll_back(self._program.versions, self._databases)
        except UserError as error:
            self._failed(error)
            return
        self._show_busy(False)
        self.state.setText(self.tr("下次启动用 {0}。").format(result.version))
