"""What an entry of the audit trail tells, in words: the trail itself keeps short names and ids."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ruhu.county.access.permissions import Role
from ruhu.county.audit.trail import Entry
from ruhu.county.case_rules import Needed
from ruhu.county.ledgers.labels import title_of_rule
from ruhu.i18n import Text
from ruhu.survey.facts.catalogue import find_fact
from ruhu.survey.models.choices import HousingStage, RecordKind

KEYS = {
    "after": Text("此前已用到第几包", "after bundle"),
    "bundle": Text("数据包", "bundle"),
    "by": Text("由谁核对", "by"),
    "code": Text("原因", "reason"),
    "device": Text("设备", "laptop"),
    "digest": Text("摘要", "digest"),
    "file": Text("文件", "file"),
    "fingerprint": Text("指纹", "fingerprint"),
    "lacking": Text("缺", "without"),
    "list": Text("名单", "list"),
    "member": Text("成员", "member"),
    "name": Text("名称", "name"),
    "number": Text("第几份答复", "answer no."),
    "on": Text("日期", "on"),
    "one": Text("一人", "one"),
    "other": Text("另一", "other"),
    "papers": Text("照片", "photos"),
    "passphrase recovered": Text("找回口令于", "passphrase recovered at"),
    "paths": Text("项目", "fields"),
    "period": Text("期次", "period"),
    "pinned": Text("指定", "put"),
    "platform": Text("系统", "platform"),
    "quota": Text("指标", "quota"),
    "record": Text("户", "household"),
    "records": Text("记录", "records"),
    "revisions": Text("修订", "revisions"),
    "role": Text("角色", "role"),
    "rows": Text("行数", "rows"),
    "rule": Text("待遇、事项", "rule"),
    "since": Text("自", "since"),
    "stage": Text("环节", "stage"),
    "standards": Text("标准", "standards"),
    "url": Text("地址", "address"),
    "user": Text("用户", "user"),
    "valid_from": Text("生效", "in force from"),
    "value": Text("改为", "set to"),
    "version": Text("版本", "version"),
    "vouched": Text("原密钥作保", "vouched by the old key"),
    "held": Text("暂缓", "held back"),
    "words": Text("核对词", "words"),
    "year": Text("年度", "year"),
}
"""What each part of an entry is; the trail keeps the short name."""

ORDER = ("record", "device", "user", "rule", "stage", "list", "file", "name")
"""These come first; the others as they were written."""

PINNED = {"in": Text("纳入", "in"), "out": Text("不纳入", "out"), None: Text("按次序", "in order")}

REASONS = {
    "damaged": Text("已损坏", "damaged"),
    "newer": Text("程序版本太旧", "of a newer program"),
    "not_a_bundle": Text("不是数据包", "no bundle"),
    "revoked_device": Text("设备已注销", "laptop revoked"),
    "schema": Text("不合格式", "against the format"),
    "signature": Text("签名不符", "signature does not match"),
    "too_large": Text("太大", "too large"),
    "unknown_device": Text("设备没有登记", "laptop not enrolled"),
    "wrong_county": Text("不是给本县的", "for another county"),
}
"""Why a bundle is set aside, by the code that the trail keeps."""


def _field(path: str) -> Text:
    for kind in RecordKind:
        fact = find_fact(kind.value, path)
        if fact is not None:
            return fact.label
    return Text(path, path)


_SAID: dict[str, Callable[[Any], Text]] = {
    "code": lambda value: REASONS.get(value, Text(str(value), str(value))),
    "lacking": lambda value: Needed(value).label,
    "paths": _field,
    "pinned": lambda value: PINNED.get(value, Text(str(value), str(value))),
    "role": lambda value: Role(value).label,
    "rule": title_of_rule,
    "stage": lambda value: HousingStage(value).label,
    "vouched": lambda value: Text("是", "yes") if value else Text("否", "no"),
}


def _said(key: str, value: Any, called: Mapping[str, str]) -> Text:
    if isinstance(value, list):
        parts = [_said(key, each, called) for each in value]
        return Text("、".join(p.zh for p in parts), ", ".join(p.en for p in parts))
    if key in _SAID:
        try:
            return _SAID[key](value)
        except ValueError:  # a word of a version to come
            pass
    name = called.get(str(value), str(value))
    return Text(name, name)


def told(entry: Entry, called: Mapping[str, str]) -> Text:
    """What an entry tells; `called` has how people call records and laptops, by their ids."""
    detail = json.loads(entry.detail)
    keys = [key for key in ORDER if key in detail]
    keys += [key for key in detail if key not in keys]
    parts = []
    for key in keys:
        name, value = KEYS.get(key, Text(key, key)), _said(key, detail[key], called)
        parts.append(Text(f"{name.zh}：{value.zh}", f"{name.en}: {value.en}"))
    return Text("　".join(part.zh for part in parts), "; ".join(part.en for part in parts))
