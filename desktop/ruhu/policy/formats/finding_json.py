"""Findings as JSON documents, the form in which they leave the program."""

from decimal import Decimal

from typing_extensions import TypedDict

from ruhu.i18n import Language
from ruhu.policy.evaluation.finding import (
    Assessment,
    Finding,
    ObligationLevel,
    Outcome,
    PaymentPeriod,
    RuleKind,
)
from ruhu.policy.language.numbers import to_plain


class FindingDocument(TypedDict):
    """A finding. Numbers are decimal strings; money is in CNY."""

    rule: str
    subject: str
    kind: RuleKind
    outcome: Outcome
    strength: ObligationLevel
    value: str | None
    limit: str | None
    unit: str | None
    amount: str | None
    per: PaymentPeriod | None
    missing: list[str]
    clause: str
    title: str
    explanation: str
    steps: list[str]


class AssessmentDocument(TypedDict):
    """All findings of one record, or of one county, on one day."""

    record_id: str
    kind: str
    policy: str
    as_of: str
    findings: list[FindingDocument]


def _number(value: Decimal | None) -> str | None:
    return None if value is None else to_plain(value)


def finding_document(finding: Finding, language: Language) -> FindingDocument:
    """Convert a finding, with its texts in one language."""
    return {
        "rule": finding.rule,
        "subject": finding.subject,
        "kind": finding.kind,
        "outcome": finding.outcome,
        "strength": finding.strength,
        "value": _number(finding.value),
        "limit": _number(finding.limit),
        "unit": finding.unit,
        "amount": _number(finding.amount),
        "per": finding.per,
        "missing": list(finding.missing),
        "clause": finding.clause,
        "title": finding.title.in_language(language),
        "explanation": finding.explanation.in_language(language),
        "steps": [step.text.in_language(language) for step in finding.steps],
    }


def assessment_document(assessment: Assessment, language: Language) -> AssessmentDocument:
    """Convert an assessment, with its texts in one language."""
    return {
        "record_id": assessment.record_id,
        "kind": assessment.kind,
        "policy": assessment.policy,
        "as_of": assessment.as_of.isoformat(),
        "findings": [finding_document(finding, language) for finding in assessment.findings],
    }
