"""Findings: the results of rules."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from enum import Enum

import msgspec

from ruhu.i18n import NO_TEXT, BilingualText
from ruhu.policy.standards.model import Standards
from ruhu.strict_json import Document, json_default
from ruhu.survey.models.choices import Choice


class Outcome(Choice):
    """The result of a rule."""

    PASS = "pass", "符合", "Pass"
    FAIL = "fail", "不符合", "Fail"
    CONFLICT = "conflict", "条文冲突，由县研定", "Conflict, for the county to decide"
    ELIGIBLE = "eligible", "可享受", "Eligible"
    INELIGIBLE = "ineligible", "不可享受", "Not eligible"
    UNKNOWN = "unknown", "待核实", "Unknown"
    NOT_APPLICABLE = "not_applicable", "不适用", "Not applicable"


class RuleKind(Choice):
    """Whether a rule checks something or grants something."""

    CHECK = "check", "核对", "Check"
    ENTITLEMENT = "entitlement", "待遇", "Entitlement"


class ObligationLevel(Choice):
    """How strictly the notice words a rule."""

    MUST = "must", "必须", "Must"
    IN_PRINCIPLE = "in_principle", "原则上", "In principle"
    SHOULD = "should", "宜、力争", "Should"
    ABOUT = "about", "左右", "About"
    PILOT = "pilot", "探索、鼓励", "Pilot"


class PaymentPeriod(Choice):
    """The period or unit that an amount is paid for."""

    ONCE = "once", "一次性", "Once"
    YEAR = "year", "每年", "A year"
    SEMESTER = "semester", "每学期", "A semester"
    TERM = "term", "每期", "A term"
    PERSON = "person", "每人", "A person"
    PROJECT = "project", "每个项目", "A project"
    STAY = "stay", "每次住院", "A stay"
    MONTH = "month", "每月", "A month"


class StepStatus(Enum):
    """The result of a step of an explanation."""

    MET = "met"
    UNMET = "unmet"
    OPEN = "open"
    FIGURE = "figure"
    RESULT = "result"


class Step(msgspec.Struct, frozen=True, gc=False):
    """A line of an explanation: a condition, a figure with its clause, or a calculation."""

    mark: StepStatus
    text: BilingualText
    clause: str | None = None


class Finding(msgspec.Struct, frozen=True, gc=False):
    """The result of one rule for one subject.

    `value` and `limit` are in `unit`; `amount` is in CNY for each `per`. Unless `grant`, it is the money of
    works, a tax or a deduction. `possible` is the amount of an undecided entitlement if it were granted.
    `missing` names the absent facts that can still change the outcome or the amount.
    """

    rule: str
    subject: str
    kind: RuleKind
    outcome: Outcome
    strength: ObligationLevel
    clause: str
    title: BilingualText
    value: Decimal | None = None
    limit: Decimal | None = None
    unit: str | None = None
    amount: Decimal | None = None
    per: PaymentPeriod | None = None
    grant: bool = True
    possible: Decimal | None = None
    missing: tuple[str, ...] = ()
    explanation: BilingualText = NO_TEXT
    steps: tuple[Step, ...] = ()

    @property
    def plan(self) -> str:
        """The plan of the rule (`housing`, `water` ...)."""
        return self.rule.split(".", 1)[0]


class Assessment(msgspec.Struct, frozen=True):
    """All findings of one record on one day, and their basis.

    `standards` are those in force for it on that day.
    """

    record_id: str
    kind: str
    policy: str
    as_of: date
    pack_hash: str
    document: Document
    findings: tuple[Finding, ...]
    notes: tuple[BilingualText, ...] = ()
    standards: Standards | None = None

    def __repr__(self) -> str:
        """Return a representation without the household's facts."""
        return f"Assessment({self.record_id!r}, {self.policy!r}, {self.as_of!r})"

    @property
    def facts_hash(self) -> str:
        """A digest of the facts, independent of their order."""
        text = json.dumps(self.document, sort_keys=True, ensure_ascii=False, default=json_default)
        return hashlib.sha256(text.encode()).hexdigest()
