"""Makes the environment the program runs in, then runs a task in it.

usage: python3 build/environment.py run|test|freeze|package|bench|site [ARGUMENT ...]

Plain standard library, so that a machine needs Python and nothing else. What is in place already
is left alone: the second run asks no network.
"""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

PYTHONS = ((3, 13), (3, 12), (3, 11))
"""The versions of Python that the program runs on, the one that is sought first in front."""

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
}
"""What Qt's plugins for Linux ask of the system, and Debian's package for it."""

AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
"""Whom Debian's pip believes that a package index is what it says."""

BENCH_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""What WeasyPrint, a peer, asks of the system."""

TEST_PROGRAMS = {
    "Xvfb": "xvfb",
    "age": "age",
    "jq": "jq",
    "openssl": "openssl",
    "pdftotext": "poppler-utils",
    "zbarimg": "zbar-tools",
    "cupsd": "cups-daemon",
    "lpadmin": "cups-client",
    "initdb": "postgresql",
    "makensis": "nsis",
    "gcc": "build-essential",
    "faketime": "faketime",
    "systemd-analyze": "systemd",
}
# Debian keeps a server's programs in a folder for each version.
SERVER_FOLDERS = ":".join(map(str, Path("/usr/lib/postgresql").glob("*/bin")))
SEARCHED = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:{SERVER_FOLDERS}"
BENCH_PROGRAMS = {"Xvfb": "xvfb", "initdb": "postgresql"}
FREEZE_PROGRAMS = {"objdump": "binutils"}
MINOR = sys.version_info.minor
FREEZE_LIBRARIES = (
    {f"libpython3.{MINOR}.so.1.0": f"libpython3.{MINOR}"} if sys.base_prefix == "/usr" else {}
)
"""The shared library of Python that a frozen program includes; Debian ships it in a separate package."""
LIBRARIES = {
    "bench": BENCH_LIBRARIES,
    "freeze": FREEZE_LIBRARIES,
    "package": FREEZE_LIBRARIES,
}
PROGRAMS = {
    "test": TEST_PROGRAMS,
    "bench": BENCH_PROGRAMS,
    "freeze": FREEZE_PROGRAMS,
    "package": {**FREEZE_PROGRAMS, "dpkg-deb": "dpkg"},
}
TASKS = {
    "run": ["build/run.py"],
    "test": ["-m", "build.test"],
    "freeze": ["build/release/freeze.py"],
    "package": ["-m", "build.release.package"],
    "bench": ["-m", "build.qa.bench"],
    "site": ["-m", "build.docs.website"],
}


def missing_packages(task: str) -> list[str]:
    """Debian's packages for what the task needs and the system lacks."""
    if not sys.platform.startswith("linux"):
        return []
    packages = []
    libraries = QT_LIBRARIES | LIBRARIES.get(task, {})
    for library, package in libraries.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            packages.append(package)
    programs = PROGRAMS.get(task, {})
    packages += [
        package for name, package in programs.items() if not shutil.which(name, path=SEARCHED)
    ]
    if shutil.which("apt-get") and not AUTHORITIES.exists():
        packages.append("ca-certificates")
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        packages.append(f"python3.{MINOR}-venv")
    return packages


def install_packages(packages: list[str]) -> None:
    """Install Debian packages where that is allowed; else say the command and stop."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    words = " ".join(command)
    if not shutil.which("apt-get"):
        sys.exit(f"需要系统库 / needs system libraries (Debian: {words})")
    prefix: list[str] = []
    if os.geteuid() != 0:
        prefix = ["sudo", "-n"]
        able = (
            shutil.which("sudo")
            and not subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode
        )
        if not able:
            sys.exit(f"请先运行 / first run:\n  sudo apt-get update && sudo {words}")
    print("安装系统库 / installing system libraries:", *packages, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*prefix, "apt-get", "update", "-q"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, env=environment)


def fitting_python() -> list[str]:
    """The command of a Python that the program runs on, where this is none; empty without one."""
    for major, minor in PYTHONS:
        name = f"{major}.{minor}"
        command = ["py", f"-{name}"] if os.name == "nt" else [f"python{name}"]
        if not shutil.which(command[0]):
            continue
        if not subprocess.run([*command, "-c", ""], capture_output=True, check=False).returncode:
            return command
    return []


def wanted_stamp() -> str:
    """What an up-to-date environment is stamped with."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("requirements.lock", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def install_environment() -> None:
    """Make `.venv` from the lock file, with the program in it as an editable install."""
    if VENV.is_symlink():  # what it points to is another checkout's, and would be emptied
        sys.exit(".venv 是链接，请删除它 / .venv is a link to another one: take the link away")
    print("准备运行环境 / making the environment: .venv", flush=True)
    venv.EnvBuilder(with_pip=True, clear=True).create(VENV)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    lock = ["--no-deps", "--require-hashes", "-r", "requirements.lock"]
    subprocess.run([*pip, *lock], check=True, cwd=ROOT)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "-e", "."], check=True, cwd=ROOT)


def main() -> None:
    task, *arguments = sys.argv[1:] or ["run"]
    if task not in TASKS:
        sys.exit(str(__doc__))
    if sys.version_info[:2] not in PYTHONS:
        found = fitting_python()
        if not found:
            sys.exit("需要 Python 3.11 到 3.13 / needs Python 3.11, 3.12 or 3.13")
        again = [*found, __file__, task, *arguments]
        sys.exit(subprocess.run(again, check=False).returncode)
    packages = missing_packages(task)
    if packages:
        install_packages(packages)
    stamp = wanted_stamp()
    if not PYTHON.exists() or not STAMP.exists() or STAMP.read_text() != stamp:
        try:
            install_environment()
        except subprocess.CalledProcessError:
            sys.exit(
                "没有装成：看上面的原因，多半是网络；再运行一次即可 / not installed, see above: mostly the network; run it again"
            )
        STAMP.write_text(stamp)
    command = [str(PYTHON), *TASKS[task], *arguments]
    sys.exit(subprocess.run(command, check=False, cwd=ROOT).returncode)


if __name__ == "__main__":
    main()
