"""Who may do what at the county: one table, for the window, the service and the store alike."""

from enum import StrEnum

from ruhu.survey.text import Text, UserError


class Right(StrEnum):
    """Something that not everybody may do."""

    LOOK = "look"
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


class Role(StrEnum):
    """What a person is at the county."""

    CLERK = "clerk"
    OFFICER = "officer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> Text:
        """The role as people call it."""
        return _LABELS[self]


_LABELS = {
    Role.CLERK: Text("办事员", "clerk"),
    Role.OFFICER: Text("负责人", "officer"),
    Role.AUDITOR: Text("审计员", "auditor"),
    Role.ADMINISTRATOR: Text("管理员", "administrator"),
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.CLERK: frozenset({Right.LOOK, Right.IMPORT}),
    Role.OFFICER: frozenset(set(Right) - {Right.AUDIT, Right.USERS}),
    Role.AUDITOR: frozenset({Right.LOOK, Right.AUDIT}),
    Role.ADMINISTRATOR: frozenset(Right),
}


class NotAllowed(UserError):
    """The user's role does not allow it."""


def require(role: Role, right: Right) -> None:
    """Raises `NotAllowed` unless the role has the right."""
    if right not in RIGHTS[role]:
        raise NotAllowed(
            Text(
                "{role}没有这项权限（{right}）", "this is not for a {role} to do ({right})"
            ).format(role=role.label, right=right)
        )
