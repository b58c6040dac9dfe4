"""The audit trail: who did what when, each entry chained to the one before by its hash."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from ruhu.county.database import tables
from ruhu.errors import UserError
from ruhu.i18n import BilingualText

START = "0" * 64
"""The hash before the first entry."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An entry of the trail; `detail` is JSON as it was written."""

    sequence: int
    at: str
    who: str
    act: str
    detail: str
    hash: str

    @property
    def label(self) -> BilingualText:
        """The act in words."""
        return ACTS.get(self.act, BilingualText(self.act, self.act))


ACTS = {
    "add user": BilingualText("新增用户", "add user"),
    "answer": BilingualText("答复设备", "answer a laptop"),
    "assess": BilingualText("重新核对全部", "assess again"),
    "claim": BilingualText("登记申领", "record claim"),
    "confirm": BilingualText("复核", "confirm"),
    "create county": BilingualText("建库", "create county"),
    "enrol": BilingualText("登记设备", "enrol device"),
    "enrol again": BilingualText("恢复登记设备", "enrol device again"),
    "export list": BilingualText("导出名单", "export list"),
    "follow up": BilingualText("跟踪记录", "follow up"),
    "hand over key": BilingualText("更换设备密钥", "hand over key"),
    "hand records": BilingualText("交付名册", "hand records"),
    "housing refuse": BilingualText("危改不予批准", "refuse housing case"),
    "housing reopen": BilingualText("危改恢复办理", "reopen housing case"),
    "housing stage": BilingualText("危改登记环节", "housing stage"),
    "import": BilingualText("接收数据包", "import"),
    "join": BilingualText("并户", "join"),
    "make certificate": BilingualText("生成证书", "make certificate"),
    "name server": BilingualText("发布服务器地址", "name server"),
    "pay": BilingualText("登记发放", "record payment"),
    "plan draw up": BilingualText("编制计划草案", "draw up plan"),
    "plan freeze": BilingualText("计划定稿", "make plan final"),
    "plan pin": BilingualText("调整计划", "change plan"),
    "propose": BilingualText("核对（待复核）", "propose"),
    "publish update": BilingualText("发布更新", "publish update"),
    "publish standards": BilingualText("发布标准", "publish standards"),
    "recover passphrase": BilingualText("恢复调查员口令", "recover passphrase"),
    "recover": BilingualText("用恢复密钥重设", "recover"),
    "reject": BilingualText("复核不通过", "reject"),
    "remove user": BilingualText("停用用户", "remove user"),
    "revoke": BilingualText("注销设备", "revoke device"),
    "rotate keys": BilingualText("更换县密钥", "rotate keys"),
    "send back": BilingualText("退回", "send back"),
    "set aside": BilingualText("搁置", "set aside"),
    "set password": BilingualText("改口令", "set password"),
    "set role": BilingualText("改角色", "set role"),
    "set": BilingualText("改设置", "set"),
    "settle": BilingualText("核对", "settle"),
    "sign in": BilingualText("登录", "sign in"),
    "sign_standards": BilingualText("签发标准", "sign standards"),
    "take out": BilingualText("移出成员", "take out"),
    "tell apart": BilingualText("认定为两人", "tell apart"),
    "turn away": BilingualText("不予登记", "turn away"),
}
"""Labels of the acts; the trail stores the short names."""


class AuditChainBroken(UserError):
    """An entry was altered, removed or inserted; `sequence` is the first that does not fit."""

    def __init__(self, sequence: int) -> None:
        super().__init__(
            BilingualText(
                "审计记录从第{n}条起不连续：被改动、删除或插入过",
                "the audit trail is broken from entry {n} on: entries were altered, removed or inserted",
            ).format(n=sequence)
        )
        self.sequence = sequence


def entry_hash(before: str, county: str, entry: tuple[int, str, str, str, str]) -> str:
    """Return the hash that chains an entry (number, time, user, act, detail) to the one before it."""
    text = json.dumps([before, county, *entry], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def last_entry(connection: Connection, county: str) -> tuple[int, str]:
    """Return the number and hash of the last entry."""
    table = tables.audit
    row = connection.execute(
        select(table.c.sequence, table.c.hash)
        .where(table.c.county == county)
        .order_by(table.c.sequence.desc())
        .limit(1)
    ).first()
    return (row.sequence, row.hash) if row else (0, START)


def append(connection: Connection, county: str, *, at: str, who: str, act: str, detail: str) -> int:
    """Append an entry; return its number."""
    sequence, before = last_entry(connection, county)
    entry = (sequence + 1, at, who, act, detail)
    connection.execute(
        insert(tables.audit).values(
            county=county,
            sequence=sequence + 1,
            at=at,
            who=who,
            act=act,
            detail=detail,
            hash=entry_hash(before, county, entry),
        )
    )
    return sequence + 1


def entries(connection: Connection, county: str, *, after: int = 0) -> Iterator[AuditEntry]:
    """Yield the entries after a number, in order."""
    table = tables.audit
    rows = connection.execute(
        select(table.c.sequence, table.c.at, table.c.who, table.c.act, table.c.detail, table.c.hash)
        .where(table.c.county == county, table.c.sequence > after)
        .order_by(table.c.sequence)
    )
    for row in rows:
        yield AuditEntry(*row)


def verify(connection: Connection, county: str) -> tuple[int, str]:
    """Recompute every hash; return the number and hash of the last entry.

    Raises `AuditChainBroken`.
    """
    sequence, before = 0, START
    for entry in entries(connection, county):
        bare = (entry.sequence, entry.at, entry.who, entry.act, entry.detail)
        if entry.sequence != sequence + 1 or entry.hash != entry_hash(before, county, bare):
            raise AuditChainBroken(sequence + 1)
        sequence, before = entry.sequence, entry.hash
    return sequence, before


class Transaction:
    """A user's write transaction, with its entries in the audit trail.

    `number` is the number of its first entry; the rows it changes are marked with it.
    """

    def __init__(self, connection: Connection, county: str, user: str, at: datetime) -> None:
        self.connection, self.county, self.user, self.at = connection, county, user, at
        self.number = last_entry(connection, county)[0] + 1

    @property
    def day(self) -> date:
        """The local date of the transaction."""
        day: date = self.at.astimezone().date()
        return day

    def log(self, act: str, detail: dict[str, Any]) -> None:
        """Append an entry: the act (at most 40 characters) and its details."""
        append(
            self.connection,
            self.county,
            at=self.at.isoformat(),
            who=self.user,
            act=act,
            detail=json.dumps(detail, ensure_ascii=False, sort_keys=True),
        )
