"""Permissions of the county's users by role, for window, server and commands alike."""

from enum import StrEnum

from ruhu.errors import UserError
from ruhu.i18n import BilingualText


class Permission(StrEnum):
    """Something that only some roles may do."""

    READ = "look"
    """Read records, ledgers, figures and lists; verify slips."""
    IMPORT = "import"
    """Import bundles and run the server."""
    DEVICES = "devices"
    """Enrol and revoke laptops."""
    REVIEW = "review"
    """Resolve conflicts, merge households, send records back."""
    STANDARDS = "standards"
    """Edit, sign and publish the county's standards."""
    PLAN = "plan"
    """Maintain the ledgers and the yearly plans."""
    PAY = "pay"
    """Record payments."""
    EXPORT = "export"
    """Export registers, ledgers and lists to files."""
    AUDIT = "audit"
    """Read and verify the audit trail."""
    USERS = "users"
    """Manage users, their roles, and the county's settings."""

    @property
    def label(self) -> BilingualText:
        """The permission in words."""
        return _PERMISSION_TEXTS[self]


class Role(StrEnum):
    """The role of a user at the county."""

    CLERK = "clerk"
    OFFICER = "officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> BilingualText:
        """The role in words."""
        return _LABELS[self]


_LABELS = {
    Role.CLERK: BilingualText("办事员", "clerk"),
    Role.OFFICER: BilingualText("负责人", "officer"),
    Role.AUDITOR: BilingualText("审计员", "auditor"),
    Role.ADMINISTRATOR: BilingualText("管理员", "administrator"),
}

_PERMISSION_TEXTS = {
    Permission.READ: BilingualText("查看", "look"),
    Permission.IMPORT: BilingualText("接收数据包", "take bundles in"),
    Permission.DEVICES: BilingualText("登记设备", "enrol devices"),
    Permission.REVIEW: BilingualText("核对与退回", "settle and send back"),
    Permission.STANDARDS: BilingualText("发布标准", "publish standards"),
    Permission.PLAN: BilingualText("管理台账与计划", "keep ledgers and plans"),
    Permission.PAY: BilingualText("登记兑现", "mark as paid"),
    Permission.EXPORT: BilingualText("导出", "export"),
    Permission.AUDIT: BilingualText("查审计记录", "read the audit trail"),
    Permission.USERS: BilingualText("管理用户与设置", "keep users and settings"),
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CLERK: frozenset({Permission.READ, Permission.IMPORT}),
    Role.OFFICER: frozenset(set(Permission) - {Permission.AUDIT, Permission.USERS}),
    Role.AUDITOR: frozenset({Permission.READ, Permission.AUDIT}),
    Role.ADMINISTRATOR: frozenset(Permission),
}


class PermissionDenied(UserError):
    """The user's role lacks the permission."""


class SignedOut(PermissionDenied):
    """The user was removed after signing in."""


def require(role: Role, permission: Permission) -> None:
    """Raise `PermissionDenied` unless the role has the permission."""
    if permission not in ROLE_PERMISSIONS[role]:
        raise PermissionDenied(
            BilingualText(
                "{role}没有这项权限：{right}", "the role “{role}” lacks the permission “{right}”"
            ).format(role=role.label, right=permission.label)
        )
