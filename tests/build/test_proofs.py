"""A quick run of the proofs of the three promises; `python -m build.qa` runs them in full."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("faketime"), reason="needs libfaketime and a C compiler")
@pytest.mark.parametrize("name", ["durability", "explanations", "confidentiality"])
def test_a_proof_holds(name: str) -> None:
    command = [sys.executable, "-m", "build.qa", name, "--quick"]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((ROOT / f"out/proofs/{name}.json").read_text(encoding="utf-8"))
    assert report["figures"]
    assert report["failures"] == []
