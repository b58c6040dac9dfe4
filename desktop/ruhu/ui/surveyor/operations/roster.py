"""Choose, preview and import a roster."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.store.roster_import import RosterImport, apply_import, plan_import
from ruhu.store.store import Store
from ruhu.survey.roster.reader import Roster, read_roster
from ruhu.survey.roster.workbook import NoRoster
from ruhu.ui.core.i18n import interface, translate
from ruhu.ui.surveyor.operations.context import OperationContext
from ruhu.ui.surveyor.session import Session


def preview_roster(
    session: Session,
    path: Path,
    done: Callable[[Roster, RosterImport], None],
    failed: Callable[[UserError], None],
) -> None:
    """Read a roster and compute its changes, without storing them."""

    def job(store: Store) -> tuple[Roster, RosterImport]:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UserError(
                BilingualText(
                    f"{path.name} 打不开（{error.strerror}）", f"{path.name} cannot be opened"
                )
            ) from None
        try:
            roster = read_roster(data)
        except NoRoster as error:
            raise UserError(
                BilingualText("{file}：{why}", "{file}: {why}").format(
                    file=path.name, why=error.text
                )
            ) from None
        return roster, plan_import(store, roster)

    session.run(job, lambda result: done(*result), failed)


def import_roster(session: Session, plan: RosterImport, done: Callable[[], None]) -> None:
    """Import a previewed roster."""

    def stored(_: object) -> None:
        session.list_records()
        done()

    session.run(lambda store: apply_import(store, plan), stored)


def choose_roster(context: OperationContext) -> None:
    """Choose a roster file and show its preview."""
    name, _ = QFileDialog.getOpenFileName(
        context.window,
        translate("Roster", "选择名册"),
        "",
        translate("Roster", "Excel 名册 (*.xlsx *.xlsm *.xls)"),
    )
    if name:
        show_roster(context, Path(name))


def show_roster(context: OperationContext, path: Path) -> None:
    """Show what a roster would change; it is imported when the preview is accepted."""
    from ruhu.ui.surveyor.households.roster_dialog import RosterDialog

    tell = context.status_message.emit
    tell(translate("Roster", "正在读取 {0} …").format(path.name))

    def show(roster: Roster, plan: RosterImport) -> None:
        imported = translate("Roster", "已导入名册：{0}").format(interface.translate(plan.text))
        dialog = RosterDialog(context.window, path.name, roster, plan)
        dialog.accepted.connect(
            lambda: import_roster(context.session, plan, lambda: tell(imported))
        )
        dialog.rejected.connect(lambda: tell(translate("Roster", "没有导入名册")))
        context.open(dialog)

    def failed(error: UserError) -> None:
        tell(translate("Roster", "没有导入名册"))
        context.show_error(error)

    preview_roster(context.session, path, show, failed)
