"""Photos by a camera. Runs where the extra `camera` is installed; what sends pictures stands for one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from tests.ui.surveyor.test_attachments_panel import gallery, saved_papers

from ruhu.survey.attachments import Purpose
from ruhu.ui.surveyor.window import MainWindow

multimedia = pytest.importorskip("PySide6.QtMultimedia", exc_type=ImportError)
pytestmark = pytest.mark.qt_log_ignore("Couldn't load", "Couldn't resolve")


def test_a_camera_frame_becomes_a_photo(window: MainWindow, qtbot: QtBot) -> None:
    from ruhu.ui.surveyor.attachments.camera_dialog import CameraDialog

    panel = gallery(window, qtbot)
    frames = multimedia.QVideoFrameInput(panel)
    panel.photograph({"camera": frames})
    dialog = panel.findChild(CameraDialog)
    assert isinstance(dialog, CameraDialog)
    assert not dialog.shutter.isEnabled()
    seen = QImage(640, 480, QImage.Format.Format_RGB32)
    seen.fill(QColor("#336699"))
    frames.sendVideoFrame(multimedia.QVideoFrame(seen))
    qtbot.waitUntil(dialog.shutter.isEnabled, timeout=10_000)
    QTest.keyClick(dialog.shutter, Qt.Key.Key_Space)
    assert saved_papers(window, qtbot, 1) == [Purpose.HOUSE_BEFORE]
    assert "已拍 1 张" in dialog.state.text()
    dialog.close()


def test_a_laptop_without_a_camera_says_so(window: MainWindow, qtbot: QtBot) -> None:
    panel = gallery(window, qtbot)
    button = next(b for b in panel.findChildren(QPushButton) if b.text() == "拍照…")
    with qtbot.waitSignal(panel.status_message) as status:
        panel.photograph({})
    assert status.args == ["没有找到摄像头"]
    assert button.isVisible()
