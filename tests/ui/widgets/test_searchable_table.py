"""A ledger's table: numbers are whole wherever they stand."""

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ruhu.ui.widgets.searchable_table import SearchableTable, TableRow


def test_a_number_far_down_is_not_cut_off(qapp: QApplication, qtbot: QtBot) -> None:
    table = SearchableTable("名单", ["户主", "补助（元）", "备注"], numbers=(1,))
    qtbot.addWidget(table)
    amounts = ["1.00"] * 500 + ["123,456,789,012.00"]
    table.show_lines([TableRow(("韦岜明", amount, ""), amount) for amount in amounts])
    wanted = table.view.fontMetrics().horizontalAdvance(amounts[-1])
    assert wanted < table.view.columnWidth(1) < 2 * wanted
