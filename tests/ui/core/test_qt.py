"""What the program takes for granted of Qt's binding, and what its start leaves unloaded."""

import subprocess
import sys

from PySide6.QtCore import QObject


def test_a_call_keeps_none() -> None:
    # PySide 6.12.0 on Python 3.11 took a reference away at each call, until the process ended.
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        thing.setObjectName("x")
    assert abs(sys.getrefcount(None) - before) < 100


def test_starting_imports_only_what_it_needs() -> None:
    # Each of these takes longer or more memory to load than the whole list of households.
    late = (
        "numpy",
        "openpyxl",
        "PIL",
        "sqlalchemy",
        "zxingcpp",
        "pypinyin",
        "PySide6.QtPrintSupport",
    )
    script = (
        f"import ruhu.ui.surveyor.window, sys; print([m for m in {late!r} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
