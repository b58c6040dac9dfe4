"""Export or print the lists of a page."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QPushButton, QWidget

from ruhu.county.access.permissions import Permission
from ruhu.county.county import CountyStore
from ruhu.export.cell_text import AlteredCells
from ruhu.export.spreadsheet import Sheet, write_workbook
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.page import Page
from ruhu.ui.printing.preview_dialog import PrintPreview
from ruhu.ui.printing.slip_printing import load_font
from ruhu.ui.printing.table_printing import TablePages

SheetFactory = Callable[[CountyStore], Sheet]


class ExportButtons(QWidget):
    """Buttons that export or print a list; with several lists, a choice among them."""

    def __init__(self, page: Page, sheets: Mapping[str, SheetFactory]) -> None:
        super().__init__()
        self._page = page
        self.lists = QComboBox()
        self.lists.setAccessibleName(self.tr("名单"))
        for name, make_sheet in sheets.items():
            self.lists.addItem(name, make_sheet)
        self.lists.setVisible(len(sheets) > 1)
        self.export = QPushButton(self.tr("导出 Excel…"))
        self.export.clicked.connect(lambda: self.choose_file())
        self.print = QPushButton(self.tr("打印…"))
        self.print.clicked.connect(lambda: self.show_preview())
        self.setVisible(page.session.has_permission(Permission.EXPORT))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.lists, self.export, self.print):
            layout.addWidget(widget)

    @property
    def _factory(self) -> SheetFactory:
        factory: SheetFactory = self.lists.currentData()
        return factory

    def choose_file(self) -> None:
        """Choose an Excel file for the list."""
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("导出（不加密，请妥善保管）"), "", self.tr("Excel 工作簿 (*.xlsx)")
        )
        if name:
            self.write(Path(name).with_suffix(".xlsx"))

    def write(self, path: Path) -> None:
        """Write the list to an Excel file."""
        factory = self._factory

        def job(store: CountyStore) -> tuple[Sheet, AlteredCells]:
            sheet = store.exports.record(factory(store))
            return sheet, write_workbook(sheet, path)

        def done(result: tuple[Sheet, AlteredCells]) -> None:
            sheet, altered = result
            text = self.tr("已导出 {0} 行：{1}（未加密）").format(len(sheet.rows), path.name)
            if sheet.held:
                text += self.tr("；其中 {0} 行暂缓，不付，原因在表里").format(sheet.held)
            self._page.status_message.emit(interface.after(text, altered.text))

        self._page.session.run(job, done)

    def show_preview(self) -> None:
        """Show the print preview of the list."""
        factory = self._factory
        # Fonts are loaded on the interface thread, before another thread lays anything out.
        load_font()

        def job(store: CountyStore) -> TablePages:
            return TablePages(store.exports.record(factory(store)))

        def done(pages: TablePages) -> None:
            PrintPreview(self, pages).open()

        self._page.session.run(job, done)
