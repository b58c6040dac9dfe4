"""The pages of the county's workspace: inbox, review, register, devices, slips."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ruhu.bundle.envelope import SUFFIX
from ruhu.bundle.keys import read_device
from ruhu.bundle.merge import Conflict
from ruhu.county.overview import Counts, Device, Listed, SetAside, Waiting
from ruhu.county.receipt import Imported, Outcome
from ruhu.county.register import write_register
from ruhu.county.stick import leave_answers
from ruhu.county.store import CountyStore
from ruhu.slips.judging import Judged, judge
from ruhu.slips.reading import tokens_in
from ruhu.slips.token import Issuer, Verdict
from ruhu.store.index import title_of
from ruhu.survey.facts import find_fact
from ruhu.survey.id_number import mask
from ruhu.survey.text import UserError
from ruhu.ui.county_session import CountySession
from ruhu.ui.form_model import show_value
from ruhu.ui.language import interface


def table_of(name: str, headings: Sequence[str]) -> QTableWidget:
    """A table to read from, its last column as wide as there is room."""
    table = QTableWidget(0, len(headings))
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels(list(headings))
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setStretchLastSection(True)
    return table


def fill(table: QTableWidget, rows: Sequence[Sequence[str]]) -> None:
    """Show rows of text."""
    table.setRowCount(len(rows))
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            table.setItem(row, column, item)


def clock(at: str) -> str:
    """A time as a clerk reads it."""
    return at[:16].replace("T", " ")


class Page(QWidget):
    """What the pages share: the session, and a sentence for what went wrong."""

    told = Signal(str)

    def __init__(self, session: CountySession) -> None:
        super().__init__()
        self.session = session
        self.problem = QLabel()
        self.problem.setObjectName("wrong")
        self.problem.setWordWrap(True)

    def refresh(self) -> None:
        """Show the page as the store is now."""

    def _button(self, label: str, act: Any, *, primary: bool = False) -> QPushButton:
        button = QPushButton(label)
        if primary:
            button.setObjectName("primary")
        button.clicked.connect(lambda _=False: act())
        return button

    def _failed(self, error: UserError) -> None:
        self.problem.setText(interface.say(error.text))


class InboxPage(Page):
    """Bundles dropped or chosen; per bundle what came of it, and what was set aside."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self.setAcceptDrops(True)
        self._queue: list[Path] = []
        self._done: list[Path] = []
        self._results: list[Imported] = []
        hint = QLabel(self.tr("把数据包或整个U盘拖到这里，或点下面的按钮。导入后回执写回U盘。"))
        hint.setObjectName("dim")
        hint.setWordWrap(True)
        self.results = table_of(
            self.tr("导入结果"),
            [self.tr("文件"), self.tr("结果"), self.tr("修订"), self.tr("照片"), self.tr("户"),
             self.tr("自动合并"), self.tr("待核对"), self.tr("说明")],
        )  # fmt: skip
        self.aside = table_of(
            self.tr("搁置的数据包"), [self.tr("时间"), self.tr("文件"), self.tr("原因")]
        )
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("进度"))
        self.stop = self._button(self.tr("停止"), self._queue.clear)
        self._files = self._button(self.tr("选数据包…"), self.choose_files, primary=True)
        self._folder = self._button(self.tr("选U盘或文件夹…"), self.choose_folder)
        buttons = QHBoxLayout()
        for widget in (self._files, self._folder, self.progress, self.stop):
            buttons.addWidget(widget)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(hint)
        layout.addLayout(buttons)
        layout.addWidget(self.problem)
        layout.addWidget(self.results, 2)
        heading = QLabel(self.tr("搁置的数据包（原件都留着）"))
        heading.setObjectName("heading")
        layout.addWidget(heading)
        layout.addWidget(self.aside, 1)
        self._work(False)

    def refresh(self) -> None:
        self.session.run(lambda store: store.set_aside(), self._show_aside)

    def _show_aside(self, found: list[SetAside]) -> None:
        fill(self.aside, [(clock(x.at), x.file_name, x.reason) for x in found])

    def choose_files(self) -> None:
        """Choose bundle files and import them."""
        names, _ = QFileDialog.getOpenFileNames(
            self, self.tr("选数据包"), "", self.tr("数据包 (*{0})").format(SUFFIX)
        )
        self.take([Path(name) for name in names])

    def choose_folder(self) -> None:
        """Choose a stick and import what lies on it."""
        name = QFileDialog.getExistingDirectory(self, self.tr("选U盘或文件夹"))
        if name:
            self.take([Path(name)])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take([Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()])
        event.acceptProposedAction()

    def take(self, places: Sequence[Path]) -> None:
        """Import bundle files, and all that lie in folders, one after the other."""
        files: list[Path] = []
        for place in places:
            files += sorted(place.glob(f"*{SUFFIX}")) if place.is_dir() else [place]
        self.problem.setText("" if files else self.tr("没有找到数据包（*{0}）").format(SUFFIX))
        if not files:
            return
        self._queue += files
        self._done, self._results = [], []
        self.progress.setRange(0, len(self._queue))
        self.progress.setValue(0)
        self._work(True)
        self._next()

    def _next(self) -> None:
        if not self._queue:
            self._finish()
            return
        path = self._queue.pop(0)

        def done(imported: Imported) -> None:
            self._done.append(path)
            self._results.append(imported)
            self.progress.setValue(len(self._done))
            fill(self.results, [self._row(each) for each in self._results])
            self._next()

        def failed(error: UserError) -> None:
            self._failed(error)
            self._next()

        self.session.run(lambda store: store.import_file(path), done, failed)

    def _row(self, imported: Imported) -> tuple[str, ...]:
        words = {
            Outcome.TAKEN_IN: self.tr("● 已接收"),
            Outcome.KNOWN: self.tr("○ 以前收过"),
            Outcome.SET_ASIDE: self.tr("✗ 搁置"),
        }
        remark = interface.say(imported.reason) if imported.reason else ""
        if imported.gaps:
            numbers = "、".join(map(str, imported.gaps[:20]))
            remark = self.tr("该设备还缺第 {0} 包").format(numbers)
        numbers_ = (imported.revisions, imported.papers, imported.records, imported.merged,
                    imported.conflicts)  # fmt: skip
        counted = tuple(str(number or "") for number in numbers_)
        return (imported.file_name, words[imported.outcome], *counted, remark)

    def _finish(self) -> None:
        done = list(self._done)

        def leave(store: CountyStore) -> None:
            for folder in {path.parent for path in done}:
                leave_answers(store, folder, [path for path in done if path.parent == folder])

        def left(_: object) -> None:
            self._work(False)
            aside = sum(1 for r in self._results if r.outcome is Outcome.SET_ASIDE)
            text = self.tr("导入 {0} 个数据包，搁置 {1} 个").format(len(self._results), aside)
            self.told.emit(text)
            self.session.changed.emit()

        self.session.run(leave, left, self._failed)

    def _work(self, busy: bool) -> None:
        for widget in (self.progress, self.stop):
            widget.setVisible(busy)
        for button in (self._files, self._folder):
            button.setEnabled(not busy)


class ReviewPage(Page):
    """Fields that two laptops changed differently, side by side; a person chooses."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self._waiting: list[Waiting] = []
        self._choices: list[QComboBox] = []
        self.list = table_of(
            self.tr("待核对的记录"), [self.tr("户主"), self.tr("户编号"), self.tr("处数")]
        )
        self.list.currentCellChanged.connect(lambda *_: self._show_record())
        self.fields = table_of(
            self.tr("改得不一样的地方"),
            [self.tr("项目"), self.tr("一方"), self.tr("另一方"), self.tr("取哪个")],
        )
        self.settle = self._button(self.tr("按所选合并"), self.settle_chosen, primary=True)
        self._empty = QLabel(self.tr("没有要核对的记录。"))
        self._empty.setObjectName("dim")
        layout = QVBoxLayout(self)
        layout.addWidget(self._empty)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.fields, 2)
        layout.addWidget(self.problem)
        layout.addWidget(self.settle, 0, Qt.AlignmentFlag.AlignRight)

    def refresh(self) -> None:
        self.session.run(lambda store: store.waiting(), self._show)

    def _show(self, waiting: list[Waiting]) -> None:
        self._waiting = waiting
        rows = []
        for each in waiting:
            document = each.state.document or {}
            number = (document.get("registration") or {}).get("household_no")
            rows.append((title_of(document), str(number or ""), str(len(each.conflicts))))
        fill(self.list, rows)
        self._empty.setVisible(not waiting)
        for widget in (self.list, self.fields, self.settle):
            widget.setVisible(bool(waiting))
        if waiting:
            self.list.setCurrentCell(0, 0)
        self._show_record()

    def _chosen(self) -> Waiting | None:
        row = self.list.currentRow()
        return self._waiting[row] if 0 <= row < len(self._waiting) else None

    def _show_record(self) -> None:
        waiting = self._chosen()
        self._choices = []
        if waiting is None:
            self.fields.setRowCount(0)
            return
        kind = str((waiting.state.document or {}).get("kind", "household"))
        fill(self.fields, [self._row(waiting, each, kind) for each in waiting.conflicts])
        for row, conflict in enumerate(waiting.conflicts):
            box = QComboBox()
            box.setAccessibleName(self.tr("取哪个"))
            for revision_id, value in conflict.values:
                author = waiting.sides[revision_id].author or self.tr("未填姓名")
                box.addItem(f"{author}：{self._say(conflict.path, value, kind)}", revision_id)
            self._choices.append(box)
            self.fields.setCellWidget(row, 3, box)
        self.fields.resizeRowsToContents()

    def _row(self, waiting: Waiting, conflict: Conflict, kind: str) -> tuple[str, str, str, str]:
        fact = find_fact(kind, conflict.path)
        label = interface.say(fact.label) if fact else conflict.path
        told = []
        for revision_id, value in conflict.values:
            side = waiting.sides[revision_id]
            when = clock(side.at.astimezone().isoformat())
            told.append(f"{self._say(conflict.path, value, kind)}\n{side.author}　{when}")
        return label, told[0], told[1], ""

    def _say(self, path: str, value: Any, kind: str) -> str:
        fact = find_fact(kind, path)
        if value is None:
            return self.tr("（没有）")
        if isinstance(value, bool):
            return self.tr("是") if value else self.tr("否")
        if isinstance(value, (dict, list)):
            return self.tr("（有改动）")
        if fact is not None and fact.choices:
            return next((interface.say(c.label) for c in fact.choices if c == value), str(value))
        return mask(str(value)) if path.endswith("id_number") else show_value(value)

    def settle_chosen(self) -> None:
        """Write the choices as one revision that builds on all sides."""
        waiting = self._chosen()
        if waiting is None:
            return
        chosen = {
            conflict.path: dict(conflict.values)[box.currentData()]
            for conflict, box in zip(waiting.conflicts, self._choices, strict=True)
        }

        def done(_: object) -> None:
            self.told.emit(self.tr("已合并，记入历史"))
            self.session.changed.emit()

        self.session.run(lambda store: store.settle(waiting.record_id, chosen), done, self._failed)


class RegisterPage(Page):
    """How much there is, the households found while typing, and the register as Excel."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self._counts = QLabel()
        self._counts.setObjectName("heading")
        self._counts.setWordWrap(True)
        name = QLabel(
            f"{session.public.name} {session.public.county}\n{session.public.fingerprint}"
        )
        name.setObjectName("dim")
        layout = QVBoxLayout(self)
        layout.addWidget(name)
        layout.addWidget(self._counts)
        self._listed: list[Listed] = []
        self.search = QLineEdit()
        self.search.setAccessibleName(self.tr("查找"))
        self.search.setPlaceholderText(self.tr("姓名、证件号或户编号"))
        self.search.textChanged.connect(lambda _: self._list())
        self.table = table_of(
            self.tr("农户"),
            [self.tr("户主"), self.tr("户编号"), self.tr("村"), self.tr("人口"), self.tr("退回")],
        )
        buttons = QHBoxLayout()
        buttons.addWidget(
            self._button(self.tr("导出台账（Excel）…"), self.choose_file, primary=True)
        )
        buttons.addWidget(self._button(self.tr("退回给调查员…"), self.ask_comment))
        buttons.addStretch(1)
        layout.addWidget(self.search)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.problem)
        layout.addLayout(buttons)

    def refresh(self) -> None:
        self.session.run(lambda store: store.counts(), self._show)
        self._list()

    def _list(self) -> None:
        text = self.search.text()
        self.session.run(lambda store: store.listed(text), self._show_listed)

    def _show_listed(self, found: list[Listed]) -> None:
        self._listed = found
        rows = []
        for each in found:
            place = each.document.get("place") or {}
            number = (each.document.get("registration") or {}).get("household_no")
            people = len(each.document.get("members") or [])
            village = str(place.get("village_name") or "")
            rows.append(
                (title_of(each.document), str(number or ""), village, str(people), each.sent_back)
            )
        fill(self.table, rows)

    def ask_comment(self) -> None:
        """Ask what the worker is to look at again, and send the chosen household back."""
        row = self.table.currentRow()
        if not 0 <= row < len(self._listed):
            self.problem.setText(self.tr("请先在表里选一户"))
            return
        comment, asked = QInputDialog.getMultiLineText(
            self, self.tr("退回给调查员"), self.tr("要核实什么：")
        )
        if asked:
            self.send_back(self._listed[row].record_id, comment)

    def send_back(self, record_id: UUID, comment: str) -> None:
        """Send a household back to its worker with a comment."""

        def done(_: object) -> None:
            self.problem.setText("")
            self.told.emit(self.tr("已退回，随下次答复到调查员的电脑"))
            self.session.changed.emit()

        self.session.run(lambda store: store.send_back(record_id, comment), done, self._failed)

    def _show(self, counts: Counts) -> None:
        self._counts.setText(
            self.tr(
                "农户 {0} 户，其他记录 {1} 条；数据包 {2} 个；设备 {3} 台；待核对 {4} 户"
            ).format(
                counts.households, counts.others, counts.bundles, counts.devices, counts.conflicts
            )
        )

    def choose_file(self) -> None:
        """Choose where the register goes."""
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("导出台账（不加密，请妥善保管）"), "", self.tr("Excel 台账 (*.xlsx)")
        )
        if name:
            self.write(Path(name).with_suffix(".xlsx"))

    def write(self, path: Path) -> None:
        """Write the register."""

        def done(persons: int) -> None:
            self.told.emit(self.tr("已导出 {0} 人：{1}（未加密）").format(persons, path.name))

        self.session.run(lambda store: write_register(store.documents(), path), done, self._failed)


class DevicesPage(Page):
    """The laptops: enrolled by their key file, revoked when one is lost."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self._devices: list[Device] = []
        self.table = table_of(
            self.tr("设备"),
            [self.tr("调查员"), self.tr("状态"), self.tr("最后一包"), self.tr("缺的包"),
             self.tr("登记时间"), self.tr("指纹")],
        )  # fmt: skip
        self._revoke = self._button(self.tr("注销所选…"), self.ask_revoke)
        buttons = QHBoxLayout()
        buttons.addWidget(self._button(self.tr("登记设备…"), self.choose_device, primary=True))
        buttons.addWidget(self._revoke)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addLayout(buttons)
        layout.addWidget(self.problem)
        layout.addWidget(self.table, 1)

    def refresh(self) -> None:
        self.session.run(lambda store: store.devices(), self._show)

    def _show(self, devices: list[Device]) -> None:
        self._devices = devices
        fill(
            self.table,
            [
                (
                    device.surveyor,
                    self.tr("✗ 已注销") if device.revoked_at else self.tr("● 在用"),
                    str(device.last or ""),
                    "、".join(map(str, device.gaps[:20])),
                    clock(device.enrolled_at),
                    device.fingerprint,
                )
                for device in devices
            ],
        )
        self._revoke.setEnabled(bool(devices))

    def choose_device(self) -> None:
        """Choose a laptop's key file."""
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("设备公钥"), "", self.tr("设备公钥 (*.json)")
        )
        if name:
            self.enrol(Path(name))

    def enrol(self, path: Path) -> None:
        """Let a laptop's bundles in."""

        def job(store: CountyStore) -> str:
            device = read_device(path.read_bytes())
            store.enrol(device)
            return device.fingerprint

        def done(print_: str) -> None:
            self.problem.setText("")
            self.told.emit(self.tr("已登记，请与调查员核对指纹：{0}").format(print_))
            self.session.changed.emit()

        self.session.run(job, done, self._failed)

    def ask_revoke(self) -> None:
        """Ask, then let no further bundles of the chosen laptop in."""
        row = self.table.currentRow()
        if not 0 <= row < len(self._devices):
            self.problem.setText(self.tr("请先在表里选一台设备"))
            return
        device = self._devices[row]
        answer = QMessageBox.question(
            self,
            self.tr("注销设备"),
            self.tr("注销 {0} 的设备？它以后的数据包和明白卡都不再认。").format(device.surveyor),
        )
        if answer is QMessageBox.StandardButton.Yes:
            self.revoke(device.device_id)

    def revoke(self, device_id: UUID) -> None:
        """Let no further bundles of a laptop in."""
        self.session.run(
            lambda store: store.revoke(device_id),
            lambda _: self.session.changed.emit(),
            self._failed,
        )


class VerifyPage(Page):
    """Whether a slip is genuine: from a photo, a scan, a PDF, or the code's text."""

    def __init__(self, session: CountySession) -> None:
        super().__init__(session)
        self.setAcceptDrops(True)
        hint = QLabel(
            self.tr("把明白卡的照片、扫描件或 PDF 拖到这里；或把扫码枪读出的文字贴进来。")
        )
        hint.setObjectName("dim")
        hint.setWordWrap(True)
        self.code = QPlainTextEdit()
        self.code.setAccessibleName(self.tr("二维码的文字"))
        self.code.setTabChangesFocus(True)
        self.code.setFixedHeight(self.fontMetrics().lineSpacing() * 4)
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QHBoxLayout()
        buttons.addWidget(self._button(self.tr("验文字"), self.judge_text, primary=True))
        buttons.addWidget(self._button(self.tr("选文件…"), self.choose_file))
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(hint)
        layout.addWidget(self.code)
        layout.addLayout(buttons)
        layout.addWidget(self.verdict)
        layout.addWidget(self.problem)
        layout.addStretch(1)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.judge_file(Path(url.toLocalFile()))
        event.acceptProposedAction()

    def choose_file(self) -> None:
        """Choose a picture or PDF of a slip."""
        name, _ = QFileDialog.getOpenFileName(
            self, self.tr("明白卡"), "", self.tr("照片、扫描件 (*.jpg *.jpeg *.png *.pdf *.txt)")
        )
        if name:
            self.judge_file(Path(name))

    def judge_file(self, path: Path) -> None:
        """Judge every slip in a file."""
        self._judge(lambda: tokens_in(path.name, path.read_bytes()))

    def judge_text(self) -> None:
        """Judge the code that was typed or scanned."""
        text = self.code.toPlainText().strip()
        self._judge(lambda: [text])

    def _judge(self, read: Any) -> None:
        def job(store: CountyStore) -> list[Judged]:
            def find_issuer(device_id: UUID) -> Issuer | None:
                known = store.issuer(device_id)
                return Issuer(*known) if known else None

            return [judge(code, find_issuer) for code in read()] or [Judged(Verdict.NOT_A_SLIP)]

        def done(found: list[Judged]) -> None:
            self.problem.setText("")
            marks = {True: "✓", False: "✗"}
            lines = [
                f"{marks[each.verdict is Verdict.GENUINE]} {interface.say(each.text)}"
                for each in found
            ]
            self.verdict.setText("\n".join(lines))
            genuine = all(each.verdict is Verdict.GENUINE for each in found)
            self.verdict.setObjectName("good" if genuine else "wrong")
            self.verdict.style().polish(self.verdict)

        self.session.run(job, done, self._failed)
