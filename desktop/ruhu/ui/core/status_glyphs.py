"""Glyphs for the status of a finding."""

from ruhu.policy.evaluation.finding import Outcome

GLYPHS = {
    Outcome.PASS: "✓",
    Outcome.ELIGIBLE: "✓",
    Outcome.FAIL: "✗",
    Outcome.INELIGIBLE: "–",
    Outcome.CONFLICT: "△",
    Outcome.UNKNOWN: "？",
    Outcome.NOT_APPLICABLE: "·",
}
