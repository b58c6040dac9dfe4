"""Lists on paper: every row once, figures whole; the preview draws only the page in sight."""

import re
import subprocess
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ruhu.export.spreadsheet import Column, Sheet
from ruhu.ui.core.cancellable_task import CancellableTask, TaskCancelled
from ruhu.ui.printing.pages import image_of, paper_size, write_pages
from ruhu.ui.printing.preview_dialog import PrintPreview
from ruhu.ui.printing.table_printing import TablePages

COLUMNS = (
    Column("序号", 6, "count"),
    Column("行政村", 14),
    Column("户主", 10),
    Column("户编号", 17),
    Column("补助金额（元）", 13, "money"),
    Column("验收日期", 11, "date"),
    Column("备注", 24),
    Column("登记号", 38, printed=False),
)
LONG = "经村民代表会议评议，" * 4


def listed(rows: int, remark: str = "", title: str = "危房改造台账") -> Sheet:
    return Sheet(
        title,
        COLUMNS,
        [
            (
                number,
                "云梯村委会" if number % 2 else "大旺村民委员会（原三合）",
                "欧阳买买提·艾合买提江" if number % 7 == 0 else "韦岜明",
                f"45109900{number:06d}",
                Decimal(28000 + number),
                date(2017, 7, 1),
                remark if number % 5 == 0 else "",
                f"0190aabb-{number}",
            )
            for number in range(1, rows + 1)
        ],
        "共有若干户。",
    )


def pdf_of(pages: TablePages, path: Path) -> list[str]:
    """The text of each page of the list's PDF."""
    write_pages(pages, path)
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True)
    return done.stdout.decode().split("\f")[:-1]


def test_every_row_is_printed_once_in_its_order_under_the_head(
    qapp: QApplication, tmp_path: Path
) -> None:
    pages = TablePages(listed(200, LONG))
    texts = pdf_of(pages, tmp_path / "list.pdf")
    assert len(texts) == pages.count > 1
    found = re.findall(r"45109900(\d{6})\b", "".join(texts))
    assert [int(number) for number in found] == list(range(1, 201))
    for at, text in enumerate(texts):
        assert "户编号" in text
        assert f"{at + 1}/{pages.count}" in text.replace(" ", "")
    assert "共有若干户" in texts[0]
    assert "共有若干户" not in texts[1]


def test_figures_and_dates_are_not_broken(qapp: QApplication, tmp_path: Path) -> None:
    days = tuple(Column(f"第{n}环节", 11, "date") for n in range(6))
    rows = [[*row, *[date(2017, 1, n + 1) for n in range(6)]] for row in listed(40, LONG).rows]
    texts = pdf_of(TablePages(Sheet("台账", (*COLUMNS, *days), rows)), tmp_path / "wide.pdf")
    whole = "".join(texts)
    for number in range(1, 41):
        assert f"45109900{number:06d}" in whole
        assert f"{28000 + number:,.2f}" in whole
    assert len(re.findall(r"2017-\d\d-\d\d", whole)) == 40 * 7


def test_identifying_columns_are_not_printed(qapp: QApplication, tmp_path: Path) -> None:
    whole = "".join(pdf_of(TablePages(listed(3)), tmp_path / "list.pdf"))
    assert "登记号" not in whole
    assert "0190aabb" not in whole


def test_a_row_longer_than_a_page_continues(qapp: QApplication, tmp_path: Path) -> None:
    endless = "".join(f"第{n}条记录。" for n in range(2500))
    texts = pdf_of(TablePages(listed(6, endless)), tmp_path / "list.pdf")
    assert len(texts) > 2
    whole = re.sub(r"\s", "", "".join(texts))
    assert "45109900000006" in whole
    for number in (0, 1200, 2499):
        assert f"{number}条" in whole


def test_a_character_without_a_font_is_blank_and_reported(
    qapp: QApplication, tmp_path: Path
) -> None:
    pages = TablePages(listed(1, title="𪚥村名单"))
    assert pages.remark == "𪚥"
    assert "＿村名单" in "".join(pdf_of(pages, tmp_path / "list.pdf"))


def test_an_empty_list_has_a_page_with_headings(qapp: QApplication, tmp_path: Path) -> None:
    (text,) = pdf_of(TablePages(listed(0)), tmp_path / "list.pdf")
    assert "户编号" in text


def test_cancelling_leaves_no_file(qapp: QApplication, tmp_path: Path) -> None:
    task = CancellableTask(qapp)
    task.cancel()
    with pytest.raises(TaskCancelled):
        write_pages(TablePages(listed(3)), tmp_path / "list.pdf", task.report)
    assert not list(tmp_path.iterdir())


class Watched(TablePages):
    """Tells which of its pages were drawn."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet)
        self.drawn: list[int] = []

    def paint(self, painter: object, index: int) -> None:
        self.drawn.append(index)
        super().paint(painter, index)  # type: ignore[arg-type]


@pytest.fixture
def pages(qapp: QApplication) -> Watched:
    return Watched(listed(3000))


@pytest.fixture
def preview(qtbot: QtBot, pages: Watched) -> PrintPreview:
    dialog = PrintPreview(None, pages)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.shown == 0, timeout=10_000)
    return dialog


def test_only_shown_pages_are_drawn(preview: PrintPreview, pages: Watched, qtbot: QtBot) -> None:
    assert pages.count > 50
    assert not preview.back.isEnabled()
    preview.forward.click()
    qtbot.waitUntil(lambda: preview.shown == 1, timeout=10_000)
    preview.page.setValue(pages.count)
    qtbot.waitUntil(lambda: preview.shown == pages.count - 1, timeout=10_000)
    assert not preview.forward.isEnabled()
    assert set(pages.drawn) == {0, 1, pages.count - 1}


def test_zooming_redraws_the_page(preview: PrintPreview, qtbot: QtBot) -> None:
    preview.zoom.setCurrentIndex(preview.zoom.findData(200))
    preview.zoom.activated.emit(0)
    width = paper_size(192).width()
    qtbot.waitUntil(lambda: preview.image.width() == width, timeout=10_000)
    assert preview.image == image_of(preview.pages, 0, 192)


def test_a_list_is_saved_and_a_range_printed(
    preview: PrintPreview, pages: Watched, qtbot: QtBot, tmp_path: Path
) -> None:
    preview.save_to(tmp_path / "list.pdf")
    qtbot.waitUntil(lambda: "list.pdf" in preview.message.text(), timeout=30_000)
    assert str(pages.count) in preview.message.text()
    pages.drawn.clear()
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "some.pdf"))
    printer.setFromTo(2, 4)
    preview.print_to(printer)
    qtbot.waitUntil(lambda: "3 页" in preview.message.text(), timeout=30_000)
    assert pages.drawn == [1, 2, 3]
    assert (tmp_path / "some.pdf").stat().st_size > 1000


def test_closing_cancels_saving(preview: PrintPreview, qtbot: QtBot, tmp_path: Path) -> None:
    preview.save_to(tmp_path / "list.pdf")
    preview.close()
    qtbot.waitUntil(lambda: not preview.isVisible(), timeout=10_000)
    assert not (tmp_path / "list.pdf").exists()


def test_an_unwritable_folder_is_reported(
    preview: PrintPreview, qtbot: QtBot, tmp_path: Path
) -> None:
    preview.save_to(tmp_path / "nowhere" / "list.pdf")
    qtbot.waitUntil(preview.problem.isVisible, timeout=30_000)
    assert preview.print.isEnabled()
