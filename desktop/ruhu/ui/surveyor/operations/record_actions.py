"""Actions on the open record: close its visit, sign, split, join, history and more."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.store.record_list import title_of
from ruhu.survey.households import head_of
from ruhu.survey.signature import SignatureMethod
from ruhu.ui.core.i18n import interface
from ruhu.ui.surveyor.operations.context import OperationContext
from ruhu.ui.surveyor.operations.household import (
    history_of,
    join_household,
    sign_and_close,
    split_household,
)
from ruhu.ui.widgets.confirmation import confirm


@dataclass(frozen=True, slots=True)
class MenuAction:
    """An entry of the record's menu."""

    label: str
    run: Callable[[], None]
    households_only: bool = False
    is_enabled: Callable[[], bool] = lambda: True


class RecordActions(QObject):
    """What can be done to the open record; dialogs are imported when they are first used."""

    def __init__(self, context: OperationContext, assessment_summary: Callable[[], str]) -> None:
        super().__init__(context)
        self._context, self._assessment_summary = context, assessment_summary
        self._session, self._editor = context.session, context.session.editor

    @property
    def menu(self) -> list[MenuAction]:
        """The entries of the menu next to the record's title."""
        return [
            MenuAction(self.tr("选行政区划…"), self.choose_division),
            MenuAction(self.tr("分户…"), self.split, households_only=True),
            MenuAction(self.tr("并户…"), self.join, households_only=True),
            MenuAction(self.tr("修改历史…"), self.show_history),
            MenuAction(
                self.tr("放弃这次入户…"),
                self.discard_visit,
                is_enabled=lambda: self._editor.is_changed,
            ),
        ]

    def close_visit(self) -> None:
        """Close the visit, unless nothing was changed since it was closed last."""
        if self._editor.is_closed:
            self._tell(self.tr("上次完成入户以后没有改动，不用再完成"))
            return
        try:
            self._editor.close_visit(lambda: self._tell(self.tr("已完成入户，记录已入库")))
        except UserError as error:
            self._context.show_error(error)

    def sign(self) -> None:
        """Let the householder sign, seal the survey and close the visit."""
        from ruhu.ui.surveyor.form.signature_dialog import SigningDialog

        if not self._is_valid():
            return
        document = self._editor.document
        head = head_of(document)
        others = [m for m in document.get("members") or [] if m is not head]
        names = [str(m.get("name") or "") for m in ([head] if head else []) + others]
        dialog = SigningDialog(
            self._context.window,
            title_of(document),
            [name for name in names if name],
            self._assessment_summary(),
        )

        def signed() -> None:
            sign_and_close(
                self._session,
                by=dialog.by.currentText().strip(),
                how=dialog.how,
                drawn=dialog.pad.png() if dialog.how is SignatureMethod.SCREEN else None,
                done=lambda: self._tell(self.tr("已签字封存并完成入户")),
            )

        dialog.accepted.connect(signed)
        self._context.open(dialog)

    def choose_division(self) -> None:
        """Choose county, township and village from the division codes."""
        from ruhu.ui.surveyor.form.division_dialog import DivisionDialog

        document = self._editor.document
        dialog = DivisionDialog(self._context.window, document.get("place") or {})

        def chosen() -> None:
            address = {**(document.get("place") or {})}
            for name in ("county", "township", "village"):
                address.pop(name, None)
                address.pop(f"{name}_name", None)
            self._editor.replace({**document, "place": {**address, **dialog.address()}})

        dialog.accepted.connect(chosen)
        self._context.open(dialog)

    def split(self) -> None:
        """Move members of the household into a new household."""
        from ruhu.ui.surveyor.households.split_dialog import SplitDialog

        if not self._is_valid():
            return
        dialog = SplitDialog(self._context.window, self._editor.document)
        dialog.accepted.connect(
            lambda: split_household(
                self._session, dialog.moving(), lambda: self._tell(self.tr("已分户，这是新的一户"))
            )
        )
        self._context.open(dialog)

    def join(self) -> None:
        """Join another household into the open one."""
        from ruhu.ui.surveyor.households.join_dialog import JoinDialog

        if not self._is_valid():
            return
        dialog = JoinDialog(
            self._context.window,
            self._session,
            title_of(self._editor.document),
            self._editor.duplicate_records,
        )

        def chosen() -> None:
            record_id = dialog.chosen()
            if record_id is not None:
                join_household(self._session, record_id, self._show_joined)

        dialog.accepted.connect(chosen)
        self._context.open(dialog)

    def _show_joined(self, differences: list[BilingualText]) -> None:
        if not differences:
            self._tell(self.tr("已并户"))
            return
        self._tell(self.tr("已并户，有 {0} 处两户不同").format(len(differences)))
        self._context.show_warning("\n".join(map(interface.translate, differences)))

    def show_history(self) -> None:
        """Show every revision of the record."""
        from ruhu.ui.surveyor.households.history_dialog import HistoryDialog

        record_id, kind = self._editor.record_id, self._editor.kind
        if record_id is not None:
            self._session.run(
                lambda store: history_of(store, record_id),
                lambda history: HistoryDialog(self._context.window, kind, *history).open(),
            )

    def discard_visit(self) -> None:
        """Discard the unsaved visit after a confirmation."""
        question = self.tr(
            "放弃这次入户？上次完成入户以后填的都不要了；新建以后还没有完成过入户的，整户去掉。不能恢复。"
        )
        confirm(
            self._context.window,
            self.tr("放弃这次入户"),
            question,
            self.tr("放弃"),
            self._editor.discard_visit,
        )

    def _is_valid(self) -> bool:
        """Return whether the record is valid; otherwise show the error."""
        try:
            self._editor.require_valid()
        except UserError as error:
            self._context.show_error(error)
            return False
        return True

    def _tell(self, text: str) -> None:
        self._context.status_message.emit(text)
