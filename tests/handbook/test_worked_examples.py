"""The worked examples of the developer's page, followed exactly in a copy of the program."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ruhu.i18n import Language
from ruhu.ui.help.handbook import page_text

ROOT = Path(__file__).resolve().parents[2]
SECTIONS: dict[Language, dict[str, str]] = {
    "zh": {"fact": "加一项事实", "command": "加一个命令", "screen": "加一个界面"},
    "en": {"fact": "Add a fact", "command": "Add a command", "screen": "Add a screen"},
}
BLOCK = re.compile(
    r"`(desktop/[\w/]+\.py)`(.{0,40}?`([^`\n]+)`)?[^`]*?```python\n(.*?)```", re.DOTALL
)


def steps(language: Language, example: str) -> Iterator[tuple[str, str, str]]:
    """Yield the file, the line to add after (empty for a new file) and the code of each step."""
    heading = SECTIONS[language][example]
    [section] = re.findall(
        rf"## {heading}\n(.*?)\n## ", page_text(language=language, name="developer"), re.DOTALL
    )
    for file, _, anchor, code in BLOCK.findall(section):
        yield file, anchor, code


def follow(folder: Path, language: Language, example: str) -> None:
    """Do what the page says in a copy of the program."""
    for file, anchor, code in steps(language, example):
        path = folder / file
        if not anchor:
            assert not path.exists()
            path.write_text(code, encoding="utf-8")
            continue
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        [at] = [i for i, line in enumerate(lines) if line.strip().startswith(anchor)]
        path.write_text("".join([*lines[: at + 1], code, *lines[at + 1 :]]), encoding="utf-8")


def ruhu(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(folder / "desktop"), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "ruhu", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, env=environment, cwd=folder)
    return done.stdout.decode()


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Return a copy of the program."""
    ignored = shutil.ignore_patterns("__pycache__", "*.png")
    for name in ("desktop", "resources"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    return tmp_path


@pytest.mark.parametrize("language", ["zh", "en"])
def test_add_a_fact(program: Path, language: Language) -> None:
    follow(program, language, "fact")
    assert '"rooms"' in ruhu(program, "schema", "household")
    assert "房间数" in ruhu(program, "schema", "household")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_add_a_command(program: Path, language: Language) -> None:
    follow(program, language, "command")
    assert "housing.floor_area_m2" in ruhu(program, "facts", "household")


OPEN_SCREEN = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from ruhu.app.laptop import SurveyorApp
from ruhu.store.store import Store
folder = Path(sys.argv[1])
with Store.create(folder, "correct horse battery") as store:
    store.records.add({"kind": "household", "population": 1})
app, asked = QApplication([]), []
program = SurveyorApp(app, folder, "zh")
program.show_unlock()
screen = program.window.centralWidget()
screen.passphrase.setText("correct horse battery")
screen.try_unlock()
def look():
    window = program.window
    if hasattr(window, "open_screen") and not asked:
        asked.append(window.open_screen("progress"))
    for dialog in app.topLevelWidgets():
        if dialog.isVisible() and dialog.windowTitle() == "进度":
            print(dialog.findChild(QLabel).text())
            program.close()
            app.quit()
timer = QTimer(interval=100)
timer.timeout.connect(look)
timer.start()
app.exec()
"""


@pytest.mark.slow  # starts the program
@pytest.mark.parametrize("language", ["zh", "en"])
def test_add_a_screen(program: Path, language: Language) -> None:
    follow(program, language, "screen")
    environment = {
        **os.environ,
        "PYTHONPATH": str(program / "desktop"),
        "PYTHONUTF8": "1",
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [sys.executable, "-c", OPEN_SCREEN, str(program / "data")]
    done = subprocess.run(command, check=True, capture_output=True, env=environment, timeout=60)
    assert done.stdout.decode().splitlines()[0] == "已访 0 户，待访 0 户"
