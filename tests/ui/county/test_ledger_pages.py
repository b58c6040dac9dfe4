"""The county's ledgers through the window: a day from standards to payment, figures, lists."""

import copy
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from tests.ui.conftest import settle
from tests.ui.user import say_no, say_yes

from ruhu.county.case_rules import StageTransition
from ruhu.resources import resource
from ruhu.store.store import Store
from ruhu.survey.models.choices import HousingStage
from ruhu.sync.folder import export_bundles
from ruhu.ui.county.export_buttons import ExportButtons
from ruhu.ui.county.inbox.inbox_page import InboxPage
from ruhu.ui.county.ledgers.benefits_page import BenefitsPage
from ruhu.ui.county.ledgers.follow_ups_page import FollowUpsPage
from ruhu.ui.county.ledgers.housing_cases_page import HousingPage
from ruhu.ui.county.ledgers.housing_plan_page import PlanPage
from ruhu.ui.county.ledgers.ledger_import_dialog import ChangesDialog
from ruhu.ui.county.ledgers.training_classes_page import ClassesPage
from ruhu.ui.county.standards.standards_page import StandardsPage
from ruhu.ui.county.statistics.households_dialog import HouseholdsDialog
from ruhu.ui.county.statistics.statistics_page import FiguresPage
from ruhu.ui.county.window import CountyWindow
from ruhu.ui.printing.preview_dialog import PrintPreview
from ruhu.ui.widgets.empty_state import EmptyHint
from ruhu.ui.widgets.searchable_table import SearchableTable

Fill = Callable[[list[dict[str, Any]]], None]


@pytest.fixture
def fill_office(office: CountyWindow, store: Store, qtbot: QtBot, tmp_path: Path) -> Fill:
    """Brings records to the office by stick."""

    def bring(documents: list[dict[str, Any]]) -> None:
        office.session.run(lambda county: county.devices.enrol(store.identity.device))
        settle(office, qtbot)
        store.identity.set_county(office.session.public)
        store.records.import_documents(documents)
        export_bundles(store, tmp_path / "stick")
        office.page(InboxPage).take([tmp_path / "stick"])
        qtbot.waitUntil(lambda: not office.page(InboxPage).progress.isVisible(), timeout=20_000)
        settle(office, qtbot)

    return bring


@pytest.fixture
def three(household: dict[str, Any]) -> list[dict[str, Any]]:
    """Three households, ever poorer, of one village."""
    found = []
    for number, (name, score) in enumerate((("韦岜明", "40"), ("陆大光", "35"), ("黄小妹", "28"))):
        document = copy.deepcopy(household)
        document["record_id"] = f"fb5db162-d1ed-5596-adab-00000000000{number}"
        document["registration"] |= {"score": score, "household_no": f"4510990000000{number}"}
        document["place"] |= {"village": "451024100200", "township": "451024100"}
        document["housing"]["card_account"] = f"621700000000000{number}"
        document["members"][0]["name"] = name
        if number:
            del document["members"][0]["id_number"]
        found.append(document)
    return found


def cells(table: SearchableTable) -> list[tuple[str, ...]]:
    return [line.cells for line in table.model.lines]


def choose(table: SearchableTable, text: str) -> None:
    row = next(at for at, line in enumerate(table.model.lines) if text in line.cells)
    table.view.selectRow(row)


def dialog_of(kind: type[Any], qtbot: QtBot) -> Any:
    def there() -> list[Any]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]

    qtbot.waitUntil(lambda: bool(there()), timeout=10_000)
    return there()[0]


def publish_sample(office: CountyWindow, qtbot: QtBot) -> None:
    office.show_page(StandardsPage)
    office.page(StandardsPage).read(resource("demo") / "standards.toml")
    office.page(StandardsPage).publish.click()
    say_no(qtbot)
    settle(office, qtbot)
    assert office.page(StandardsPage).sets.count() == 0
    office.page(StandardsPage).publish.click()
    say_yes(qtbot)
    qtbot.waitUntil(lambda: office.page(StandardsPage).sets.count() == 1, timeout=20_000)
    settle(office, qtbot)


def test_from_standards_to_a_payment(
    office: CountyWindow, fill_office: Fill, three: list[dict[str, Any]], qtbot: QtBot
) -> None:
    fill_office(three)
    office.show_page(StandardsPage)
    office.page(StandardsPage).read(resource("demo") / "standards.toml")
    office.page(StandardsPage).weigh_effect()
    qtbot.waitUntil(lambda: "3 户增加" in office.page(StandardsPage).message.text(), timeout=20_000)
    publish_sample(office, qtbot)
    office.show_page(HousingPage)
    settle(office, qtbot)
    cases = office.page(HousingPage)
    assert {row[5] for row in cells(cases.table)} == {"28,000.00", "32,000.00"}
    choose(cases.table, "黄小妹")
    for number, stage in enumerate(HousingStage):
        assert cases.panel.next_stage.text() == stage.label.zh
        cases.panel.day.setDate(QDate(2017, 7, 1).addDays(10 * number))
        if stage is HousingStage.ACCEPTED:
            assert "抗震" in cases.panel.problems.text()
            assert not cases.panel.record.isEnabled()
            cases.panel.seismic.setChecked(True)
        if stage in (HousingStage.REVIEWED, HousingStage.ACCEPTED):
            photo = "危险部位照片" if stage is HousingStage.REVIEWED else "改造后房屋照片"
            assert photo in cases.panel.problems.text()
            assert photo not in cases.panel.facts.text()
            assert not cases.panel.record.isEnabled()
            cases.panel.reason.setText("老屋已倒塌清理")
        else:
            assert not cases.panel.reason.isVisible()
        cases.panel.record.click()
        settle(office, qtbot)
        qtbot.waitUntil(lambda s=stage: s.label.zh in str(cells(cases.table)), timeout=10_000)  # type: ignore[misc]
    assert cases.panel.next_stage.text() == "已办结"
    assert (
        "“审核”时缺改造前房屋照片、危险部位照片：老屋已倒塌清理（admin）"
        in cases.panel.facts.text()
    )
    office.show_page(FiguresPage)
    settle(office, qtbot)
    stages = next(tab for tab, _ in office.page(FiguresPage).subjects if tab.headings[0] == "环节")
    assert cells(stages.table) == [("拨付", "1")]


def test_problems_of_a_transition_are_shown_before_recording(
    office: CountyWindow, fill_office: Fill, three: list[dict[str, Any]], qtbot: QtBot
) -> None:
    fill_office(three)
    office.show_page(HousingPage)
    settle(office, qtbot)
    cases = office.page(HousingPage)
    choose(cases.table, "韦岜明")
    for day in (QDate(2017, 7, 1), QDate(2017, 6, 1)):
        cases.panel.day.setDate(day)
        if cases.panel.record.isEnabled():
            cases.panel.record.click()
            settle(office, qtbot)
    assert "2017-07-01" in cases.panel.problems.text()
    cases.refuse_case("房屋已出售")
    settle(office, qtbot)
    assert "房屋已出售" in cases.panel.facts.text()
    assert cases.panel.reopen.isVisible()
    cases.panel.reopen.click()
    settle(office, qtbot)
    assert not cases.panel.reopen.isVisible()


def test_a_plan_is_drafted_overridden_and_finalised(
    office: CountyWindow, fill_office: Fill, three: list[dict[str, Any]], qtbot: QtBot
) -> None:
    fill_office(three)
    office.show_page(HousingPage)
    office.show_page(PlanPage)
    plan = office.page(PlanPage)
    plan.year.setValue(2018)
    plan.quota.setValue(1)
    plan.draw.click()
    settle(office, qtbot)
    assert [row[2] for row in cells(plan.table)] == ["黄小妹", "陆大光", "韦岜明"]
    assert [row[1] for row in cells(plan.table)] == ["● 纳入", "○", "○"]
    choose(plan.table, "陆大光")
    plan.pin("in", "")
    settle(office, qtbot)
    assert "理由" in plan.problem.text()
    plan.pin("in", "房屋随时会塌")
    settle(office, qtbot)
    assert [row[1] for row in cells(plan.table)] == ["○", "● 纳入", "○"]
    plan.freeze.click()
    assert "不能再改" in say_no(qtbot)
    settle(office, qtbot)
    assert plan.draw.isEnabled()
    plan.freeze.click()
    say_yes(qtbot)
    settle(office, qtbot)
    assert "定稿" in plan.state.text()
    assert not plan.draw.isEnabled()


def test_benefits_are_claimed_paid_and_imported(
    office: CountyWindow,
    fill_office: Fill,
    three: list[dict[str, Any]],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    fill_office(three)
    office.show_page(BenefitsPage)
    dues = office.page(BenefitsPage)
    dues.rule.setCurrentIndex(dues.rule.findData("education.boarding"))
    dues.year.setValue(2017)
    settle(office, qtbot)
    assert [row[5] for row in cells(dues.table)] == ["1,000.00"] * 3
    dues.table.view.selectAll()
    dues.claim.click()
    settle(office, qtbot)
    dues.table.view.selectRow(0)
    dues.pay.click()
    settle(office, qtbot)
    today = date.today().isoformat()  # noqa: DTZ011 - as the page has it
    assert [row[7] for row in cells(dues.table)].count(today) == 1
    path = tmp_path / "dues.xlsx"
    book = openpyxl.Workbook()
    book.save(path)
    dues.read_back(path)
    qtbot.waitUntil(lambda: "登记号" in dues.problem.text(), timeout=10_000)
    office.session.run(lambda county: write_dues(county, path))
    settle(office, qtbot)
    dues.read_back(path)
    dialog = dialog_of(ChangesDialog, qtbot)
    assert dialog.table.rowCount() == 2
    dialog.record.click()
    settle(office, qtbot)
    assert [row[7] for row in cells(dues.table)] == [today] * 3


def test_payments_on_hold_are_marked(
    office: CountyWindow,
    fill_office: Fill,
    three: list[dict[str, Any]],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    for document in three[:2]:
        document["housing"]["card_account"] = "6217000000000009"
    fill_office(three)
    publish_sample(office, qtbot)
    ids = [UUID(document["record_id"]) for document in three[:2]]

    def accept(county: Any) -> None:
        for record_id in ids:
            for number, stage in enumerate(list(HousingStage)[:-1]):
                day = date(2017, 7, 1) + timedelta(days=10 * number)
                seismic = True if stage is HousingStage.ACCEPTED else None
                county.housing.advance(
                    record_id, StageTransition(stage, day, seismic, reason="老屋已倒塌清理")
                )

    office.session.run(accept)
    settle(office, qtbot)
    office.show_page(BenefitsPage)
    dues = office.page(BenefitsPage)
    dues.rule.setCurrentIndex(dues.rule.findData("education.boarding"))
    dues.year.setValue(2017)
    settle(office, qtbot)
    why = "✗ 暂缓：同一账号在名单里不止一户"
    assert [row[8] for row in cells(dues.table)] == [why, why, ""]
    summary = dues.findChildren(QLabel, "heading")[0].text()
    assert "应发 1 人次 1,000.00 元" in summary
    assert "暂缓 2 人次 2,000.00 元" in summary
    dues.findChildren(ExportButtons)[0].write(tmp_path / "dues.xlsx")
    settle(office, qtbot)
    assert "其中 2 行暂缓" in office.status.text()
    office.show_page(HousingPage)
    office.show_page(HousingPage)
    settle(office, qtbot)
    cases = office.page(HousingPage)
    assert sum("✗ 暂缓拨付：同一账号" in row[6] for row in cells(cases.table)) == 2
    choose(cases.table, "韦岜明")
    assert "✗ 暂缓拨付：同一账号" in cases.panel.facts.text()
    buttons = cases.findChildren(ExportButtons)[0]
    buttons.lists.setCurrentText("拨付名单")
    buttons.write(tmp_path / "list.xlsx")
    settle(office, qtbot)
    assert "其中 2 行暂缓" in office.status.text()
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert sheet is not None
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [None, None]


def write_dues(county: Any, path: Path) -> None:
    """The list of dues with every day of payment filled in, as somebody would in Excel."""
    from ruhu.county.ledgers.benefits.reports import benefit_sheet
    from ruhu.export.spreadsheet import write_workbook

    found = county.benefits.dues("education.boarding", 2017)
    write_workbook(benefit_sheet("education.boarding", 2017, found), path)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    head = [cell.value for cell in sheet[1]]
    for row in range(2, 5):
        claimed = sheet.cell(row, head.index("申领日期") + 1).value
        sheet.cell(row, head.index("发放日期") + 1, claimed)
    book.save(path)


def test_a_follow_up_gets_a_note_and_lists_are_exported(
    office: CountyWindow,
    fill_office: Fill,
    three: list[dict[str, Any]],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    three[0]["members"][1]["schooling"] = {"stage": "none"}
    fill_office(three)
    office.show_page(BenefitsPage)
    office.show_page(FollowUpsPage)
    settle(office, qtbot)
    matters = office.page(FollowUpsPage)
    choose(matters.table, "蒙才花")
    matters.note.setText("已家访，约定下周返校")
    matters.add.click()
    settle(office, qtbot)
    assert "已家访" in matters.notes.text()
    assert matters.note.text() == ""
    office.show_page(HousingPage)
    office.show_page(HousingPage)
    settle(office, qtbot)
    buttons = next(
        b for b in office.page(HousingPage).findChildren(type(office.page(PlanPage).lists))
    )
    buttons.lists.setCurrentText("公示名单")
    buttons.write(tmp_path / "list.xlsx")
    settle(office, qtbot)
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert sheet is not None
    text = str([cell.value for row in sheet.iter_rows() for cell in row])
    assert "韦岜明" in text
    assert "4510991986" not in text
    buttons.show_preview()
    preview = dialog_of(PrintPreview, qtbot)
    qtbot.waitUntil(lambda: preview.shown == 0, timeout=10_000)
    preview.close()


def test_statistics_lead_to_villages_and_households(
    office: CountyWindow,
    fill_office: Fill,
    three: list[dict[str, Any]],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    fill_office(three)
    office.show_page(FiguresPage)
    settle(office, qtbot)
    figures = office.page(FiguresPage)
    assert "农户 3 户" in figures.heading.text()
    choose(figures.tab.table, "城关镇")
    figures.down.click()
    settle(office, qtbot)
    assert "城关镇" in figures.heading.text()
    assert [row[0] for row in cells(figures.tab.table)] == ["云梯村委会"]
    figures.tab.table.view.selectRow(0)
    figures.behind.click()
    dialog = dialog_of(HouseholdsDialog, qtbot)
    assert len(dialog.table.model.lines) == 3
    dialog.reject()
    figures.save_picture(tmp_path / "chart.png")
    assert (tmp_path / "chart.png").stat().st_size > 2000
    figures.tab.chart.print_preview()
    preview = dialog_of(PrintPreview, qtbot)
    qtbot.waitUntil(lambda: preview.shown == 0, timeout=10_000)
    preview.close()
    figures.up.click()
    settle(office, qtbot)
    assert "›" not in figures.heading.text()


def test_invalid_standards_change_nothing(
    office: CountyWindow, fill_office: Fill, three: list[dict[str, Any]], qtbot: QtBot
) -> None:
    fill_office(three)
    publish_sample(office, qtbot)
    form = office.page(StandardsPage).form
    document = form.document("451024")
    document["employment"]["startup_subsidy"] = "9000"
    form.show_document(document)
    office.page(StandardsPage).weigh_effect()
    qtbot.waitUntil(lambda: "10000" in office.page(StandardsPage).problem.text(), timeout=10_000)
    assert Decimal(form.document("451024")["housing"]["subsidy"]["extreme"]) == 32000


def test_cancelling_a_publication_changes_nothing(
    office: CountyWindow, fill_office: Fill, three: list[dict[str, Any]], qtbot: QtBot
) -> None:
    fill_office(three)
    office.show_page(StandardsPage)
    office.page(StandardsPage).read(resource("demo") / "standards.toml")
    office.page(StandardsPage).publish_standards()
    office.page(StandardsPage).stop.click()
    qtbot.waitUntil(lambda: "已停止" in office.page(StandardsPage).problem.text(), timeout=10_000)
    office.page(StandardsPage).refresh()
    settle(office, qtbot)
    assert office.page(StandardsPage).sets.count() == 0


def test_training_classes_are_counted_and_ordered_by_their_figures(
    office: CountyWindow, fill_office: Fill, qtbot: QtBot
) -> None:
    classes = office.show_page(ClassesPage)
    settle(office, qtbot)
    hint = classes.table.view.findChild(EmptyHint)
    assert isinstance(hint, EmptyHint)
    assert "培训班" in hint.text()
    fill_office(
        [
            {
                "record_id": f"fb5db162-d1ed-5596-adab-00000000000{days % 10}", "kind": "training_class",
                "survey": {"date": "2017-06-01"}, "name": f"{days}天班", "type": "practical_farming",
                "participants": 30, "registered_participants": 25, "days": days, "total_cost": "9001",
            }
            for days in (10, 3)
        ]
    )  # fmt: skip
    office.show_page(ClassesPage)
    settle(office, qtbot)
    assert not hint.isVisible()
    found = {row[0]: row for row in cells(classes.table)}
    assert found["3天班"][6:9] == ("83.33%", "100.01", "培训班人均成本")
    assert found["10天班"][6:9] == ("83.33%", "30.00", "")
    classes.table.view.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert [row[0] for row in cells(classes.table)] == ["3天班", "10天班"]
    classes.table.search.setText("没有这个班")
    assert hint.isVisible()
    assert "没有找到" in hint.text()


def test_a_wide_table_of_figures_has_room_for_its_last_column(
    office: CountyWindow, fill_office: Fill, three: list[dict[str, Any]], qtbot: QtBot
) -> None:
    fill_office(three)
    office.resize(1366, 728)
    office.show_page(FiguresPage)
    settle(office, qtbot)
    titles = [
        office.page(FiguresPage).tabs.tabText(at)
        for at in range(office.page(FiguresPage).tabs.count())
    ]
    office.page(FiguresPage).tabs.setCurrentIndex(titles.index("待遇"))
    view = office.page(FiguresPage).tab.table.view
    qtbot.waitUntil(view.isVisible, timeout=10_000)
    qtbot.waitUntil(
        lambda: view.horizontalHeader().length() <= view.viewport().width(), timeout=10_000
    )
    assert office.page(FiguresPage).tab.chart.width() > 280
