"""From a workbook's rows to households, with a report of every doubtful cell."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from ruhu.survey.divisions import find_division
from ruhu.survey.id_number import IdNumber, IdNumberFault, normalise, read_id_number
from ruhu.survey.roster.codes import (
    HOUSEHOLD_FIELDS,
    MEMBER_FIELDS,
    READERS,
    Doubtful,
    read_group,
    text_of,
)
from ruhu.survey.roster.headings import Columns, read_columns
from ruhu.survey.roster.report import Doubt, Remark, masked
from ruhu.survey.roster.workbook import NoRoster, Row, column_letter, read_rows
from ruhu.survey.strict_json import Document
from ruhu.survey.text import Text

TOTALS = ("合计", "总计", "小计", "共计")
HEADS = ("户主",)
LONGEST_NUMBER = 64
LEFT_OPEN = Text("未填入，留待入户核实，原文已保留", "left open for the visit, kept as read")


@dataclass(slots=True)
class Roster:
    """What a roster holds: households as documents (without record ids) and the report."""

    households: list[Document] = field(default_factory=list)
    report: list[Remark] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    persons: int = 0


def read_roster(data: bytes) -> Roster:
    """Read a roster. Raises `NoRoster` when the file is none; nothing is taken from it then."""
    reader = RosterReader()
    for row in read_rows(data):
        reader.take(row)
    return reader.finish()


def _put(document: Document, path: str, value: Any) -> None:
    *sections, name = path.split(".")
    for section in sections:
        document = document.setdefault(section, {})
    document[name] = value


def _get(document: Document, path: str) -> Any:
    value: Any = document
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


class RosterReader:
    """Goes through the rows once; households are put together by their number."""

    def __init__(self) -> None:
        self.roster = Roster()
        self.columns: Columns | None = None
        self.sheet = ""
        self.sheets: dict[str, bool] = {}
        self.households: dict[str, Document] = {}
        self.places: dict[str, tuple[str, int]] = {}
        self.holders: dict[str, list[tuple[str, Row]]] = {}
        self.told: set[tuple[str, str]] = set()

    def take(self, row: Row) -> None:
        if row.sheet != self.sheet:
            self.sheet, self.columns = row.sheet, None
            self.sheets[row.sheet] = False
        if all(value is None or not str(value).strip() for value in row.values):
            return
        if self.columns is None:
            self.columns = read_columns(row.values)
            if self.columns is not None:
                self._greet(self.columns)
            return
        self._person(row, self.columns)

    def _greet(self, columns: Columns) -> None:
        """The headings were found: say what is taken from which column and what is not."""
        for needed, word in (("household_no", "户编号"), ("name", "姓名")):
            if needed not in columns.fields:
                raise NoRoster(
                    Text(
                        f"工作表“{self.sheet}”没有“{word}”一列，无法分户，没有导入",
                        f"sheet “{self.sheet}” has no column “{word}”, so households cannot be "
                        "told apart; nothing was imported",
                    )
                )
        self.sheets[self.sheet] = True
        for name, position in columns.fields.items():
            self.roster.columns[name] = columns.headings[position]
        for position in columns.other():
            self._say(
                Doubt.COLUMN, 0, position, "",
                Text("表单里没有这一项，原文随记录保留", "no fact for it; kept with the records as read"),
            )  # fmt: skip

    def _say(self, doubt: Doubt, row: int, position: int, read: str, done: Text) -> None:
        heading = ""
        if self.columns is not None and 0 <= position < len(self.columns.headings):
            heading = self.columns.headings[position]
        column = column_letter(position) if position >= 0 else ""
        self.roster.report.append(Remark(doubt, self.sheet, row, column, heading, read, done))

    def _cell(self, row: Row, name: str) -> Any:
        assert self.columns is not None
        position = self.columns.fields.get(name)
        value = (
            row.values[position] if position is not None and position < len(row.values) else None
        )
        return None if isinstance(value, str) and not value.strip() else value

    def _person(self, row: Row, columns: Columns) -> None:
        first = next(str(value).strip() for value in row.values if value is not None)
        if first.startswith(TOTALS):
            self._say(
                Doubt.TOTAL_LINE, row.number, -1, first[:20],
                Text("合计行，不是农户，未导入", "a total line, no household; not imported"),
            )  # fmt: skip
            return
        number = self._cell(row, "household_no")
        key = "" if number is None else text_of(number)
        if not 0 < len(key) <= LONGEST_NUMBER or self._cell(row, "name") is None:
            missing = "name" if 0 < len(key) <= LONGEST_NUMBER else "household_no"
            self._say(
                Doubt.NO_HOUSEHOLD, row.number, columns.fields[missing], "",
                Text("缺户编号或姓名，这一行未导入", "no household number or name; row not imported"),
            )  # fmt: skip
            return
        household = self._household(key, row)
        member = self._member(household, row)
        household["members"].append(member)
        self.roster.persons += 1
        self._household_cells(household, row)
        self._extras(household, member, row, columns)

    def _household(self, key: str, row: Row) -> Document:
        found = self.households.get(key)
        if found is None:
            found = {
                "kind": "household",
                "registration": {"household_no": key, "registered_poor": True},
                "members": [],
            }
            self.households[key] = found
            self.places[key] = (row.sheet, row.number)
            self.roster.households.append(found)
            self._place(found, row)
        return found

    def _place(self, household: Document, row: Row) -> None:
        """Names to codes, as far as the divisions of 2017 have them; names are kept anyway."""
        parent = ""
        for name, level in (("county", 6), ("township", 9), ("village", 12)):
            value = self._cell(row, name)
            if value is None:
                parent = "none"
                continue
            text = text_of(value)
            _put(household, f"place.{name}_name", text)
            found = None if parent == "none" else find_division(text, parent, level)
            if found is not None:
                _put(household, f"place.{name}", found.code)
                parent = found.code
                continue
            if parent != "none" and (name, text) not in self.told:
                self.told.add((name, text))
                assert self.columns is not None
                self._say(
                    Doubt.PLACE, row.number, self.columns.fields[name], text,
                    Text(
                        "2017年区划代码表里没有，只记名称",
                        "not among the divisions of 2017; only the name is recorded",
                    ),
                )  # fmt: skip
            parent = "none"
        group = self._cell(row, "group")
        if group is not None:
            _put(household, "place.group", read_group(group))

    def _member(self, household: Document, row: Row) -> Document:
        told = self._cell(row, "member_id")
        taken = {m["member_id"] for m in household["members"]}
        member_id = text_of(told)[:64] if told is not None else f"m{len(taken) + 1}"
        while member_id in taken:
            member_id = f"{member_id}-{len(taken) + 1}"
        member: Document = {"member_id": member_id}
        for name in MEMBER_FIELDS:
            self._fill(member, name, row)
        self._id_number(member, household, row)
        return member

    def _fill(self, target: Document, name: str, row: Row) -> None:
        value = self._cell(row, name)
        if value is None:
            return
        path, read = READERS[name]
        try:
            found = read(value)
        except Doubtful:
            self._doubtful(target, name, row, value)
            return
        before = _get(target, path)
        if before is not None and before != found:
            self._contradiction(name, row, value)
            return
        _put(target, path, found)
        if name == "labour":  # its words say more than the fact does
            assert self.columns is not None
            heading = self.columns.headings[self.columns.fields[name]]
            _put(target, f"roster.{heading}", text_of(value)[:200])
        if name == "exit_year" and not isinstance(value, (int, str)):
            assert self.columns is not None
            self._say(
                Doubt.REWRITTEN, row.number, self.columns.fields[name], text_of(value),
                Text(f"日期，按{found}年填入", f"a date; the year {found} was taken"),
            )  # fmt: skip

    def _doubtful(self, target: Document, name: str, row: Row, value: Any) -> None:
        assert self.columns is not None
        position = self.columns.fields[name]
        _put(target, f"roster.{self.columns.headings[position]}", text_of(value)[:200])
        shown = text_of(value)[:40]
        if name in ("card_account", "phone"):
            shown = masked(shown)
        self._say(Doubt.UNREADABLE, row.number, position, shown, LEFT_OPEN)

    def _contradiction(self, name: str, row: Row, value: Any) -> None:
        assert self.columns is not None
        shown = masked(text_of(value)) if name in ("card_account", "phone") else text_of(value)[:40]
        self._say(
            Doubt.CONTRADICTION, row.number, self.columns.fields[name], shown,
            Text("与同户另一行不同，用先读到的", "differs from another row; the first is used"),
        )  # fmt: skip

    def _id_number(self, member: Document, household: Document, row: Row) -> None:
        value = self._cell(row, "id_number")
        if value is None:
            return
        assert self.columns is not None
        position = self.columns.fields["id_number"]
        if not isinstance(value, str):
            written = text_of(value)
            _put(member, f"roster.{self.columns.headings[position]}", written)
            self._say(
                Doubt.ID_DIGITS_LOST, row.number, position, masked(written),
                Text(
                    "证件号按数字存放，末几位已丢失；未填入，请照证件重录",
                    "stored as a number, its last digits are lost; left open, type it from the card",
                ),
            )  # fmt: skip
            return
        found = read_id_number(value)
        if isinstance(found, IdNumberFault):
            _put(member, f"roster.{self.columns.headings[position]}", value.strip())
            doubt = Doubt.ID_CHECK_DIGIT if found is IdNumberFault.CHECK_DIGIT else Doubt.ID_SHAPE
            what = (
                Text(
                    "校验码不对；未填入，请照证件重录", "wrong check digit; left open, see the card"
                )
                if doubt is Doubt.ID_CHECK_DIGIT
                else Text(
                    "不是18位证件号；未填入，请照证件重录", "no id number; left open, see the card"
                )
            )
            self._say(doubt, row.number, position, masked(value), what)
            return
        self._accept_id(member, household, row, position, value, found)

    def _accept_id(
        self, member: Document, household: Document, row: Row, position: int, value: str,
        found: IdNumber,
    ) -> None:  # fmt: skip
        member["id_number"] = found.number
        member["birth_date"] = found.birth_date.isoformat()
        if value != found.number and value.strip() != normalise(value):
            self._say(
                Doubt.ID_REWRITTEN, row.number, position, masked(value),
                Text("已去掉空格、改成大写和半角", "blanks removed, written in upper case and ASCII"),
            )  # fmt: skip
        told = member.get("sex")
        if told is not None and told != found.sex.value:
            self._say(
                Doubt.SEX_AGAINST_ID, row.number, position, masked(value),
                Text(
                    "性别与证件号第17位不符，按证件号填入，请核对",
                    "the sex differs from the id number's 17th digit; the id number is followed, "
                    "please check",
                ),
            )  # fmt: skip
        member["sex"] = found.sex.value
        key = household["registration"]["household_no"]
        self.holders.setdefault(found.number, []).append((key, row))

    def _household_cells(self, household: Document, row: Row) -> None:
        for name in HOUSEHOLD_FIELDS:
            self._fill(household, name, row)

    def _extras(self, household: Document, member: Document, row: Row, columns: Columns) -> None:
        """Columns without a fact stay with the person they were read of."""
        for position in columns.other():
            value = row.values[position] if position < len(row.values) else None
            if value is not None and str(value).strip():
                _put(member, f"roster.{columns.headings[position]}", text_of(value)[:200])

    def finish(self) -> Roster:
        if not any(self.sheets.values()):
            raise NoRoster(
                Text(
                    "没有找到名册的表头（至少要有“户编号”“姓名”），没有导入",
                    "no roster headings found (“户编号” and “姓名” at least); nothing was imported",
                )
            )
        for sheet, found in self.sheets.items():
            if not found:
                self.sheet, self.columns = sheet, None
                self._say(
                    Doubt.SHEET, 0, -1, "",
                    Text("没有表头，整张表未读", "no headings, the sheet was not read"),
                )  # fmt: skip
        self._check_heads()
        self._check_persons()
        if self.roster.households:
            self._assume()
        return self.roster

    def _assume(self) -> None:
        self.sheet, self.columns = next(s for s, found in self.sheets.items() if found), None
        self._say(
            Doubt.ASSUMED, 0, -1, "",
            Text(
                "名册出自建档立卡登记，各户按建档立卡贫困户填入",
                "the roster is of the national register: the households are taken as registered",
            ),
        )  # fmt: skip

    def _check_heads(self) -> None:
        for key, household in self.households.items():
            self.sheet, number = self.places[key]
            heads = sum(m.get("relationship") in HEADS for m in household["members"])
            if heads == 1 or "relationship" not in self.roster.columns:
                continue
            self.columns = None
            doubt = Doubt.NO_HEAD if heads == 0 else Doubt.SEVERAL_HEADS
            done = (
                Text(
                    "本户没有标户主，照原样导入，请入户核实", "no head is marked; imported as it is"
                )
                if heads == 0
                else Text(
                    "本户标了几个户主，照原样导入", "several heads are marked; imported as it is"
                )
            )
            self._say(doubt, number, -1, key, done)

    def _check_persons(self) -> None:
        for holders in self.holders.values():
            if len(holders) < 2:
                continue
            keys = Counter(key for key, _ in holders)
            for key, row in holders:
                self.sheet, self.columns = row.sheet, None
                others = "、".join(sorted(k for k in keys if k != key)) or key
                self._say(
                    Doubt.SAME_PERSON, row.number, -1, "",
                    Text(
                        f"同一证件号也在 {others}；两处都已导入，请核实属于哪户",
                        f"the same id number stands in {others}, too; both imported, to be settled",
                    ),
                )  # fmt: skip
