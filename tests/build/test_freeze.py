from pathlib import Path

from build.release.freeze import left_out


def test_a_resource_missing_from_the_frozen_program_is_named(tmp_path: Path) -> None:
    for name in ("resources/help/a.md", "resources/translations/en.qm", "frozen/help/a.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    missing = left_out(tmp_path / "resources", tmp_path / "frozen")
    assert [Path(name).as_posix() for name in missing] == ["translations/en.qm"]
