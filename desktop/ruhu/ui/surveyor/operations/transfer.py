"""Open the dialogs that print slips and exchange bundles with the county."""

from typing import TYPE_CHECKING

from ruhu.ui.core.i18n import translate
from ruhu.ui.surveyor.operations.context import OperationContext

if TYPE_CHECKING:
    from ruhu.ui.surveyor.slips.slip_dialog import SlipDialog
    from ruhu.ui.surveyor.sync.sync_dialog import SyncDialog


def show_slips(context: OperationContext) -> "SlipDialog | None":
    """Show the slip of the open record, or those of all listed households."""
    from ruhu.ui.surveyor.slips.slip_dialog import SlipDialog

    session = context.session
    session.editor.save(field="")
    if not session.result_count:
        context.status_message.emit(translate("Slips", "请先在左侧选一户"))
        return None
    dialog = SlipDialog(
        context.window, session, context.preferences, session.search, session.result_count
    )
    dialog.printed.connect(context.status_message)
    context.open(dialog)
    return dialog


def show_bundles(context: OperationContext) -> "SyncDialog":
    """Show what goes to the county and what came back."""
    from ruhu.ui.surveyor.sync.sync_dialog import SyncDialog

    context.session.editor.save(field="")
    dialog = SyncDialog(context.window, context.session)
    dialog.status_message.connect(context.status_message)
    dialog.status_message.connect(lambda _: context.pending_changed.emit(0))
    context.open(dialog)
    return dialog
