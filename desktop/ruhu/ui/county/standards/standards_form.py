"""Form for the figures of a county's standards."""

from PySide6.QtCore import QDate
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from ruhu.policy.standards.model import BOOLEAN, FIGURES
from ruhu.strict_json import Document
from ruhu.ui.core.i18n import interface
from ruhu.ui.county.standards.standards_form_model import (
    GROUPS,
    document_of,
    group_of,
    texts_of,
    tiers_of,
)
from ruhu.ui.widgets.date_field import DateField

TIER_ROWS = 5


class StandardsForm(QWidget):
    """Fields for every figure that the notice leaves to the county."""

    def __init__(self) -> None:
        super().__init__()
        self.valid_from = DateField(self.tr("生效日期"))
        self.valid_to = DateField(self.tr("截止日期"))
        self.ends = QCheckBox(self.tr("有截止日期"))
        self.ends.toggled.connect(self.valid_to.setEnabled)
        self.valid_to.setEnabled(False)
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        form = QFormLayout(self)
        form.addRow(self.tr("生效日期"), self.valid_from)
        form.addRow(self.ends, self.valid_to)
        group = ""
        for path, figure in FIGURES.items():
            if group_of(path) != group:
                group = group_of(path)
                heading = QLabel(interface.translate(GROUPS[group]))
                heading.setObjectName("heading")
                form.addRow(heading)
            field = self._field(figure.accepts is BOOLEAN)
            label = interface.translate(figure.label)
            field.setAccessibleName(label)
            field.setToolTip(interface.translate(figure.accepts))
            self.fields[path] = field
            form.addRow(label, field)
        heading = QLabel(self.tr("大病保险分段：起付线以上到多少元（最后一段不填）、报销比例"))
        heading.setObjectName("heading")
        heading.setWordWrap(True)
        form.addRow(heading)
        self.tiers = [self._tier(form, number) for number in range(1, TIER_ROWS + 1)]

    def _field(self, switch: bool) -> QLineEdit | QComboBox:
        if not switch:
            return QLineEdit()
        box = QComboBox()
        for label, value in (
            (self.tr("未定"), ""),
            (self.tr("是"), "true"),
            (self.tr("否"), "false"),
        ):
            box.addItem(label, value)
        return box

    def _tier(self, form: QFormLayout, number: int) -> tuple[QLineEdit, QLineEdit]:
        end, rate = QLineEdit(), QLineEdit()
        end.setAccessibleName(self.tr("第{0}段到（元）").format(number))
        rate.setAccessibleName(self.tr("第{0}段比例").format(number))
        rate.setPlaceholderText("0.50")
        row = QHBoxLayout()
        row.addWidget(end)
        row.addWidget(rate)
        form.addRow(self.tr("第{0}段").format(number), row)
        return end, rate

    def show_document(self, document: Document) -> None:
        """Show the figures of a document."""
        for path, text in texts_of(document).items():
            field = self.fields[path]
            if isinstance(field, QComboBox):
                field.setCurrentIndex(max(0, field.findData(text)))
            else:
                field.setText(text)
        tiers = [*tiers_of(document), *[("", "")] * TIER_ROWS]
        for (end, rate), (end_text, rate_text) in zip(self.tiers, tiers, strict=False):
            end.setText(end_text)
            rate.setText(rate_text)
        if document.get("valid_from"):
            self.valid_from.setDate(QDate.fromString(str(document["valid_from"]), "yyyy-MM-dd"))
        self.ends.setChecked(bool(document.get("valid_to")))
        if document.get("valid_to"):
            self.valid_to.setDate(QDate.fromString(str(document["valid_to"]), "yyyy-MM-dd"))

    def document(self, county: str) -> Document:
        """Return the typed figures as a county's document."""
        texts = {
            path: field.currentData() if isinstance(field, QComboBox) else field.text()
            for path, field in self.fields.items()
        }
        return document_of(
            county,
            self.valid_from.day,
            self.valid_to.day if self.ends.isChecked() else None,
            texts,
            [(end.text(), rate.text()) for end, rate in self.tiers],
        )
