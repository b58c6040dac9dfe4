"""A new passphrase typed at the terminal."""

import getpass
import io
import sys
from pathlib import Path

import pytest

from ruhu.cli.main import main
from ruhu.county.county import CountyStore


class Terminal(io.StringIO):
    """A terminal that somebody sits at."""

    def isatty(self) -> bool:
        return True


def init(folder: Path) -> int:
    return main(
        ["county", "init", "--db", str(folder / "county.db"), "--county", "451024",
         "--name", "德保县", "--public", str(folder / "county.json"),
         "--recovery", str(folder / "recovery.key")]
    )  # fmt: skip


def test_a_countys_first_passphrase_is_typed_twice_and_its_words_are_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(("correct horse battery", "correct horse batery", *["correct horse battery"] * 2))
    monkeypatch.delenv("RUHU_PASSPHRASE", raising=False)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))
    assert init(tmp_path) == 2
    assert list(tmp_path.iterdir()) == []
    assert init(tmp_path) == 0
    with CountyStore.open(tmp_path / "county.db", "correct horse battery") as county:
        assert county.public.words.zh in capsys.readouterr().out
