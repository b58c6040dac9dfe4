"""Check the prose of code and documents: words to avoid, and long lines of Markdown.

usage: prose.py [PATH ...]      without a path, everything that git tracks

The words are archaic or vague; CONTRIBUTING.md says what to write instead.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MAX_MARKDOWN_CHARACTERS = 120
AVOIDED = (
    "told", "anew", "nought", "whoever", "amid", "beside", "in hand", "let go", "lets go", "made ready",
    "where there is none", "that there are", "be it empty",
)  # fmt: skip
_WORDS = re.compile(r"(?<![A-Za-z])(" + "|".join(AVOIDED) + r")(?![A-Za-z])", re.IGNORECASE)
_STORED_NAMES = re.compile("told_answered|recovered_told|told_apart|told_in")
"""Keys, tables and columns of earlier releases' data."""
_FROZEN = "desktop/ruhu/county/database/migrations/versions/"
"""Migrations do not change once they were released."""
_EXEMPT = {
    "build/docs/prose.py",
    "resources/help/commands.en.md",  # generated
    "resources/help/commands.zh.md",
}
_CHECKED = {".py", ".md"}
_UNBREAKABLE = re.compile(r"^\s*(\||>?\s*(-\s*)?(!?\[[^]]*\]\()?\S+$)")
"""Rows of tables, and lines of one word such as an address."""


def tracked() -> list[Path]:
    """Return the files that git tracks."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [ROOT / name for name in listed.stdout.splitlines()]


def problems(path: Path) -> Iterator[str]:
    """Yield a line for each problem of a file."""
    name = path.relative_to(ROOT).as_posix()
    if path.suffix not in _CHECKED or name in _EXEMPT or name.startswith(_FROZEN):
        return
    in_code = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for match in _WORDS.finditer(_STORED_NAMES.sub("", line)):
            yield f"{name}:{number}: avoid “{match[1]}”"
        if path.suffix == ".md":
            in_code ^= line.lstrip().startswith("```")
            too_long = len(line) > MAX_MARKDOWN_CHARACTERS
            if too_long and not in_code and not _UNBREAKABLE.match(line):
                yield f"{name}:{number}: {len(line)} characters, at most {MAX_MARKDOWN_CHARACTERS}"


def main() -> None:
    named = [Path(name).resolve() for name in sys.argv[1:]]
    files = [
        file
        for path in named or tracked()
        for file in (sorted(path.rglob("*")) if path.is_dir() else [path])
        if file.is_file()
    ]
    found = [problem for file in files for problem in problems(file)]
    print("\n".join(found) or "prose: ok")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
