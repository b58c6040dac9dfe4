"""Choose the members that move to a new household."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ruhu.strict_json import Document
from ruhu.ui.surveyor.households.join_dialog import ROW_HEIGHT
from ruhu.ui.widgets.dialog_buttons import dialog_buttons
from ruhu.ui.widgets.touch_scrolling import enable_touch_scrolling
from ruhu.ui.widgets.wrapped_label import wrapped_label


class SplitDialog(QDialog):
    """A checkbox for each member; at least one has to move and one to stay."""

    def __init__(self, parent: QWidget, document: Document) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("分户"))
        hint = wrapped_label(
            text=self.tr(
                "勾选分出去的人。他们成为新的一户，住址相同；与户主关系要重新填。两户都留有历史。"
            )
        )
        self._boxes: dict[str, QCheckBox] = {}
        people = QWidget()
        column = QVBoxLayout(people)
        for member in document.get("members") or []:
            texts = [member.get("name"), member.get("relationship"), member.get("birth_date")]
            member_id = str(member["member_id"])
            box = QCheckBox("　".join(str(t) for t in texts if t) or member_id)
            box.setMinimumHeight(ROW_HEIGHT)
            box.toggled.connect(self._show)
            self._boxes[member_id] = box
            column.addWidget(box)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(people)
        enable_touch_scrolling(area)
        buttons, self.confirm = dialog_buttons(self, self.tr("分户"), self.tr("取消"))
        layout = QVBoxLayout(self)
        layout.addWidget(hint)
        layout.addWidget(area)
        layout.addWidget(buttons)

    def moving(self) -> list[str]:
        """Return the ids of the members that move."""
        return [member_id for member_id, box in self._boxes.items() if box.isChecked()]

    def _show(self) -> None:
        self.confirm.setEnabled(0 < len(self.moving()) < len(self._boxes))
