"""Freezes the program into one folder, `out/dist/ruhu`, from `installer.spec`."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    # PyInstaller's own default would work in build/ and delete what is tracked there.
    places = ["--distpath", "out/dist", "--workpath", "out/work", "--noconfirm"]
    words = [sys.executable, "-m", "PyInstaller", *places, "--log-level", "WARN", "installer.spec"]
    sys.exit(subprocess.run([*words, *sys.argv[1:]], check=False, cwd=ROOT).returncode)


if __name__ == "__main__":
    main()
