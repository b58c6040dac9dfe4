"""Settings of this laptop: appearance, surveyor, county key and standards."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ruhu.errors import UserError
from ruhu.exchange.keys.county import CountyPublic, read_county
from ruhu.i18n import BilingualText
from ruhu.policy.standards.files import read_standards_file
from ruhu.store.identity import CountyChanged
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.preferences import LOCK_MINUTES, TEXT_PERCENTS, Preferences
from ruhu.ui.core.record_labels import county_label
from ruhu.ui.surveyor.operations.export import write_device
from ruhu.ui.surveyor.session import Session
from ruhu.ui.widgets.confirmation import confirm


class SettingsDialog(QDialog):
    """Appearance, surveyor, and the county's key and standards."""

    def __init__(
        self, parent: QWidget, preferences: Preferences, session: Session, county: str
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("设置"))
        self._session = session
        self.language = self._combo(
            self.tr("语言"), [("中文", "zh"), ("English", "en")], preferences.language
        )
        sizes = [(f"{size} %", size) for size in TEXT_PERCENTS]
        self.text_size = self._combo(self.tr("字号"), sizes, preferences.text_percent)
        themes = [(self.tr("浅色"), "light"), (self.tr("深色"), "dark")]
        self.theme = self._combo(self.tr("外观"), themes, preferences.theme)
        minutes = [
            (self.tr("{0} 分钟").format(n) if n else self.tr("不自动锁定"), n) for n in LOCK_MINUTES
        ]
        self.lock_after = self._combo(
            self.tr("无人操作自动锁定"), minutes, preferences.lock_minutes
        )
        self.surveyor = QLineEdit(session.surveyor)
        self.surveyor.setAccessibleName(self.tr("调查员姓名"))
        self.county = QLabel(county or self.tr("还没有导入"))
        self.county.setWordWrap(True)
        self.standards = QLabel()
        self.standards.setWordWrap(True)
        self._show_standards()
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.problem = QLabel()
        self.problem.setObjectName("wrong")
        self.problem.setWordWrap(True)
        form = QFormLayout()
        form.addRow(self.tr("语言"), self.language)
        form.addRow(self.tr("字号"), self.text_size)
        form.addRow(self.tr("外观"), self.theme)
        form.addRow(self.tr("无人操作自动锁定"), self.lock_after)
        form.addRow(self.tr("调查员姓名"), self.surveyor)
        form.addRow(self.tr("县公钥"), self.county)
        form.addRow("", self._button(self.tr("导入县公钥…"), self._read_county))
        form.addRow("", self._button(self.tr("导出本机设备公钥…"), self._write_device))
        form.addRow(self.tr("县标准"), self.standards)
        form.addRow("", self._button(self.tr("导入县标准…"), self._read_standards))
        buttons = QDialogButtonBox()
        save = buttons.addButton(self.tr("确定"), QDialogButtonBox.ButtonRole.AcceptRole)
        save.setObjectName("primary")
        buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.message)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)

    def _combo(self, name: str, choices: Sequence[tuple[str, object]], chosen: object) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        for label, value in choices:
            box.addItem(label, value)
        box.setCurrentIndex(max(box.findData(chosen), 0))
        return box

    def _button(self, label: str, action: Callable[[], None]) -> QPushButton:
        button = QPushButton(label)
        button.clicked.connect(lambda: self._guard(action))
        return button

    def _guard(self, action: Callable[[], None]) -> None:
        self.problem.setText("")
        self.message.setText("")
        try:
            action()
        except UserError as error:
            self._show_problem(error)

    def _read_county(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("县公钥文件"), "", self.tr("县公钥 (*.json)")
        )
        if not name:
            return
        try:
            county = read_county(Path(name).read_bytes())
        except OSError:
            raise UserError(BilingualText(f"{name} 打不开", f"{name} cannot be opened")) from None
        self.set_county(county)

    def set_county(self, county: CountyPublic, *, confirmed: bool = False) -> None:
        """Set the county; keys that are no successors of the known ones need a confirmation."""

        def failed(error: UserError) -> None:
            if not isinstance(error, CountyChanged):
                self._show_problem(error)
            else:
                self._confirm_new_county(county, error)

        self._session.run(
            lambda store: store.identity.set_county(county, confirmed=confirmed),
            lambda _: self.county.setText(county_label(county)),
            failed,
        )

    def _confirm_new_county(self, county: CountyPublic, changed: CountyChanged) -> None:
        confirm(
            self,
            self.tr("县公钥变了"),
            f"{interface.translate(changed.text)}\n\n" + self.tr("与县里逐词核对过，一样吗？"),
            self.tr("一样"),
            lambda: self.set_county(county, confirmed=True),
        )

    def _write_device(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("设备公钥"), "device.json", self.tr("设备公钥 (*.json)")
        )
        if name:
            message = self.tr("已写到 {0}，请交给县里登记。").format(name)
            write_device(
                self._session, Path(name), lambda: self.message.setText(message), self._show_problem
            )

    def _read_standards(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("县标准文件"), "", self.tr("县标准 (*.toml *.json)")
        )
        if name:
            self.add_standards(Path(name))

    def add_standards(self, path: Path) -> None:
        """Use the standards of a file, signed or not. Raises `UserError` if it cannot be read."""
        try:
            data = path.read_bytes()
        except OSError:
            raise UserError(BilingualText(f"{path} 打不开", f"{path} cannot be opened")) from None
        self._session.add_standards(
            read_standards_file(path.name, data), self._show_standards, self._show_problem
        )

    def _show_problem(self, error: UserError) -> None:
        self.problem.setText(interface.translate(error.text))

    def _show_standards(self) -> None:
        texts = [
            interface.translate(text) for text in self._session.county_standards.descriptions()
        ]
        self.standards.setText("\n".join(texts) or self.tr("还没有导入"))
