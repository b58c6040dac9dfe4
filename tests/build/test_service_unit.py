"""The unit that runs the county's service, as systemd itself reads it."""

import subprocess
from pathlib import Path

from ruhu.resources import resource

MOST_EXPOSED = 3.0
"""Of ten; what systemd itself calls OK."""


def test_systemd_accepts_every_line_and_reports_little_exposure(tmp_path: Path) -> None:
    unit = tmp_path / "ruhu-county@1.service"
    text = (resource("service") / "ruhu-county@.service").read_text("utf-8")
    unit.write_text(text.replace("/opt/ruhu/ruhu", "/usr/bin/env"), "utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], check=True, capture_output=True, text=True
    )
    assert checked.stderr == ""
    security = [
        "systemd-analyze",
        "security",
        "--offline=true",
        f"--threshold={MOST_EXPOSED * 10:g}",
    ]
    subprocess.run([*security, str(unit)], check=True, capture_output=True)
