"""Colours, sizes and fonts, readable at arm's length in poor light."""

from typing import NamedTuple

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from ruhu.resources import resource

GRID = 4
BASE_POINTS = 10.5
LARGE_TEXT_FACTOR = 1.3
"""Above this factor of the usual text size, a narrow screen has no room for two columns."""
SYSTEM_CJK = (
    "Microsoft YaHei UI", "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC",
    "Source Han Sans SC", "WenQuanYi Micro Hei",
)  # fmt: skip


class Colours(NamedTuple):
    """Colours of a theme. Text has a contrast of at least 4.5 (WCAG 2, AA)."""

    window: str
    base: str
    alternate: str
    text: str
    dim: str
    line: str
    accent: str
    on_accent: str
    wrong: str
    good: str
    open: str


LIGHT = Colours(
    window="#f2f4f5", base="#ffffff", alternate="#f7f9fa", text="#1d2529", dim="#55626a",
    line="#c3ccd1", accent="#0b5c7d", on_accent="#ffffff", wrong="#a32018", good="#1d6b35",
    open="#7a4f00",
)  # fmt: skip
DARK = Colours(
    window="#1e2327", base="#262c31", alternate="#2b3238", text="#e8edf0", dim="#a9b5bc",
    line="#4a555c", accent="#6fc3e6", on_accent="#10181c", wrong="#ff9a90", good="#8fd6a4",
    open="#f0c674",
)  # fmt: skip


def colours(theme: str) -> Colours:
    """Return the colours of `light` or `dark`."""
    return DARK if theme == "dark" else LIGHT


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    pairs = {
        role.Window: c.window, role.WindowText: c.text, role.Base: c.base, role.Text: c.text,
        role.AlternateBase: c.alternate, role.Button: c.base, role.ButtonText: c.text,
        role.Highlight: c.accent, role.HighlightedText: c.on_accent, role.ToolTipBase: c.base,
        role.ToolTipText: c.text, role.PlaceholderText: c.dim, role.Link: c.accent,
        role.Mid: c.line, role.Dark: c.line,
    }  # fmt: skip
    for name, colour in pairs.items():
        palette.setColor(name, QColor(colour))
    for name in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(c.dim))
    return palette


def _sheet(c: Colours) -> str:
    return f"""
    QLineEdit {{ border: 1px solid {c.line}; border-radius: 3px; padding: 5px 8px;
        background: {c.base}; color: {c.text}; min-height: 20px; }}
    QLineEdit:focus {{ border: 2px solid {c.accent}; padding: 4px 7px; }}
    QPlainTextEdit {{ border: 1px solid {c.line}; border-radius: 3px; padding: 1px 5px;
        background: {c.base}; color: {c.text}; }}
    QPlainTextEdit:focus {{ border: 2px solid {c.accent}; padding: 0 4px; }}
    QPushButton {{ border: 1px solid {c.line}; border-radius: 3px; padding: 6px 12px;
        background: {c.base}; color: {c.text}; min-height: 20px; }}
    QToolButton {{ border: 1px solid {c.line}; border-radius: 3px; padding: 6px 10px;
        background: {c.base}; color: {c.text}; min-height: 20px; }}
    QToolButton:focus {{ border: 2px solid {c.accent}; padding: 5px 9px; }}
    QToolButton::menu-indicator {{ image: none; }}
    QPushButton:focus {{ border: 2px solid {c.accent}; padding: 5px 11px; }}
    QPushButton:checked, QPushButton#primary {{ background: {c.accent}; color: {c.on_accent};
        border-color: {c.accent}; }}
    QPushButton:checked:focus, QPushButton#primary:focus {{ border: 3px double {c.on_accent}; padding: 4px 10px; }}
    QPushButton:disabled {{ color: {c.dim}; background: {c.window}; }}
    QPushButton#primary:disabled {{ background: {c.window}; color: {c.dim}; border-color: {c.line}; }}
    QToolButton#rail {{ border: none; border-radius: 0; padding: 4px 6px; background: transparent; }}
    QToolButton#rail:focus {{ border: 2px solid {c.accent}; padding: 2px 4px; }}
    QToolButton#rail:checked {{ background: {c.window}; font-weight: bold; }}
    QToolButton#rail:hover {{ background: {c.window}; }}
    QPushButton#offer {{ border: 1px dashed {c.line}; color: {c.accent}; padding: 5px 8px; }}
    QPushButton#offer:focus {{ border: 2px solid {c.accent}; padding: 4px 7px; }}
    QPushButton#question {{ text-align: left; border-color: {c.accent}; }}
    QPushButton:flat {{ background: transparent; border-color: transparent; color: {c.dim}; }}
    QPushButton:flat:focus {{ border-color: {c.accent}; }}
    QLabel#dim {{ color: {c.dim}; }}
    QLabel#wrong {{ color: {c.wrong}; }}
    QLabel#good {{ color: {c.good}; }}
    QLabel#heading {{ font-weight: bold; }}
    QTabBar {{ qproperty-drawBase: 0; }}
    QCheckBox::indicator:unchecked {{ border: 1px solid {c.dim}; border-radius: 2px; background: {c.base}; }}
    QRadioButton::indicator:unchecked {{ border: 1px solid {c.dim}; border-radius: 7px; background: {c.base};
        width: 12px; height: 12px; }}
    QRadioButton::indicator:checked {{ border: 4px solid {c.accent}; border-radius: 7px; background: {c.base};
        width: 6px; height: 6px; }}
    QTabBar QToolButton {{ padding: 0; border: none; }}
    QTabBar::tab {{ padding: 8px 8px; border: none; color: {c.text}; background: transparent; }}
    QTabBar::tab:selected {{ border-bottom: 3px solid {c.accent}; font-weight: bold; }}
    QTabBar::tab:focus {{ background: {c.alternate}; }}
    QTabWidget::pane {{ border: none; border-top: 1px solid {c.line}; }}
    QTableView, QTreeWidget, QListView, QScrollArea {{ border: 1px solid {c.line};
        background: {c.base}; alternate-background-color: {c.alternate}; }}
    QScrollArea#plain {{ border: none; }}
    QHeaderView::section {{ background: {c.window}; color: {c.text}; padding: 5px; border: none;
        border-bottom: 1px solid {c.line}; }}
    QFrame#column {{ background: {c.base}; border: none; }}
    QFrame#band {{ background: {c.alternate}; border: none; border-bottom: 1px solid {c.line}; }}
    QComboBox {{ min-height: 28px; padding-left: 6px; }}
    QPushButton#unknown:checked {{ background: {c.window}; color: {c.dim}; border-color: {c.dim}; }}
    QPushButton#unknown:checked:focus {{ border: 2px solid {c.accent}; padding: 5px 11px; }}
    QSplitter::handle {{ background: {c.line}; width: 1px; }}
    QStatusBar {{ border-top: 1px solid {c.line}; }}
    QStatusBar QLabel {{ padding: 0 12px; }}
    """


def choose_family() -> str:
    """Return the system's Chinese font if it has one, else the program's own."""
    for family in SYSTEM_CJK:
        if QFontDatabase.hasFamily(family):
            return family
    handle = QFontDatabase.addApplicationFont(str(resource("fonts") / "RuhuSans-Regular.otf"))
    families = QFontDatabase.applicationFontFamilies(handle)
    return families[0] if families else QFont().family()


def is_large(font: QFont) -> bool:
    """Return whether text is so large that a narrow screen is laid out in one column."""
    return font.pointSizeF() > BASE_POINTS * LARGE_TEXT_FACTOR


def apply_theme(app: QApplication, theme: str, text_percent: int) -> None:
    """Apply a theme and a text size of 100 to 200 % to the application in Fusion style."""
    font = QFont(choose_family())
    font.setPointSizeF(BASE_POINTS * text_percent / 100)
    app.setFont(font)
    c = colours(theme)
    app.setPalette(_palette(c))
    app.setStyleSheet(_sheet(c))
