"""The contents of the packages for Linux; `build/release/smoke_package.py` installs one in a clean system."""

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from build.release.package import debian_package, portable

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="packages for Linux")


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """Create a folder that stands in for a frozen program."""
    folder = tmp_path / "ruhu"
    (folder / "_internal").mkdir(parents=True)
    (folder / "ruhu").write_text("#!/bin/sh\n")
    (folder / "ruhu").chmod(0o755)
    (folder / "_internal/part").write_text("part")
    return folder


@linux
def test_the_debian_package_puts_the_program_on_the_path_and_names_its_libraries(
    frozen: Path, tmp_path: Path
) -> None:
    package = debian_package(frozen, tmp_path)
    subprocess.run(["dpkg-deb", "-x", package, tmp_path / "root"], check=True)
    assert (tmp_path / "root/usr/bin/ruhu").readlink() == Path("/opt/ruhu/ruhu")
    assert (tmp_path / "root/opt/ruhu/_internal/part").read_text() == "part"
    unit = tmp_path / "root/usr/lib/systemd/system/ruhu-county@.service"
    assert "ExecStart=/opt/ruhu/ruhu county serve" in unit.read_text("utf-8")
    assert "Exec=ruhu" in (tmp_path / "root/usr/share/applications/ruhu.desktop").read_text()
    fields = subprocess.run(
        ["dpkg-deb", "-f", package, "Package", "Depends"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert "Package: ruhu" in fields
    assert "libxcb-cursor0" in fields


@linux
def test_a_portable_program_keeps_its_data_in_its_own_folder(frozen: Path, tmp_path: Path) -> None:
    with tarfile.open(portable(frozen, tmp_path)) as archive:
        archive.extractall(tmp_path / "stick", filter="data")
    program = tmp_path / "stick/ruhu/ruhu"
    assert program.stat().st_mode & 0o111
    asked = (
        f"import sys; sys.frozen, sys.executable = True, {str(program)!r}; "
        "from ruhu.data_folder import data_folder; print(data_folder())"
    )
    environment = {"PATH": "/usr/bin", "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", asked], check=True, capture_output=True, text=True, env=environment
    )
    assert done.stdout.strip() == str(program.parent / "data")
