"""Slips: one alone, and a hundred in one PDF against WeasyPrint with the same HTML."""

import base64
import json
import random
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from build.qa.bench.figures import Figure
from build.qa.bench.made_up import household
from build.qa.bench.openfisca import Peer
from build.qa.bench.peer import python_with
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtWidgets import QApplication

from ruhu.slips.html import QR_NAME, PaperFormat, PrintedIssue, slip_html
from ruhu.slips.issuing import IssuedSlip, issue_slip
from ruhu.store.store import Store
from ruhu.ui.printing.slip_printing import SlipPages, load_font, qr_image, write_pdf

WEASYPRINT = "weasyprint==66.0"
OUT = Path("out/bench/paper")
SIDE = """
import json, sys, time
from weasyprint import HTML
pages = json.load(open(sys.argv[1], encoding="utf-8"))
HTML(string=pages[0]).write_pdf(sys.argv[2])
start = time.perf_counter()
documents = [HTML(string=page).render() for page in pages]
first = documents[0]
first.copy([page for document in documents for page in document.pages]).write_pdf(sys.argv[2])
print(time.perf_counter() - start)
"""


def _issued(folder: Path, number: int) -> list[IssuedSlip]:
    chance = random.Random(5)
    with Store.create(folder / "store", "correct horse battery", surveyor="测试员") as store:
        documents: list[dict[str, Any]] = []
        for at in range(number):
            document = household(chance, 5)
            document["survey"] = {"date": "2017-06-01"}
            document["registration"]["household_no"] = f"4510{at:010d}"
            documents.append(document)
        store.records.import_documents(documents)
        return [issue_slip(store, summary.record_id) for summary in store.records.summaries()]


def _as_html(issued: IssuedSlip) -> str:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    qr_image(issued.token).save(buffer, "PNG")  # type: ignore[call-overload]
    image = base64.b64encode(bytes(buffer.data().data())).decode()
    body = slip_html(
        issued.slip, PrintedIssue(issued.number, issued.issued_on, False), PaperFormat.A4
    )
    page = "@page {size: A4; margin: 12mm} body {font: 9pt 'Noto Sans CJK SC'}"
    return f"<style>{page}</style>{body.replace(QR_NAME, f'data:image/png;base64,{image}')}"


def figures(peer: Peer | None, *, quick: bool) -> Iterator[Figure]:
    """Measure one slip, and many against WeasyPrint."""
    application = QApplication.instance() or QApplication([])
    many = 3 if quick else 100
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        issued = _issued(folder, many)
        load_font()
        write_pdf([SlipPages(issued[0])], folder / "one.pdf")
        start = time.perf_counter()
        write_pdf([SlipPages(issued[0])], folder / "one.pdf")
        one = (time.perf_counter() - start) * 1000
        yield Figure(
            "one slip laid out and written: milliseconds", f"{one:.0f}", "", one, at_most=100.0
        )
        start = time.perf_counter()
        pages = write_pdf((SlipPages(each) for each in issued), folder / "all.pdf")
        ours = time.perf_counter() - start
        duration = f"{ours:.2f} for {pages} pages"
        if peer is None:
            yield Figure(f"{many} slips to one PDF: seconds", duration, "", None)
            return
        (folder / "pages.json").write_text(json.dumps([_as_html(each) for each in issued]))
        command = [str(python_with(OUT, WEASYPRINT)), "-c", SIDE]
        done = subprocess.run(
            [*command, str(folder / "pages.json"), str(folder / "theirs.pdf")],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        theirs = float(done.stdout)
        yield Figure(
            f"{many} slips to one PDF: seconds",
            duration,
            f"WeasyPrint from the same HTML: {theirs:.1f}",
            theirs / ours,
            at_least=5.0,
        )
    del application
