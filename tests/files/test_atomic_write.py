"""Atomic writes on failing disks and on media with hostile files."""

import errno
import os
import stat
from pathlib import Path

import pytest

from ruhu.files.atomic_write import WriteFailed, write_atomic


@pytest.mark.skipif(os.name == "nt", reason="links are for administrators there")
def test_a_link_that_somebody_laid_on_a_stick_leads_to_no_other_file(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text("the only key")
    for name in ("bundle", ".bundle.part"):
        (tmp_path / name).symlink_to(keys)
    write_atomic(tmp_path / "bundle", b"sealed")
    assert keys.read_text() == "the only key"
    assert not (tmp_path / "bundle").is_symlink()
    assert (tmp_path / "bundle").read_bytes() == b"sealed"


def test_what_a_disk_keeps_differently_does_not_take_the_place_of_what_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "receipts"
    target.write_bytes(b"before")
    flush = os.fsync

    def spoiling(handle: int) -> None:
        os.pwrite(handle, b"?", 0)
        flush(handle)

    monkeypatch.setattr(os, "fsync", spoiling)
    with pytest.raises(WriteFailed, match="read back differently"):
        write_atomic(target, b"after")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"receipts": b"before"}


def test_a_share_that_cannot_flush_a_folder_is_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = os.fsync

    def flushing_files(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        flush(handle)

    monkeypatch.setattr(os, "fsync", flushing_files)
    write_atomic(tmp_path / "bundle", b"sealed")
    assert (tmp_path / "bundle").read_bytes() == b"sealed"
