"""A day in a village: roster, ten visits by keyboard, the power fails, slips, and the bundle home.

`RUHU_TELL_TIME=1` prints how long each visit took.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.conftest import QUICK
from tests.ui.conftest import PASSPHRASE, screen_of, start, window_of
from tests.ui.user import settle

from ruhu.app.laptop import SurveyorApp
from ruhu.county.county import CountyStore
from ruhu.county.records.import_result import ImportOutcome
from ruhu.resources import resource
from ruhu.revisions.merge import merge_revisions
from ruhu.store.roster_import import apply_import, plan_import
from ruhu.store.store import Store
from ruhu.survey.roster.reader import read_roster
from ruhu.survey.signature import SignatureStatus, signature_status
from ruhu.ui.surveyor.form.editors import SegmentEditor, TextEditor
from ruhu.ui.surveyor.form.signature_dialog import SigningDialog
from ruhu.ui.surveyor.slips.slip_dialog import SlipDialog
from ruhu.ui.surveyor.sync.sync_dialog import SyncDialog
from ruhu.ui.surveyor.window import MainWindow

__all__ = ["start"]

VISITS = 10
INTERVIEW: tuple[tuple[str, str], ...] = (
    ("survey.date", "20170601"),
    ("housing.danger_grade", "4"),
    ("housing.relocation_listed", "2"),
    ("housing.floor_area_m2", "58"),
    ("housing.self_funding", "1"),
    ("water.centralised", "1"),
    ("water.tap", "3"),
    ("water.quality_ok", "1"),
    ("farming.microloan.wanted", "2"),
    ("farming.insurance.policy_based", "2"),
    ("health.contract_doctor", "1"),
)
"""What is typed of each household: a field, and its digits; a choice is one digit."""


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def type_at(window: MainWindow, path: str, text: str) -> None:
    """Go to a field as a question on the right does, and answer by keyboard."""
    window.form.focus_path(path)
    editor = window.form.rows()[path].editor
    if isinstance(editor, TextEditor):
        editor.line.selectAll()
        QTest.keyClicks(focused(), text)
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
    else:
        assert isinstance(editor, SegmentEditor)
        QTest.keyClicks(focused(), text)


def opened(program: SurveyorApp, qtbot: QtBot) -> MainWindow:
    screen = screen_of(program)
    QTest.keyClicks(screen.passphrase, PASSPHRASE)
    QTest.keyClick(screen.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=10_000)
    window = window_of(program)
    qtbot.waitUntil(lambda: len(window.village.model.rows) > VISITS, timeout=20_000)
    qtbot.waitUntil(window.isActiveWindow, timeout=10_000)
    settle(window, qtbot)
    return window


def visit(window: MainWindow, qtbot: QtBot, household_no: str, *, signed: bool) -> None:
    """Search the household, type the interview, and close the visit, all by keyboard."""
    window.village.search.setFocus()
    window.village.search.selectAll()
    QTest.keyClicks(focused(), household_no)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: household_no in window.form.header.title.text(), timeout=10_000)
    for path, text in INTERVIEW:
        type_at(window, path, text)
    if not signed:
        QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: "已完成入户" in window.status.text(), timeout=10_000)
    else:
        window.record_actions.sign()
        dialog = window.findChild(SigningDialog)
        assert isinstance(dialog, SigningDialog)
        dialog.on_paper.setChecked(True)
        dialog.accept()
        qtbot.waitUntil(lambda: "已签字封存" in window.status.text(), timeout=10_000)
    settle(window, qtbot)
    window.status.setText("")


BROKEN_OFF = """
import sys, time
from pathlib import Path
from ruhu.store.store import Store
with Store.open(Path(sys.argv[1]), sys.argv[2]) as store:
    record = next(s.record_id for s in store.records.summaries() if s.household_no == sys.argv[3])
    document = store.records.document(record)
    document.setdefault("housing", {})["floor_area_m2"] = "77"
    store.records.save_draft(record, document, field="housing.floor_area_m2")
    print("typed", flush=True)
    time.sleep(60)
"""


def break_off(place: Path, household_no: str) -> None:
    """Begin a visit and kill the process at once."""
    words = [sys.executable, "-c", BROKEN_OFF, str(place), PASSPHRASE, household_no]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline().strip() == "typed"
        worker.kill()


def test_a_day_in_a_village(
    tmp_path: Path, start: Callable[[Path], SurveyorApp], qtbot: QtBot
) -> None:
    place, stick = tmp_path / "data", tmp_path / "stick"
    county, _ = CountyStore.create(
        tmp_path / "county.db", "county passphrase", county="451024", name="德保县", cost=QUICK
    )
    roster = read_roster((resource("demo") / "roster.xlsx").read_bytes())
    with Store.create(place, PASSPHRASE, surveyor="测试员", cost=QUICK) as store:
        store.identity.set_county(county.public)
        county.devices.enrol(store.identity.device)
        apply_import(store, plan_import(store, roster))
        numbers = [s.household_no for s in store.records.summaries()][: VISITS + 1]
    program = start(place)
    window = opened(program, qtbot)
    taken = []
    for count, number in enumerate(numbers[:VISITS]):
        begun = time.perf_counter()
        visit(window, qtbot, number, signed=count % 2 == 0)
        taken.append(time.perf_counter() - begun)
    assert "已访 10 " in window.village.progress.text()
    program.close()

    break_off(place, numbers[VISITS])
    program = start(place)
    window = opened(program, qtbot)
    qtbot.waitUntil(lambda: numbers[VISITS] in window.form.header.title.text(), timeout=10_000)
    assert window.session.editor.document["housing"]["floor_area_m2"] == "77"
    window.village.filter.setCurrentIndex(window.village.filter.findData("done"))
    qtbot.waitUntil(lambda: window.session.result_count == VISITS, timeout=10_000)
    window.open_screen("slips")
    slips = window.findChild(SlipDialog)
    assert isinstance(slips, SlipDialog)
    slips.whose.setCurrentIndex(slips.whose.findData(False))
    slips.save_to(tmp_path / "slips.pdf")
    qtbot.waitUntil(lambda: f"{VISITS} 张明白卡" in window.status.text(), timeout=60_000)
    slips.close()
    window.open_screen("bundles")
    bundles = window.findChild(SyncDialog)
    assert isinstance(bundles, SyncDialog)
    bundles.write_to(stick)
    qtbot.waitUntil(lambda: "数据包" in window.status.text(), timeout=30_000)
    settle(window, qtbot)

    receipts = [county.exchange.import_file(path) for path in sorted(stick.iterdir())]
    assert all(receipt.outcome is ImportOutcome.IMPORTED for receipt in receipts)
    store = window.session.store
    for summary in store.records.summaries(window.session.search):
        document = merge_revisions(store.records.revisions(summary.record_id)).document
        assert document is not None
        assert document["housing"]["floor_area_m2"] == "58"
        assert document["not_known"]["water.tap"] is True
    sealed = [
        signature_status(store.records.document(s.record_id)) is SignatureStatus.SEALED
        for s in store.records.summaries(window.session.search)
    ]
    assert sum(sealed) == VISITS // 2
    county.close()
    if os.environ.get("RUHU_TELL_TIME"):
        fields = len(INTERVIEW)
        print(f"\na visit of {fields} fields typed: median {statistics.median(taken):.2f} s")
