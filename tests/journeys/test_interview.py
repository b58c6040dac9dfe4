"""A written interview is typed from its first key to its last, as a worker does who listens.

`RUHU_TELL_TIME=1` prints how many keys it took and how long the program was at work for them.
"""

import os
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from tests.conftest import QUICK
from tests.journeys.test_survey_day import focused, opened
from tests.ui.conftest import PASSPHRASE, start
from tests.ui.user import settle

from ruhu.app.laptop import SurveyorApp
from ruhu.resources import resource
from ruhu.store.roster_import import apply_import, plan_import
from ruhu.store.store import Store
from ruhu.survey.facts.paths import get_value
from ruhu.survey.facts.unknown import is_marked_unknown
from ruhu.survey.roster.reader import read_roster
from ruhu.ui.surveyor.form.form_model import form_sections, section_of
from ruhu.ui.surveyor.window import MainWindow

__all__ = ["start"]

MOST_KEYS = 170
CONTROL = Qt.KeyboardModifier.ControlModifier


class Typist:
    """A typist at the window who counts the keys."""

    def __init__(self, window: MainWindow) -> None:
        self.window, self.keys = window, 0

    def press(
        self, key: Qt.Key, extra: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        self.keys += 1
        QTest.keyClick(focused(), key, extra)

    def type(self, text: str) -> None:
        self.keys += len(text)
        QTest.keyClicks(focused(), text)

    def here(self) -> str:
        """Return the path of the focused field; empty outside the form."""
        rows = self.window.form.rows().items()
        return next((path for path, row in rows if row.isAncestorOf(focused())), "")


def listen(typist: Typist, left: dict[str, str]) -> None:
    """Type the rest of an interview, field by field; one key skips a section without any."""
    sections = [section.key for section in form_sections("household")]
    for number, section in enumerate(sections):
        here = {path for path in left if section_of("household", path) == section}
        if here:
            typist.press(Qt.Key(Qt.Key.Key_F1.value + number))
        while here:
            path = typist.here()
            assert section_of("household", path) == section, (path, here)
            text = left.pop(path, "")
            here.discard(path)
            typing = isinstance(focused(), QLineEdit)
            typist.type(text)
            if typing or not text:
                typist.press(Qt.Key.Key_Return)


def test_an_interview_is_typed_by_keyboard(
    tmp_path: Path, start: Callable[[Path], SurveyorApp], qtbot: QtBot
) -> None:
    interview = tomllib.loads(Path(__file__).with_name("interview.toml").read_text("utf-8"))
    answers = {path: text for part in interview["said"] for path, text in part["typed"].items()}
    with Store.create(tmp_path / "data", PASSPHRASE, surveyor="测试员", cost=QUICK) as store:
        roster = read_roster((resource("demo") / "roster.xlsx").read_bytes())
        apply_import(store, plan_import(store, roster))
    window = opened(start(tmp_path / "data"), qtbot)
    typist, begun = Typist(window), time.perf_counter()
    typist.press(Qt.Key.Key_F, CONTROL)
    typist.type(interview["household_no"][-5:])
    typist.press(Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: interview["household_no"] in window.form.header.title.text(), timeout=10_000
    )
    listen(typist, dict(answers))
    typist.press(Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: "已完成入户" in window.status.text(), timeout=10_000)
    taken = time.perf_counter() - begun
    settle(window, qtbot)
    record_id = window.session.editor.record_id
    assert record_id is not None
    stored = window.session.store.records.document(record_id)
    lacking = [
        path
        for path in answers
        if get_value(stored, path, "household") is None and not is_marked_unknown(stored, path)
    ]
    assert lacking == []
    assert is_marked_unknown(stored, "water.quality_ok")
    assert stored["farming"]["insurance"]["bought_on"] == "2017-04-10"
    assert stored["survey"]["surveyor"] == "测试员"
    if os.environ.get("RUHU_TELL_TIME"):
        print(f"{len(answers)} answers, {typist.keys} keys, {taken:.2f} s of the program's")
    assert typist.keys <= MOST_KEYS
