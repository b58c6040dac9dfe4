"""Show the revisions of a record."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ruhu.i18n import BilingualText
from ruhu.revisions.history import FieldChange
from ruhu.revisions.revision import Revision
from ruhu.survey.facts.catalogue import find_fact
from ruhu.survey.facts.paths import split_path
from ruhu.survey.facts.unknown import KEY as NOT_KNOWN_KEY
from ruhu.survey.validation.id_number import mask
from ruhu.ui.core.i18n import interface
from ruhu.ui.core.record_labels import NOT_KNOWN, show_value

REASONS: dict[str, BilingualText] = {
    "roster": BilingualText("名册", "Roster"),
    "visit": BilingualText("入户", "Visit"),
    "edit": BilingualText("修改", "Edit"),
    "merge": BilingualText("合并", "Merge"),
    "split": BilingualText("分户", "Split"),
    "join": BilingualText("并户", "Join"),
    "sent_back": BilingualText("县里退回", "Sent back by the county"),
}
PROGRAM_KEY_LABELS: dict[str, BilingualText] = {
    "papers": BilingualText("照片和证件", "Photos and papers"),
    "signature": BilingualText("签字", "Signature"),
}
"""Keys besides the facts; each is one line of the history."""
ORIGINS: dict[str, BilingualText] = {
    "origin.split_from": BilingualText("从哪一户分出", "Split from"),
    "origin.joined": BilingualText("并入的户", "Households joined"),
}


def _is_shown(change: FieldChange) -> bool:
    parts = split_path(change.path)
    return parts[0] not in ("record_id", "kind", "sent_back") and "roster" not in parts


class HistoryDialog(QDialog):
    """Every revision of the record, with what it changed."""

    def __init__(
        self,
        parent: QWidget,
        kind: str,
        history: list[tuple[Revision, list[FieldChange]]],
        origin_names: Mapping[str, str],
    ) -> None:
        """`origin_names` are names of records that this one was split from or joined with, by id."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("修改历史"))
        self.resize(860, 560)
        self._kind, self._origin_names = kind, origin_names
        self._names = {
            member["member_id"]: str(member.get("name") or "")
            for revision, _ in reversed(history)
            for member in (revision.document or {}).get("members") or []
        }
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(self.tr("修改历史"))
        self.tree.setHeaderLabels([self.tr("时间、事项"), self.tr("原来"), self.tr("改为")])
        for revision, changes in history:
            at = revision.at.astimezone().strftime("%Y-%m-%d %H:%M")
            reason = interface.translate(
                REASONS.get(revision.reason, BilingualText(revision.reason, revision.reason))
            )
            lines = dict.fromkeys(map(self._line, filter(_is_shown, changes)))
            top = QTreeWidgetItem(
                [f"{at}　{reason}　{revision.author}", "", self.tr("{0} 处").format(len(lines))]
            )
            self.tree.addTopLevelItem(top)
            for line in lines:
                top.addChild(QTreeWidgetItem(line))
        if self.tree.topLevelItemCount():
            first = self.tree.topLevelItem(0)
            assert first is not None
            first.setExpanded(True)
        self.tree.setColumnWidth(0, 400)
        self.tree.setColumnWidth(1, 200)
        close = QDialogButtonBox()
        close.addButton(self.tr("关闭"), QDialogButtonBox.ButtonRole.RejectRole)
        close.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.tree)
        layout.addWidget(close)

    def _line(self, change: FieldChange) -> tuple[str, str, str]:
        values = (change.before, change.after)
        first = split_path(change.path)[0]
        if first == NOT_KNOWN_KEY:
            mark = show_value(NOT_KNOWN)
            before, after = (mark if value else "—" for value in values)
            return self._label(change.path.removeprefix(f"{first}.")), before, after
        if first in PROGRAM_KEY_LABELS:
            before, after = ("—" if value is None else "…" for value in values)
            return interface.translate(PROGRAM_KEY_LABELS[first]), before, after
        if change.path in ORIGINS:
            before, after = map(self._record_names, values)
            return interface.translate(ORIGINS[change.path]), before, after
        before, after = (self._value_text(change, value) for value in values)
        return self._label(change.path), before, after

    def _label(self, path: str) -> str:
        """Return a fact's label, after the name of the member it belongs to."""
        fact = find_fact(self._kind, path)
        label = interface.translate(fact.label) if fact else path
        person = self._names.get(path.partition("]")[0].removeprefix("members["))
        return interface.labelled(person, label) if person else label

    def _record_names(self, records: Any) -> str:
        """Return the names of the records of one or several ids."""
        ids = records if isinstance(records, list) else [records] if records else []
        return "、".join(self._origin_names.get(str(i), str(i)) for i in ids) or "—"

    def _value_text(self, change: FieldChange, value: Any) -> str:
        fact = find_fact(self._kind, change.path)
        if value is None:
            return "—"
        if isinstance(value, bool):
            return self.tr("是") if value else self.tr("否")
        if isinstance(value, (dict, list)):
            return "…"
        if fact is not None and fact.choices:
            return next(
                (interface.translate(c.label) for c in fact.choices if c == value), str(value)
            )
        return mask(str(value)) if change.path.endswith("id_number") else str(value)
