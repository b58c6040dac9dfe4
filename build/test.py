"""The checks of the project: lint, types, layers, translation, quick tests, worked policy cases.

usage: sh build/test.sh [--lint | --all | PYTEST ARGUMENT ...]

With --lint only what needs no tests, some seconds; with --all also the slow tests, so every check there
is; with other arguments only those tests, slow or not.
"""

import subprocess
import sys
from pathlib import Path

from build.qa.display import display

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CASES = ROOT.parent / "shared"

LINT = [
    ["ruff", "check", "desktop", "tests", "build"],
    ["ruff", "format", "--check", "desktop", "tests", "build"],
    ["mypy"],
    ["lint-imports"],
    ["python", "build/docs/translate.py", "--check"],
    ["python", "build/docs/schemas.py", "--check"],
    ["python", "-m", "build.docs.commands", "--check"],
    ["python", "build/docs/prose.py"],
]

# Two workers; one that has nothing left takes over tests of the other.
TESTS = ["pytest", "-q", "-n", "2", "--dist", "worksteal"]


def program(name: str) -> str:
    """The path of a program of the environment."""
    return str(BIN / name)


def run(words: list[str], environment: dict[str, str]) -> None:
    """Run one check; stop at the first that fails."""
    print("$", *words, flush=True)
    command = [program(words[0]), *words[1:]]
    code = subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode
    if code:
        sys.exit(code)


def main() -> None:
    arguments = sys.argv[1:]
    with display() as environment:
        if arguments and arguments not in (["--lint"], ["--all"]):
            run(["pytest", *arguments], environment)
            return
        for words in LINT:
            run(words, environment)
        if arguments == ["--lint"]:
            print("lint: ok")
            return
        run([*TESTS, "-m", "not slow"], environment)
        if arguments == ["--all"]:
            run([*TESTS, "-m", "slow"], environment)
    runner = CASES / "tools" / "run_cases.py"
    if runner.exists():
        command = f'"{program("ruhu")}" check'
        run(
            ["python", str(runner), str(CASES / "policy" / "cases"), "--command", command],
            environment,
        )


if __name__ == "__main__":
    main()
