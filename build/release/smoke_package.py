"""Installs the Debian package in a system of its own, uses it, and takes it away again.

usage: python -m build.release.smoke_package [PACKAGE.deb]      as root, on Debian; out/packages by default

The system is made by debootstrap in a temporary folder. What is looked for: the package brings its
libraries, the demo job runs, the window comes up, and after removal nothing is left but the data.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from build.release.package import PACKAGES, PROGRAM

SUITE = "bookworm"
NOT_LOOKED_AT = (
    "/var/cache", "/var/lib/apt", "/var/lib/dpkg", "/var/log", "/tmp", "/proc", "/sys",  # noqa: S108
)  # fmt: skip
"""What belongs to the package manager, or to nobody."""

WINDOW = (
    "RUHU_DATA=/root/data xvfb-run -a sh -c '/usr/bin/ruhu & sleep 8; "
    "xdotool search --name 入户 getwindowname; kill $!'"
)


def mirror() -> str:
    """Where this system itself takes Debian's packages from."""
    command = [
        "apt-get",
        "indextargets",
        "--format",
        "$(REPO_URI) $(RELEASE)",
        "Created-By: Packages",
    ]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(rf"^(\S+) {SUITE}$", output, re.MULTILINE)
    if found is None:
        sys.exit(f"no source of {SUITE} in this system's package lists")
    return found[1]


class System:
    """A Debian system in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, command: str) -> str:
        """Run a command in it; what it prints. Ends the program where it fails."""
        words = ["chroot", str(self.root), "/usr/bin/env", "-i", "HOME=/root", "LANG=C.UTF-8",
                 "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive",
                 "sh", "-c", command]  # fmt: skip
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{command}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def files(self) -> set[str]:
        """Every path of the system that a package could leave behind."""
        found = self.run("find / -xdev")
        return {line for line in found.splitlines() if not line.startswith(NOT_LOOKED_AT)}


def main() -> None:
    """Make the system, install, use, remove, and tell."""
    package = Path(sys.argv[1]) if len(sys.argv) > 1 else max(PACKAGES.glob("*.deb"))
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "root"
        words = ["debootstrap", "--variant=minbase", SUITE, str(root), mirror()]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        system = System(root)
        system.run(
            "apt-get update -q && apt-get install -y -q --no-install-recommends xvfb xauth xdotool"
        )
        shutil.copy(package, root / "tmp/ruhu.deb")
        system.run("apt-get install -y -q --no-install-recommends /tmp/ruhu.deb")
        before = system.files()
        print(system.run("ruhu demo --out /root/demo").strip().splitlines()[-1])
        print("window:", system.run(WINDOW).strip())
        system.run("apt-get remove -y -q ruhu")
        after = system.files()
        program = {path for path in before if path.startswith(f"/{PROGRAM}")}
        left = sorted((after & program) | {p for p in after - before if not p.startswith("/root/")})
        print("left behind:", left or "nothing but the data")
        if left:
            sys.exit(1)


if __name__ == "__main__":
    main()
