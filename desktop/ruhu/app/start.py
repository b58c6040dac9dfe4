"""Start the app that a file belongs to."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from ruhu.app.base import run_app
from ruhu.app.county import CountyApp
from ruhu.app.laptop import SurveyorApp
from ruhu.exchange.formats.bundle import SUFFIX
from ruhu.i18n import Language
from ruhu.ui.core.preferences import Preferences


def run(folder: Path, language: Language, file: Path | None = None) -> int:
    """Open the app, with a file where it was started by one.

    Raises UserError on Linux without a display.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return run_app(lambda app: app_for(app, folder, language, file))


def app_for(
    app: QApplication, folder: Path, language: Language, file: Path | None
) -> SurveyorApp | CountyApp:
    """Return the app for a file: the county's for a bundle, if one was open on this machine before."""
    if file is None:
        return SurveyorApp(app, folder, language)
    file = file.absolute()
    known = Preferences(folder, language).county_database
    if known and file.name.casefold().endswith(SUFFIX):
        database = known if "://" in known else Path(known)
        if isinstance(database, str) or database.exists():
            return CountyApp(app, database, language, file)
    return SurveyorApp(app, folder, language, file)
