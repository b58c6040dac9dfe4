"""Small programs that stand for frozen ones, and packages of them signed with keys of the tests' own."""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from build.release.update import (
    describe,
    make_keys,
    make_root,
    pack_program,
    read_key,
    write_package,
)

from ruhu.i18n import BilingualText
from ruhu.updates.installed_versions import program_name
from ruhu.updates.version import Version, this_platform

SECRET = "a passphrase of the tests"
PROGRAM = """#!{python}
import os, pathlib, sys
import ruhu
ruhu.__version__ = "{version}"
from ruhu.updates import launcher
sys.frozen, sys.executable = True, __file__
code = launcher.launch_current(sys.argv[1:])
if code is not None:
    sys.exit(code)
print("{version}", *sys.argv[1:], flush=True)
{does}
"""
OPENS = "launcher.confirm_version()"
"""What a sound version does: it opens the data."""


@dataclass
class Releases:
    """Makes programs and packages below a folder."""

    folder: Path
    keys: Path = field(init=False)
    roots: dict[int, bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.keys = self.folder / "keys"
        make_keys(self.keys, SECRET, "发布人")
        self.roots = {1: make_root(self.keys, SECRET)}

    @property
    def root(self) -> bytes:
        """What the installed program trusts."""
        return self.roots[1]

    def program(self, version: str, does: str = OPENS) -> Path:
        """A folder with a program that says its version and then does something."""
        folder = self.folder / f"program-{version}-{len(list(self.folder.iterdir()))}"
        (folder / "_internal/parts").mkdir(parents=True)
        (folder / "_internal/parts/library").write_bytes(os.urandom(100_000))
        (folder / "_internal/library").symlink_to("parts/library")
        text = PROGRAM.format(python=sys.executable, version=version, does=does)
        place = folder / program_name()
        place.write_text(text, encoding="utf-8")
        place.chmod(0o755)
        return folder

    def package(
        self,
        version: str = "0.2.0",
        does: str = OPENS,
        *,
        platform: str = "",
        keys: Path | None = None,
        frozen: Path | None = None,
        archive: Path | None = None,
        unpacked: int = 0,
    ) -> Path:
        """A signed package of such a program, or of an archive as it is given."""
        if archive is None:
            archive = self.folder / "archive"
            unpacked = pack_program(frozen or self.program(version, does), archive, 0)
        targets = describe(
            archive,
            unpacked,
            Version.parse(version),
            platform or this_platform(),
            BilingualText("新", "new"),
        )
        signer = read_key((keys or self.keys) / "release.pem", SECRET)
        place = self.folder / f"{len(list(self.folder.iterdir()))}.ruhu-update"
        return write_package(place, archive, targets, [signer], self.roots)
