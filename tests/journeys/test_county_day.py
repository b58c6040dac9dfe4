"""A day at the county: import of twenty sticks, review of conflicts, duplicates and unknown devices, payment."""

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from PySide6.QtCore import QDate
from pytestqt.qtbot import QtBot
from tests.conftest import PASSPHRASE, QUICK
from tests.ui.conftest import desk, office, settle

from ruhu.resources import resource
from ruhu.store.store import Store
from ruhu.survey.models.choices import HousingStage
from ruhu.sync.folder import export_bundles, import_from
from ruhu.ui.county.households.households_page import RegisterPage
from ruhu.ui.county.inbox.inbox_page import InboxPage
from ruhu.ui.county.ledgers.housing_cases_page import HousingPage
from ruhu.ui.county.ledgers.housing_plan_page import PlanPage
from ruhu.ui.county.review.conflicts_panel import ConflictsPanel
from ruhu.ui.county.standards.standards_page import StandardsPage
from ruhu.ui.county.statistics.statistics_page import FiguresPage
from ruhu.ui.county.window import CountyWindow
from ruhu.ui.widgets.searchable_table import SearchableTable

__all__ = ["desk", "office"]

LAPTOPS = 20
A_LAPTOP = 2
"""Households that each laptop calls on alone; the first two share one besides."""


@pytest.fixture
def laptops(tmp_path: Path) -> Iterator[list[Store]]:
    """Twenty laptops."""
    made = [
        Store.create(
            tmp_path / f"laptop{number}", PASSPHRASE, surveyor=f"调查员{number}", cost=QUICK
        )
        for number in range(LAPTOPS)
    ]
    yield made
    for store in made:
        store.close()


def household_of(household: dict[str, Any], number: int) -> dict[str, Any]:
    """One of the county's households, the poorer the higher its number."""
    document = copy.deepcopy(household)
    document["record_id"] = str(UUID(int=0x7000_8000_0000_0000_0000 + number))
    document["registration"] |= {
        "household_no": f"451099{number:08}",
        "score": str(62 - number % 40),
    }
    document["place"] |= {
        "village": f"45102410{number % 2}200",
        "township": f"45102410{number % 2}",
    }
    document["housing"]["card_account"] = f"62170000{number:08}"
    document["members"][0] |= {"name": f"韦{number}", "member_id": "m1"}
    document["members"][0].pop("id_number", None)
    document["members"][1]["name"] = f"蒙{number}"
    return document


def cells(table: SearchableTable) -> list[tuple[str, ...]]:
    return [line.cells for line in table.model.lines]


def choose(table: SearchableTable, text: str) -> None:
    row = next(at for at, line in enumerate(table.model.lines) if text in line.cells)
    table.view.selectRow(row)


def bring_in(window: CountyWindow, qtbot: QtBot, places: list[Path]) -> list[str]:
    """Import sticks; return the outcome of each bundle."""
    window.show_page(InboxPage)
    with qtbot.waitSignal(window.page(InboxPage).status_message, timeout=60_000):
        window.page(InboxPage).take(places)
    settle(window, qtbot)
    table = window.page(InboxPage).results
    items = [table.item(row, 1) for row in range(table.rowCount())]
    return [item.text() if item else "" for item in items]


def visit(store: Store, record_id: UUID, change: Callable[[dict[str, Any]], None]) -> None:
    document = store.records.document(record_id)
    change(document)
    store.records.save_draft(record_id, document, field="")
    store.records.close_visit(record_id)


@pytest.mark.slow
def test_twenty_sticks_lead_to_a_payment_list(
    office: CountyWindow,
    laptops: list[Store],
    household: dict[str, Any],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    stranger, lost = laptops[-1], laptops[-2]
    for store in laptops:
        store.identity.set_county(office.session.public)
        if store is not stranger:
            office.session.run(lambda county, d=store.identity.device: county.devices.enrol(d))  # type: ignore[misc]
    settle(office, qtbot)

    # In the villages: each calls on two, and the first two change the floor area of the same house.
    numbers = iter(range(1, 1000))
    shared = household_of(household, 500)
    laptops[0].records.import_documents([shared])
    laptops[1].replies.import_revisions(laptops[0].records.revisions(UUID(shared["record_id"])))
    for store in laptops:
        store.records.import_documents(
            [household_of(household, next(numbers)) for _ in range(A_LAPTOP)]
        )
    for store, area in ((laptops[0], "58"), (laptops[1], "56")):
        visit(
            store,
            UUID(shared["record_id"]),
            lambda d, a=area: d["housing"].update(floor_area_m2=a, storage_area_m2="0"),  # type: ignore[misc]
        )
    sticks = []
    for number, store in enumerate(laptops):
        sticks.append(tmp_path / f"stick{number}")
        export_bundles(store, sticks[-1])
    office.session.run(lambda county: county.devices.revoke(lost.identity.device.device_id))
    broken = next(sticks[2].glob("*.bundle.age"))
    broken.write_bytes(broken.read_bytes()[:-40])

    # The sticks come in, one of them twice.
    outcomes = bring_in(office, qtbot, [*sticks, sticks[0]])
    assert outcomes.count("✗ 搁置") == 3
    assert outcomes.count("○ 以前收过") <= 1
    assert outcomes.count("● 已接收") == LAPTOPS - 3
    export_bundles(laptops[2], sticks[2])
    assert "● 已接收" in bring_in(office, qtbot, [sticks[2]])

    # The conflict is settled.
    office.show_page(ConflictsPanel)
    settle(office, qtbot)
    panel = office.page(ConflictsPanel)
    box = panel.choices[0]
    box.setCurrentIndex(next(at for at in range(box.count()) if "58" in box.itemText(at)))
    panel.settle.click()
    qtbot.waitUntil(panel.empty.isVisible, timeout=20_000)
    settle(office, qtbot)

    # Standards, the year's plan, one case to its payment.
    office.show_page(StandardsPage)
    office.page(StandardsPage).read(resource("demo") / "standards.toml")
    office.page(StandardsPage).publish_standards()
    qtbot.waitUntil(lambda: office.page(StandardsPage).sets.count() == 1, timeout=60_000)
    settle(office, qtbot)
    office.show_page(HousingPage)
    office.show_page(PlanPage)
    office.page(PlanPage).year.setValue(2018)
    office.page(PlanPage).quota.setValue(10)
    office.page(PlanPage).draw.click()
    settle(office, qtbot)
    households = (LAPTOPS - 2) * A_LAPTOP + 1
    assert len(cells(office.page(PlanPage).table)) == households
    assert [row[1] for row in cells(office.page(PlanPage).table)].count("● 纳入") == 10
    poorest = cells(office.page(PlanPage).table)[0][2]
    office.page(PlanPage).finalise()
    settle(office, qtbot)
    office.show_page(HousingPage)
    settle(office, qtbot)
    cases = office.page(HousingPage)
    choose(cases.table, poorest)
    for number, stage in enumerate(HousingStage):
        cases.panel.day.setDate(QDate(2017, 7, 1).addDays(10 * number))
        cases.panel.seismic.setChecked(stage is HousingStage.ACCEPTED)
        cases.panel.reason.setText("老屋已倒塌，无法拍照")
        cases.panel.record.click()
        settle(office, qtbot)
        qtbot.waitUntil(lambda s=stage: s.label.zh in str(cells(cases.table)), timeout=20_000)  # type: ignore[misc]
    office.show_page(FiguresPage)
    settle(office, qtbot)
    assert f"农户 {households} 户" in office.page(FiguresPage).heading.text()

    # Lists out, and the answers home on the sticks.
    office.show_page(RegisterPage)
    office.page(RegisterPage).write(tmp_path / "register.xlsx")
    qtbot.waitUntil((tmp_path / "register.xlsx").exists, timeout=20_000)
    settle(office, qtbot)
    sheet = openpyxl.load_workbook(tmp_path / "register.xlsx").active
    assert sheet is not None
    assert sheet.max_row == households * 2 + 1
    bring_in(office, qtbot, sticks[:2])
    for store, stick in zip(laptops[:2], sticks[:2], strict=True):
        assert import_from(store, stick).changed
        assert store.records.document(UUID(shared["record_id"]))["housing"]["floor_area_m2"] == "58"
        assert len(store.standards.load().book.sets) == 1
    assert import_from(stranger, sticks[-1]).confirmed == 0
    office.session.run(lambda county: county.audit.verify())
    settle(office, qtbot)
