"""Who may do what at the county: one table, for the window, the service and the store alike."""

from enum import StrEnum

from ruhu.errors import UserError
from ruhu.i18n import BilingualText


class Permission(StrEnum):
    """Something that not everybody may do."""

    READ = "look"
    """Read records, ledgers, figures and lists; verify slips."""
    IMPORT = "import"
    """Take bundles in and run the service."""
    DEVICES = "devices"
    """Enrol and revoke laptops."""
    REVIEW = "review"
    """Settle conflicts, join households, send records back."""
    STANDARDS = "standards"
    """Edit, sign and publish the county's standards."""
    PLAN = "plan"
    """Keep the ledgers and the year's plans."""
    PAY = "pay"
    """Mark as paid."""
    EXPORT = "export"
    """Write registers, ledgers and lists to files."""
    AUDIT = "audit"
    """Read and verify the audit trail."""
    USERS = "users"
    """Let people in, change what they may do, the county's settings."""

    @property
    def label(self) -> BilingualText:
        """The right as people call it."""
        return _PERMISSION_TEXTS[self]


class Role(StrEnum):
    """What a person is at the county."""

    CLERK = "clerk"
    OFFICER = "officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> BilingualText:
        """The role as people call it."""
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
    """The user's role does not allow it."""


class SignedOut(PermissionDenied):
    """The user was removed after signing in."""


def require(role: Role, permission: Permission) -> None:
    """Raises `PermissionDenied` unless the role has the right."""
    if permission not in ROLE_PERMISSIONS[role]:
        raise PermissionDenied(
            BilingualText("{role}没有这项权限：{right}", "not for a {role} to do: {right}").format(
                role=role.label, right=permission.label
            )
        )
