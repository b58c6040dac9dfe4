"""Photos in the gallery, and the householder's signature under the survey."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot
from tests.store.test_attachments import photo
from tests.ui.user import RECORD, choose, open_household, settle, stored, type_into

from ruhu.survey.attachments import Purpose, papers_of
from ruhu.survey.signature import SignatureStatus, signature_status
from ruhu.ui.surveyor.attachments.attachments_panel import PapersPanel, pictures_in
from ruhu.ui.surveyor.form.signature_dialog import SignaturePad, SigningDialog
from ruhu.ui.surveyor.window import MainWindow


def gallery(window: MainWindow, qtbot: QtBot) -> PapersPanel:
    open_household(window, qtbot)
    window.form.fields.setCurrentIndex(window.form.fields.count() - 1)
    return window.form.fields.papers


def gallery_with_a_photo(
    window: MainWindow, qtbot: QtBot, folder: Path, *, exif: bool = False
) -> PapersPanel:
    panel = gallery(window, qtbot)
    (folder / "one.jpg").write_bytes(photo(exif=exif))
    panel.add_files([folder / "one.jpg"])
    saved_papers(window, qtbot, 1)
    return panel


def saved_papers(window: MainWindow, qtbot: QtBot, count: int) -> list[Purpose]:
    qtbot.waitUntil(lambda: len(papers_of(stored(window))) == count, timeout=10_000)
    return [paper.purpose for paper in papers_of(stored(window))]


def test_photos_from_files_get_the_missing_purposes(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = gallery(window, qtbot)
    assert panel.missing.text() == "还缺照片：改造前房屋、危险部位"
    (tmp_path / "one.JPG").write_bytes(photo(exif=True))
    (tmp_path / "notes.txt").write_text("no picture")
    panel.add_files(pictures_in(tmp_path))
    assert saved_papers(window, qtbot, 1) == [Purpose.HOUSE_BEFORE]
    assert panel.missing.text() == "还缺照片：危险部位"
    assert panel.facts.lines["taken_at"].text() == "2017-06-01 09:30:00"
    assert panel.facts.lines["latitude"].text() == "23.335000"
    qtbot.waitUntil(lambda: not panel.list.item(0).icon().isNull(), timeout=10_000)
    panel.facts.purpose.setFocus()
    panel.facts.purpose.setCurrentIndex(panel.facts.purpose.findData(Purpose.DANGER.value))
    panel.facts.purpose.activated.emit(panel.facts.purpose.currentIndex())
    panel.facts.lines["note"].setFocus()
    QTest.keyClicks(panel.facts.lines["note"], "crack")
    QTest.keyClick(panel.facts.lines["note"], Qt.Key.Key_Tab)
    settle(window, qtbot)
    paper = papers_of(stored(window))[0]
    assert (paper.purpose, paper.note) == (Purpose.DANGER, "crack")


def test_an_invalid_position_is_rejected_at_its_field(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = gallery_with_a_photo(window, qtbot, tmp_path)
    panel.facts.lines["latitude"].setFocus()
    QTest.keyClicks(panel.facts.lines["latitude"], "95")
    QTest.keyClick(panel.facts.lines["latitude"], Qt.Key.Key_Tab)
    assert panel.facts.problem.isVisible()
    assert "-90 至 90" in panel.facts.problem.text()
    assert panel.facts.lines["latitude"].text() == "95"
    assert papers_of(window.session.editor.document)[0].latitude is None


def test_the_time_of_a_photo_without_exif_is_typed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = gallery_with_a_photo(window, qtbot, tmp_path)
    taken = panel.facts.lines["taken_at"]
    assert taken.text() == ""
    taken.setFocus()
    QTest.keyClicks(taken, "20170601 9:3")
    assert not panel.facts.problem.isVisible()
    QTest.keyClicks(taken, "x")
    assert "拍摄日期" in panel.facts.problem.text()
    QTest.keyClick(taken, Qt.Key.Key_Backspace)
    QTest.keyClicks(taken, "0")
    QTest.keyClick(taken, Qt.Key.Key_Tab)
    settle(window, qtbot)
    assert papers_of(stored(window))[0].taken_at == "2017-06-01T09:30:00"
    panel.facts.lines["note"].setFocus()
    QTest.keyClicks(panel.facts.lines["note"], "x")
    assert papers_of(window.session.editor.document)[0].taken_at == "2017-06-01T09:30:00"
    taken.setFocus()
    taken.selectAll()
    QTest.keyClick(taken, Qt.Key.Key_Delete)
    QTest.keyClick(taken, Qt.Key.Key_Tab)
    settle(window, qtbot)
    assert papers_of(stored(window))[0].taken_at == ""


def test_a_photo_is_pasted_and_removed(window: MainWindow, qtbot: QtBot) -> None:
    panel = gallery(window, qtbot)
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("green"))
    QApplication.clipboard().setImage(image)
    panel.paste()
    saved_papers(window, qtbot, 1)
    panel.remove()
    saved_papers(window, qtbot, 0)
    window.session.editor.undo()
    saved_papers(window, qtbot, 1)


def test_an_unreadable_photo_is_reported_and_the_others_are_added(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = gallery(window, qtbot)
    (tmp_path / "bad.jpg").write_bytes(b"nothing")
    (tmp_path / "good.jpg").write_bytes(photo())
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("bad.jpg", "good.jpg")])
    with qtbot.waitSignal(window.session.failed, timeout=10_000) as failure:
        panel.add_dropped(data)
    assert failure.args is not None
    assert "bad.jpg" in failure.args[0].text.zh
    saved_papers(window, qtbot, 1)


def signing(window: MainWindow, qtbot: QtBot) -> SigningDialog:
    window.record_actions.sign()
    dialog = window.findChild(SigningDialog)
    assert isinstance(dialog, SigningDialog)
    qtbot.waitUntil(dialog.isVisible, timeout=10_000)
    return dialog


def write_name(dialog: SigningDialog) -> None:
    QTest.mousePress(dialog.pad, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    for x in range(60, 400, 20):
        QTest.mouseMove(dialog.pad, QPoint(x, 60 + x % 60))
    QTest.mouseRelease(dialog.pad, Qt.MouseButton.LeftButton, pos=QPoint(400, 90))


def test_a_signature_on_the_screen_seals_the_survey_and_closes_the_visit(
    window: MainWindow, qtbot: QtBot
) -> None:
    open_household(window, qtbot)
    choose(window, "water.tap", "1")
    dialog = signing(window, qtbot)
    assert not dialog.sign.isEnabled()
    write_name(dialog)
    assert dialog.sign.isEnabled()
    assert dialog.by.currentText() == "韦岜明"
    QTest.mouseClick(dialog.sign, Qt.MouseButton.LeftButton)
    store = window.session.store
    qtbot.waitUntil(lambda: "已签字封存" in window.status.text(), timeout=10_000)
    settle(window, qtbot)
    sealed = store.records.revisions(RECORD)[-1].document
    assert sealed is not None
    assert signature_status(sealed) is SignatureStatus.SEALED
    assert [p.purpose for p in papers_of(sealed)] == [Purpose.SIGNATURE]
    assert not store.records.has_draft(RECORD)
    assert "✓ 韦岜明" in window.form.notices.seal.text()
    type_into(window, "housing.floor_area_m2", "61")
    assert "签字后有改动" in window.form.notices.seal.text()
    settle(window, qtbot)
    window.record_actions.close_visit()
    settle(window, qtbot)
    revisions = store.records.revisions(RECORD)
    assert revisions[-1].document is not None
    assert signature_status(revisions[-1].document) is SignatureStatus.CHANGED
    assert json.dumps(sealed) == json.dumps(revisions[-2].document)


def by_finger(pad: SignaturePad) -> None:
    finger = QTest.createTouchDevice()
    QTest.touchEvent(pad, finger).press(0, QPoint(60, 60), pad).commit()
    for x in range(80, 400, 20):
        QTest.touchEvent(pad, finger).move(0, QPoint(x, 60 + x % 60), pad).commit()
    QTest.touchEvent(pad, finger).release(0, QPoint(400, 90), pad).commit()


def by_pen(pad: SignaturePad) -> None:
    pen = QPointingDevice(
        "pen", 1, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen,
        QInputDevice.Capability.Position | QInputDevice.Capability.Pressure, 1, 1,
    )  # fmt: skip

    def send(kind: QEvent.Type, x: int, pressure: float) -> None:
        at = QPointF(x, 60 + x % 60)
        plain, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
        event = QTabletEvent(
            kind, pen, at, QPointF(pad.mapToGlobal(at)), pressure, 0, 0, 0, 0, 0, plain, left, left
        )
        assert QApplication.sendEvent(pad, event)

    send(QEvent.Type.TabletMove, 20, 0)  # hovering writes nothing
    send(QEvent.Type.TabletPress, 60, 0.5)
    for x in range(80, 400, 20):
        send(QEvent.Type.TabletMove, x, 0.5)
    send(QEvent.Type.TabletRelease, 400, 0)


@pytest.mark.parametrize("write", [by_finger, by_pen])
def test_a_signature_is_drawn_by_touch_or_pen(
    window: MainWindow, qtbot: QtBot, write: Callable[[SignaturePad], None]
) -> None:
    open_household(window, qtbot)
    dialog = signing(window, qtbot)
    write(dialog.pad)
    assert dialog.sign.isEnabled()
    assert len(dialog.pad.strokes) == 1
    assert dialog.pad.strokes[0].size() >= 16
    dialog.again.click()
    assert not dialog.sign.isEnabled()


def test_a_signature_on_paper_needs_no_pen(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    dialog = signing(window, qtbot)
    dialog.on_paper.setChecked(True)
    assert not dialog.pad.isVisible()
    dialog.accept()
    qtbot.waitUntil(lambda: "已签字封存" in window.status.text(), timeout=10_000)
    settle(window, qtbot)
    assert signature_status(stored(window)) is SignatureStatus.SEALED


def test_an_invalid_record_cannot_be_signed(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "housing.floor_area_m2", "many")
    window.record_actions.sign()
    assert window.findChild(SigningDialog) is None
    assert window.findChild(QDialog) is not None


def test_photo_fields_are_hidden_without_a_photo(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    QTest.keyClick(window, Qt.Key.Key_F8)
    panel = window.form.fields.papers
    assert panel.list.isVisible()
    assert not panel.facts.isVisible()
