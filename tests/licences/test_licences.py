"""The parts shipped with the program: each has a known licence, and none forces the GPL on it."""

import json
import shutil
import tomllib
from pathlib import Path

import pytest
from build.release import sbom
from build.release.sbom import bill, forces_gpl, is_spdx, shipped, system_part

from ruhu.licences import listed
from ruhu.licences.component import ComponentKind
from ruhu.licences.installed import installed_components


def test_every_part_has_a_known_licence_and_its_text() -> None:
    found = installed_components()
    assert len(found) > 40
    assert [part.name for part in found if not is_spdx(part.licence)] == []
    assert [part.name for part in found if len(part.text) < 200] == []


def test_a_library_inside_a_wheel_includes_its_licence() -> None:
    (isal,) = (part for part in installed_components() if part.name == "isal")
    assert isal.licence == "PSF-2.0 AND BSD-3-Clause"
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in isal.text
    assert "Intel Corporation" in isal.text


def test_no_part_forces_the_gpl_on_the_program() -> None:
    assert [part.name for part in installed_components() if forces_gpl(part.licence)] == []


@pytest.mark.parametrize(
    ("licence", "forced"),
    [
        ("MIT", False),
        ("LGPL-3.0-only", False),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", False),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", False),
        ("GPL-2.0-or-later WITH Bootloader-exception", False),
        ("GPL-3.0-or-later", True),
        ("MIT AND GPL-2.0-only", True),
        ("AGPL-3.0-only", True),
    ],
)
def test_what_forces_the_gpl(licence: str, forced: bool) -> None:
    assert forces_gpl(licence) is forced
    assert is_spdx(licence)


def test_a_program_s_files_are_listed_by_part(tmp_path: Path) -> None:
    import httpx
    import sqlcipher3

    import ruhu

    entries = [
        ("httpx", httpx.__file__, "PYMODULE"),
        ("sqlcipher3", sqlcipher3.__file__, "PYMODULE"),
        ("ruhu", ruhu.__file__, "PYMODULE"),
        ("nothing", "", "PYMODULE"),
    ]
    names = {part.name for part in shipped(entries)}
    assert {"httpx", "sqlcipher3", "SQLCipher", "OpenSSL", "Python", "Lucide icons"} <= names
    assert "pydantic" not in names


def test_the_frozen_list_is_cyclonedx_and_reads_back_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sbom.cdx.json"
    path.write_text(bill(installed_components()), encoding="utf-8")
    bill_of_materials = json.loads(path.read_text(encoding="utf-8"))
    assert (bill_of_materials["bomFormat"], bill_of_materials["specVersion"]) == (
        "CycloneDX",
        "1.6",
    )
    assert bill_of_materials["metadata"]["component"]["name"] == "ruhu"
    assert any(
        c.get("purl", "").startswith("pkg:pypi/httpx@") for c in bill_of_materials["components"]
    )
    monkeypatch.setattr(listed, "sbom_path", lambda: path)
    assert listed.all_components() == installed_components()


@pytest.mark.skipif(not shutil.which("dpkg-query"), reason="asks Debian's packages")
def test_a_system_library_includes_its_copyright_file() -> None:
    part = system_part("zlib1g")
    assert (part.kind, part.licence) == (ComponentKind.SYSTEM, "Zlib")
    assert "Jean-loup Gailly" in part.text


def test_the_licences_stated_for_system_libraries_are_spdx() -> None:
    path = Path(sbom.__file__).with_name("system_licences.toml")
    stated = tomllib.loads(path.read_text(encoding="utf-8"))
    assert [name for name, licence in stated.items() if not is_spdx(licence)] == []
