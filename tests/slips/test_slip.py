import os
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.conftest import PASSPHRASE

from ruhu.cli.commands.slip import print_to_file
from ruhu.errors import UserError
from ruhu.policy.standards.files import read_standards_file
from ruhu.policy.standards.parser import parse_standards
from ruhu.resources import resource
from ruhu.slips.issuing import IssuedSlip, issue_slip
from ruhu.slips.token import IssuingDevice, TokenRefused, read_token
from ruhu.store.store import Store


@pytest.fixture
def issued(store: Store, household: dict[str, Any]) -> IssuedSlip:
    path = resource("demo") / "standards.toml"
    standards = parse_standards(read_standards_file(path.name, path.read_bytes()))
    return issue_slip(store, store.records.add(household), standards=standards)


def page_text(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True)
    return done.stdout.decode()


def test_the_page_says_what_the_household_needs(
    issued: IssuedSlip, tmp_path: Path, qapp: object
) -> None:
    assert print_to_file(issued, tmp_path / "slip.pdf").pages >= 1
    text = page_text(tmp_path / "slip.pdf")
    for words in (
        "韦岜明", "蒙才花", "危房改造补助", "28,000元", "原则上", "二（三）", "60㎡",
        "桂政办发〔2017〕43号", "户主签字", "手印", issued.number, "还需核实", "示例",
    ):  # fmt: skip
        assert words in text, words
    assert "451099198606190789" not in text
    assert "****************89" in text


def test_the_font_travels_with_the_page(issued: IssuedSlip, tmp_path: Path, qapp: object) -> None:
    print_to_file(issued, tmp_path / "slip.pdf")
    fonts = subprocess.run(
        ["pdffonts", str(tmp_path / "slip.pdf")], check=True, capture_output=True, text=True
    ).stdout
    assert "Ruhu" in fonts


def test_another_reader_reads_the_printed_code(
    issued: IssuedSlip, store: Store, tmp_path: Path, qapp: object
) -> None:
    print_to_file(issued, tmp_path / "slip.pdf")
    words = ["pdftoppm", "-r", "150", "-png", "-f", "1", "-l", "1"]
    subprocess.run([*words, str(tmp_path / "slip.pdf"), str(tmp_path / "page")], check=True)
    page = next(tmp_path.glob("page*.png"))
    read = subprocess.run(
        ["zbarimg", "-q", "--raw", str(page)], check=True, capture_output=True, text=True
    ).stdout.strip()
    token = read_token(read, lambda _: IssuingDevice(store.identity.device.key))
    assert token.number == issued.number
    assert token.content["o"]["housing.subsidy"] == ["eligible", "", "28000"]


def test_an_altered_or_unknown_token_is_refused(issued: IssuedSlip, store: Store) -> None:
    head, body, signature = issued.token.split(".")
    for text in (
        f"{head}.{body[:-2]}xx.{signature}",
        f"{head}.{body}.{signature[:-4]}AAAA",
        "RUHU1.a.b",
        "https://example.org",
        "",
    ):
        with pytest.raises(TokenRefused):
            read_token(text, lambda _: IssuingDevice(store.identity.device.key))
    with pytest.raises(TokenRefused) as caught:
        read_token(issued.token, lambda _: None)
    assert "没有登记" in caught.value.text.zh


def test_the_same_slip_again_is_a_reprint_a_changed_one_is_new(
    store: Store, household: dict[str, Any]
) -> None:
    record_id = store.records.add(household)
    first, second = issue_slip(store, record_id), issue_slip(store, record_id)
    assert (first.number, second.reprint) == (second.number, True)
    store.records.save_draft(record_id, {**household, "population": 4}, field="population")
    third = issue_slip(store, record_id)
    assert third.number != first.number
    assert not third.reprint
    assert [s.number for s in store.slips.issued(record_id)] == [first.number, third.number]


def test_a_long_family_flows_to_a_second_page(
    store: Store, household: dict[str, Any], tmp_path: Path, qapp: object
) -> None:
    household["members"] += [{"member_id": f"x{n}", "name": f"韦村民{n}"} for n in range(40)]
    issued = issue_slip(store, store.records.add(household))
    assert print_to_file(issued, tmp_path / "slip.pdf").pages >= 2
    assert "韦村民39" in page_text(tmp_path / "slip.pdf")


def test_no_slip_without_a_record(store: Store) -> None:
    with pytest.raises(UserError):
        issue_slip(store, UUID("fb5db162-d1ed-5596-adab-abdae880b3b4"))


def fonts_with(character: str) -> str:
    """The installed fonts that have a character."""
    words = ["fc-list", f":charset={ord(character):x}"]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def one_of_every_block() -> str:
    """A character of every 16 places of Unicode that has one which can stand in a record."""
    found = []
    for start in range(0x20, 0x110000, 16):
        block = [chr(point) for point in range(start, start + 16)]
        found += [c for c in block if unicodedata.category(c) not in ("Cc", "Cs", "Cn")][:1]
    return "".join(found)


@pytest.mark.slow
def test_a_character_of_any_script_is_printed_or_named_and_left_blank(
    store: Store, household: dict[str, Any], tmp_path: Path
) -> None:
    """In a process of its own, which such characters used to end."""
    characters = one_of_every_block()
    strange = [c for c in "\u0900\u0980\u0c80\u1000\u1780" if not fonts_with(c)]
    assert set(strange) <= set(characters)
    household["members"] += [
        {"member_id": f"x{n}", "name": f"韦{characters[n : n + 120]}"}
        for n in range(0, len(characters), 120)
    ]
    record_id = store.records.add(household)
    store.close()
    pdf, make = tmp_path / "slip.pdf", [sys.executable, "-m", "ruhu", "slip", "make"]
    done = subprocess.run(
        [*make, str(record_id), "--data", str(store.folder), "--pdf", str(pdf)],
        env={**os.environ, "RUHU_PASSPHRASE": PASSPHRASE, "RUHU_LANG": "zh"},
        check=True,
        capture_output=True,
        text=True,
    )
    warning = done.stdout.partition("没有字形：")[2]
    assert all(f"U+{ord(character):04X}" in warning for character in strange)
    assert "U+97E6" not in warning
    text = page_text(pdf)
    assert "韦" in text
    assert not set(strange) & set(text)
