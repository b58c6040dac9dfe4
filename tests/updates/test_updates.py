"""Update packages from the maker to the start of the new version, and every way in which that may fail."""

import io
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from build.release.update import make_keys, make_root, read_key, require_named, root_keys
from filelock import FileLock
from tests.conftest import QUICK
from tests.updates.releases import OPENS, SECRET, Releases

from ruhu.errors import UserError
from ruhu.files.migration_backup import copy_before, restore_backup
from ruhu.store.store import Store
from ruhu.updates.installed_versions import Versions, VersionState, program_name
from ruhu.updates.installer import DataTooNew, NoPreviousVersion, install, roll_back
from ruhu.updates.package import UpdateRefused, read_package
from ruhu.updates.version import Version, this_platform

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the small programs are scripts"
)
PASSPHRASE = "correct horse battery"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    return Releases(tmp_path_factory.mktemp("releases"))


class Installed:
    """A portable program in its own folder, with its data next to it."""

    def __init__(self, folder: Path, releases: Releases) -> None:
        self.folder, self.root = folder / "ruhu", releases.root
        releases.program("0.1.0", "").rename(self.folder)
        (self.folder / "data").mkdir()
        self.versions = Versions(self.folder / "versions")

    def start(self, *words: str, at: Path | None = None) -> str:
        """What the version that counts prints."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("RUHU_")}
        done = subprocess.run(
            [self.folder / program_name(), *words],
            check=True, capture_output=True, text=True, env=environment, cwd=at,
        )  # fmt: skip
        return done.stdout

    def install(self, package: Path) -> None:
        install(self.versions, package, self.root)

    def files(self) -> dict[str, bytes]:
        """Every file there is, but for the lock."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and path.name != ".lock"
        }


@pytest.fixture
def installed(tmp_path: Path, releases: Releases) -> Installed:
    return Installed(tmp_path, releases)


def test_a_new_version_is_tried_and_then_counts_for_every_command(
    installed: Installed, releases: Releases
) -> None:
    installed.install(releases.package("0.2.0"))
    assert installed.start("check", "x.json") == "0.1.0 check x.json\n"
    assert installed.start() == "0.2.0\n"
    assert installed.start("check", "x.json") == "0.2.0 check x.json\n"
    installed.install(releases.package("0.3.0"))
    assert installed.start("app") == "0.3.0 app\n"
    assert installed.versions.read().previous.startswith("0.2.0")


@pytest.mark.slow
@pytest.mark.parametrize("does", ["sys.exit(3)", "os.kill(os.getpid(), 9)", "import nothing_such"])
def test_a_version_that_does_not_start_gives_way_to_the_one_before(
    installed: Installed, releases: Releases, does: str
) -> None:
    installed.install(releases.package("0.2.0", f"print(launcher.last_rollback())\n{OPENS}"))
    installed.start()
    installed.install(releases.package("0.3.0", does))
    assert installed.start().splitlines()[-2:] == ["0.2.0", "0.3.0"]
    assert installed.start().splitlines() == ["0.2.0", "None"]


AGAIN = """
from ruhu.updates import installed_versions
with open("log.txt", "a") as log:
    print("{version}", *sys.argv[1:], installed_versions.installed_version(), file=log, flush=True)
if "again" not in sys.argv:
    launcher.restart_installed(["app", "again"])
"""


def test_a_window_starts_the_new_version_in_its_own_place(
    installed: Installed, releases: Releases, tmp_path: Path
) -> None:
    installed.install(releases.package("0.2.0", OPENS + AGAIN.format(version="0.2.0")))
    log = tmp_path / "log.txt"
    installed.start(at=tmp_path)
    deadline = time.monotonic() + 20
    while log.read_text().count("\n") < 2:
        assert time.monotonic() < deadline, log.read_text()
        threading.Event().wait(0.02)
    assert log.read_text().splitlines() == ["0.2.0 0.1.0", "0.2.0 app again 0.1.0"]


def test_a_version_that_never_opens_the_data_gives_way_at_the_fourth_start(
    installed: Installed, releases: Releases
) -> None:
    installed.install(releases.package("0.2.0", ""))
    started = [installed.start().split()[-1] for _ in range(4)]
    assert started == ["0.2.0", "0.2.0", "0.2.0", "0.1.0"]


def test_a_program_that_cannot_be_run_at_all_gives_way(
    installed: Installed, releases: Releases
) -> None:
    frozen = releases.program("0.2.0")
    (frozen / program_name()).write_bytes(b"\x7fELF but for another machine")
    installed.install(releases.package("0.2.0", frozen=frozen))
    assert installed.start() == "0.1.0\n"


def test_a_newer_installed_program_wins_over_the_other_versions(
    installed: Installed, releases: Releases
) -> None:
    installed.install(releases.package("0.2.0"))
    installed.start()
    newer = releases.program("0.5.0", "")
    (newer / program_name()).replace(installed.folder / program_name())
    assert installed.start() == "0.5.0\n"


def test_rolling_back_goes_to_the_version_before_and_then_to_the_installed_one(
    installed: Installed, releases: Releases
) -> None:
    for version in ("0.2.0", "0.3.0"):
        installed.install(releases.package(version))
        installed.start()
    assert str(roll_back(installed.versions, []).version) == "0.2.0"
    assert installed.start("check") == "0.2.0 check\n"
    assert str(roll_back(installed.versions, []).version) == "0.1.0"
    assert installed.start() == "0.1.0\n"
    with pytest.raises(NoPreviousVersion):
        roll_back(installed.versions, [])


# Data

MIGRATE = """
from ruhu.store import migrations as steps, opening, store
@steps.migrations()
def m900_a_later_step(db):
    db.execute("alter table setting add column later text")
    db.execute("delete from setting where name = 'surveyor'")
steps.VERSION = opening.VERSION = steps.VERSION + 1
from ruhu.data_folder import data_folder
opened = store.Store.open(data_folder(), "correct horse battery")
"""


def surveyor(installed: Installed) -> str:
    with Store.open(installed.folder / "data", PASSPHRASE) as store:
        return store.identity.surveyor


def test_data_that_a_failing_version_has_changed_is_put_back(
    installed: Installed, releases: Releases
) -> None:
    Store.create(installed.folder / "data", PASSPHRASE, surveyor="韦测试", cost=QUICK).close()
    installed.install(releases.package("0.2.0", MIGRATE + "os._exit(1)"))
    assert installed.start().splitlines()[-1] == "0.1.0"
    assert surveyor(installed) == "韦测试"


def test_going_back_from_a_version_that_changed_the_data_asks_first_and_keeps_what_it_made(
    installed: Installed, releases: Releases
) -> None:
    data = installed.folder / "data"
    Store.create(data, PASSPHRASE, surveyor="韦测试", cost=QUICK).close()
    installed.install(releases.package("0.2.0", f"{MIGRATE}opened.close()\n{OPENS}"))
    installed.start()
    copy = copy_before(data / "store.db", "0.2.0")
    assert copy is not None
    assert "韦测试".encode() not in copy.read_bytes()
    with pytest.raises(DataTooNew):
        roll_back(installed.versions, [data / "store.db"])
    went = roll_back(installed.versions, [data / "store.db"], data_too=True)
    assert went.kept[0].is_file()
    assert installed.start() == "0.1.0\n"
    assert surveyor(installed) == "韦测试"


def test_data_that_cannot_be_put_back_does_not_keep_people_from_the_version_before(
    installed: Installed, releases: Releases
) -> None:
    data = installed.folder / "data"
    Store.create(data, PASSPHRASE, surveyor="韦测试", cost=QUICK).close()
    # A second file of the database could be made neither by a link nor by a copy.
    spoilt = "opened.close(); os.mkdir(data_folder() / 'store.db-wal')\nos._exit(1)"
    installed.install(releases.package("0.2.0", MIGRATE + spoilt))
    assert installed.start().splitlines()[-1] == "0.1.0"
    assert installed.start().splitlines() == ["0.1.0"]
    (data / "store.db-wal").rmdir()
    assert installed.start().splitlines() == ["0.1.0"]
    assert surveyor(installed) == "韦测试"


def test_a_version_that_can_no_longer_be_run_gives_way_to_the_one_before(
    installed: Installed, releases: Releases
) -> None:
    for version in ("0.2.0", "0.3.0"):
        installed.install(releases.package(version))
        installed.start()
    broken = installed.versions.folder / installed.versions.read().current / program_name()
    broken.write_bytes(b"\x7fELF torn by the disk")
    assert installed.start() == "0.2.0\n"


@pytest.mark.parametrize(
    "content",
    ["", "[]", "7", '{"current": ""}', '{"format": "ruhu.versions/9"}',
     '{"format": "ruhu.versions/1", "current": "../0.2.0-00000000"}',
     '{"format": "ruhu.versions/1", "fell_back": 5}', '{"format": "ruhu.versions/1", "tries": "3"}'],
)  # fmt: skip
def test_a_file_of_versions_that_makes_no_sense_is_the_installed_program(
    tmp_path: Path, content: str
) -> None:
    (tmp_path / "versions.json").write_text(content)
    assert Versions(tmp_path).read() == VersionState()


CUT_SHORT = """
import os, pathlib, signal, sys
import ruhu
ruhu.__version__ = "9.0.0"
from ruhu.store import migrations as steps, opening, store
@steps.migrations()
def m900_a_later_step(db):
    db.execute("delete from setting where name = 'surveyor'")
@steps.migrations()
def m901_a_step_that_is_cut_short(db):
    os.kill(os.getpid(), signal.SIGKILL)
steps.VERSION = opening.VERSION = steps.VERSION + 2
store.Store.open(pathlib.Path(sys.argv[1]), "correct horse battery")
"""


def test_the_copy_from_before_is_whole_however_often_the_change_was_cut_short(
    tmp_path: Path,
) -> None:
    Store.create(tmp_path, PASSPHRASE, surveyor="韦测试", cost=QUICK).close()
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", CUT_SHORT, str(tmp_path)], check=False)
        assert done.returncode == -signal.SIGKILL
    restore_backup(tmp_path / "store.db", "9.0.0")
    with Store.open(tmp_path, PASSPHRASE) as store:
        assert store.identity.surveyor == "韦测试"


def test_a_copy_is_distinguished_from_those_of_other_databases(tmp_path: Path) -> None:
    for name in ("county.db", "county.2017.db", "[1].db", "1.db"):
        (tmp_path / name).touch()
    for name in ("county.2017.v3.before-9.0.0.db", "1.v3.before-9.0.0.db"):
        (tmp_path / name).touch()
    assert copy_before(tmp_path / "county.db", "9.0.0") is None
    assert copy_before(tmp_path / "[1].db", "9.0.0") is None
    mine = tmp_path / "[1].v12.before-9.0.0.db"
    for place in (mine, tmp_path / "[1].v9.before-9.0.0.db"):
        place.touch()
    assert copy_before(tmp_path / "[1].db", "9.0.0") == mine


PUTTING_BACK = """
import os, pathlib, signal, sys
from ruhu.files.migration_backup import restore_backup
left, armed = int(sys.argv[2]), False
def count(event, _):
    global left
    if armed and event in {"open", "os.link", "os.rename", "os.remove"}:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
database = pathlib.Path(sys.argv[1])
armed = True
restore_backup(database, "9.0.0")
"""


@pytest.mark.parametrize("at", [2, 3, 5])
def test_kill_9_while_data_is_put_back_leaves_a_database_and_a_second_try_ends_it(
    tmp_path: Path, at: int
) -> None:
    database = tmp_path / "store.db"
    with Store.create(tmp_path, PASSPHRASE, surveyor="先前", cost=QUICK) as store:
        store.database.conn.execute("vacuum")
    (tmp_path / "store.v7.before-9.0.0.db").write_bytes(database.read_bytes())
    with Store.open(tmp_path, PASSPHRASE) as store:
        store.identity.surveyor = "后来"
    words = [sys.executable, "-c", PUTTING_BACK, str(database), str(at)]
    code = subprocess.run(words, check=False).returncode
    assert code in (0, -signal.SIGKILL)
    with Store.open(tmp_path, PASSPHRASE) as store:
        assert store.identity.surveyor in ("先前", "后来")
    restore_backup(database, "9.0.0")
    with Store.open(tmp_path, PASSPHRASE) as store:
        assert store.identity.surveyor == "先前"
    aside = sorted(tmp_path.glob("store.of-9.0.0-*.db"))[-1]
    aside.replace(database)
    with Store.open(tmp_path, PASSPHRASE) as store:
        assert store.identity.surveyor == "后来"


# What is refused


def altered(package: Path) -> None:
    data = bytearray(package.read_bytes())
    data[len(data) // 2] ^= 1
    package.write_bytes(data)


def cut(package: Path) -> None:
    package.write_bytes(package.read_bytes()[:-1000])


def rewritten(package: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(package) as old:
        members = {each: old.read(each) for each in old.namelist()}
    assert members[name] != change(members[name])
    with zipfile.ZipFile(package, "w") as new:
        for each, data in members.items():
            new.writestr(each, change(data) if each == name else data)


def other_version_named(package: Path) -> None:
    rewritten(package, "targets.json", lambda data: data.replace(b"0.2.0", b"9.2.0"))


def swapped(package: Path) -> None:
    rewritten(package, "program.tar.xz", lambda _: b"another program")


def squeezed(package: Path) -> None:
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in ("targets.json", "program.tar.xz"):
            bomb.writestr(name, bytes(50_000_000))


def something_else(package: Path) -> None:
    package.write_bytes(b"PK\x03\x04 not at all")


@pytest.mark.parametrize(
    "harm", [altered, cut, other_version_named, swapped, squeezed, something_else]
)
def test_a_harmed_package_is_refused_and_nothing_changes(
    installed: Installed, releases: Releases, harm: Callable[[Path], None]
) -> None:
    package = releases.package("0.2.0")
    harm(package)
    before = installed.files()
    with pytest.raises(UpdateRefused, match="nothing was changed"):
        installed.install(package)
    assert installed.files() == before
    assert installed.start() == "0.1.0\n"


def test_another_s_keys_an_old_version_and_another_platform_are_refused(
    installed: Installed, releases: Releases, tmp_path: Path
) -> None:
    make_keys(tmp_path / "strangers", SECRET, "别人")
    strangers = releases.package("0.2.0", keys=tmp_path / "strangers")
    with pytest.raises(UpdateRefused, match="not signed by a key"):
        installed.install(strangers)
    with pytest.raises(
        UpdateRefused, match=r"the package is 0\.1\.0, not newer than the installed 0\.1\.0"
    ):
        installed.install(releases.package("0.1.0"))
    with pytest.raises(UpdateRefused, match="is for windows-amd64, this machine is"):
        installed.install(releases.package("0.2.0", platform="windows-amd64"))
    with pytest.raises(UpdateRefused, match="without update keys"):
        install(installed.versions, releases.package("0.2.0"), None)
    installed.install(releases.package("0.3.0"))
    with pytest.raises(UpdateRefused, match=r"not newer than the installed 0\.3\.0"):
        installed.install(releases.package("0.2.9"))


def member(
    name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = ""
) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size, info.mode = kind, link, len(data), 0o755
    return info


OUTSIDE = [
    [("../outside", b"x", tarfile.REGTYPE, "")],
    [("/tmp/outside", b"x", tarfile.REGTYPE, "")],  # noqa: S108
    [("C:\\outside", b"x", tarfile.REGTYPE, "")],
    [("up", b"", tarfile.SYMTYPE, "../.."), ("up/outside", b"x", tarfile.REGTYPE, "")],
    [("here", b"", tarfile.SYMTYPE, "."), ("here/x", b"x", tarfile.REGTYPE, "")],
    [("a", b"", tarfile.SYMTYPE, "."), ("b", b"", tarfile.SYMTYPE, "a/../../x")],
    [("passwords", b"", tarfile.SYMTYPE, "/etc/passwd")],
    [("hard", b"", tarfile.LNKTYPE, "/etc/passwd")],
    [("pipe", b"", tarfile.FIFOTYPE, "")],
    [("twice", b"x", tarfile.REGTYPE, ""), ("twice", b"y", tarfile.REGTYPE, "")],
    [("large", bytes(30_000_000), tarfile.REGTYPE, "")],
    [("no-program", b"x", tarfile.REGTYPE, "")],
]


@pytest.mark.parametrize("members", OUTSIDE, ids=lambda members: members[0][0].strip("./"))
def test_contents_that_lead_outside_are_refused_even_where_the_key_is_right(
    installed: Installed,
    releases: Releases,
    tmp_path: Path,
    members: list[tuple[str, bytes, bytes, str]],
) -> None:
    archive = tmp_path / "archive"
    with tarfile.open(archive, "w:xz") as tar:
        for name, data, kind, link in members:
            tar.addfile(member(name, data, kind, link), io.BytesIO(data))
    package = releases.package("0.2.0", archive=archive, unpacked=10_000_000)
    before = {p for p in tmp_path.rglob("*") if "versions" not in p.parts}
    with pytest.raises(UpdateRefused, match="contents are invalid"):
        installed.install(package)
    assert {p for p in tmp_path.rglob("*") if "versions" not in p.parts} == before
    assert [p.name for p in installed.versions.folder.iterdir()] == [".lock"]
    assert installed.start() == "0.1.0\n"


# Keys


def test_new_keys_count_once_the_old_root_keys_have_handed_over(
    installed: Installed, releases: Releases, tmp_path: Path
) -> None:
    (tmp_path / "after").mkdir()
    after = Releases(tmp_path / "after")
    package = after.package("0.2.0")
    with pytest.raises(UpdateRefused):
        installed.install(package)
    former = root_keys(releases.keys, SECRET)
    after.roots = {1: releases.root, 2: make_root(after.keys, SECRET, (1, former[:1]))}
    with pytest.raises(UpdateRefused, match="not signed by a key"):
        installed.install(after.package("0.2.0"))
    after.roots = {1: releases.root, 2: make_root(after.keys, SECRET, (1, former[:2]))}
    installed.install(after.package("0.2.0"))
    assert installed.start() == "0.2.0\n"


def test_no_package_is_made_that_no_laptop_would_take(releases: Releases, tmp_path: Path) -> None:
    make_keys(tmp_path / "after", SECRET, "后来的发布人")
    own = read_key(releases.keys / "release.pem", SECRET)
    after = read_key(tmp_path / "after/release.pem", SECRET)
    handed_over = make_root(tmp_path / "after", SECRET, (1, root_keys(releases.keys, SECRET)))
    require_named(own, releases.roots)
    require_named(after, {**releases.roots, 2: handed_over})
    for signer, roots in [(own, {}), (after, releases.roots), (own, {2: handed_over})]:
        with pytest.raises(SystemExit):
            require_named(signer, roots)


def test_a_package_says_what_it_is_and_who_signed_it(releases: Releases) -> None:
    package = read_package(releases.package("0.2.0"), releases.root)
    assert (package.version, package.platform) == (Version(0, 2, 0), this_platform())
    assert package.signers == ("发布人",)
    assert package.changes.zh == "新"
    package.copy_program(None)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is full")
def test_a_full_disk_is_not_called_a_package_that_cannot_be_read(releases: Releases) -> None:
    package = read_package(releases.package("0.2.0"), releases.root)
    with pytest.raises(OSError, match="No space left"):
        package.copy_program(Path("/dev/full"))


# Kill -9

KILLED = """
import os, pathlib, signal, sys
from ruhu.updates.installer import install
from ruhu.updates.installed_versions import Versions
left, armed = int(sys.argv[4]), False
def count(event, _):
    global left
    if armed and event in {"open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.symlink", "os.chmod"}:
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(count)
versions, package, root = (pathlib.Path(word) for word in sys.argv[1:4])
armed = True
install(Versions(versions), package, root.read_bytes())
"""


@pytest.mark.slow
def test_kill_9_at_any_act_of_applying_leaves_a_version_that_starts(
    installed: Installed, releases: Releases, tmp_path: Path
) -> None:
    (tmp_path / "root.json").write_bytes(releases.root)
    found: list[tuple[int, str]] = []
    at = 1
    package = releases.package("0.2.0")
    while not found or found[-1][0] != 0:
        words = [str(installed.versions.folder), str(package), str(tmp_path / "root.json"), str(at)]
        code = subprocess.run([sys.executable, "-c", KILLED, *words], check=False).returncode
        version = installed.start().split()[-1]
        assert code in (0, -signal.SIGKILL)
        assert version in ("0.1.0", "0.2.0")
        found.append((code, version))
        at += 3
        if version == "0.2.0" and code:
            break  # killed behind the last act
    assert len(found) > 5
    assert found[-1][1] == "0.2.0"


def test_while_one_is_at_it_nobody_else_applies(installed: Installed, releases: Releases) -> None:
    installed.versions.folder.mkdir()
    with (
        FileLock(installed.versions.folder / ".lock"),
        pytest.raises(UserError, match="another update"),
    ):
        installed.install(releases.package("0.2.0"))
