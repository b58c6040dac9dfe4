"""The window as a whole: language, text, handbook, lock, standards."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QFileInfo, QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QFileDialog,
    QFileIconProvider,
    QLabel,
)
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PASSPHRASE, window_of
from tests.ui.user import RECORD, field, open_household, say_no, say_yes, settle

from ruhu.app.laptop import SurveyorApp
from ruhu.exchange.formats.signed_standards import sign_standards
from ruhu.exchange.keys.county import CountySecrets
from ruhu.resources import resource
from ruhu.store.store import Store
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.theme import DARK, LIGHT
from ruhu.ui.help.help_dialog import HelpDialog
from ruhu.ui.surveyor.form.editors import TextEditor
from ruhu.ui.surveyor.settings_dialog import SettingsDialog
from ruhu.ui.surveyor.window import MainWindow


def test_english_and_large_text_at_once(
    folder: Path, start: Callable[[Path], SurveyorApp], qtbot: QtBot
) -> None:
    program = start(folder)
    program.preferences.language = "en"
    program.preferences.text_percent = 150
    program.apply_style()
    try:
        program.show_unlock()
        assert program.window is not None
        texts = [w.text() for w in program.window.findChildren(QAbstractButton)]
        assert "Enter" in texts
    finally:
        program.preferences.language = "zh"
        program.preferences.text_percent = 100
        program.apply_style()
    assert interface.language == "zh"


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours by WCAG 2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(colours: Any) -> None:
    pairs = [(text, ground) for text in (colours.text, colours.dim, colours.wrong, colours.good,
             colours.open) for ground in (colours.window, colours.base, colours.alternate)]  # fmt: skip
    pairs.append((colours.on_accent, colours.accent))
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []


def test_the_handbook_is_searched_and_has_its_pictures(window: MainWindow, qtbot: QtBot) -> None:
    window.open_screen("help")
    dialog = window.findChild(HelpDialog)
    assert isinstance(dialog, HelpDialog)
    QTest.keyClicks(dialog.search, "Ctrl+P")
    assert dialog.sheet.textCursor().selectedText() == "Ctrl+P"
    names = set(re.findall(r"src=\"([^\"]+)\"", dialog.sheet.document().toHtml()))
    dialog.search.setText("没有这样的话题")
    assert dialog.message.text() == "没有找到"
    assert names
    for name in names:
        picture = dialog.sheet.loadResource(QTextDocument.ResourceType.ImageResource.value, name)
        assert isinstance(picture, QImage)
        assert not picture.isNull()


def test_the_handbook_goes_from_page_to_page(window: MainWindow, qtbot: QtBot) -> None:
    window.open_screen("help")
    dialog = window.findChild(HelpDialog)
    assert isinstance(dialog, HelpDialog)
    dialog.search.setText("wal_level")  # stands on the page for a region's administrator only
    assert dialog.sheet.textCursor().selectedText() == "wal_level"
    page = dialog.contents.currentItem()
    assert page is not None
    assert page.text(0) == "自治区（市）汇总各县"
    last = page.child(page.childCount() - 1)
    assert last is not None
    dialog.contents.setCurrentItem(last)
    assert dialog.sheet.verticalScrollBar().value() > 0
    dialog.show_page("administrator")
    dialog.sheet.anchorClicked.emit(QUrl("service.zh.md"))
    assert dialog.sheet.toPlainText().startswith("运行县级服务")


def test_locking_saves_and_closes_the_store(
    folder: Path, start: Callable[[Path], SurveyorApp], qtbot: QtBot
) -> None:
    from tests.ui.conftest import screen_of

    program = start(folder)
    screen_of(program).passphrase.setText(PASSPHRASE)
    screen_of(program).try_unlock()
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=10_000)
    window = window_of(program)
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 3, timeout=10_000)
    open_household(window, qtbot)
    editor = field(window, "population").editor
    assert isinstance(editor, TextEditor)
    editor.line.selectAll()
    QTest.keyClicks(editor.line, "6")
    program.lock()
    assert screen_of(program).isVisible()
    with Store.open(folder, PASSPHRASE) as store:
        assert store.records.document(RECORD)["population"] == 6


def test_county_standards_are_imported_by_date(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    secrets, public, _ = CountySecrets.generate("451024", "德保县")
    window.session.store.identity.set_county(public)
    dialog = SettingsDialog(window, window.preferences, window.session, "")
    sample = resource("demo") / "standards.toml"
    dialog.add_standards(sample)
    qtbot.waitUntil(lambda: "示例" in dialog.standards.text(), timeout=10_000)
    housing = {"subsidy": {"special": 7}, "category_from_score": {"extreme": 30, "special": 40}}
    later = {"county": "451024", "valid_from": "2017-05-01", "housing": housing}
    signed = sign_standards(later, secrets.signing_secret)
    file = tmp_path / "signed.json"
    file.write_text(json.dumps(signed), encoding="utf-8")
    dialog.add_standards(file)
    qtbot.waitUntil(lambda: "已由县签名" in dialog.standards.text(), timeout=10_000)
    assert [line.split("　")[1] for line in dialog.standards.text().splitlines()] == [
        "2017-01-01 起", "2017-05-01 起",
    ]  # fmt: skip
    file.write_text(json.dumps({**signed, "standards": {**later, "valid_from": "2017-06-01"}}))
    dialog.add_standards(file)
    qtbot.waitUntil(lambda: "签名不符" in dialog.problem.text(), timeout=10_000)
    open_household(window, qtbot)
    qtbot.waitUntil(lambda: "7元" in window.answers.money.text(), timeout=10_000)


def test_unrelated_county_keys_need_a_confirmation(window: MainWindow, qtbot: QtBot) -> None:
    store = window.session.store
    known, other = (CountySecrets.generate("451024", "德保县")[1] for _ in range(2))
    store.identity.set_county(known)
    dialog = SettingsDialog(window, window.preferences, window.session, "")
    dialog.open()
    dialog.set_county(other)
    assert other.words.zh in say_no(qtbot)
    settle(window, qtbot)
    assert store.identity.county == known
    dialog.set_county(other)
    say_yes(qtbot)
    qtbot.waitUntil(lambda: other.words.zh in dialog.county.text(), timeout=10_000)
    assert store.identity.county == other


def test_qt_dialogs_are_in_chinese(window: MainWindow, qtbot: QtBot) -> None:
    dialog = QFileDialog(window)
    qtbot.addWidget(dialog)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.show()
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    texts.append(QFileIconProvider().type(QFileInfo("/")))
    assert "位置(&L)：" in texts
    assert [text for text in texts if re.search("[a-z]{2}", text)] == []
