"""The real window: its start, its list and its forms, with many households."""

import json
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from build.qa.bench.figures import Figure
from build.qa.bench.made_up import household
from build.qa.bench.openfisca import Peer
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from uuid_utils.compat import uuid7

from ruhu.app.laptop import SurveyorApp
from ruhu.store.store import Store
from ruhu.ui.login.unlock_screen import UnlockScreen
from ruhu.ui.surveyor.window import MainWindow

PASSPHRASE = "correct horse battery"
SURNAMES, GIVEN = "韦蒙陆黄罗蓝唐卢岑莫", "大光小妹志强宝芳玉世国英美鸣"
SEARCHED = ("wei", "meng", "451000", "韦大")


class Painted(QObject):
    """A wait until one of some widgets is painted after a notification.

    If `shown` returns the same value as before, nothing is painted and the wait ends at once.
    """

    def __init__(self, *widgets: QObject, shown: Callable[[], object] = object) -> None:
        super().__init__()
        self.at = 0.0
        self._notified, self._shown, self._before = False, shown, shown()
        self._loop = QEventLoop()
        for widget in widgets:
            widget.installEventFilter(self)

    def tell(self, *_: object) -> None:
        """Record that the awaited change has come; the next paint shows it."""
        before, self._before = self._before, self._shown()
        self._notified = self._before != before
        if not self._notified:
            self.at = time.perf_counter()
            self._loop.quit()

    def wait(self) -> float:
        """Run the event loop until the paint; return its time."""
        guard = QTimer(singleShot=True, interval=20_000)
        guard.timeout.connect(self._loop.quit)
        guard.start()
        self._loop.exec()
        if not guard.isActive():
            raise TimeoutError("nothing was painted")
        return self.at

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._notified:
            self.at, self._notified = time.perf_counter(), False
            self._loop.quit()
        return False


def until(done: Callable[[], bool]) -> None:
    """Run the window until something holds."""
    end = time.perf_counter() + 60
    while not done():
        QTest.qWait(2)
        if time.perf_counter() > end:
            raise TimeoutError("the window does not answer")


def application() -> QApplication:
    """The one application of this process."""
    found = QApplication.instance() or QApplication([])
    assert isinstance(found, QApplication)
    return found


def unlocked(place: Path) -> tuple[SurveyorApp, MainWindow]:
    """The program over a data folder, past the passphrase, its list shown."""
    program = SurveyorApp(application(), place, "zh")
    program.show_unlock()
    screen = program.window.centralWidget() if program.window else None
    assert isinstance(screen, UnlockScreen)
    screen.passphrase.setText(PASSPHRASE)
    screen.try_unlock()
    until(lambda: isinstance(program.window, MainWindow))
    window = program.window
    assert isinstance(window, MainWindow)
    window.resize(1366, 768)
    until(lambda: bool(window.village.model.rows))
    return program, window


def _named(chance: random.Random, number: int) -> dict[str, Any]:
    document = household(chance, 1)
    name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))
    document["members"] = [{"member_id": "m1", "name": name}]
    document["place"] |= {"village_name": f"示范{number % 300}村", "group": str(number % 9)}
    document["registration"]["household_no"] = f"4510{number:010d}"
    return document


def village(place: Path, households: int) -> None:
    """A store with so many made-up households."""
    chance = random.Random(4)
    with Store.create(place, PASSPHRASE, surveyor="测试员") as store:
        for start in range(0, households, 5000):
            stop = min(start + 5000, households)
            store.records.import_documents(
                [_named(chance, number) for number in range(start, stop)]
            )


STARTED = """
import os, sys, time
from pathlib import Path
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
PLAIN = Qt.KeyboardModifier.NoModifier
program, entered = None, []
def waited():
    return 0.0
"""
APP = "app = QApplication([])"
BARE = """
window = QMainWindow()
window.setCentralWidget(QLabel("bare"))
window.resize(1366, 728)
window.show()
def ready():
    return window.windowHandle().isExposed()
"""
OURS = """
from ruhu.app.laptop import SurveyorApp
program = SurveyorApp(app, Path(sys.argv[1]), "zh")
program.show_unlock()
typed = []
def ready():
    window = program.window
    if not window.windowHandle().isExposed():
        return False
    if hasattr(window, "village"):
        return bool(window.village.model.rows)
    if not typed:
        typed.append(1)
        window.centralWidget().passphrase.setText(sys.argv[2])
        window.centralWidget().try_unlock()
    return False
"""
SETTLED = OURS.replace("bool(window.village.model.rows)", "bool(window.form.fields.is_built)")
"""Once the form is made, too, which it is before anybody opens a household."""
SHOWN = OURS.split("typed = []", maxsplit=1)[0]
UNLOCK = (
    SHOWN
    + """
def ready():
    return program.window.windowHandle().isExposed()
"""
)
BY_HAND = (
    SHOWN
    + """
stood, left = [], list(sys.argv[2])
def press(text, key=0):
    # By themselves: what QTest loads when it is first used would count as the window's.
    field = program.window.centralWidget().passphrase
    QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, key, PLAIN, text))
def press_next():
    if left:
        press(left.pop(0))
        QTimer.singleShot(125, press_next)
    else:
        entered.append(time.time())
        press("\\r", 0x01000004)
def waited():
    return entered[0] - stood[0]
def ready():
    window = program.window
    if not window.windowHandle().isExposed():
        return False
    if not stood:
        stood.append(time.time())
        QTimer.singleShot(125, press_next)
    return hasattr(window, "village") and bool(window.village.model.rows)
"""
)
AFTER_ENTER = BY_HAND.replace("return entered[0] - stood[0]", "return entered[0]")
WATCHED = """
class Watched(QApplication):
    inside, longest, listed = False, 0.0, 0.0
    def notify(self, receiver, event):
        if self.inside:
            return super().notify(receiver, event)
        self.inside, before = True, time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            self.inside = False
            window = program and program.window
            if window and hasattr(window, "village") and window.village.model.rows:
                self.listed = self.listed or time.time()
                self.longest = max(self.longest, time.thread_time() - before)
app = Watched([])
"""
SETTLED_LIST = BY_HAND.replace(
    "return hasattr", "return app.listed and time.time() > app.listed + 2 and hasattr"
)
"""Two seconds after the list stands."""


def _when_ready(say: str) -> str:
    """The end of a script: what it says once it is ready, with which the process ends."""
    return f"""
def look():
    if ready():
        {say}
        sys.stdout.flush()
        os._exit(0)
timer = QTimer()
timer.timeout.connect(look)
timer.start(2)
app.exec()
"""


WATCH = _when_ready("print(time.time() - waited())")
LONGEST = _when_ready("print(app.longest * 1000)")
WEIGH = _when_ready(
    "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmRSS')))"
)


def _installed(cache: Path) -> dict[str, str]:
    """The environment of a program that is installed: its modules' bytecode is there to be loaded."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(cache)}


def _said(script: str, place: Path) -> float:
    """What a process of its own says of a script over a data folder."""
    words = [sys.executable, "-c", script, str(place), PASSPHRASE]
    environment = _installed(place.parent / "bytecode")
    done = subprocess.run(words, check=True, capture_output=True, text=True, env=environment)
    return float(done.stdout)


def _longest(place: Path, times: int) -> float:
    """Return milliseconds of work in the longest step of the interface thread once the list stands."""
    script = STARTED + WATCHED + SETTLED_LIST + LONGEST
    return statistics.median(_said(script, place) for _ in range(times))


def _after_enter(place: Path, times: int) -> float:
    """Return seconds from Enter until the list has its rows."""
    script = STARTED + APP + AFTER_ENTER + WATCH
    return statistics.median(_said(script, place) for _ in range(times))


def _weight(script: str, place: Path) -> float:
    """Mebibytes of memory that the process holds when the script says that it is ready."""
    return _said(STARTED + APP + script + WEIGH, place) / 1024


def _saving(place: Path, times: int) -> tuple[float, float]:
    """Milliseconds to save a field, and for a durable SQLite transaction of the same bytes."""
    document = {**household(random.Random(6), 5), "record_id": str(uuid7())}
    ours, theirs = [], []
    with Store.create(place / "saved", PASSPHRASE) as store:
        record_id = store.records.add(document)
        plain = sqlite3.connect(place / "plain.db", isolation_level=None)
        plain.execute("pragma journal_mode = wal")
        plain.execute("pragma synchronous = full")
        plain.execute("create table draft (record_id text primary key, document text)")
        for turn in range(times):
            document["population"] = turn % 9 + 1
            start = time.perf_counter()
            store.records.save_draft(record_id, document, field="population")
            ours.append((time.perf_counter() - start) * 1000)
            text = json.dumps(document, ensure_ascii=False)
            start = time.perf_counter()
            plain.execute("begin")
            plain.execute("insert or replace into draft values (?, ?)", [str(record_id), text])
            plain.execute("commit")
            theirs.append((time.perf_counter() - start) * 1000)
        plain.close()
    return statistics.median(ours), statistics.median(theirs)


def _start(script: str, place: Path) -> float:
    """Seconds from the start of the process until the script says that it is ready.

    What it waited for a person is taken off.
    """
    began = time.time()
    return _said(STARTED + APP + script + WATCH, place) - began


def _starts(place: Path, times: int) -> dict[str, float]:
    """The medians of the starts, taken in turn, so that what else the machine does falls on all."""
    scripts = {"bare": BARE, "unlock": UNLOCK, "by script": OURS}
    for script in scripts.values():
        _start(script, place)  # leaves the bytecode
    rounds = [{name: _start(s, place) for name, s in scripts.items()} for _ in range(times)]
    return {name: statistics.median(each[name] for each in rounds) for name in scripts}


def _search(window: MainWindow, turns: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each keystroke in the search: until it is typed, and until the list shows it."""
    village = window.village
    painted = Painted(
        village.table.viewport(),
        village.empty_hint,
        shown=lambda: object() if village.model.rows else "nothing found",
    )
    window.session.listed.connect(painted.tell)
    typed: list[float] = []
    shown: list[float] = []
    search = village.search
    search.setFocus()
    for _ in range(turns):
        for word in SEARCHED:
            search.clear()
            QTest.qWait(300)
            for letter in word:
                start = time.perf_counter()
                search.insert(letter)
                typed.append((time.perf_counter() - start) * 1000)
                shown.append((painted.wait() - start) * 1000)
    search.clear()
    return sorted(typed), sorted(shown)


def _open(window: MainWindow, turns: int) -> list[float]:
    """Milliseconds from choosing a household until its form is painted."""
    painted = Painted(window.form)
    window.session.editor.opened.connect(painted.tell)
    until(lambda: len(window.village.model.rows) > 20)
    taken = []
    for turn in range(turns):
        record_id = window.village.model.rows[turn % 20].record_id
        QTest.qWait(30)
        start = time.perf_counter()
        window.session.editor.open_record(record_id)
        window.form.update()
        taken.append((painted.wait() - start) * 1000)
    return taken


def _p99(taken: list[float]) -> float:
    return taken[min(len(taken) - 1, len(taken) * 99 // 100)]


def figures(peer: Peer | None, *, quick: bool) -> Iterator[Figure]:
    """Start with 10,000 households, search and open among 100,000."""
    few, many = (300, 600) if quick else (10_000, 100_000)
    times = 1 if quick else 9
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "few"
        village(place, few)
        starts = _starts(place, times)
        bare = starts["bare"]
        for what, name, most in (
            ("start to the unlock screen", "unlock", None),
            ("start to the list, the passphrase entered at once by a script", "by script", None),
        ):
            ours = starts[name]
            yield Figure(
                f"{what}, {few:,} households: seconds",
                f"{ours:.2f}",
                f"bare PySide6 window: {bare:.2f}",
                ours / bare,
                at_most=most,
            )
        entered = _after_enter(place, times)
        yield Figure(
            f"Enter to a usable list of {few:,} households: seconds",
            f"{entered:.2f}",
            "",
            entered,
            at_most=1.2,
        )
        longest = _longest(place, times)
        yield Figure(
            "longest step of the interface thread once the list stands: milliseconds",
            f"{longest:.0f}",
            "",
            longest,
            at_most=50.0,
        )
        place = Path(folder) / "many"
        village(place, many)
        if sys.platform.startswith("linux"):
            alone, listed = _weight(BARE, place), _weight(SETTLED, place)
            yield Figure(
                f"memory with {many:,} households in the list, the form made: MiB",
                f"{listed:.0f}",
                f"bare PySide6 window: {alone:.0f}",
                listed / alone,
                at_most=2.5,
            )
        saved, plain = _saving(Path(folder), 10 if quick else 200)
        yield Figure(
            "saving a field: milliseconds, median",
            f"{saved:.2f}",
            f"a durable SQLite transaction of the same bytes: {plain:.2f}",
            saved / plain,
            at_most=2.0,
        )
        program, window = unlocked(place)
        typed, shown = _search(window, 1 if quick else 5)
        first, *opened = _open(window, 6 if quick else 60)
        opened.sort()
        program.close()
        window.close()
    yield Figure(
        f"a keystroke in the search of {many:,} households: milliseconds, 99th percentile",
        f"{_p99(typed):.1f}; list shown after {_p99(shown):.0f} (median {statistics.median(shown):.0f})",
        "",
        _p99(typed),
        at_most=16.0,
    )
    yield Figure(
        f"opening a household of {many:,}: milliseconds, 99th percentile",
        f"{_p99(opened):.0f} (median {statistics.median(opened):.0f}; the first {first:.0f})",
        "",
        _p99(opened),
        at_most=50.0,
    )
