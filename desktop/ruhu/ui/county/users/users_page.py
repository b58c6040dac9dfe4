"""Manage the county's users and their roles."""

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ruhu.county.access.accounts import Account
from ruhu.county.access.permissions import ROLE_PERMISSIONS, Permission, Role
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.page import Page, set_rows, table_of
from ruhu.ui.county.session import CountySession
from ruhu.ui.login.unlock_screen import hint_label, secret_line
from ruhu.ui.widgets.confirmation import confirm


class UserDialog(QDialog):
    """Asks for the name, role and password of a new user, or a new password of an existing one."""

    def __init__(self, parent: QWidget, name: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("改口令") if name else self.tr("新增用户"))
        self.name, self.role = QLineEdit(name), QComboBox()
        self.name.setAccessibleName(self.tr("用户名"))
        self.role.setAccessibleName(self.tr("角色"))
        for role in Role:
            self.role.addItem(interface.translate(role.label), role)
        self.first, self.again = secret_line(self.tr("口令")), secret_line(self.tr("再输一次"))
        self._wrong = QLabel()
        self._wrong.setObjectName("wrong")
        form = QFormLayout()
        if not name:
            form.addRow(self.tr("用户名"), self.name)
            form.addRow(self.tr("角色"), self.role)
        form.addRow(self.tr("口令"), self.first)
        form.addRow(self.tr("再输一次"), self.again)
        buttons = QDialogButtonBox()
        accept = buttons.addButton(self.tr("确定"), QDialogButtonBox.ButtonRole.AcceptRole)
        accept.setObjectName("primary")
        buttons.addButton(self.tr("取消"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self._wrong)
        layout.addWidget(buttons)

    def _accept(self) -> None:
        if self.first.text() != self.again.text():
            self._wrong.setText(self.tr("两次输入不同"))
        else:
            self.accept()


class UsersPage(Page):
    """The users and their roles."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self._users: list[Account] = []
        self.table = table_of(
            self.tr("用户"), [self.tr("用户名"), self.tr("角色"), self.tr("可以做什么")]
        )
        self.role = QComboBox()
        self.role.setAccessibleName(self.tr("角色"))
        for role in Role:
            self.role.addItem(interface.translate(role.label), role)
        buttons = QHBoxLayout()
        buttons.addWidget(self._button(self.tr("新增用户…"), self.ask_user, primary=True))
        buttons.addWidget(self.role)
        buttons.addWidget(self._button(self.tr("所选改为此角色"), self.change_role))
        buttons.addWidget(self._button(self.tr("改口令…"), self.ask_passphrase))
        buttons.addWidget(self._button(self.tr("停用所选…"), self.ask_remove))
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(
            hint_label(self.tr("每人用自己的口令登录；口令错三次后要等。每件事都记在谁名下。"))
        )
        layout.addLayout(buttons)
        layout.addWidget(self.problem)
        layout.addWidget(self.table, 1)

    def refresh(self) -> None:
        self.session.run(lambda store: store.users.all(), self._show, self._failed)

    def _show(self, users: list[Account]) -> None:
        self._users = users
        rows = []
        for user in users:
            held = [right for right in Permission if right in ROLE_PERMISSIONS[user.role]]
            rights = "、".join(interface.translate(right.label) for right in held)
            if held == list(Permission):
                rights = self.tr("全部")
            rows.append((user.name, interface.translate(user.role.label), rights))
        set_rows(self.table, rows)

    def _chosen(self) -> str | None:
        row = self.table.currentRow()
        if 0 <= row < len(self._users):
            return self._users[row].name
        self.problem.setText(self.tr("请先在表里选一人"))
        return None

    def ask_user(self) -> None:
        """Ask for a new user's name, role and password, and add the user."""
        dialog = UserDialog(self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.add(dialog.name.text(), dialog.role.currentData(), dialog.first.text())

    def add(self, name: str, role: Role, passphrase: str) -> None:
        """Add a user."""
        self._run(lambda store: store.users.add(name, role, passphrase))

    def change_role(self) -> None:
        """Give the chosen user the role next to the button."""
        name, role = self._chosen(), self.role.currentData()
        if name is not None:
            self._run(lambda store: store.users.set_role(name, role))

    def ask_passphrase(self) -> None:
        """Ask for a new password of the chosen user, and set it."""
        name = self._chosen()
        if name is None:
            return
        dialog = UserDialog(self, name)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            new = dialog.first.text()
            self._run(lambda store: store.users.set_passphrase(name, new))

    def ask_remove(self) -> None:
        """Disable the chosen user after a confirmation."""
        name = self._chosen()
        if name is None:
            return
        question = self.tr("停用 {0}？以后不能再登录。").format(name)
        confirm(
            self,
            self.tr("停用用户"),
            question,
            self.tr("停用"),
            lambda: self._run(lambda store: store.users.remove(name)),
        )
