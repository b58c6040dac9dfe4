"""Show the keys of this laptop and the county, and rotate this laptop's."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ruhu.errors import UserError
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.keys.device import DevicePublic
from ruhu.store.store import Store
from ruhu.ui.core.i18n import interface
from ruhu.ui.surveyor.operations.export import write_device
from ruhu.ui.surveyor.session import Session
from ruhu.ui.widgets.confirmation import confirm
from ruhu.ui.widgets.wrapped_label import wrapped_label

CODE_SIDE = 300


class KeysDialog(QDialog):
    """The device's public key as words and as a QR code for the county's camera."""

    def __init__(self, parent: QWidget, session: Session) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("密钥"))
        self._session = session
        self.code = QLabel()
        self.code.setAccessibleName(self.tr("设备二维码"))
        self.code.setMinimumSize(CODE_SIDE, CODE_SIDE)
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words, self.county = wrapped_label(), wrapped_label()
        for label in (self.words, self.county):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        hint = wrapped_label(
            "dim",
            self.tr(
                "县里登记本机：用手机或摄像头拍下二维码，或导出文件交去；再在电话里逐词核对，一词不同就不要登记。"
            ),
        )
        self.message, self.problem = wrapped_label(), wrapped_label("wrong")
        rotate = QPushButton(self.tr("更换本机密钥…"))
        rotate.clicked.connect(self.confirm_rotation)
        export = QPushButton(self.tr("导出设备公钥…"))
        export.clicked.connect(self._choose_file)
        close = QPushButton(self.tr("关闭"))
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        for button in (export, rotate):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        for widget in (hint, self.code, self.words, self.county, self.message, self.problem):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        self.refresh()

    def refresh(self) -> None:
        """Load the keys."""

        def job(store: Store) -> tuple[DevicePublic, CountyPublic | None, bytes]:
            from ruhu.slips.device_qr import draw_device

            return store.identity.device, store.identity.county, draw_device(store.identity.device)

        self._session.run(job, lambda keys: self._show(*keys), self._failed)

    def _show(self, device: DevicePublic, county: CountyPublic | None, code: bytes) -> None:
        picture = QPixmap()
        picture.loadFromData(code)
        self.code.setPixmap(picture.scaled(CODE_SIDE, CODE_SIDE))
        self.words.setText(self.tr("本机：{0}").format(interface.translate(device.words)))
        words = interface.translate(county.words) if county else self.tr("还没有导入县公钥")
        self.county.setText(interface.labelled(county.name if county else self.tr("县"), words))
        self.adjustSize()  # the words may wrap to more lines

    def _failed(self, error: UserError) -> None:
        self.problem.setText(interface.translate(error.text))

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("设备公钥"), "device.json", self.tr("设备公钥 (*.json)")
        )
        if name:
            self.write_device(Path(name))

    def write_device(self, path: Path) -> None:
        """Write this laptop's public key to a file."""
        self.problem.setText("")
        message = self.tr("已写到 {0}，请交给县里登记。").format(path)
        write_device(self._session, path, lambda: self.message.setText(message), self._failed)

    def confirm_rotation(self) -> None:
        """Rotate this laptop's keys after a confirmation."""
        confirm(
            self,
            self.tr("更换本机密钥"),
            self.tr("以后的数据包和明白卡用新密钥签名，旧密钥作担保，以前的照样有效。更换吗？"),
            self.tr("更换"),
            self.rotate,
        )

    def rotate(self) -> None:
        """Rotate this laptop's keys; the old key signs the new one."""

        def rotated(_: object) -> None:
            self.message.setText(self.tr("密钥已更换，随下一个数据包告诉县里。"))
            self.refresh()

        self._session.run(lambda store: store.rotate_device_key(), rotated, self._failed)
