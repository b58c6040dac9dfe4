"""The outcomes of the rules for each side of a conflict, where the sides differ."""

from collections.abc import Iterable
from typing import Any

from ruhu.errors import UserError
from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.assess import assess
from ruhu.policy.evaluation.finding import Finding
from ruhu.policy.evaluation.record_reader import read_record
from ruhu.revisions.merge import Conflict
from ruhu.strict_json import Document
from ruhu.survey.facts.paths import put_value
from ruhu.survey.validation.validate import RecordErrors

MAX_SHOWN_OUTCOMES = 3


def outcomes_per_side(
    document: Document, conflict: Conflict
) -> tuple[tuple[BilingualText, ...], ...]:
    """Return for each value of a conflict the outcomes that only it leads to."""
    outcomes = [
        _outcomes(_document_with(document, conflict.path, value)) for _, value in conflict.values
    ]
    common = set.intersection(*(set(each) for each in outcomes)) if outcomes else set()
    return tuple(
        tuple(text for key, text in each.items() if key not in common)[:MAX_SHOWN_OUTCOMES]
        for each in outcomes
    )


def _document_with(document: Document, path: str, value: Any) -> Document:
    if not path:
        return value if isinstance(value, dict) else {}
    return put_value(document, path, value, str(document.get("kind", "household")))


def _outcomes(document: Document) -> dict[tuple[object, ...], BilingualText]:
    """Return a document's findings by identity; its errors if it cannot be read."""
    try:
        return dict(_describe(assess(read_record(document)).findings))
    except RecordErrors as errors:
        return {
            (problem.path, str(problem.accepted)): BilingualText(
                "✗ {path}：应为{accepted}", "✗ {path}: expected {accepted}"
            ).format(path=problem.path, accepted=problem.accepted)
            for problem in errors.details
        }
    except UserError as error:
        return {(error.text.zh,): error.text}


def _describe(findings: Iterable[Finding]) -> Iterable[tuple[tuple[object, ...], BilingualText]]:
    for finding in findings:
        outcome = finding.outcome
        money = BilingualText("", "")
        if finding.amount is not None:
            money = BilingualText("，{amount}元", ", {amount} yuan").format(
                amount=f"{finding.amount:,f}"
            )
        text = BilingualText("{title}：{outcome}{money}", "{title}: {outcome}{money}").format(
            title=finding.title, outcome=outcome.label, money=money
        )
        yield (finding.rule, finding.subject, outcome, finding.amount), text
