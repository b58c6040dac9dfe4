"""Pack the frozen program for Windows: an installer by NSIS and a portable archive, in out/packages.

Where RUHU_SIGN_CERTIFICATE names a PFX file, its password in RUHU_SIGN_PASSWORD, the programs and the
installer are signed; RUHU_SIGN_TIMESTAMP is the address of a time stamp service.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from ruhu import __version__

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = Path(__file__).resolve().parent / "ruhu.nsi"
NSIS_FOLDERS = [
    os.path.join(os.environ.get(name, ""), "NSIS")  # noqa: PTH118 - either may be missing
    for name in ("ProgramFiles(x86)", "ProgramFiles")
]
"""Where NSIS puts itself on Windows, which is not on the path."""


def four_numbers(version: str) -> str:
    """Return a version in Windows' format: four numbers."""
    numbers = [part for part in version.split(".") if part.isdecimal()]
    return ".".join([*numbers, "0", "0", "0", "0"][:4])


def removal(frozen: Path) -> str:
    """Return the NSIS commands that remove only the program's own files from a folder."""
    parts = sorted(frozen.iterdir())
    return "".join(
        f'RMDir /r "$INSTDIR\\{p.name}"\n' if p.is_dir() else f'Delete "$INSTDIR\\{p.name}"\n'
        for p in parts
    )


def compile_installer(frozen: Path, target: Path, *commands: str) -> Path:
    """Make the installer of a frozen program in the folder `target`.

    `commands` are given to the script before its own.
    """
    path = target / f"ruhu-{__version__}-windows-setup.exe"
    size = sum(p.stat().st_size for p in frozen.rglob("*") if p.is_file()) // 1024
    makensis = shutil.which(
        "makensis", path=os.pathsep.join([os.environ.get("PATH", ""), *NSIS_FOLDERS])
    )
    if makensis is None:
        sys.exit("需要 NSIS / needs NSIS (makensis)")
    with tempfile.TemporaryDirectory() as place:
        left = Path(place) / "left.nsh"
        left.write_text(removal(frozen), encoding="utf-8")
        values = {
            "FROZEN": frozen, "OUT": path, "VERSION": __version__, "LEFT": left, "SIZE": size,
            "NUMBERS": four_numbers(__version__), "ICON": ROOT / "resources/icons/ruhu.ico",
            "LICENCE": ROOT / "LICENSE",
        }  # fmt: skip
        if signing():
            values["SIGN"] = f'"{sys.executable}" -m build.release.windows.sign'
        defines = [f"-D{name}={value}" for name, value in values.items()]
        words = [makensis, "-V2", "-WX", "-INPUTCHARSET", "UTF8", *defines, *commands, str(SCRIPT)]
        subprocess.run(words, check=True, cwd=ROOT)
    return path


def portable_zip(frozen: Path, target: Path) -> Path:
    """Make the portable archive of a frozen program in the folder `target`."""
    path = target / f"ruhu-{__version__}-windows-portable.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("ruhu")
        archive.mkdir("ruhu/data")
        for entry in sorted(frozen.rglob("*")):
            archive.write(entry, Path("ruhu") / entry.relative_to(frozen))
    return path


def signing() -> bool:
    """Return whether a certificate was given."""
    return bool(os.environ.get("RUHU_SIGN_CERTIFICATE"))


def sign(files: Sequence[Path]) -> None:
    """Sign programs with Windows' signtool."""
    words = ["signtool", "sign", "/fd", "SHA256", "/f", os.environ["RUHU_SIGN_CERTIFICATE"]]
    if password := os.environ.get("RUHU_SIGN_PASSWORD"):
        words += ["/p", password]
    if service := os.environ.get("RUHU_SIGN_TIMESTAMP"):
        words += ["/tr", service, "/td", "SHA256"]
    subprocess.run([*words, *map(str, files)], check=True)


def packages(frozen: Path, target: Path) -> list[Path]:
    """Both packages of a frozen program, signed where a certificate is given."""
    if signing():
        sign(sorted(frozen.glob("*.exe")))
    return [compile_installer(frozen, target), portable_zip(frozen, target)]
