"""Layout of every screen in each language and text size, its names and its reach by Tab."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QStyle,
    QStyleOptionFrame,
    QTabBar,
    QTableView,
    QTextBrowser,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.ui.conftest import PASSPHRASE, screen_of, window_of
from tests.ui.user import open_household, settle
from tests.updates.releases import Releases

from ruhu.app.laptop import SurveyorApp
from ruhu.export.spreadsheet import Column, Sheet
from ruhu.i18n import Language
from ruhu.resources import resource
from ruhu.ui.core.i18n import interface
from ruhu.ui.help.licences_dialog import LicencesDialog
from ruhu.ui.help.update_dialog import UpdateDialog
from ruhu.ui.help.update_task import InstalledProgram as Installed
from ruhu.ui.login.unlock_screen import UnlockScreen
from ruhu.ui.printing.preview_dialog import PrintPreview
from ruhu.ui.printing.table_printing import TablePages
from ruhu.ui.surveyor.screens import RECORD_DIALOGS, SCREENS
from ruhu.ui.surveyor.sync.keys_dialog import KeysDialog
from ruhu.ui.surveyor.window import MainWindow
from ruhu.updates.installed_versions import Versions

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QAbstractItemView, QTextBrowser)
SCREEN = (1366, 728)
"""Size in pixels of the usual field laptop's screen, without its taskbar."""


@pytest.fixture(params=[("zh", 100), ("zh", 150), ("zh", 200), ("en", 100), ("en", 150)], ids=str)
def program(
    request: pytest.FixtureRequest, folder: Path, start: Callable[[Path], SurveyorApp]
) -> Iterator[SurveyorApp]:
    """The program in one language and text size, at its first screen."""
    language: Language
    language, percent = request.param
    begun = start(folder)
    preferences = begun.preferences
    preferences.language, preferences.text_percent = language, percent
    begun.apply_style()
    begun.show_unlock()
    yield begun
    preferences.language, preferences.text_percent = "zh", 100
    begun.apply_style()


def unlocked(program: SurveyorApp, qtbot: QtBot) -> MainWindow:
    screen_of(program).passphrase.setText(PASSPHRASE)
    screen_of(program).try_unlock()
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=10_000)
    window = window_of(program)
    window.resize(*SCREEN)
    qtbot.waitUntil(lambda: len(window.village.model.rows) == 3, timeout=10_000)
    qtbot.waitUntil(window.isActiveWindow, timeout=10_000)
    open_household(window, qtbot)
    settle(window, qtbot)
    return window


def cut_off(widget: QWidget) -> bool:
    """Return whether a visible label, button or hint is too small for its text."""
    if isinstance(widget, QLineEdit) and widget.isVisible():
        frame = QStyleOptionFrame()
        widget.initStyleOption(frame)
        inner = widget.style().subElementRect(QStyle.SubElement.SE_LineEditContents, frame, widget)
        return inner.width() < widget.fontMetrics().horizontalAdvance(widget.placeholderText())
    if not isinstance(widget, (QLabel, QAbstractButton)) or not widget.isVisible():
        return False
    lines = widget.text().replace("&", "").split("\n")
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.height() + 2 < widget.heightForWidth(widget.width())
    room = widget.width() + 2
    return room < max(widget.fontMetrics().horizontalAdvance(line) for line in lines)


def too_narrow(widget: QWidget) -> bool:
    """Return whether a visible table cuts off a heading or scrolls sideways."""
    if not isinstance(widget, QTableView) or not widget.isVisible():
        return False
    header, across = widget.horizontalHeader(), Qt.Orientation.Horizontal
    wide = header.fontMetrics().horizontalAdvance
    cut = any(
        header.sectionSize(column) < wide(widget.model().headerData(column, across)) + 4
        for column in range(header.count())
        if not header.isSectionHidden(column)
    )
    return cut or widget.horizontalScrollBar().isVisible()


def runs_over(widget: QWidget) -> bool:
    """Return whether the content of a visible area is wider than the area."""
    if not isinstance(widget, QScrollArea) or not widget.isVisible():
        return False
    page, never = widget.widget(), Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    within = page is None or page.width() <= widget.viewport().width()
    return widget.horizontalScrollBarPolicy() is never and not within


def text_of(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else ""


def faults(root: QWidget) -> list[str]:
    """Return the faults of a screen."""
    problems = []
    for widget in root.findChildren(QWidget):
        if cut_off(widget):
            problems.append(f"cut off: {type(widget).__name__} {text_of(widget)}")
        if too_narrow(widget):
            problems.append(f"no room: {widget.accessibleName()}")
        if runs_over(widget):
            problems.append("wider than its area")
        named = widget.accessibleName() or text_of(widget)
        part = widget.objectName().startswith("qt_") or isinstance(widget.parent(), QComboBox)
        inside = isinstance(widget.parent(), (QAbstractItemView, QTabBar))
        if isinstance(widget, CONTROLS) and widget.isVisible() and not (named or part or inside):
            problems.append(f"without a name: {type(widget).__name__} {widget.objectName()}")
    return problems


def reached_by_tab(root: QWidget) -> set[QWidget]:
    """Return the controls that Tab reaches, until it is back at the first."""
    seen: list[QWidget] = []
    for _ in range(400):  # a text with links keeps the focus while Tab goes from link to link
        focused = QApplication.focusWidget()
        assert focused is not None
        if len(set(seen)) > 1 and focused is seen[0]:
            break
        seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    return set(seen)


def in_sight(root: QWidget) -> set[QWidget]:
    """Return the controls that Tab has to reach.

    Of a group of buttons that exclude each other it is one; arrows and digits go on from there.
    """
    return {
        widget
        for widget in root.findChildren(QWidget)
        if isinstance(widget, CONTROLS)
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(widget.parent(), (QComboBox, QAbstractItemView, QTabBar))
        and widget.focusProxy() is None
        and not (isinstance(widget, QAbstractButton) and widget.isCheckable())
    }


def test_the_first_screen_fits(program: SurveyorApp) -> None:
    assert program.window is not None
    assert isinstance(program.window.centralWidget(), UnlockScreen)
    assert faults(program.window) == []


def test_the_window_fits_the_field_laptop(program: SurveyorApp, qtbot: QtBot) -> None:
    window = unlocked(program, qtbot)
    assert window.width() <= SCREEN[0]
    for index in range(window.form.fields.count()):
        window.form.fields.setCurrentIndex(index)
        QApplication.sendPostedEvents()
        assert faults(window) == []


def opened(qtbot: QtBot) -> QDialog:
    """Return the dialog that came up."""
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), QDialog), timeout=10_000)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    return dialog


def dialogs(window: MainWindow, folder: Path, qtbot: QtBot) -> Iterator[QDialog]:
    """Open every dialog: those of the registry, and those that they open."""
    for screen in SCREENS:
        if screen.open_file is not None:
            screen.open_file(window.context, resource("demo") / "roster.xlsx")
        elif screen.opens_dialog:
            screen.open(window.context)
        else:
            continue
        yield opened(qtbot)
    for open_dialog in RECORD_DIALOGS.values():
        open_dialog(window.record_actions)
        yield opened(qtbot)
    rows = [("韦岜明", str(number)) for number in range(99)]
    for dialog in (
        KeysDialog(window, window.session),
        LicencesDialog(window),
        UpdateDialog(window, [], installed_with_package(folder)),
        PrintPreview(window, TablePages(Sheet("名单", [Column("户主"), Column("次序")], rows))),
    ):
        dialog.open()
        yield dialog


def installed_with_package(folder: Path) -> Installed:
    """An installed program to which the county has sent a package."""
    (folder / "releases").mkdir()
    releases = Releases(folder / "releases")
    versions = Versions(folder / "versions")
    (versions.folder / "fetched").mkdir(parents=True)
    releases.package("0.2.0").rename(versions.folder / "fetched" / "any.ruhu-update")
    return Installed(versions, releases.root, folder / "ruhu")


def test_every_dialog_fits_and_is_reached_by_tab(
    program: SurveyorApp, folder: Path, qtbot: QtBot
) -> None:
    window = unlocked(program, qtbot)
    for dialog in dialogs(window, folder, qtbot):
        qtbot.waitUntil(dialog.isActiveWindow, timeout=10_000)
        settle(window, qtbot)
        name = type(dialog).__name__
        assert dialog.width() <= SCREEN[0], name
        assert dialog.height() <= SCREEN[1] + 40, name
        assert (name, faults(dialog)) == (name, [])
        missed = in_sight(dialog) - reached_by_tab(dialog)
        assert (name, [w.accessibleName() or type(w).__name__ for w in missed]) == (name, [])
        dialog.close()
        qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None, timeout=10_000)


def test_the_window_is_reached_by_tab(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    settle(window, qtbot)
    for index in range(window.form.fields.count()):
        window.form.fields.setCurrentIndex(index)
        window.village.search.setFocus()
        missed = in_sight(window) - reached_by_tab(window)
        assert [w.accessibleName() or type(w).__name__ for w in missed] == []


def test_the_language_is_chinese_again() -> None:
    assert interface.language == "zh"
