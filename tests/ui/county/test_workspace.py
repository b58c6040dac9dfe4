"""The county's workspace: a day's sticks in, a conflict settled, devices, the register, a slip."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QTableWidget
from pytestqt.qtbot import QtBot
from tests.conftest import PASSPHRASE, QUICK
from tests.county.laptop_bundles import Laptop as Worker
from tests.county.test_exports import spoil
from tests.ui.conftest import Desk, screen_of, settle, window_of
from tests.ui.test_layout import faults, in_sight, reached_by_tab
from tests.ui.user import focused, open_household, press, say_no, say_yes
from tests.updates.releases import Releases

from ruhu.app.laptop import SurveyorApp
from ruhu.cli.commands.slip import print_to_file
from ruhu.county.access.permissions import Role
from ruhu.county.access.settings import FOUR_EYES
from ruhu.county.exchange.parallel_open import PARALLEL_THRESHOLD
from ruhu.revisions.merge import merge_revisions
from ruhu.slips.issuing import issue_slip
from ruhu.store.store import Store
from ruhu.sync.folder import export_bundles, import_from
from ruhu.ui.county.devices.devices_page import DevicesPage
from ruhu.ui.county.households.households_page import RegisterPage
from ruhu.ui.county.inbox.inbox_page import InboxPage
from ruhu.ui.county.review.conflicts_panel import ConflictsPanel
from ruhu.ui.county.review.duplicates_panel import DuplicatesPanel
from ruhu.ui.county.review.proposals_panel import ProposalsPanel
from ruhu.ui.county.screens import SCREENS
from ruhu.ui.county.slips.verification_page import VerifyPage
from ruhu.ui.county.users.audit_page import AuditPage
from ruhu.ui.county.users.users_page import UsersPage
from ruhu.ui.county.window import CountyWindow
from ruhu.ui.surveyor.window import MainWindow

Laptop = Callable[[str], Store]


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Laptop]:
    """Makes laptops."""
    made: list[Store] = []

    def make(name: str) -> Store:
        made.append(Store.create(tmp_path / name, PASSPHRASE, surveyor=name, cost=QUICK))
        return made[-1]

    yield make
    for store in made:
        store.close()


def cells(table: QTableWidget) -> list[list[str]]:
    rows = []
    for row in range(table.rowCount()):
        items = [table.item(row, column) for column in range(table.columnCount())]
        rows.append([item.text() if item else "" for item in items])
    return rows


def enrol(window: CountyWindow, qtbot: QtBot, store: Store, tmp_path: Path) -> None:
    path = tmp_path / f"{store.identity.surveyor}.json"
    path.write_text(store.identity.device.model_dump_json())
    window.show_page(DevicesPage)
    window.page(DevicesPage).enrol(path)
    qtbot.waitUntil(
        lambda: store.identity.device.words.zh in str(cells(window.page(DevicesPage).table)),
        timeout=10_000,
    )
    store.identity.set_county(window.session.public)


def visit(store: Store, record_id: UUID, change: Callable[[dict[str, Any]], None]) -> None:
    document = store.records.document(record_id)
    change(document)
    store.records.save_draft(record_id, document, field="")
    store.records.close_visit(record_id)


def _put(section: str, facts: dict[str, Any], document: dict[str, Any]) -> None:
    document[section].update(facts)


def take(window: CountyWindow, qtbot: QtBot, places: list[Path]) -> list[list[str]]:
    window.show_page(InboxPage)
    window.page(InboxPage).take(places)
    qtbot.waitUntil(lambda: not window.page(InboxPage).progress.isVisible(), timeout=20_000)
    settle(window, qtbot)
    return cells(window.page(InboxPage).results)


def same_household_twice(
    laptop: Laptop, household: dict[str, Any], window: CountyWindow, qtbot: QtBot, tmp_path: Path
) -> tuple[UUID, list[Path]]:
    """Two laptops change the floor area of one household; gives it and the sticks."""
    one, other = laptop("黄一"), laptop("覃二")
    sticks = []
    record_id = UUID(household["record_id"])
    one.records.import_documents([household])
    other.replies.import_revisions(one.records.revisions(record_id))
    for store, area in ((one, "61"), (other, "63")):
        enrol(window, qtbot, store, tmp_path)
        visit(store, record_id, lambda d, a=area: d["housing"].update(floor_area_m2=a))  # type: ignore[misc]
        sticks.append(tmp_path / f"stick-{store.identity.surveyor}")
        export_bundles(store, sticks[-1])
    return record_id, sticks


def test_sticks_are_imported_and_a_conflict_is_resolved(
    office: CountyWindow, laptop: Laptop, household: dict[str, Any], qtbot: QtBot, tmp_path: Path
) -> None:
    record_id, sticks = same_household_twice(laptop, household, office, qtbot, tmp_path)
    results = take(office, qtbot, sticks)
    assert [row[1] for row in results] == ["● 已接收", "● 已接收"]
    assert results[1][6] == "1"
    office.show_page(ConflictsPanel)
    settle(office, qtbot)
    panel = office.page(ConflictsPanel)
    (row,) = cells(panel.fields)
    assert row[:2] == ["改造后建筑面积（含储藏间）", "68"]
    assert {row[2].split("\n")[0], row[3].split("\n")[0]} == {"61", "63"}
    box = panel.choices[0]
    box.setCurrentIndex(next(i for i in range(2) if "63" in box.itemText(i)))
    QTest.mouseClick(panel.settle, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(panel.empty.isVisible, timeout=10_000)
    store = office.session.store
    (document,) = store.records.documents()
    assert document["housing"]["floor_area_m2"] == "63"
    assert merge_revisions(store.records.revisions(record_id)).conflicts == ()


def test_an_import_continues_after_a_missing_file(
    laptop: Laptop, household: dict[str, Any], office: CountyWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    store = laptop("黄一")
    enrol(office, qtbot, store, tmp_path)
    store.records.import_documents([household])
    for visits in range(PARALLEL_THRESHOLD + 1):
        area = {"floor_area_m2": str(60 + visits)}
        visit(store, UUID(household["record_id"]), partial(_put, "housing", area))
        export_bundles(store, tmp_path / "stick")
    files = sorted((tmp_path / "stick").glob("*.bundle.age"))
    files[4].rename(tmp_path / "elsewhere")
    results = take(office, qtbot, files)
    assert [row[1] for row in results] == ["● 已接收"] * (len(files) - 1)
    assert "打不开" in office.page(InboxPage).problem.text()
    assert "还缺" in results[-1][-1]


def test_receipts_are_written_and_a_stranger_is_rejected(
    office: CountyWindow, laptop: Laptop, household: dict[str, Any], qtbot: QtBot, tmp_path: Path
) -> None:
    known, stranger = laptop("黄一"), laptop("外人")
    enrol(office, qtbot, known, tmp_path)
    stranger.identity.set_county(office.session.public)
    stick = tmp_path / "stick"
    for store in (known, stranger):
        store.records.import_documents(
            [{**household, "record_id": str(UUID(int=len(store.identity.surveyor)))}]
        )
        export_bundles(store, stick)
    results = take(office, qtbot, [stick])
    assert sorted(row[1] for row in results) == ["● 已接收", "✗ 搁置"]
    qtbot.waitUntil(lambda: len(cells(office.page(InboxPage).aside)) == 1, timeout=10_000)
    assert "没有登记" in cells(office.page(InboxPage).aside)[0][2]
    came = stick / cells(office.page(InboxPage).aside)[0][1]
    office.page(InboxPage).keep_file(
        office.page(InboxPage).rejected[0].digest, tmp_path / "as-it-came"
    )
    qtbot.waitUntil((tmp_path / "as-it-came").exists, timeout=10_000)
    settle(office, qtbot)
    assert (tmp_path / "as-it-came").read_bytes() == came.read_bytes()
    assert import_from(known, stick).confirmed == 1
    assert import_from(stranger, stick).confirmed == 0
    assert stranger.outbox.entries()[0].state == "refused"
    assert stranger.outbox.entries()[0].refused.zh.startswith("签名的设备没有登记")
    assert "is not enrolled" in stranger.outbox.entries()[0].refused.en
    again = office.page(InboxPage).again
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(office.page(InboxPage).problem.text()), timeout=10_000)
    assert "请先在表里选" in office.page(InboxPage).problem.text()
    office.page(InboxPage).aside.selectRow(0)
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "没有登记" in office.page(InboxPage).problem.text(), timeout=10_000)
    enrol(office, qtbot, stranger, tmp_path)
    office.show_page(InboxPage)
    settle(office, qtbot)
    office.page(InboxPage).aside.selectRow(0)
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: cells(office.page(InboxPage).aside) == [], timeout=10_000)
    assert office.page(InboxPage).problem.text() == ""
    export_bundles(known, stick)
    take(office, qtbot, [stick])
    assert import_from(stranger, stick).confirmed == 1


def test_a_revoked_laptops_bundles_and_slips_no_longer_count(
    office: CountyWindow, laptop: Laptop, household: dict[str, Any], qtbot: QtBot, tmp_path: Path
) -> None:
    store = laptop("黄一")
    enrol(office, qtbot, store, tmp_path)
    record_id = store.records.add(household)
    issued = issue_slip(store, record_id)
    office.show_page(VerifyPage)
    office.page(VerifyPage).code.setPlainText(issued.token)
    office.page(VerifyPage).judge_text()
    qtbot.waitUntil(lambda: "✓ 真卡" in office.page(VerifyPage).verdict.text(), timeout=10_000)
    assert "桂政办发〔2017〕43号" in office.page(VerifyPage).verdict.text()
    print_to_file(issued, tmp_path / "slip.pdf")
    office.page(VerifyPage).verdict.clear()
    office.page(VerifyPage).judge_file(tmp_path / "slip.pdf")
    qtbot.waitUntil(lambda: issued.number in office.page(VerifyPage).verdict.text(), timeout=20_000)
    office.show_page(DevicesPage)
    office.page(DevicesPage).revoke(store.identity.device.device_id)
    qtbot.waitUntil(
        lambda: cells(office.page(DevicesPage).table)[0][1].endswith("起注销"), timeout=10_000
    )
    office.show_page(VerifyPage)
    office.page(VerifyPage).judge_text()
    qtbot.waitUntil(
        lambda: "✗ 出自已注销" in office.page(VerifyPage).verdict.text(), timeout=10_000
    )
    office.show_page(DevicesPage)
    office.page(DevicesPage).enrol(tmp_path / "黄一.json")
    qtbot.waitUntil(
        lambda: "没有重新登记" in office.page(DevicesPage).problem.text(), timeout=10_000
    )
    assert cells(office.page(DevicesPage).table)[0][1].endswith("起注销")
    store.records.close_visit(record_id)
    export_bundles(store, tmp_path / "stick")
    take(office, qtbot, [tmp_path / "stick"])
    (row,) = cells(office.page(InboxPage).aside)
    assert "签名的设备已注销" in row[2]


def test_the_register_is_written_and_counted(
    office: CountyWindow, laptop: Laptop, household: dict[str, Any], qtbot: QtBot, tmp_path: Path
) -> None:
    store = laptop("黄一")
    enrol(office, qtbot, store, tmp_path)
    store.records.import_documents([household])
    export_bundles(store, tmp_path / "stick")
    take(office, qtbot, [tmp_path / "stick"])
    office.show_page(RegisterPage)
    qtbot.waitUntil(lambda: "农户 1 户" in office.page(RegisterPage).counts.text(), timeout=10_000)
    office.page(RegisterPage).write(tmp_path / "register.xlsx")
    qtbot.waitUntil((tmp_path / "register.xlsx").exists, timeout=10_000)
    settle(office, qtbot)
    assert "2 人" in office.status.text()
    assert "�" not in office.status.text()
    office.page(RegisterPage).search.setText("岜明")
    settle(office, qtbot)
    assert [row[0] for row in cells(office.page(RegisterPage).table)] == ["韦岜明"]
    office.page(RegisterPage).search.setText("没有这个人")
    settle(office, qtbot)
    assert cells(office.page(RegisterPage).table) == []
    office.session.run(lambda county: spoil(county, household["record_id"], "韦\x02岜\ud800明"))
    office.page(RegisterPage).write(tmp_path / "register.xlsx")
    qtbot.waitUntil(lambda: "第 2 行共 1 格" in office.status.text(), timeout=10_000)
    assert "岜" not in office.status.text()


def test_an_invalid_record_is_listed_and_sent_back(
    office: CountyWindow, household: dict[str, Any], qtbot: QtBot, tmp_path: Path
) -> None:
    worker = Worker(office.session.store, "黄一", tmp_path)
    other = {**household, "record_id": str(UUID(int=5)), "population": "many"}
    visits = [worker.revision(household), worker.revision(other)]
    register = office.show_page(RegisterPage)
    settle(office, qtbot)
    assert not register.faulty.isVisible()
    office.show_page(InboxPage)
    take(office, qtbot, [worker.bundle(*visits)])
    office.show_page(RegisterPage)
    settle(office, qtbot)
    assert "内容有错 1 条" in register.counts.text()
    assert len(cells(register.table)) == 2
    QTest.mouseClick(register.faulty, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    settle(office, qtbot)
    ((*_, reason),) = cells(register.table)
    assert "many" in reason
    register.send_back(register.listed[0].record_id, "人口填错了", "population")
    settle(office, qtbot)
    assert [row[4] for row in cells(register.table)] == ["人口填错了"]


def test_one_policy_resolves_all_and_a_second_person_confirms(
    office: CountyWindow,
    desk: Desk,
    laptop: Laptop,
    household: dict[str, Any],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    _, sticks = same_household_twice(laptop, household, office, qtbot, tmp_path)
    take(office, qtbot, sticks)
    office.page(UsersPage).add("韦复", Role.OFFICER, "a password of mine")
    office.show_page(ConflictsPanel)
    office.show_page(ProposalsPanel)
    settle(office, qtbot)
    QTest.mouseClick(office.page(ProposalsPanel).four_eyes, Qt.MouseButton.LeftButton)
    settle(office, qtbot)
    panel = office.show_page(ConflictsPanel)
    settle(office, qtbot)
    rules = {action.text(): action for action in panel.bulk.menu().actions()}
    assert list(rules) == ["都取较晚的", "都取 覃二 的", "都取 黄一 的"]
    sides = panel.whole.menu().actions()
    sides[0].trigger()
    assert "61" in panel.choices[0].currentText()
    rules["都取 覃二 的"].trigger()
    qtbot.waitUntil(lambda: "○ 待复核" in str(cells(panel.list)), timeout=10_000)
    second = desk("韦复", "a password of mine")
    second.show_page(ConflictsPanel)
    second.show_page(ProposalsPanel)
    settle(second, qtbot)
    assert cells(second.page(ProposalsPanel).table)[0][2] == "改造后建筑面积（含储藏间）：63"
    second.page(ProposalsPanel).decide(True)
    settle(second, qtbot)
    assert second.session.store.records.counts().conflicts == 0


def test_a_duplicate_person_is_kept_in_one_household(
    office: CountyWindow,
    laptop: Laptop,
    household: dict[str, Any],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    panel = two_with_one_person(office, laptop, household, qtbot, tmp_path)
    rows = cells(panel.table)
    assert [row[0] for row in rows] == ["证件号码相同", "姓名和出生日期相同"]
    assert "451099198606190789" not in str(rows)
    panel.table.setCurrentCell(1, 0)
    press(panel, "是两个人")
    qtbot.waitUntil(lambda: len(cells(panel.table)) == 1, timeout=10_000)
    store = office.session.store
    store.settings.set(FOUR_EYES, "yes")
    press(panel, "留在前一户…")
    say_yes(qtbot)
    qtbot.waitUntil(lambda: len(store.review.proposals()) == 1, timeout=10_000)
    office.show_page(ProposalsPanel)
    settle(office, qtbot)
    assert "移出" in cells(office.page(ProposalsPanel).table)[0][2]
    (waiting,) = store.review.proposals()
    store.review.reject(waiting.proposal_id)
    store.settings.set(FOUR_EYES, "")
    office.show_page(ConflictsPanel)
    settle(office, qtbot)
    assert len(cells(panel.table)) == 1


def two_with_one_person(
    office: CountyWindow,
    laptop: Laptop,
    household: dict[str, Any],
    qtbot: QtBot,
    tmp_path: Path,
) -> DuplicatesPanel:
    """Two households with the same two persons, the second also with 陆大光; gives the page of them."""
    store = laptop("黄一")
    enrol(office, qtbot, store, tmp_path)
    other = json.loads(json.dumps(household))
    other["record_id"], other["registration"]["household_no"] = str(UUID(int=1)), "45109900000010"
    other["members"].append({"member_id": "m9", "name": "陆大光"})
    store.records.import_documents([household, other])
    export_bundles(store, tmp_path / "stick")
    take(office, qtbot, [tmp_path / "stick"])
    panel = office.show_page(DuplicatesPanel)
    settle(office, qtbot)
    return panel


@pytest.mark.parametrize(
    ("label", "asked", "people"),
    [
        ("两户并为前一户…", "45109900000010", {"45109900000009": 3}),
        ("留在前一户…", "移出", {"45109900000009": 2, "45109900000010": 2}),
        ("留在后一户…", "移出", {"45109900000009": 1, "45109900000010": 3}),
    ],
)
def test_resolving_a_duplicate_needs_a_confirmation(
    office: CountyWindow,
    laptop: Laptop,
    household: dict[str, Any],
    qtbot: QtBot,
    tmp_path: Path,
    label: str,
    asked: str,
    people: dict[str, int],
) -> None:
    panel = two_with_one_person(office, laptop, household, qtbot, tmp_path)

    def stored() -> dict[str, int]:
        documents = office.session.store.records.documents()
        return {d["registration"]["household_no"]: len(d["members"]) for d in documents}

    before = stored()
    assert before == {"45109900000009": 2, "45109900000010": 3}
    panel.table.setCurrentCell(0, 0)
    press(panel, label)
    assert asked in say_no(qtbot)
    settle(office, qtbot)
    assert stored() == before
    press(panel, label)
    say_yes(qtbot)
    qtbot.waitUntil(lambda: stored() == people, timeout=10_000)


FLOOR_AREA = "housing.floor_area_m2"


def test_a_household_is_sent_back_and_the_worker_sees_why(
    office: CountyWindow,
    folder: Path,
    start: Callable[[Path], SurveyorApp],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    with Store.open(folder, PASSPHRASE) as store:
        enrol(office, qtbot, store, tmp_path)
        record_id = next(s.record_id for s in store.records.summaries() if s.title == "韦岜明")
        export_bundles(store, tmp_path / "stick")
    take(office, qtbot, [tmp_path / "stick"])
    office.show_page(RegisterPage)
    office.page(RegisterPage).send_back(record_id, "面积请再量一次", FLOOR_AREA)
    qtbot.waitUntil(
        lambda: "面积请再量一次" in str(cells(office.page(RegisterPage).table)), timeout=10_000
    )
    take(office, qtbot, [tmp_path / "stick"])
    with Store.open(folder, PASSPHRASE) as store:
        export_bundles(store, tmp_path / "stick")
    program = start(folder)
    screen_of(program).passphrase.setText(PASSPHRASE)
    screen_of(program).try_unlock()
    qtbot.waitUntil(lambda: isinstance(program.window, MainWindow), timeout=10_000)
    window = window_of(program)
    qtbot.waitUntil(lambda: "，退回 1 户" in window.village.progress.text(), timeout=10_000)
    open_household(window, qtbot)
    assert "面积请再量一次" in window.form.notices.returned.label.text()
    assert window.form.notices.returned.isVisible()
    assert "面积请再量一次" in window.form.rows()[FLOOR_AREA].problem.text()
    assert window.form.rows()[FLOOR_AREA].isAncestorOf(focused())
    tabs = window.form.fields
    assert [tabs.tabText(tab) for tab in range(tabs.count()) if "↩" in tabs.tabText(tab)] == [
        "住房 ↩"
    ]
    QTest.keyClick(focused(), Qt.Key.Key_F1)
    assert not window.form.rows()[FLOOR_AREA].isVisible()
    QTest.mouseClick(window.form.notices.returned.go, Qt.MouseButton.LeftButton)
    assert window.form.rows()[FLOOR_AREA].isAncestorOf(focused())
    window.record_actions.close_visit()
    qtbot.waitUntil(lambda: "退回" not in window.village.progress.text(), timeout=10_000)
    assert not window.form.notices.returned.isVisible()


def test_files_of_other_kinds_are_rejected(
    office: CountyWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    office.page(InboxPage).take([tmp_path / "empty"])
    qtbot.waitUntil(
        lambda: "没有找到数据包" in office.page(InboxPage).problem.text(), timeout=10_000
    )
    (tmp_path / "bad.json").write_text(json.dumps({"format": "x"}))
    office.page(DevicesPage).enrol(tmp_path / "bad.json")
    qtbot.waitUntil(lambda: bool(office.page(DevicesPage).problem.text()), timeout=10_000)


def test_an_update_is_checked_and_offered_to_the_laptops(
    office: CountyWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "releases").mkdir()
    releases = Releases(tmp_path / "releases")
    package = releases.package("0.2.0")
    office.page(DevicesPage).publish(package)
    qtbot.waitUntil(
        lambda: "没有带更新公钥" in office.page(DevicesPage).problem.text(), timeout=10_000
    )
    monkeypatch.setattr("ruhu.updates.package.trusted_root", lambda: releases.root)
    office.page(DevicesPage).publish(package)
    qtbot.waitUntil(lambda: office.status.text().startswith("已发布 0.2.0"), timeout=10_000)
    settle(office, qtbot)
    assert office.page(DevicesPage).problem.text() == ""


def test_every_page_fits_and_is_reached_by_tab(office: CountyWindow, qtbot: QtBot) -> None:
    for name in (name for screen in SCREENS for name in screen.page_names()):
        office.show_screen(name)
        settle(office, qtbot)
        assert (name, faults(office)) == (name, [])
        office.buttons[0].setFocus()
        missed = in_sight(office) - reached_by_tab(office)
        assert (name, [w.accessibleName() or type(w).__name__ for w in missed]) == (name, [])


def test_a_role_sees_what_it_may_do_and_nothing_else(
    office: CountyWindow, desk: Desk, qtbot: QtBot
) -> None:
    office.show_page(UsersPage)
    for name, role in (("韦办", Role.CLERK), ("岑审", Role.AUDITOR)):
        office.page(UsersPage).add(name, role, "a password of mine")
    qtbot.waitUntil(lambda: len(cells(office.page(UsersPage).table)) == 3, timeout=20_000)
    assert [row[:2] for row in cells(office.page(UsersPage).table)] == [
        ["admin", "管理员"], ["岑审", "审计员"], ["韦办", "办事员"],
    ]  # fmt: skip
    office.show_page(AuditPage)
    settle(office, qtbot)
    assert [row[2:] for row in cells(office.page(AuditPage).table)][:2] == [
        ["admin", "新增用户", "用户：岑审　角色：审计员"],
        ["admin", "新增用户", "用户：韦办　角色：办事员"],
    ]
    office.page(AuditPage).verify()
    qtbot.waitUntil(lambda: "审计记录完整" in office.status.text(), timeout=10_000)
    clerk = desk("韦办", "a password of mine")
    assert [button.text() for button in clerk.buttons] == [
        "收件箱", "农户", "危改", "台账", "图表", "验卡",
    ]  # fmt: skip
    clerk.show_page(RegisterPage)
    shown = [b.text() for b in clerk.page(RegisterPage).findChildren(QPushButton) if b.isVisible()]
    assert shown == []
    auditor = desk("岑审", "a password of mine")
    assert [button.text() for button in auditor.buttons] == [
        "农户", "危改", "台账", "图表", "验卡", "审计",
    ]  # fmt: skip


def test_a_disabled_user_sees_the_reason(office: CountyWindow, desk: Desk, qtbot: QtBot) -> None:
    office.page(UsersPage).add("韦办", Role.OFFICER, "a password of mine")
    settle(office, qtbot)
    officer = desk("韦办", "a password of mine")
    office.activateWindow()
    office.show_page(UsersPage)
    settle(office, qtbot)
    (row,) = [
        at for at, line in enumerate(cells(office.page(UsersPage).table)) if line[0] == "韦办"
    ]
    office.page(UsersPage).table.setCurrentCell(row, 0)
    press(office.page(UsersPage), "停用所选…")
    assert "停用 韦办" in say_no(qtbot)
    settle(office, qtbot)
    assert [user.name for user in office.session.store.users.all()] == ["admin", "韦办"]
    press(office.page(UsersPage), "停用所选…")
    say_yes(qtbot)
    settle(office, qtbot)
    officer.show_page(DevicesPage)
    qtbot.waitUntil(lambda: "停用" in officer.page(DevicesPage).problem.text(), timeout=10_000)
