"""Letting people in at the county: each with a role, and the data key wrapped by their password."""

from ruhu.county.access.accounts import Account, account_of, accounts, delete_account, save_account
from ruhu.county.access.keyring import Keyring
from ruhu.county.access.permissions import Role
from ruhu.county.audit.trail import Transaction
from ruhu.errors import UserError
from ruhu.i18n import BilingualText

MAX_USER_NAME_CHARS = 40


def add_user(
    act: Transaction, keyring: Keyring, key: bytes, *, name: str, role: Role, passphrase: str
) -> Account:
    """Let somebody in. Raises `UserError` for a name that is taken or none, `WeakPassphrase`."""
    wanted = name.strip()
    if not wanted or len(wanted) > MAX_USER_NAME_CHARS or not wanted.isprintable():
        raise UserError(
            BilingualText("用户名应为1到{n}个字符", "a name has 1 to {n} characters").format(
                n=MAX_USER_NAME_CHARS
            )
        )
    if account_of(act.connection, act.county, wanted) is not None:
        raise UserError(
            BilingualText("已有用户 {name}", "there is a user {name}").format(name=wanted)
        )
    account = save_account(act.connection, act.county, wanted, role)
    act.log("add user", {"user": wanted, "role": role.value})
    keyring.put(wanted, key, passphrase)
    return account


def set_role(act: Transaction, name: str, role: Role) -> None:
    """Give a user another role. Raises `UserError` for an unknown name or the last administrator."""
    account = _known(act, name)
    if role is not Role.ADMINISTRATOR:
        _refuse_last(act, account)
    save_account(act.connection, act.county, name, role)
    act.log("set role", {"user": name, "role": role.value})


def remove_user(act: Transaction, keyring: Keyring, name: str) -> None:
    """Let a user in no more. Raises `UserError` for an unknown name or the last administrator."""
    account = _known(act, name)
    _refuse_last(act, account)
    delete_account(act.connection, act.county, account)
    act.log("remove user", {"user": name})
    keyring.remove(name)


def set_passphrase(
    act: Transaction, keyring: Keyring, key: bytes, name: str, passphrase: str
) -> None:
    """Give a user another password. Raises `UserError` for an unknown name, `WeakPassphrase`."""
    _known(act, name)
    act.log("set password", {"user": name})
    keyring.put(name, key, passphrase)


def _known(act: Transaction, name: str) -> Account:
    account = account_of(act.connection, act.county, name)
    if account is None:
        raise UserError(
            BilingualText("没有用户 {name}", "there is no user {name}").format(name=name)
        )
    return account


def _refuse_last(act: Transaction, account: Account) -> None:
    held = [a for a in accounts(act.connection, act.county) if a.role is Role.ADMINISTRATOR]
    if held == [account]:
        raise UserError(
            BilingualText(
                "至少要有一名管理员", "there has to be an administrator; name another one first"
            )
        )
