"""Checks of the program for Windows that run on Linux; `.github/workflows` installs and uses it on Windows."""

import ast
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from build.release.windows.packages import compile_installer, four_numbers, portable_zip
from build.release.windows.version_resource import version_file
from PIL import Image

from ruhu import __version__
from ruhu.resources import resource

ROOT = Path(__file__).resolve().parents[2]
POSIX_ONLY = {
    "_curses", "_posixsubprocess", "crypt", "curses", "fcntl", "grp", "nis", "ossaudiodev", "posix",
    "pty", "pwd", "readline", "resource", "spwd", "syslog", "termios", "tty",
}  # fmt: skip
POSIX_CALLS = {
    "os": {"chown", "fchmod", "fchown", "fork", "getegid", "geteuid", "getgid", "getuid", "killpg",
           "mkfifo", "nice", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "pipe2", "posix_fadvise",
           "posix_spawn", "sched_getaffinity", "setsid", "sync", "sysconf", "uname", "wait", "statvfs"},
    "signal": {"SIGALRM", "SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "alarm", "pause", "setitimer"},
    "socket": {"AF_UNIX", "SO_REUSEPORT"},
}  # fmt: skip
ON_WINDOWS = [
    *(ROOT / "desktop").rglob("*.py"),
    *(ROOT / "build/release/windows").glob("*.py"),
    *(
        ROOT / f"build/{name}.py"
        for name in (
            "docs/commands",
            "environment",
            "qa/display",
            "release/freeze",
            "release/package",
            "run",
            "test",
        )
    ),
]
RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def asks(node: ast.AST) -> bool:
    """Return whether a block runs only after a check of the system, or handles its failure."""
    if isinstance(node, ast.If):
        test = ast.unparse(node.test)
        return any(word in test for word in ("platform", "os.name", "hasattr", "apt-get"))
    return isinstance(node, ast.Try)


def unguarded(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the code that runs on every system. A function that checks the system and returns is trusted."""
    if isinstance(node, ast.FunctionDef) and any(map(asks, node.body)):
        return
    yield node
    for child in ast.iter_child_nodes(node):
        if not asks(child):
            yield from unguarded(child)


def lacking(node: ast.AST) -> set[str]:
    """Return the Python names of a node that Windows lacks."""
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names} & POSIX_ONLY
    if isinstance(node, ast.ImportFrom) and node.module:
        return {node.module.split(".")[0]} & POSIX_ONLY
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return {node.attr} & POSIX_CALLS.get(node.value.id, set())
    return set()


def test_code_for_every_system_uses_nothing_missing_on_windows() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)} {', '.join(lacking(node))}"
        for path in ON_WINDOWS
        for node in unguarded(ast.parse(path.read_text(encoding="utf-8")))
        if lacking(node)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    ["import fcntl", "def f():\n    from resource import getrlimit", "import os\nos.geteuid()"],
)
def test_names_missing_on_windows_are_detected(source: str) -> None:
    assert any(map(lacking, unguarded(ast.parse(source))))


def test_every_file_name_is_valid_on_windows() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], check=True, capture_output=True, cwd=ROOT
    ).stdout
    names = [name for name in listed.decode().split("\0") if name]
    assert len(names) > 100
    for name in names:
        for part in name.split("/"):
            assert not re.search(r'[<>:"|?*\\\x00-\x1f]|[. ]$', part), name
            assert not RESERVED.fullmatch(part), name
        assert len(name) < 150, name
    assert len({name.casefold() for name in names}) == len(names)


def test_every_shell_script_has_a_windows_counterpart() -> None:
    names = {path.stem for path in (ROOT / "build").glob("*.sh")}
    assert names == {path.stem for path in (ROOT / "build").glob("*.cmd")}
    for path in (ROOT / "build").glob("*.cmd"):
        assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n"), path


def test_the_version_resource_states_the_version() -> None:
    text = version_file("ruhu.exe", __version__)
    ast.parse(text)
    assert f"StringStruct('ProductVersion', '{__version__}')" in text
    assert [four_numbers(v) for v in ("1.2.3", "0.1.0rc1", "2")] == [
        "1.2.3.0",
        "0.1.0.0",
        "2.0.0.0",
    ]


def test_the_icon_has_every_size_that_windows_needs() -> None:
    with Image.open(resource("icons/ruhu.ico")) as icon:
        assert {16, 32, 48, 256} <= {width for width, _ in icon.info["sizes"]}


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """Create a folder that stands in for a frozen program."""
    folder = tmp_path / "ruhu"
    (folder / "_internal").mkdir(parents=True)
    for name in ("ruhu.exe", "ruhuw.exe", "_internal/部分"):
        (folder / name).write_bytes(b"MZ")
    return folder


@pytest.mark.skipif(
    sys.platform == "win32" and not shutil.which("makensis"), reason="NSIS not there"
)
def test_the_installer_compiles_without_a_warning(frozen: Path, tmp_path: Path) -> None:
    installer = compile_installer(frozen, tmp_path)
    assert installer.read_bytes()[:2] == b"MZ"
    assert __version__ in installer.name


def test_the_portable_archive_has_a_folder_for_data(frozen: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(portable_zip(frozen, tmp_path)) as archive:
        assert archive.testzip() is None
        assert {"ruhu/data/", "ruhu/ruhuw.exe", "ruhu/_internal/部分"} <= set(archive.namelist())
