"""Pictures of every screen, from the real window over the demo village.

usage: python -m build.docs.screens [LOOK ...]     writes out/screens/*/*.png and the handbook's pictures

A LOOK is the name of a folder, such as zh-1366-100-light; without one, all are drawn.
"""

import argparse
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from build.qa.display import display
from build.release.update import make_keys, make_package, make_root, read_key
from PIL import Image, ImageDraw
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from ruhu.app.county import CountyApp
from ruhu.app.laptop import SurveyorApp
from ruhu.cli.commands.demo import VISIT_DAY, visit
from ruhu.county.case_rules import StageTransition
from ruhu.county.county import CountyStore
from ruhu.county.ledgers.housing.reports import case_sheet
from ruhu.data_folder import keys_of
from ruhu.exchange.keys.county import CountySecrets
from ruhu.i18n import BilingualText, Language
from ruhu.images import read_picture
from ruhu.policy.evaluation.finding import Outcome
from ruhu.policy.standards.files import read_standards_file
from ruhu.resources import resource
from ruhu.store.roster_import import apply_import, plan_import
from ruhu.store.store import Store
from ruhu.strict_json import Document
from ruhu.survey.attachments import Paper, Purpose, with_paper
from ruhu.survey.models.choices import HousingStage
from ruhu.survey.roster.reader import read_roster
from ruhu.sync.folder import export_bundles
from ruhu.ui.core.background_worker import Worker
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.theme import apply_theme
from ruhu.ui.county.devices.devices_page import RevokeDialog
from ruhu.ui.county.devices.grant_recovery_dialog import GrantDialog
from ruhu.ui.county.inbox.inbox_page import InboxPage
from ruhu.ui.county.ledgers.benefits_page import BenefitsPage
from ruhu.ui.county.ledgers.follow_ups_page import FollowUpsPage
from ruhu.ui.county.ledgers.housing_cases_page import HousingPage
from ruhu.ui.county.ledgers.housing_plan_page import PlanPage
from ruhu.ui.county.screens import SCREENS as COUNTY_SCREENS
from ruhu.ui.county.standards.standards_page import StandardsPage
from ruhu.ui.county.statistics.statistics_page import FiguresPage
from ruhu.ui.county.window import CountyWindow
from ruhu.ui.help.licences_dialog import LicencesDialog
from ruhu.ui.help.update_dialog import UpdateDialog
from ruhu.ui.help.update_task import InstalledProgram as Installed
from ruhu.ui.login.lost_passphrase_dialog import LostPassphraseDialog
from ruhu.ui.login.restore_dialog import RestoreDialog
from ruhu.ui.login.unlock_screen import UnlockScreen
from ruhu.ui.printing.preview_dialog import PrintPreview
from ruhu.ui.printing.table_printing import TablePages
from ruhu.ui.surveyor.screens import RECORD_DIALOGS, SCREENS
from ruhu.ui.surveyor.sync.keys_dialog import KeysDialog
from ruhu.ui.surveyor.window import MainWindow
from ruhu.updates.installed_versions import Versions
from ruhu.updates.version import CURRENT_VERSION

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "out" / "screens"
HELP = ROOT / "resources" / "help"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
PICTURES = {
    "window": "window.png", "slips": "slips.png", "form-8": "photos.png", "policy": "policy.png",
    "county-inbox": "inbox.png", "county-conflicts": "review.png", "county-case": "housing.png",
    "county-effect": "standards.png",
}  # fmt: skip
"""The handbook's and the README's pictures, by the screen each shows."""
CLASSES: list[Document] = [
    {"record_id": str(UUID(int=number)), "kind": "training_class", "type": kind, "name": name,
     "survey": {"date": VISIT_DAY.isoformat()}, "days": days, "participants": people,
     "registered_participants": registered, "total_cost": cost}
    for number, kind, name, days, people, registered, cost in (
        (1, "vocational", "2017年第一期电焊工职业技能培训班", 15, 50, 32, "60000"),
        (2, "practical_farming", "芒果种植班", 3, 30, 25, "18000"),
    )
]  # fmt: skip
"""Two training classes: one that may have simplified formalities, one that costs too much."""
PASSPHRASE = "demo passphrase"  # noqa: S105 - opens made-up data only


class Look(NamedTuple):
    """How the window looks in one set of pictures; a screen's size is less its taskbar."""

    language: Language
    percent: int
    theme: str
    width: int
    height: int

    @property
    def folder(self) -> Path:
        """Return the folder of its pictures."""
        return OUT / f"{self.language}-{self.width}-{self.percent}-{self.theme}"


LOOKS = [
    Look(language, percent, theme, width, height)
    for language in LANGUAGES
    for width, height in ((1366, 728), (1920, 1040))
    for percent in (100, 150)
    for theme in ("light", "dark")
]


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
    """Draw a made-up house as a photo."""
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
    """Create a store with the demo village and one household being visited; return that household's id."""
    _, county, _ = CountySecrets.generate("451024", "德保县")
    with Store.create(folder, PASSPHRASE, surveyor="演示员") as store:
        store.identity.set_county(county)
        apply_import(
            store, plan_import(store, read_roster((resource("demo") / "roster.xlsx").read_bytes()))
        )
        path = resource("demo") / "standards.toml"
        store.standards.add(read_standards_file(path.name, path.read_bytes()))
        household = next(s for s in store.records.summaries() if s.persons == 3)
        document = visit(store.records.document(household.record_id))
        for purpose, colour in ((Purpose.HOUSE_BEFORE, "#b08d57"), (Purpose.DANGER, "#8a5a44")):
            picture = read_picture("drawn", drawn_house(colour))
            store.attachments.save(household.record_id, picture)
            document = with_paper(document, Paper(picture.digest, purpose))
        store.records.save_draft(household.record_id, document, field="housing.floor_area_m2")
        return household.record_id


def begin(app: QApplication, folder: Path, look: Look) -> SurveyorApp:
    """Start the program in a look, at its first screen."""
    folder.mkdir(exist_ok=True)
    program = SurveyorApp(app, folder, "zh")
    program.preferences.language = look.language
    program.preferences.text_percent, program.preferences.theme = look.percent, look.theme
    program.apply_style()
    program.show_unlock()
    assert program.window is not None
    program.window.resize(look.width, look.height)
    wait(100)
    return program


def screens(app: QApplication, folder: Path, look: Look) -> Iterator[tuple[str, QWidget]]:
    """Show each screen in turn; yield its name and its widget."""
    first = begin(app, folder.parent / "first", look)
    assert first.window is not None
    yield "first-start", first.window
    first.close()
    first.window.close()
    program = begin(app, folder, look)
    assert program.window is not None
    yield "unlock", program.window
    screen = program.window.centralWidget()
    assert isinstance(screen, UnlockScreen)
    worker = Worker("screens")
    lost = LostPassphraseDialog(screen, keys_of(folder), worker)
    lost.save_request(folder.parent / "request.json")
    lost.show()
    wait_for(lambda: bool(lost.words.text()))
    wait(200)
    yield "lost-passphrase", lost
    lost.close()
    restore = RestoreDialog(screen, folder, worker)
    restore.place.line.setText(str(folder.parent))
    restore.passphrase.setText(PASSPHRASE)
    restore.restore()
    restore.show()
    wait_for(lambda: bool(restore.problem.text()))
    wait(200)
    yield "restore", restore
    restore.close()
    worker.stop()
    screen.passphrase.setText(PASSPHRASE)
    screen.try_unlock()
    wait_for(lambda: isinstance(program.window, MainWindow))
    window = program.window
    assert isinstance(window, MainWindow)
    window.resize(look.width, look.height)
    wait_for(lambda: window.answers.tree.topLevelItemCount() > 0)
    tree = window.answers.tree
    for index in range(tree.topLevelItemCount()):
        group = tree.topLevelItem(index)
        child = group.child(0) if group is not None and group.isExpanded() else None
        if child is not None:
            child.setExpanded(True)
            break
    wait(200)
    yield "window", window
    for number in range(window.form.fields.count()):
        window.form.fields.setCurrentIndex(number)
        wait(100)
        yield f"form-{number + 1}", window
    assert program.session is not None
    for name, dialog in dialogs(window, folder):
        wait(300)
        yield name, dialog
        dialog.close()
        wait_for(lambda: QApplication.activeModalWidget() is None)
    program.close()
    window.close()


def opened() -> QDialog:
    """Return the dialog that came up."""
    wait_for(lambda: isinstance(QApplication.activeModalWidget(), QDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QDialog)
    return dialog


def dialogs(window: MainWindow, folder: Path) -> Iterator[tuple[str, QDialog]]:
    """Open every dialog of the registry and those that they open; yield the name and the dialog."""
    for each in SCREENS:
        if each.open_file is not None:
            each.open_file(window.context, resource("demo") / "roster.xlsx")
        elif each.opens_dialog:
            each.open(window.context)
        else:
            continue
        yield each.name, opened()
    for name, open_dialog in RECORD_DIALOGS.items():
        open_dialog(window.record_actions)
        yield name, opened()
    for name, dialog in (
        ("keys", KeysDialog(window, window.session)),
        ("licences", LicencesDialog(window)),
        ("updates", UpdateDialog(window, [], with_package(folder))),
    ):
        dialog.open()
        yield name, dialog


def with_package(folder: Path) -> Installed:
    """Return an installed program with a new version ready to install."""
    place = Path(tempfile.mkdtemp(dir=folder))
    (place / "program").mkdir(parents=True)
    (place / "program" / "ruhu").write_text("made up")
    make_keys(place / "keys", PASSPHRASE, "自治区入户发布组")
    root = make_root(place / "keys", PASSPHRASE)
    signer = read_key(place / "keys" / "release.pem", PASSPHRASE)
    changes = "- 明白卡可以一次打印整个村\n- 县里退回的户排在最前面"
    make_package(
        place / "program",
        place / "versions" / "fetched",
        signer,
        version=CURRENT_VERSION._replace(minor=CURRENT_VERSION.minor + 1),
        changes=BilingualText(
            changes, "- Slips of a whole village print at once\n- Households sent back come first"
        ),
        roots={1: root},
    )
    return Installed(Versions(place / "versions"), root, place / "ruhu")


def county_of_two_laptops(place: Path) -> Path:
    """Create a county's database with two laptops' bundles, one conflict and one unknown device."""
    roster = read_roster((resource("demo") / "roster.xlsx").read_bytes())
    database = place / "county.db"
    county, _ = CountyStore.create(database, PASSPHRASE, county="451024", name="德保县")
    first: Store | None = None
    for name, area in (("演示员甲", "61"), ("演示员乙", "63"), ("外人", "70")):
        with Store.create(place / name, PASSPHRASE, surveyor=name) as store:
            store.identity.set_county(county.public)
            if name != "外人":
                county.devices.enrol(store.identity.device)
            if first is None:
                apply_import(store, plan_import(store, roster))
                shared = [
                    store.records.revisions(s.record_id)[0] for s in store.records.summaries()
                ]
                first = store
            documents = [r.document for r in shared if r.document is not None]
            if store is first:
                store.records.import_documents(
                    [visited(d, at) for at, d in enumerate(documents[3:60])]
                )
                store.records.import_documents(CLASSES)
            store.records.import_documents(
                [{**d, "housing": {"floor_area_m2": area}} for d in documents[:3]]
            )
            export_bundles(store, place / "stick")
    for path in sorted((place / "stick").iterdir()):
        county.exchange.import_file(path)
    at_work(county)
    county.close()
    return database


def visited(document: Document, number: int) -> Document:
    """Return a household of the demo village after a visit; each differs a little from the last."""
    household = visit(document)
    household["place"] |= {"village": f"45102410{number % 3}20{number % 4}"}
    household["registration"] = {**household.get("registration", {}), "registered_poor": True,
                                 "score": str(28 + number % 30)}  # fmt: skip
    household["housing"] |= {"danger_grade": "CD"[number % 2], "card_account": f"62170000{number:08}",
                             "renovation": ("repair", "rebuild")[number % 2]}  # fmt: skip
    household["water"] = {
        "safe": number % 3 > 0,
        "tap": number % 4 > 0,
        "quality_ok": number % 3 > 0,
    }
    for member in household.get("members") or ():
        age = VISIT_DAY.year - int(str(member.get("birth_date") or "1960")[:4])
        stage = "none" if age > 16 or number % 5 == 0 else "primary" if age < 13 else "junior_high"
        member["schooling"] = {"stage": stage, "boarding": number % 2 == 0}
    return household


def at_work(county: CountyStore) -> None:
    """Standards in force, cases on their way, a plan, and what was claimed and paid."""
    sample = read_standards_file(
        "standards.toml", (resource("demo") / "standards.toml").read_bytes()
    )
    county.standards.publish(sample)
    for number, case in enumerate(county.housing.cases()):
        if case.eligible is Outcome.ELIGIBLE:
            for at, stage in enumerate(list(HousingStage)[: number % 6]):
                on = VISIT_DAY + timedelta(days=12 * at)
                county.housing.advance(
                    case.record_id, StageTransition(stage, on, reason="老屋已倒塌，无法拍照")
                )
    county.plans.draw_up(2018, 12)
    last = county.plans.read(2018).entries[-1].candidate.record_id
    county.plans.override(2018, last, "in", "房屋随时会塌")
    county.benefits.claim(county.benefits.dues("education.boarding", 2017)[:5], VISIT_DAY)
    county.benefits.pay(county.benefits.dues("education.boarding", 2017)[:3], VISIT_DAY)
    for matter in county.follow_ups.find("education.dropout")[:1]:
        county.follow_ups.add_note(matter, "已家访，随父母在外，约定下周返校", VISIT_DAY)


def county_screens(app: QApplication, database: Path, look: Look) -> Iterator[tuple[str, QWidget]]:
    """Bring up each page of the county's workspace in turn."""
    program = CountyApp(app, database, "zh")
    preferences = program.preferences
    preferences.language, preferences.text_percent = look.language, look.percent
    preferences.theme = look.theme
    interface.use(look.language)
    apply_theme(app, look.theme, look.percent)
    program.show_unlock()
    assert program.window is not None
    screen = program.window.centralWidget()
    assert isinstance(screen, UnlockScreen)
    screen.passphrase.setText(PASSPHRASE)
    screen.try_unlock()
    wait_for(lambda: isinstance(program.window, CountyWindow))
    window = program.window
    assert isinstance(window, CountyWindow)
    window.resize(look.width, look.height)
    inbox = window.page(InboxPage)
    inbox.take([database.parent / "stick"])
    wait_for(lambda: inbox.results.rowCount() > 0 and not inbox.progress.isVisible())
    for each in COUNTY_SCREENS:
        for name in each.page_names():
            window.show_screen(name)
            wait(300)
            yield f"county-{name}", window
    asked = GrantDialog(window, window.session)
    asked.request.line.setText(str(database.parent / "request.json"))
    asked.read()
    wait_for(lambda: bool(asked.words.text()))
    for name, dialog in (
        ("recover", asked),
        ("revoke", RevokeDialog(window, "演示员甲")),
    ):
        dialog.show()
        wait(300)
        yield f"county-{name}", dialog
        dialog.close()
    yield from county_ledgers(window)
    program.close()
    window.close()


def county_ledgers(window: CountyWindow) -> Iterator[tuple[str, QWidget]]:
    """Bring up what is behind selections and buttons of the county's workspace."""
    cases = window.show_page(HousingPage)
    wait(200)
    cases.table.view.selectRow(4)
    wait(100)
    yield "county-case", window
    preview = PrintPreview(
        window, TablePages(case_sheet(row.item for row in cases.table.model.lines))
    )
    preview.open()
    wait_for(lambda: preview.shown == 0)
    wait(200)
    yield "county-print", preview
    preview.close()
    window.page(PlanPage).year.setValue(2018)
    window.show_page(PlanPage)
    wait(300)
    yield "county-plan", window
    window.show_page(BenefitsPage).year.setValue(VISIT_DAY.year)
    wait(300)
    yield "county-dues", window
    follow_ups = window.show_page(FollowUpsPage)
    wait(300)
    follow_ups.table.view.selectRow(0)
    wait(100)
    yield "county-matters", window
    figures = window.show_page(FiguresPage)
    for number in range(figures.tabs.count()):
        figures.tabs.setCurrentIndex(number)
        wait(200)
        yield f"county-figures-{number + 1}", window
    standards = window.show_page(StandardsPage)
    wait(200)
    changed = standards.form.document("451024")
    changed["housing"]["subsidy"] |= {"extreme": "30000", "special": "29000"}
    standards.form.show_document(changed)
    standards.weigh_effect()
    wait_for(lambda: not standards.progress.isVisible())
    wait(200)
    yield "county-effect", window


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "looks", nargs="*", metavar="LOOK", help=", ".join(x.folder.name for x in LOOKS)
    )
    chosen = parser.parse_args().looks
    if unknown := set(chosen) - {look.folder.name for look in LOOKS}:
        parser.error(f"no look {', '.join(sorted(unknown))}")
    with display() as environment, tempfile.TemporaryDirectory() as place:
        os.environ.update(environment)
        app = QApplication([])
        folder = Path(place) / "data"
        demo_village(folder)
        database = county_of_two_laptops(Path(place))
        wanted = [look for look in LOOKS if look.folder.name in chosen] or LOOKS
        for look in wanted:
            look.folder.mkdir(parents=True, exist_ok=True)
            shown = chain(screens(app, folder, look), county_screens(app, database, look))
            for name, screen in shown:
                screen.grab().save(str(look.folder / f"{name}.png"))
            print(look.folder, len(list(look.folder.iterdir())))
    for picture, name in PICTURES.items() if LOOKS[0] in wanted else ():
        Image.open(LOOKS[0].folder / f"{picture}.png").quantize(128).save(HELP / name)


if __name__ == "__main__":
    main()
