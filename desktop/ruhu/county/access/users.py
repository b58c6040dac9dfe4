"""The users of a county: each has a role, and the data key wrapped by their password."""

from ruhu.county.access.accounts import Account, account_of, accounts, delete_account, save_account
from ruhu.county.access.keyring import Keyring
from ruhu.county.access.permissions import Permission, Role
from ruhu.county.access.session import DatabaseSession
from ruhu.county.audit.trail import Transaction
from ruhu.errors import UserError
from ruhu.i18n import BilingualText

MAX_USER_NAME_CHARS = 40


class UserService:
    """Administration of the users who may sign in."""

    def __init__(self, session: DatabaseSession, keyring: Keyring, key: bytes) -> None:
        self._session, self._keyring, self._key = session, keyring, key

    def all(self) -> list[Account]:
        """Return every user, by name."""
        with self._session.reader(Permission.USERS) as connection:
            return accounts(connection, self._session.county)

    def add(self, name: str, role: Role, passphrase: str) -> Account:
        """Add a user. Raises `UserError` for an invalid or taken name, `WeakPassphrase`."""
        name = name.strip()
        if not name or len(name) > MAX_USER_NAME_CHARS or not name.isprintable():
            raise UserError(
                BilingualText(
                    "用户名应为1到{n}个字符", "a user name has 1 to {n} characters"
                ).format(n=MAX_USER_NAME_CHARS)
            )
        with self._session.transaction(Permission.USERS) as tx:
            if account_of(tx.connection, tx.county, name) is not None:
                raise UserError(
                    BilingualText("已有用户 {name}", "the user {name} exists already").format(
                        name=name
                    )
                )
            account = save_account(tx.connection, tx.county, name, role)
            tx.log("add user", {"user": name, "role": role.value})
            self._keyring.put(name, self._key, passphrase)
        return account

    def set_role(self, name: str, role: Role) -> None:
        """Change a user's role. Raises `UserError` for an unknown name or the last administrator."""
        with self._session.transaction(Permission.USERS) as tx:
            account = _account(tx, name)
            if role is not Role.ADMINISTRATOR:
                _require_other_administrator(tx, account)
            save_account(tx.connection, tx.county, name, role)
            tx.log("set role", {"user": name, "role": role.value})

    def remove(self, name: str) -> None:
        """Remove a user. Raises `UserError` for an unknown name or the last administrator."""
        with self._session.transaction(Permission.USERS) as tx:
            account = _account(tx, name)
            _require_other_administrator(tx, account)
            delete_account(tx.connection, tx.county, account)
            tx.log("remove user", {"user": name})
            self._keyring.remove(name)

    def set_passphrase(self, name: str, passphrase: str) -> None:
        """Change a user's password: every user their own, an administrator anybody's.

        Raises `UserError` for an unknown name, `WeakPassphrase`.
        """
        right = Permission.READ if name == self._session.user.name else Permission.USERS
        with self._session.transaction(right) as tx:
            _account(tx, name)
            tx.log("set password", {"user": name})
            self._keyring.put(name, self._key, passphrase)


def _account(tx: Transaction, name: str) -> Account:
    account = account_of(tx.connection, tx.county, name)
    if account is None:
        raise UserError(
            BilingualText("没有用户 {name}", "there is no user {name}").format(name=name)
        )
    return account


def _require_other_administrator(tx: Transaction, account: Account) -> None:
    everybody = accounts(tx.connection, tx.county)
    if [each for each in everybody if each.role is Role.ADMINISTRATOR] == [account]:
        raise UserError(
            BilingualText(
                "至少要有一名管理员",
                "one administrator is required; make another user administrator first",
            )
        )
