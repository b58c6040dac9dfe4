"""Pictures of every screen, from the real window over the demo village.

usage: screens.py            writes out/screens/*.png and the README's picture
"""

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

from build.display import display
from PIL import Image, ImageDraw
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from ruhu.app import Program
from ruhu.assets import resource
from ruhu.bundle.history import history
from ruhu.cli.demo import visit
from ruhu.policy.finding import Assessment
from ruhu.policy.standards_file import read_standards_file
from ruhu.store.index import Search
from ruhu.store.intake import plan_intake, take_in
from ruhu.store.pictures import read_picture
from ruhu.store.standards import take_in_standards
from ruhu.store.store import Store
from ruhu.survey.papers import Paper, Purpose, with_paper
from ruhu.survey.roster.reading import read_roster
from ruhu.ui.advice_dialog import AdviceDialog
from ruhu.ui.dialogs import HelpDialog, RosterDialog, SettingsDialog
from ruhu.ui.division_dialog import DivisionDialog
from ruhu.ui.household_dialogs import HistoryDialog, SplitDialog
from ruhu.ui.indicators_dialog import IndicatorsDialog
from ruhu.ui.main_window import MainWindow
from ruhu.ui.policy_dialog import PolicyDialog
from ruhu.ui.session import Advice
from ruhu.ui.signing_dialog import SigningDialog
from ruhu.ui.slip_dialog import SlipDialog
from ruhu.ui.unlock import UnlockScreen

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out" / "screens"
PASSPHRASE = "demo passphrase"  # noqa: S105 - opens made-up data only
LOOKS = [("zh", 100, "light", 1366, 728), ("zh", 150, "light", 1366, 728),
         ("zh", 100, "dark", 1366, 728), ("en", 100, "light", 1920, 1040)]  # fmt: skip


def wait(milliseconds: int) -> None:
    """Let the window work."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_for(condition: Callable[[], bool]) -> None:
    """Let the window work until something is so."""
    for _ in range(500):
        if condition():
            return
        wait(20)
    sys.exit("a screen did not come up")


def drawn_house(colour: str) -> bytes:
    """A house nobody lives in."""
    picture = Image.new("RGB", (640, 480), "#cfe3ee")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 380, 640, 480), fill="#8fae6b")
    draw.rectangle((150, 220, 490, 400), fill=colour)
    draw.polygon([(120, 220), (320, 110), (520, 220)], fill="#6b4b3a")
    draw.rectangle((290, 300, 350, 400), fill="#3b2b22")
    stream = io.BytesIO()
    picture.save(stream, "JPEG")
    return stream.getvalue()


def demo_village(folder: Path) -> UUID:
    """A store with the demo village and one household being visited."""
    with Store.create(folder, PASSPHRASE, surveyor="演示员") as store:
        take_in(
            store, plan_intake(store, read_roster((resource("demo") / "roster.xlsx").read_bytes()))
        )
        path = resource("demo") / "standards.toml"
        take_in_standards(store, read_standards_file(path.name, path.read_bytes()))
        household = next(s for s in store.summaries() if s.persons == 3)
        document = visit(store.document(household.record_id))
        for purpose, colour in ((Purpose.HOUSE_BEFORE, "#b08d57"), (Purpose.DANGER, "#8a5a44")):
            picture = read_picture("drawn", drawn_house(colour))
            store.keep_paper(household.record_id, picture)
            document = with_paper(document, Paper(picture.digest, purpose))
        store.save_draft(household.record_id, document, field="housing.floor_area_m2")
        return household.record_id


def screens(app: QApplication, folder: Path, look: tuple[str, int, str, int, int]) -> Iterator[str]:
    """Bring up each screen in turn; yields its name while it is shown."""
    language, percent, theme, width, height = look
    program = Program(app, folder, "zh")
    program.preferences.language = "en" if language == "en" else "zh"
    program.preferences.text_percent, program.preferences.theme = percent, theme
    program._style()
    program.show_unlock()
    assert program.window is not None
    program.window.resize(width, height)
    wait(200)
    yield "unlock"
    screen = program.window.centralWidget()
    assert isinstance(screen, UnlockScreen)
    screen.passphrase.setText(PASSPHRASE)
    screen.try_unlock()
    wait_for(lambda: isinstance(program.window, MainWindow))
    window = program.window
    assert isinstance(window, MainWindow)
    window.resize(width, height)
    wait_for(lambda: window.answers.tree.topLevelItemCount() > 0)
    tree = window.answers.tree
    for index in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(index)
        child = group.child(0) if group is not None and group.isExpanded() else None
        if child is not None:
            child.setExpanded(True)
            break
    wait(200)
    yield "window"
    for number in range(window.form._tabs.count()):
        window.form._tabs.setCurrentIndex(number)
        wait(100)
        yield f"form-{number + 1}"
    roster = read_roster((resource("demo") / "roster.xlsx").read_bytes())
    assert program.session is not None
    intake = plan_intake(program.session._store, roster)
    assert program.session.record_id is not None
    told = history(program.session._store.revisions(program.session.record_id))
    found: list[Advice] = []
    program.session.advise(found.append)
    rates: list[list[Assessment]] = []
    program.session.indicators(rates.append)
    wait_for(lambda: bool(found and rates))
    for name, dialog in (
        ("advice", AdviceDialog(window, found[0])),
        ("policy", PolicyDialog(window, "housing/2/3")),
        ("indicators", IndicatorsDialog(window, rates[0])),
        ("roster", RosterDialog(window, "roster.xlsx", roster, intake)),
        ("slips", SlipDialog(window, program.session, program.preferences, Search(), 120)),
        ("signing", SigningDialog(window, "岑東", ["岑東", "蒙才才"], window.answers.told())),
        ("division", DivisionDialog(window, {"village": "451024103200"})),
        ("split", SplitDialog(window, program.session.document)),
        ("history", HistoryDialog(window, "household", told)),
        ("settings", SettingsDialog(window, program.preferences, program.session, "")),
        ("help", HelpDialog(window)),
    ):
        dialog.show()
        wait(400)
        dialog.resize(min(dialog.width(), width), min(dialog.height(), height))
        dialog.grab().save(str(OUT / f"{name}-{language}-{percent}-{theme}.png"))
        dialog.close()
    program.close()
    window.close()


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with display() as environment, tempfile.TemporaryDirectory() as place:
        os.environ.update(environment)
        app = QApplication([])
        folder = Path(place) / "data"
        demo_village(folder)
        for look in LOOKS:
            for name in screens(app, folder, look):
                windows = [w for w in app.topLevelWidgets() if w.isVisible()]
                file = OUT / f"{name}-{look[0]}-{look[1]}-{look[2]}.png"
                windows[-1].grab().save(str(file))
    shutil.copy(OUT / "window-zh-100-light.png", ROOT / "resources" / "help" / "window.png")
    print(*sorted(path.name for path in OUT.glob("*.png")), sep="\n")


if __name__ == "__main__":
    main()
