"""Manage the county's laptops: enrolment, revocation, recovery and updates."""

from datetime import date, datetime, time
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QDate
from PySide6.QtWidgets import (
    QDateEdit,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ruhu.county.county import CountyStore
from ruhu.county.devices.device_list import Device
from ruhu.county.devices.enrolment import PendingEnrolment
from ruhu.exchange.protocol.messages import UpdateOffer
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.page import Page, format_timestamp, set_rows, table_of
from ruhu.ui.county.session import CountySession
from ruhu.ui.login.unlock_screen import hint_label
from ruhu.ui.widgets.empty_state import EmptyHint
from ruhu.ui.widgets.wrapped_label import wrapped_label


class DevicesPage(Page):
    """The enrolled laptops and the requests for enrolment."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self._devices: list[Device] = []
        self.table = table_of(
            self.tr("设备"),
            [self.tr("调查员"), self.tr("状态"), self.tr("最后一包"), self.tr("缺的包"),
             self.tr("最近联系"), self.tr("登记时间"), self.tr("指纹词")],
            wrap=True,
        )  # fmt: skip
        EmptyHint(
            self.table,
            self.tr("还没有登记的笔记本：点“登记设备…”，读它的设备文件或屏幕二维码的照片。"),
        )
        self._revoke = self._button(self.tr("注销所选…"), self.ask_revoke)
        buttons = QHBoxLayout()
        buttons.addWidget(self._button(self.tr("登记设备…"), self.choose_device, primary=True))
        buttons.addWidget(self._revoke)
        buttons.addWidget(self._button(self.tr("找回口令…"), self.recover))
        buttons.addWidget(self._button(self.tr("发布更新…"), self.choose_update))
        buttons.addStretch(1)
        self._requests: list[PendingEnrolment] = []
        self.waiting = table_of(
            self.tr("申请登记的设备"),
            [self.tr("调查员"), self.tr("申请时间"), self.tr("指纹词")],
            wrap=True,
        )
        self._hint = hint_label(self.tr("以下电脑申请登记：请打电话核对指纹，一致再登记。"))
        decision_row = QHBoxLayout()
        self._accept = self._button(self.tr("指纹一致，登记"), lambda: self.decide(True))
        self._refuse = self._button(self.tr("不予登记"), lambda: self.decide(False))
        decision_row.addWidget(self._accept)
        decision_row.addWidget(self._refuse)
        decision_row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(buttons)
        layout.addWidget(self.problem)
        layout.addWidget(self.table, 2)
        layout.addWidget(self._hint)
        layout.addWidget(self.waiting, 1)
        layout.addLayout(decision_row)

    def refresh(self) -> None:
        self.session.run(lambda store: store.devices.all(), self._show, self._failed)
        self.session.run(
            lambda store: store.devices.enrolment_requests(), self._show_requests, self._failed
        )

    def _show_requests(self, requests: list[PendingEnrolment]) -> None:
        self._requests = requests
        set_rows(
            self.waiting,
            [
                (a.device.surveyor, format_timestamp(a.at), interface.translate(a.device.words))
                for a in requests
            ],
        )
        for widget in (self._hint, self.waiting, self._accept, self._refuse):
            widget.setVisible(bool(requests))
        if requests:
            self.waiting.setCurrentCell(0, 0)

    def decide(self, good: bool) -> None:
        """Accept or reject the chosen request for enrolment."""
        row = self.waiting.currentRow()
        if 0 <= row < len(self._requests):
            device_id = self._requests[row].device.device_id
            self._run(lambda store: store.devices.decide_enrolment(device_id, good=good))

    def _show(self, devices: list[Device]) -> None:
        self._devices = devices
        set_rows(
            self.table,
            [
                (
                    device.surveyor,
                    self._state(device),
                    str(device.last or ""),
                    "、".join(map(str, device.gaps[:20])),
                    format_timestamp(device.seen_at) if device.seen_at else "",
                    format_timestamp(device.enrolled_at),
                    interface.translate(device.words),
                )
                for device in devices
            ],
        )
        self._revoke.setEnabled(bool(devices))

    def _state(self, device: Device) -> str:
        if device.revoked_at:
            return self.tr("✗ {0} 起注销").format(format_timestamp(device.revoked_at)[:10])
        return self.tr("● 在用")

    def choose_update(self) -> None:
        """Choose an update package for the laptops."""
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("更新文件"), "", self.tr("更新文件 (*.ruhu-update)")
        )
        if name:
            self.publish(Path(name))

    def publish(self, path: Path) -> None:
        """Check an update package as a laptop does, and offer it to laptops of its platform."""

        def job(store: CountyStore) -> UpdateOffer:
            from ruhu.updates import package

            checked = package.check_package(path, package.trusted_root())
            with path.open("rb") as file:
                return store.updates.publish(str(checked.version), checked.platform, file)

        def message(offer: UpdateOffer) -> str:
            return self.tr("已发布 {0}（{1}），各台电脑下次上传后取走").format(
                offer.version, offer.platform
            )

        self.status_message.emit(self.tr("正在核对和存入更新文件…"))
        self._run(job, message)

    def choose_device(self) -> None:
        """Choose a laptop's key file or a photo of its QR code."""
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("设备公钥"),
            "",
            self.tr("设备公钥或二维码照片 (*.json *.png *.jpg *.jpeg *.pdf)"),
        )
        if name:
            self.enrol(Path(name))

    def enrol(self, path: Path) -> None:
        """Enrol the laptop of a file."""

        def job(store: CountyStore) -> str:
            from ruhu.slips.device_qr import device_in

            device = device_in(path.name, path.read_bytes())
            store.devices.enrol(device)
            return interface.translate(device.words)

        def done(words: str) -> None:
            self.problem.setText("")
            self.status_message.emit(self.tr("已登记，请与调查员逐词核对：{0}").format(words))
            self.session.changed.emit()

        self.session.run(job, done, self._failed)

    def recover(self) -> None:
        """Answer the request of a laptop whose passphrase was lost."""
        from ruhu.ui.county.devices.grant_recovery_dialog import GrantDialog

        dialog = GrantDialog(self, self.session)
        dialog.accepted.connect(lambda: self.status_message.emit(self.tr("已写答复，请交给调查员")))
        dialog.accepted.connect(self.session.changed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_revoke(self) -> None:
        """Revoke the chosen laptop after a confirmation."""
        row = self.table.currentRow()
        if not 0 <= row < len(self._devices):
            self.problem.setText(self.tr("请先在表里选一台设备"))
            return
        device = self._devices[row]
        dialog = RevokeDialog(self, device.surveyor)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.revoke(device.device_id, dialog.since)

    def revoke(self, device_id: UUID, since: datetime | None = None) -> None:
        """Reject bundles that a laptop made since a time, by default now."""
        self._run(lambda store: store.devices.revoke(device_id, since))


class RevokeDialog(QDialog):
    """Asks from which day a laptop is revoked."""

    def __init__(self, parent: QWidget, surveyor: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("注销设备"))
        hint = wrapped_label(
            text=self.tr(
                "注销 {0} 的设备。从选定的那天起，它的数据包和明白卡都不再认；那天以前收到的、"
                "以及链上能证明更早的仍然算数。"
            ).format(surveyor)
        )
        self.day = QDateEdit(QDate.currentDate())
        self.day.setMaximumDate(QDate.currentDate())
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setAccessibleName(self.tr("从哪天起"))
        revoke = QPushButton(self.tr("注销"))
        revoke.setObjectName("primary")
        revoke.clicked.connect(self.accept)
        cancel = QPushButton(self.tr("取消"))
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button in (revoke, cancel):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        for widget in (hint, self.day):
            layout.addWidget(widget)
        layout.addLayout(buttons)

    @property
    def since(self) -> datetime | None:
        """The start of the chosen day, or None for today, which means now."""
        if self.day.date() == QDate.currentDate():
            return None
        day = self.day.date()
        return datetime.combine(date(day.year(), day.month(), day.day()), time()).astimezone()
