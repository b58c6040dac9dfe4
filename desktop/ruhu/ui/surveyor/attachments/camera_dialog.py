"""Take photos with a camera.

QtMultimedia is in PySide6-Addons, an optional dependency: import this module only if it exists.
"""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QImage, QPainter, QPaintEvent
from PySide6.QtMultimedia import (
    QCamera,
    QCameraDevice,
    QMediaCaptureSession,
    QMediaDevices,
    QVideoFrame,
    QVideoFrameInput,
    QVideoSink,
)
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

Source = QCameraDevice | QVideoFrameInput
"""A camera, or a program that sends frames like one."""

MAX_FRAME_PIXELS = 1920 * 1080
"""A larger frame shows no more of a house and delays the preview."""


def cameras() -> dict[str, Source]:
    """Return the cameras of this machine by name."""
    return {device.description(): device for device in QMediaDevices.videoInputs()}


class _Preview(QWidget):
    """Shows the camera's frames, scaled to the available room."""

    def __init__(self) -> None:
        super().__init__()
        self.frame = QVideoFrame()
        self.setMinimumSize(QSize(480, 360))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_frame(self, frame: QVideoFrame) -> None:
        self.frame = frame
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        if self.frame.isValid():
            self.frame.paint(painter, QRectF(self.rect()), QVideoFrame.PaintOptions())
        painter.end()


class CameraDialog(QDialog):
    """A camera's preview with a shutter; `taken` has each photo. The dialog stays open."""

    taken = Signal(QImage)

    def __init__(self, parent: QWidget, sources: Mapping[str, Source]) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("拍照"))
        self._sources = sources
        self._camera: QCamera | None = None
        self._photos = 0
        self._session, self._sink = QMediaCaptureSession(self), QVideoSink(self)
        self._session.setVideoSink(self._sink)
        self.preview = _Preview()
        self.preview.setAccessibleName(self.tr("摄像头画面"))
        self._sink.videoFrameChanged.connect(self._show)
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("摄像头"))
        self.choice.addItems(list(sources))
        self.choice.setVisible(len(sources) > 1)
        self.choice.currentTextChanged.connect(self._use)
        self.state = QLabel(self.tr("正在打开摄像头…"))
        self.state.setWordWrap(True)
        self.shutter = QPushButton(self.tr("拍照（空格）"))
        self.shutter.setObjectName("primary")
        self.shutter.setDefault(True)
        self.shutter.setEnabled(False)
        self.shutter.clicked.connect(self._shoot)
        done = QPushButton(self.tr("完成"))
        done.setAutoDefault(False)
        done.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addWidget(self.state, 1)
        row.addWidget(self.shutter)
        row.addWidget(done)
        layout = QVBoxLayout(self)
        layout.addWidget(self.choice)
        layout.addWidget(self.preview, 1)
        layout.addLayout(row)
        self._use(self.choice.currentText())

    def _use(self, name: str) -> None:
        """Show the frames of a source."""
        self._stop()
        source = self._sources[name]
        if isinstance(source, QVideoFrameInput):
            self._session.setVideoFrameInput(source)
            return
        self._camera = QCamera(source, self)
        formats = [
            f
            for f in source.videoFormats()
            if f.resolution().width() * f.resolution().height() <= MAX_FRAME_PIXELS
        ]
        if formats:
            self._camera.setCameraFormat(max(formats, key=lambda f: f.resolution().width()))
        self._camera.errorOccurred.connect(self._fail)
        self._session.setCamera(self._camera)
        self._camera.start()

    def _show(self, frame: QVideoFrame) -> None:
        self.preview.show_frame(frame)
        if frame.isValid() and not self.shutter.isEnabled():
            self.shutter.setEnabled(True)
            self.shutter.setFocus()
            self.state.setText("")

    def _fail(self, _: object, reason: str) -> None:
        self.shutter.setEnabled(False)
        self.state.setText(self.tr("摄像头打不开：{0}").format(reason))

    def _shoot(self) -> None:
        image: QImage = self.preview.frame.toImage()
        self._photos += 1
        self.state.setText(self.tr("已拍 {0} 张").format(self._photos))
        self.taken.emit(image)

    def _stop(self) -> None:
        if self._camera is not None:
            self._camera.stop()
            self._camera.deleteLater()
            self._camera = None

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)
