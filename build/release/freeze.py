"""Freeze the program into one folder, `out/dist/ruhu`, from `installer.spec`.

Exit with an error if a file of `resources` is missing from it: the program would silently run without it,
for example without the English texts.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def left_out(resources: Path, frozen: Path) -> list[str]:
    """Return the files of a folder that its frozen copy lacks."""
    files = (path.relative_to(resources) for path in resources.rglob("*") if path.is_file())
    return sorted(str(path) for path in files if not (frozen / path).exists())


def main() -> None:
    # PyInstaller's own default would work in build/ and delete what is tracked there.
    places = ["--distpath", "out/dist", "--workpath", "out/work", "--noconfirm"]
    words = [sys.executable, "-m", "PyInstaller", *places, "--log-level", "WARN", "installer.spec"]
    done = subprocess.run([*words, *sys.argv[1:]], check=False, cwd=ROOT)
    if done.returncode == 0:
        missing = left_out(ROOT / "resources", ROOT / "out/dist/ruhu/_internal/ruhu/resources")
        if missing:
            sys.exit(f"not in the frozen program: {', '.join(missing)}")
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
