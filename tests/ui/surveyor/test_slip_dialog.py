"""The slip's dialog: previewed, printed, saved; for one household or all that are listed."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtPrintSupport import QPrintDialog, QPrinterInfo, QPrintPreviewWidget
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.slips.test_slip import fonts_with
from tests.ui.user import RECORD, open_household, settle, type_into

from ruhu.slips.issuing import IssuedSlip, preview_slip
from ruhu.ui.core.theme import apply_theme
from ruhu.ui.printing.slip_printing import SlipPages
from ruhu.ui.surveyor.slips.slip_batch import WrittenSlips
from ruhu.ui.surveyor.slips.slip_dialog import SlipDialog
from ruhu.ui.surveyor.window import MainWindow


def text_of(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True)
    return done.stdout.decode()


def size_of(pdf: Path) -> tuple[float, float]:
    """Width and height of the first page in millimetres."""
    done = subprocess.run(["pdfinfo", str(pdf)], check=True, capture_output=True, text=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("Page size"))
    points = [float(word) for word in line.split() if word.replace(".", "").isdigit()]
    return points[0] / 72 * 25.4, points[1] / 72 * 25.4


def slips(window: MainWindow, qtbot: QtBot) -> SlipDialog:
    window.open_screen("slips")
    dialog = window.findChild(SlipDialog)
    assert isinstance(dialog, SlipDialog)
    qtbot.waitUntil(lambda: dialog.is_ready, timeout=10_000)
    return dialog


def choose(dialog: SlipDialog, box: str, value: object) -> None:
    combo = getattr(dialog, box)
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())


def test_the_preview_numbers_nothing_and_printing_does(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    open_household(window, qtbot)
    dialog = slips(window, qtbot)
    preview = dialog.findChild(QPrintPreviewWidget)
    assert isinstance(preview, QPrintPreviewWidget)
    qtbot.waitUntil(lambda: preview.pageCount() >= 1, timeout=10_000)
    assert window.session.store.slips.issued(RECORD) == []
    dialog.save_to(tmp_path / "slip.pdf")
    qtbot.waitUntil((tmp_path / "slip.pdf").exists, timeout=10_000)
    issued = window.session.store.slips.issued(RECORD)
    assert [slip.printed for slip in issued] == [1]
    assert issued[0].number in text_of(tmp_path / "slip.pdf")
    assert issued[0].revision == str(window.session.store.records.revisions(RECORD)[-1].revision_id)
    dialog.save_to(tmp_path / "again.pdf")
    qtbot.waitUntil((tmp_path / "again.pdf").exists, timeout=10_000)
    assert "补打" in text_of(tmp_path / "again.pdf")
    qtbot.waitUntil(lambda: "打过 2 次" in dialog.earlier.text(), timeout=10_000)
    qtbot.waitUntil(lambda: dialog.is_ready, timeout=10_000)
    assert "again.pdf" in dialog.message.text()


@pytest.mark.parametrize(("paper", "width"), [("A4", 210), ("A5", 148), ("roll", 80)])
def test_each_paper_has_its_size_and_says_the_same(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, paper: str, width: float
) -> None:
    open_household(window, qtbot)
    dialog = slips(window, qtbot)
    choose(dialog, "paper", paper)
    dialog.save_to(tmp_path / "slip.pdf")
    qtbot.waitUntil((tmp_path / "slip.pdf").exists, timeout=10_000)
    assert abs(size_of(tmp_path / "slip.pdf")[0] - width) < 1
    text = text_of(tmp_path / "slip.pdf")
    for words in ("韦岜明", "蒙才花", "危房改造补助", "（三）", "户主签字", "还需核实"):
        assert words in text, words
    assert "451099198606190789" not in text


def test_a_bilingual_slip_has_both_languages(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    open_household(window, qtbot)
    dialog = slips(window, qtbot)
    choose(dialog, "language", "both")
    dialog.save_to(tmp_path / "slip.pdf")
    qtbot.waitUntil((tmp_path / "slip.pdf").exists, timeout=10_000)
    text = text_of(tmp_path / "slip.pdf")
    for words in ("危房改造补助", "Housing subsidy", "户主签字", "Householder", "Grade D"):
        assert words in text, words


@pytest.mark.parametrize("nowhere", ["\U0002e9f5", "\u0915", "\u0995", "\u0c95", "\u1780"])
def test_a_character_no_font_has_is_named_before_printing_and_left_blank(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, nowhere: str
) -> None:
    if fonts_with(nowhere):
        pytest.skip("a font here has it")
    document = window.session.store.records.document(RECORD)
    document["members"][0]["name"] = f"韦{nowhere}明"
    window.session.store.records.save_draft(RECORD, document, field="")
    window.session.editor.open_record(RECORD)
    settle(window, qtbot)
    dialog = slips(window, qtbot)
    assert f"{nowhere} U+{ord(nowhere):04X}" in dialog.message.text()
    dialog.save_to(tmp_path / "slip.pdf")
    qtbot.waitUntil((tmp_path / "slip.pdf").exists, timeout=10_000)
    text = text_of(tmp_path / "slip.pdf")
    assert "韦＿明" in text
    assert nowhere not in text
    choose(dialog, "whose", False)
    dialog.save_to(tmp_path / "village.pdf")
    qtbot.waitUntil(lambda: f"U+{ord(nowhere):04X}" in window.status.text(), timeout=20_000)


def test_a_large_family_takes_more_pages(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    document: dict[str, Any] = window.session.store.records.document(RECORD)
    document["members"] += [
        {"member_id": f"x{n}", "name": f"阿依古丽·买买提明{n:02d}"} for n in range(30)
    ]
    window.session.store.records.save_draft(RECORD, document, field="")
    window.session.editor.open_record(RECORD)
    settle(window, qtbot)
    dialog = slips(window, qtbot)
    dialog.save_to(tmp_path / "slip.pdf")
    qtbot.waitUntil((tmp_path / "slip.pdf").exists, timeout=10_000)
    text = text_of(tmp_path / "slip.pdf")
    assert all(f"{n:02d}" in text for n in range(30))
    assert re.search(r"([2-9]) ?/ ?\1", text)


def run_over_all(window: MainWindow, qtbot: QtBot) -> SlipDialog:
    dialog = slips(window, qtbot)
    choose(dialog, "whose", False)
    return dialog


def test_the_slips_of_all_listed_go_into_one_file(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window.session.store.records.import_documents(
        [{"record_id": str(UUID(int=5)), "kind": "household"}]
    )
    run_over_all(window, qtbot).save_to(tmp_path / "village.pdf")
    qtbot.waitUntil(lambda: "张明白卡" in window.status.text(), timeout=20_000)
    assert "3 张明白卡" in window.status.text()
    assert "1 户未打" in window.status.text()
    text = text_of(tmp_path / "village.pdf")
    assert all(name in text for name in ("韦岜明", "陆大光", "黄小妹"))
    # Fonts belong to a thread: those of the run tell a preview nothing.
    open_household(window, qtbot)
    assert slips(window, qtbot).describe_glyphs(SlipPages(preview_of(window)).glyphs) == ""


def preview_of(window: MainWindow) -> IssuedSlip:
    return preview_slip(window.session.store, RECORD)


def test_closing_the_dialog_cancels_the_batch(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = run_over_all(window, qtbot)
    dialog.save_to(tmp_path / "village.pdf")
    writing = dialog.writing
    assert writing is not None
    outcomes: list[object] = []
    writing.finished.connect(outcomes.append)
    writing.failed.connect(outcomes.append)
    dialog.reject()
    qtbot.waitUntil(lambda: bool(outcomes), timeout=20_000)
    assert isinstance(outcomes[0], WrittenSlips) == (tmp_path / "village.pdf").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="prints through CUPS")
def test_a_slip_is_printed_on_the_chosen_printer_which_is_remembered(
    window: MainWindow, qtbot: QtBot, office_pages: Path
) -> None:
    assert "office" in QPrinterInfo.availablePrinterNames()
    open_household(window, qtbot)
    dialog = slips(window, qtbot)

    def press_print() -> None:
        asked = QApplication.activeModalWidget()
        if isinstance(asked, QPrintDialog):
            asked.printer().setPrinterName("office")
            asked.accept()
        else:
            QTimer.singleShot(20, press_print)

    press_print()
    dialog.choose_printer()
    qtbot.waitUntil(office_pages.exists, timeout=20_000)
    number = window.session.store.slips.issued(RECORD)[0].number
    assert number in text_of(office_pages)
    assert window.preferences.printer == "office"


def test_a_household_not_visited_yet_has_no_slip_to_print(window: MainWindow, qtbot: QtBot) -> None:
    open_household(window, qtbot)
    type_into(window, "survey.date", "")
    settle(window, qtbot)
    window.open_screen("slips")
    dialog = window.findChild(SlipDialog)
    assert isinstance(dialog, SlipDialog)
    qtbot.waitUntil(lambda: "入户日期" in dialog.problem.text(), timeout=10_000)
    assert "--on" not in dialog.problem.text()
    assert [b.isEnabled() for b in (dialog.print_button, dialog.save_button)] == [False, False]
    choose(dialog, "whose", False)
    assert dialog.print_button.isEnabled()


def test_a_slip_is_black_in_any_theme(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    open_household(window, qtbot)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    apply_theme(application, "dark", 100)
    try:
        dialog = slips(window, qtbot)
        for paper in ("A4", "roll"):
            choose(dialog, "paper", paper)
            settle(window, qtbot)
            path = tmp_path / f"{paper}.pdf"
            dialog.save_to(path)
            qtbot.waitUntil(path.exists, timeout=10_000)
            subprocess.run(["pdftoppm", "-gray", "-r", "100", str(path), str(path)], check=True)
            page = Image.open(next(tmp_path.glob(f"{paper}.pdf*1.pgm")))
            below_the_code = page.crop((0, page.height // 2, page.width, page.height))
            assert any(below_the_code.histogram()[:60])
    finally:
        apply_theme(application, "light", 100)
