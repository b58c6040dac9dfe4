"""Descriptions of audit entries in words; the trail stores short names and ids."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ruhu.county.access.permissions import Role
from ruhu.county.audit.trail import AuditEntry
from ruhu.county.case_rules import RequiredEvidence
from ruhu.county.ledgers.labels import title_of_rule
from ruhu.i18n import BilingualText
from ruhu.survey.facts.catalogue import find_fact
from ruhu.survey.models.choices import HousingStage, RecordKind

FIELD_LABELS = {
    "after": BilingualText("此前已用到第几包", "after bundle"),
    "bundle": BilingualText("数据包", "bundle"),
    "by": BilingualText("由谁核对", "by"),
    "code": BilingualText("原因", "reason"),
    "device": BilingualText("设备", "laptop"),
    "digest": BilingualText("摘要", "digest"),
    "file": BilingualText("文件", "file"),
    "fingerprint": BilingualText("指纹", "fingerprint"),
    "lacking": BilingualText("缺", "without"),
    "list": BilingualText("名单", "list"),
    "member": BilingualText("成员", "member"),
    "name": BilingualText("名称", "name"),
    "number": BilingualText("第几份答复", "answer no."),
    "on": BilingualText("日期", "on"),
    "one": BilingualText("一人", "one"),
    "other": BilingualText("另一", "other"),
    "papers": BilingualText("照片", "photos"),
    "passphrase recovered": BilingualText("找回口令于", "passphrase recovered at"),
    "paths": BilingualText("项目", "fields"),
    "period": BilingualText("期次", "period"),
    "pinned": BilingualText("指定", "put"),
    "platform": BilingualText("系统", "platform"),
    "quota": BilingualText("指标", "quota"),
    "record": BilingualText("户", "household"),
    "records": BilingualText("记录", "records"),
    "revisions": BilingualText("修订", "revisions"),
    "role": BilingualText("角色", "role"),
    "rows": BilingualText("行数", "rows"),
    "rule": BilingualText("待遇、事项", "rule"),
    "since": BilingualText("自", "since"),
    "stage": BilingualText("环节", "stage"),
    "standards": BilingualText("标准", "standards"),
    "url": BilingualText("地址", "address"),
    "user": BilingualText("用户", "user"),
    "valid_from": BilingualText("生效", "in force from"),
    "value": BilingualText("改为", "set to"),
    "version": BilingualText("版本", "version"),
    "vouched": BilingualText("原密钥作保", "signed by the old key"),
    "held": BilingualText("暂缓", "held back"),
    "words": BilingualText("核对词", "words"),
    "year": BilingualText("年度", "year"),
}
"""Labels of an entry's fields; the trail stores the short names."""

FIRST_FIELDS = ("record", "device", "user", "rule", "stage", "list", "file", "name")
"""Fields shown first; the others follow in the order they were written."""

DECISION_LABELS = {
    "in": BilingualText("纳入", "in"),
    "out": BilingualText("不纳入", "out"),
    None: BilingualText("按次序", "in order"),
}

REFUSAL_LABELS = {
    "damaged": BilingualText("已损坏", "damaged"),
    "newer": BilingualText("程序版本太旧", "of a newer program"),
    "not_a_bundle": BilingualText("不是数据包", "no bundle"),
    "revoked_device": BilingualText("设备已注销", "laptop revoked"),
    "schema": BilingualText("不合格式", "against the format"),
    "signature": BilingualText("签名不符", "signature does not match"),
    "too_large": BilingualText("太大", "too large"),
    "unknown_device": BilingualText("设备没有登记", "laptop not enrolled"),
    "wrong_county": BilingualText("不是给本县的", "for another county"),
}
"""Reasons why a bundle is quarantined, by the code in the trail."""


def _field(path: str) -> BilingualText:
    for kind in RecordKind:
        fact = find_fact(kind.value, path)
        if fact is not None:
            return fact.label
    return BilingualText(path, path)


_VALUE_FORMATS: dict[str, Callable[[Any], BilingualText]] = {
    "code": lambda value: REFUSAL_LABELS.get(value, BilingualText(str(value), str(value))),
    "lacking": lambda value: RequiredEvidence(value).label,
    "paths": _field,
    "pinned": lambda value: DECISION_LABELS.get(value, BilingualText(str(value), str(value))),
    "role": lambda value: Role(value).label,
    "rule": title_of_rule,
    "stage": lambda value: HousingStage(value).label,
    "vouched": lambda value: BilingualText("是", "yes") if value else BilingualText("否", "no"),
}


def _format_value(key: str, value: Any, names: Mapping[str, str]) -> BilingualText:
    if isinstance(value, list):
        parts = [_format_value(key, each, names) for each in value]
        return BilingualText("、".join(p.zh for p in parts), ", ".join(p.en for p in parts))
    if key in _VALUE_FORMATS:
        try:
            return _VALUE_FORMATS[key](value)
        except ValueError:  # a value of a newer version
            pass
    name = names.get(str(value), str(value))
    return BilingualText(name, name)


def describe(entry: AuditEntry, names: Mapping[str, str]) -> BilingualText:
    """Describe an entry in words; `names` are those of records and laptops, by id."""
    detail = json.loads(entry.detail)
    keys = [key for key in FIRST_FIELDS if key in detail]
    keys += [key for key in detail if key not in keys]
    fields = []
    for key in keys:
        name, value = (
            FIELD_LABELS.get(key, BilingualText(key, key)),
            _format_value(key, detail[key], names),
        )
        fields.append(BilingualText(f"{name.zh}：{value.zh}", f"{name.en}: {value.en}"))
    return BilingualText(
        "　".join(part.zh for part in fields), "; ".join(part.en for part in fields)
    )
