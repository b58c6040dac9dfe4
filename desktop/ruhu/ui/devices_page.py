"""The county's devices: enrolled by their key file, revoked when one is lost."""

from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMessageBox,
    QVBoxLayout,
)

from ruhu.bundle.keys import read_device
from ruhu.county.enrolling import Asking
from ruhu.county.overview import Device
from ruhu.county.rights import Right
from ruhu.county.store import CountyStore
from ruhu.ui.county_page import Page, clock, fill, table_of
from ruhu.ui.county_session import CountySession
from ruhu.ui.unlock import dim


class DevicesPage(Page):
    """The laptops: enrolled by their key file, revoked when one is lost."""

    right = Right.DEVICES

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self._devices: list[Device] = []
        self.table = table_of(
            self.tr("设备"),
            [self.tr("调查员"), self.tr("状态"), self.tr("最后一包"), self.tr("缺的包"),
             self.tr("登记时间"), self.tr("指纹")],
        )  # fmt: skip
        self._revoke = self._button(self.tr("注销所选…"), self.ask_revoke)
        buttons = QHBoxLayout()
        buttons.addWidget(self._button(self.tr("登记设备…"), self.choose_device, primary=True))
        buttons.addWidget(self._revoke)
        buttons.addStretch(1)
        self._asking: list[Asking] = []
        self.waiting = table_of(
            self.tr("申请登记的设备"), [self.tr("调查员"), self.tr("申请时间"), self.tr("指纹")]
        )
        self._hint = dim(self.tr("以下电脑申请登记：请打电话核对指纹，一致再登记。"))
        deciding = QHBoxLayout()
        self._accept = self._button(self.tr("指纹一致，登记"), lambda: self.decide(True))
        self._refuse = self._button(self.tr("不予登记"), lambda: self.decide(False))
        deciding.addWidget(self._accept)
        deciding.addWidget(self._refuse)
        deciding.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(buttons)
        layout.addWidget(self.problem)
        layout.addWidget(self.table, 2)
        layout.addWidget(self._hint)
        layout.addWidget(self.waiting, 1)
        layout.addLayout(deciding)

    def refresh(self) -> None:
        self.session.run(lambda store: store.devices(), self._show, self._failed)
        self.session.run(lambda store: store.asking(), self._show_asking, self._failed)

    def _show_asking(self, found: list[Asking]) -> None:
        self._asking = found
        fill(
            self.waiting,
            [(a.device.surveyor, clock(a.at), a.device.fingerprint) for a in found],
        )
        for widget in (self._hint, self.waiting, self._accept, self._refuse):
            widget.setVisible(bool(found))
        if found:
            self.waiting.setCurrentCell(0, 0)

    def decide(self, good: bool) -> None:
        """Enrol the chosen laptop that asked, or turn it away."""
        row = self.waiting.currentRow()
        if 0 <= row < len(self._asking):
            device_id = self._asking[row].device.device_id
            self._do(lambda store: store.decide_enrolment(device_id, good=good))

    def _show(self, devices: list[Device]) -> None:
        self._devices = devices
        fill(
            self.table,
            [
                (
                    device.surveyor,
                    self.tr("✗ 已注销") if device.revoked_at else self.tr("● 在用"),
                    str(device.last or ""),
                    "、".join(map(str, device.gaps[:20])),
                    clock(device.enrolled_at),
                    device.fingerprint,
                )
                for device in devices
            ],
        )
        self._revoke.setEnabled(bool(devices))

    def choose_device(self) -> None:
        """Choose a laptop's key file."""
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("设备公钥"), "", self.tr("设备公钥 (*.json)")
        )
        if name:
            self.enrol(Path(name))

    def enrol(self, path: Path) -> None:
        """Let a laptop's bundles in."""

        def job(store: CountyStore) -> str:
            device = read_device(path.read_bytes())
            store.enrol(device)
            return device.fingerprint

        def done(print_: str) -> None:
            self.problem.setText("")
            self.told.emit(self.tr("已登记，请与调查员核对指纹：{0}").format(print_))
            self.session.changed.emit()

        self.session.run(job, done, self._failed)

    def ask_revoke(self) -> None:
        """Ask, then let no further bundles of the chosen laptop in."""
        row = self.table.currentRow()
        if not 0 <= row < len(self._devices):
            self.problem.setText(self.tr("请先在表里选一台设备"))
            return
        device = self._devices[row]
        answer = QMessageBox.question(
            self,
            self.tr("注销设备"),
            self.tr("注销 {0} 的设备？它以后的数据包和明白卡都不再认。").format(device.surveyor),
        )
        if answer is QMessageBox.StandardButton.Yes:
            self.revoke(device.device_id)

    def revoke(self, device_id: UUID) -> None:
        """Let no further bundles of a laptop in."""
        self._do(lambda store: store.revoke(device_id))
