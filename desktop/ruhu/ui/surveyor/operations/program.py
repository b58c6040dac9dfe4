"""Open the policy browser, the handbook and the settings."""

from ruhu.exchange.keys.county import CountyPublic
from ruhu.ui.core.record_labels import county_label
from ruhu.ui.surveyor.operations.context import OperationContext
from ruhu.ui.surveyor.policy.policy_dialog import PolicyDialog
from ruhu.ui.surveyor.settings_dialog import SettingsDialog


def browse_policy(context: OperationContext, clause: str = "") -> None:
    """Open the policy browser, at a clause if one is given."""
    PolicyDialog(context.window, clause).open()


def show_help(context: OperationContext) -> None:
    """Open the handbook."""
    from ruhu.ui.help.help_dialog import HelpDialog

    dialog = HelpDialog(context.window)
    dialog.restart_asked.connect(context.restart_requested)
    dialog.open()


def show_settings(context: OperationContext) -> None:
    """Edit the settings; the window is built again if they are accepted."""
    session, preferences = context.session, context.preferences

    def show(county: CountyPublic | None) -> None:
        label = county_label(county) if county else ""
        dialog = SettingsDialog(context.window, preferences, session, label)

        def accepted() -> None:
            session.set_surveyor(dialog.surveyor.text().strip())
            preferences.language = dialog.language.currentData()
            preferences.text_percent = dialog.text_size.currentData()
            preferences.theme = dialog.theme.currentData()
            preferences.lock_minutes = dialog.lock_after.currentData()
            context.restyle_requested.emit()

        dialog.accepted.connect(accepted)
        context.open(dialog)

    session.run(lambda store: store.identity.county, show)
