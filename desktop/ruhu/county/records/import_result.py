"""The result of importing a bundle, with a sentence for people."""

from dataclasses import dataclass
from enum import Enum

import msgspec

from ruhu.i18n import BilingualText


class ImportOutcome(Enum):
    """How an import ended."""

    IMPORTED = "taken_in"
    KNOWN = "known"
    REJECTED = "set_aside"


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of one bundle: new revisions, merged records, conflicts, missing bundles."""

    file_name: str
    outcome: ImportOutcome
    sequence: int = 0
    revisions: int = 0
    papers: int = 0
    records: int = 0
    merged: int = 0
    conflicts: int = 0
    gaps: tuple[int, ...] = ()
    reason: BilingualText | None = None
    unknown: tuple[str, ...] = ()
    """Names of fields of a newer program that this one does not know."""

    @property
    def text(self) -> BilingualText:
        """The result in one line."""
        if self.outcome is ImportOutcome.REJECTED and self.reason is not None:
            return BilingualText(
                "{file}：已搁置，未入库：{reason}", "{file}: set aside, nothing imported: {reason}"
            ).format(file=self.file_name, reason=self.reason)
        if self.outcome is ImportOutcome.KNOWN:
            text = BilingualText("{file}：此前已接收", "{file}: imported before")
        else:
            text = BilingualText(
                "{file}：第{sequence}包，新修订{revisions}条，照片{papers}张，涉及{records}户，"
                "自动合并{merged}户，待处理冲突{conflicts}户",
                "{file}: bundle {sequence}, {revisions} new revisions, {papers} photos, {records} records, "
                "{merged} merged automatically, {conflicts} with conflicts to resolve",
            )
        line = text.format(
            file=self.file_name,
            sequence=self.sequence,
            revisions=self.revisions,
            papers=self.papers,
            records=self.records,
            merged=self.merged,
            conflicts=self.conflicts,
        )
        if self.unknown:
            names = ", ".join(self.unknown[:10])
            line = BilingualText(
                f"{line.zh}；来自较新的程序，不认识的内容原样保留：{names}",
                f"{line.en}; from a newer version, unknown fields are kept unchanged: {names}",
            )
        if not self.gaps:
            return line
        numbers = ", ".join(str(number) for number in self.gaps[:20])
        return BilingualText(
            f"{line.zh}；该设备还缺第 {numbers} 包",
            f"{line.en}; missing bundles of this device: {numbers}",
        )


def encode_reason(reason: BilingualText) -> str:
    """Encode why a file is quarantined, or a record not assessed, for its column."""
    return msgspec.json.encode(reason).decode()


def read_reason(stored: str) -> BilingualText:
    """Decode a reason; before version 0.2 those of files were in Chinese only."""
    if not stored.startswith("{"):
        return BilingualText(stored, stored)
    return msgspec.json.decode(stored, type=BilingualText)
