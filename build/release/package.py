"""Packs the frozen program, in out/packages: on Linux a Debian package and a portable archive, on Windows
an installer and a portable archive.

usage: sh build/package.sh         # Windows: build\\package.cmd

The portable archive has an empty folder `data` next to the program. While that exists, the program keeps
all data in it, so that the program and its data can be carried on one stick.
"""

import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from build.environment import QT_LIBRARIES
from build.release.windows.packages import packages

from ruhu import __version__

ROOT = Path(__file__).resolve().parents[2]
FROZEN = ROOT / "out" / "dist" / "ruhu"
PACKAGES = ROOT / "out" / "packages"
PROGRAM = Path("opt/ruhu")
PLACES = {
    "build/release/debian/ruhu.desktop": "usr/share/applications/ruhu.desktop",
    "build/release/debian/ruhu.xml": "usr/share/mime/packages/ruhu.xml",
    "resources/icons/ruhu.svg": "usr/share/icons/hicolor/scalable/apps/ruhu.svg",
    "resources/service/ruhu-county@.service": "usr/lib/systemd/system/ruhu-county@.service",
    "LICENSE": "usr/share/doc/ruhu/copyright",
}
CONTROL = """\
Package: ruhu
Version: {version}
Architecture: {architecture}
Maintainer: Ruhu <ruhu@localhost>
Section: misc
Priority: optional
Depends: libc6, {depends}
Installed-Size: {size}
Description: Offline household surveys, policy checks, slips and county bundles
 Ruhu (入户) stores household surveys in an encrypted file, checks them on the spot
 with no network, prints slips and carries records to the county.
"""


def architecture() -> str:
    """This machine's, as Debian calls it."""
    command = ["dpkg", "--print-architecture"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def lay_out(frozen: Path, root: Path) -> None:
    """Put the program and what the desktop needs where they lie on an installed system."""
    shutil.copytree(frozen, root / PROGRAM, symlinks=True)
    for source, target in PLACES.items():
        place = root / target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / source, place)
        place.chmod(0o644)
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin/ruhu").symlink_to(f"/{PROGRAM}/ruhu")


def debian_package(frozen: Path, target: Path) -> Path:
    """Make the Debian package of a frozen program in the folder `target`."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        root.chmod(0o755)
        lay_out(frozen, root)
        size = sum(p.stat().st_size for p in root.rglob("*") if p.is_file() and not p.is_symlink())
        control = CONTROL.format(
            version=__version__,
            architecture=architecture(),
            depends=", ".join(sorted(set(QT_LIBRARIES.values()))),
            size=size // 1024,
        )
        (root / "DEBIAN").mkdir()
        (root / "DEBIAN/control").write_text(control, encoding="utf-8")
        path = target / f"ruhu_{__version__}_{architecture()}.deb"
        words = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z3", "--build", place, str(path)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return path


def portable(frozen: Path, target: Path) -> Path:
    """Make the portable archive of a frozen program in the folder `target`."""
    path = target / f"ruhu-{__version__}-linux-{platform.machine()}.tar.xz"
    data = tarfile.TarInfo("ruhu/data")
    data.type, data.mode = tarfile.DIRTYPE, 0o700
    with tarfile.open(path, "w:xz", preset=1) as archive:
        archive.add(frozen, "ruhu")
        archive.addfile(data)
    return path


def main() -> None:
    """Freeze the program and pack it both ways."""
    code = subprocess.run(
        [sys.executable, "build/release/freeze.py"], check=False, cwd=ROOT
    ).returncode
    if code:
        sys.exit(code)
    PACKAGES.mkdir(parents=True, exist_ok=True)
    made = (
        packages(FROZEN, PACKAGES)
        if sys.platform == "win32"
        else [make(FROZEN, PACKAGES) for make in (debian_package, portable)]
    )
    for path in made:
        print(os.path.relpath(path, ROOT), f"{path.stat().st_size / 1024**2:.0f} MB")


if __name__ == "__main__":
    main()
