"""Who may do what: each signs in with a password of their own, and the store refuses the rest."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text, update
from tests.conftest import PASSPHRASE

from ruhu.cli.main import main
from ruhu.county.access.permissions import (
    ROLE_PERMISSIONS,
    Permission,
    PermissionDenied,
    Role,
    SignedOut,
)
from ruhu.county.audit.trail import AuditChainBroken
from ruhu.county.county import CountyStore
from ruhu.county.database import tables
from ruhu.errors import UserError
from ruhu.exchange.keys.device import DeviceKey, DevicePublic
from ruhu.exchange.keys.key_wrap import TooManyTries, WeakPassphrase, WrongPassphrase

ACTS: dict[Permission, Callable[[CountyStore], object]] = {
    Permission.READ: lambda store: store.records.search(),
    Permission.IMPORT: lambda store: store.exchange.import_file(Path(__file__)),
    Permission.DEVICES: lambda store: store.devices.enrol(_device()),
    Permission.REVIEW: lambda store: store.review.settle(uuid4(), {}),
    Permission.STANDARDS: lambda store: store.standards.sign({}),
    Permission.AUDIT: lambda store: store.audit.verify(),
    Permission.USERS: lambda store: store.users.all(),
}


def _device() -> DevicePublic:
    key = DeviceKey.generate()
    return DevicePublic(device_id=key.device_id, key=key.public)


@pytest.mark.parametrize("role", list(Role))
def test_the_store_refuses_what_a_role_may_not_do(
    county: CountyStore, place: Path | str, role: Role
) -> None:
    county.users.add("韦某", role, "a password of mine")
    with CountyStore.open(place, "a password of mine", user="韦某") as store:
        assert store.user.role is role
        for right, act in ACTS.items():
            try:
                act(store)
            except PermissionDenied:
                assert not store.has_permission(right)
            except (UserError, IndexError):
                assert store.has_permission(right)
            else:
                assert store.has_permission(right)


def test_each_right_is_somebodys_and_nobody_but_the_administrator_has_all() -> None:
    assert set().union(*ROLE_PERMISSIONS.values()) == set(Permission)
    assert [role for role in Role if ROLE_PERMISSIONS[role] == set(Permission)] == [
        Role.ADMINISTRATOR
    ]


def test_everybody_has_a_password_of_their_own(county: CountyStore, place: Path | str) -> None:
    county.users.add("韦某", Role.CLERK, "a password of mine")
    with pytest.raises(UserError, match="several users"):
        CountyStore.open(place, PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        CountyStore.open(place, PASSPHRASE, user="韦某")
    with pytest.raises(WrongPassphrase):
        CountyStore.open(place, PASSPHRASE, user="nobody")
    with CountyStore.open(place, "a password of mine", user="韦某") as store:
        store.users.set_passphrase("韦某", "another password")
        with pytest.raises(PermissionDenied):
            store.users.set_passphrase("admin", "another password")
    with pytest.raises(WrongPassphrase):
        CountyStore.open(place, "a password of mine", user="韦某")
    CountyStore.open(place, "another password", user="韦某").close()


def test_one_persons_wrong_passwords_lock_nobody_else_out(
    county: CountyStore, place: Path | str
) -> None:
    county.users.add("韦某", Role.CLERK, "a password of mine")
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            CountyStore.open(place, "a wrong password", user="韦某")
    with pytest.raises(TooManyTries):
        CountyStore.open(place, "a password of mine", user="韦某")
    CountyStore.open(place, PASSPHRASE, user="admin").close()


def test_who_is_removed_is_out_at_once_wherever_they_work(
    county: CountyStore, place: Path | str
) -> None:
    county.users.add("韦某", Role.OFFICER, "a password of mine")
    with CountyStore.open(place, "a password of mine", user="韦某") as store:
        store.devices.enrol(_device())
        county.users.set_role("韦某", Role.AUDITOR)
        with pytest.raises(PermissionDenied):
            store.devices.enrol(_device())
        county.users.remove("韦某")
        with pytest.raises(SignedOut):
            store.records.search()
    with pytest.raises(WrongPassphrase):
        CountyStore.open(place, "a password of mine", user="韦某")


def test_a_county_always_has_an_administrator(county: CountyStore) -> None:
    with pytest.raises(UserError):
        county.users.remove("admin")
    with pytest.raises(UserError):
        county.users.set_role("admin", Role.CLERK)
    county.users.add("韦某", Role.ADMINISTRATOR, "a password of mine")
    county.users.set_role("admin", Role.CLERK)
    with pytest.raises(PermissionDenied):
        county.users.all()


@pytest.mark.parametrize("name", ["", " ", "admin", "a" * 41, "a\nb"])
def test_a_name_is_one_of_its_own(county: CountyStore, name: str) -> None:
    with pytest.raises(UserError):
        county.users.add(name, Role.CLERK, "a password of mine")
    with pytest.raises(WeakPassphrase):
        county.users.add("韦某", Role.CLERK, "short")
    assert [user.name for user in county.users.all()] == ["admin"]


def test_a_role_written_into_the_database_gives_nothing(
    county: CountyStore, place: Path | str
) -> None:
    """Who reaches the tables but is no administrator cannot pass off another's profile as theirs."""
    clerk = county.users.add("韦某", Role.CLERK, "a password of mine")
    with county.transaction(Permission.USERS) as tx:
        profile = tx.connection.execute(
            text("select profile from account where user_id = :u"), {"u": county.user.user_id}
        ).scalar_one()
        tx.connection.execute(
            text("update account set profile = :p where user_id = :u"),
            {"p": profile, "u": clerk.user_id},
        )
    with pytest.raises(ValueError, match="moved"):
        CountyStore.open(place, "a password of mine", user="韦某")


def test_every_act_is_in_the_trail_with_who_did_it(county: CountyStore, place: Path | str) -> None:
    county.users.add("韦某", Role.OFFICER, "a password of mine")
    device = _device()
    with CountyStore.open(place, "a password of mine", user="韦某") as store:
        store.devices.enrol(device)
        store.devices.revoke(device.device_id)
    result = [(entry.who, entry.act) for entry in county.audit.entries()]
    assert result == [
        ("admin", "create county"),
        ("admin", "add user"),
        ("韦某", "sign in"),
        ("韦某", "enrol"),
        ("韦某", "revoke"),
    ]
    assert county.audit.verify()[0] == 5


@pytest.mark.parametrize("change", ["alter", "remove", "put in"])
def test_a_trail_that_was_tampered_with_does_not_hold(county: CountyStore, change: str) -> None:
    for _ in range(4):
        county.devices.enrol(_device())
    table = tables.audit
    with county.transaction(Permission.USERS) as tx:
        if change == "alter":
            tx.connection.execute(update(table).where(table.c.sequence == 3).values(who="somebody"))
        elif change == "remove":
            tx.connection.execute(text("delete from audit where sequence = 3"))
        else:
            tx.connection.execute(text("update audit set sequence = 9 where sequence = 5"))
            tx.connection.execute(
                text("update audit set sequence = sequence + 1 where sequence = 4")
            )
    with pytest.raises(AuditChainBroken) as caught:
        county.audit.verify()
    assert caught.value.sequence in (3, 4)


def test_the_recovery_key_lets_an_administrator_in_again(place: Path | str) -> None:
    made, identity = CountyStore.create(place, PASSPHRASE, county="451024", name="德保县")
    made.close()
    with CountyStore.recover(place, identity, user="韦某", passphrase="a new password") as store:
        assert (store.user.name, store.has_permission(Permission.USERS)) == ("韦某", True)
        assert [user.name for user in store.users.all()] == ["admin", "韦某"]
    CountyStore.open(place, "a new password", user="韦某").close()
    other = identity[:-1] + ("P" if identity.endswith("Q") else "Q")
    with pytest.raises(WrongPassphrase):
        CountyStore.recover(place, other, user="x", passphrase="a new password")


def test_users_and_trail_by_command(
    county: CountyStore,
    place: Path | str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RUHU_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("RUHU_USER", "admin")
    monkeypatch.setenv("RUHU_NEW_PASSPHRASE", "a password of mine")
    db = ["--db", str(place)]
    assert main(["county", "user", "add", "韦某", "--role", "auditor", *db]) == 0
    assert capsys.readouterr().out.splitlines() == ["admin\t管理员", "韦某\t审计员"]
    assert main(["county", "audit", "verify", *db]) == 0
    assert "审计记录完整" in capsys.readouterr().out
    monkeypatch.setenv("RUHU_PASSPHRASE", "a password of mine")
    assert main(["county", "audit", "list", *db, "--user", "韦某"]) == 0
    assert "add user" in capsys.readouterr().out
    assert main(["county", "user", "list", *db, "--user", "韦某"]) == 2
    assert "没有这项权限" in capsys.readouterr().err
    assert main(["county", "user", "remove", "韦某", *db, "--user", "韦某"]) == 2
