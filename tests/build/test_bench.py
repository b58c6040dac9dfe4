"""A quick run of the benchmarks; `sh build/bench.sh` measures."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_measurements_run() -> None:
    command = [sys.executable, "-m", "build.qa.bench", "--quick", "--without-peers"]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    figures = json.loads((ROOT / "out/bench/quick/results.json").read_text(encoding="utf-8"))
    assert {"again", "never seen", "key"} <= {
        word
        for figure in figures
        for word in ("again", "never seen", "key")
        if word in figure["what"]
    }
    assert "<text" in (ROOT / "out/bench/quick/results.svg").read_text(encoding="utf-8")
