"""The window's dialog for new versions of the program."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.ui.user import press, say_no, say_yes
from tests.updates.releases import Releases

from ruhu.ui.help.licences_dialog import LicencesDialog
from ruhu.ui.help.update_dialog import UpdateDialog
from ruhu.ui.help.update_task import InstalledProgram
from ruhu.updates.installed_versions import Versions


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    place = tmp_path / "releases"
    place.mkdir()
    return Releases(place)


@pytest.fixture
def program(tmp_path: Path, releases: Releases) -> InstalledProgram:
    return InstalledProgram(Versions(tmp_path / "versions"), releases.root, tmp_path / "ruhu")


@pytest.fixture
def parent(qapp: QApplication, qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def dialog(parent: QWidget, qtbot: QtBot, program: InstalledProgram) -> UpdateDialog:
    opened = UpdateDialog(parent, [], program)
    opened.show()
    qtbot.waitUntil(lambda: opened.choose.isEnabled())
    return opened


def texts(dialog: UpdateDialog) -> str:
    return "\n".join(
        label.text()
        for label in (dialog.version, dialog.state, dialog.package_facts, dialog.problem)
    )


def test_licences_are_found_by_name_and_by_licence(parent: QWidget, qtbot: QtBot) -> None:
    dialog = LicencesDialog(parent)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.tree.topLevelItemCount() > 40, timeout=10_000)
    dialog.search.setText("PySide6")
    assert "LESSER GENERAL PUBLIC LICENSE" in dialog.text.toPlainText()
    dialog.search.setText("psf")
    names = [dialog.tree.topLevelItem(n) for n in range(dialog.tree.topLevelItemCount())]
    assert {item.text(0) for item in names if item} >= {"Python", "typing_extensions"}
    dialog.search.setText("no such part")
    assert dialog.text.toPlainText() == ""
    dialog.reject()


def test_a_package_is_installed_and_rolled_back(
    dialog: UpdateDialog, releases: Releases, program: InstalledProgram, qtbot: QtBot
) -> None:
    assert not dialog.apply.isEnabled()
    dialog.check(releases.package("0.2.0"))
    qtbot.waitUntil(dialog.apply.isEnabled, timeout=10_000)
    assert "新版本 0.2.0" in texts(dialog)
    assert "签名人：发布人" in texts(dialog)
    assert dialog.changes.toPlainText() == "新"
    dialog.apply.click()
    qtbot.waitUntil(dialog.restart.isVisible, timeout=10_000)
    assert program.versions.read().trial.startswith("0.2.0")
    assert "0.2.0 已装好" in texts(dialog)
    with qtbot.waitSignal(dialog.restart_asked):
        dialog.restart.click()
    trial = program.versions.read().trial
    press(dialog, "退回上一版本…")
    assert "退回吗" in say_no(qtbot)
    assert program.versions.read().trial == trial
    press(dialog, "退回上一版本…")
    say_yes(qtbot)
    assert program.versions.read().trial == ""
    assert dialog.choose.isVisible()
    dialog.reject()


def test_a_rejected_package_shows_the_reason(
    dialog: UpdateDialog, releases: Releases, qtbot: QtBot
) -> None:
    dialog.check(releases.package("0.1.0"))
    qtbot.waitUntil(lambda: bool(dialog.problem.text()), timeout=10_000)
    assert dialog.problem.text() == "更新包是 0.1.0，不比已有的 0.1.0 新；没有改动"
    assert not dialog.apply.isEnabled()
    dialog.reject()


def test_a_fetched_package_is_offered(
    parent: QWidget, qtbot: QtBot, releases: Releases, program: InstalledProgram
) -> None:
    fetched = program.versions.folder / "fetched"
    fetched.mkdir(parents=True)
    releases.package("0.2.0").rename(fetched / "any.ruhu-update")
    dialog = UpdateDialog(parent, [], program)
    dialog.show()
    qtbot.waitUntil(dialog.apply.isEnabled, timeout=10_000)
    assert "新版本 0.2.0" in texts(dialog)
    dialog.reject()


def test_a_program_from_source_says_how_it_is_updated(
    parent: QWidget, program: InstalledProgram
) -> None:
    dialog = UpdateDialog(parent, [], InstalledProgram(program.versions, program.root, None))
    dialog.show()
    assert "git" in texts(dialog)
    assert not dialog.choose.isVisible()
    dialog.reject()
