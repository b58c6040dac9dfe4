"""Registry of the screens of the surveyor's window.

To add a screen: write its dialog, write a function that opens it from an `OperationContext`, and
add an entry here. The window's rail, the layout test and the pictures of the handbook follow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ruhu.i18n import BilingualText
from ruhu.ui.surveyor.operations.advice import show_advice, show_indicators
from ruhu.ui.surveyor.operations.context import OperationContext
from ruhu.ui.surveyor.operations.export import choose_export
from ruhu.ui.surveyor.operations.program import browse_policy, show_help, show_settings
from ruhu.ui.surveyor.operations.record_actions import RecordActions
from ruhu.ui.surveyor.operations.roster import choose_roster, show_roster
from ruhu.ui.surveyor.operations.transfer import show_bundles, show_slips


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen with its button on the rail.

    `name` is that of its picture, `icon` one in `resources/icons`. `opens_dialog` is False for a
    screen without a dialog of ours. `open_file` opens the screen for a file that was chosen.
    """

    name: str
    title: BilingualText
    icon: str
    open: Callable[[OperationContext], object]
    shortcut: str = ""
    opens_dialog: bool = True
    open_file: Callable[[OperationContext, Path], object] | None = None


SCREENS = (
    Screen(
        "village",
        BilingualText("村庄", "Village"),
        "village",
        lambda context: context.list_requested.emit(),
        opens_dialog=False,
    ),
    Screen(
        "roster", BilingualText("名册", "Roster"), "roster", choose_roster, open_file=show_roster
    ),
    Screen("slips", BilingualText("明白卡", "Slip"), "slip", show_slips, shortcut="Ctrl+P"),
    Screen("advice", BilingualText("试算", "Try out"), "advice", show_advice),
    Screen("indicators", BilingualText("指标", "Targets"), "indicators", show_indicators),
    Screen("policy", BilingualText("政策", "Policy"), "policy", browse_policy),
    Screen("bundles", BilingualText("数据包", "Bundles"), "bundle", show_bundles),
    Screen("export", BilingualText("导出", "Export"), "export", choose_export, opens_dialog=False),
    Screen("settings", BilingualText("设置", "Settings"), "settings", show_settings),
    Screen("help", BilingualText("帮助", "Help"), "help", show_help),
)

RECORD_DIALOGS: dict[str, Callable[[RecordActions], None]] = {
    "signing": RecordActions.sign,
    "division": RecordActions.choose_division,
    "split": RecordActions.split,
    "join": RecordActions.join,
    "history": RecordActions.show_history,
}
"""Dialogs on the open record, by the names of their pictures; the form's header opens them."""


def screen(name: str) -> Screen:
    """Return the screen of a name."""
    return next(each for each in SCREENS if each.name == name)
