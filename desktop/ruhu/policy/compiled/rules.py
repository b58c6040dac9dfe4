"""Writing a whole rule: how it comes out, then its explanation, as one finding."""

from __future__ import annotations

from ruhu.policy.compiled.explanations import write_explanation
from ruhu.policy.compiled.rulings import write_ruling
from ruhu.policy.compiled.values import parameters
from ruhu.policy.compiled.words import Sayings
from ruhu.policy.compiled.writer import Book, Unit
from ruhu.policy.language import SUBJECTS
from ruhu.policy.pack import Rule


def rule_unit(book: Book, rule: Rule, *, show_all: bool) -> Unit:
    """The function that makes the finding of a rule for one subject.

    It makes none where the list is absent that the rule goes over, nor, without `show_all`, where
    the rule does not apply.
    """

    def write() -> Unit:
        out = Sayings(book, "rule", book.owners(rule.subject))
        if rule.over is not None:
            with out.block(
                f"if {out.constant(rule.over)} not in {parameters(out.owners)[-1]}.lists"
            ):
                out.line("return None")
        write_ruling(out, rule, show_all=show_all)
        write_explanation(out, rule)
        _finding(out, rule)
        return out.unit(*parameters(out.owners))

    return book.unit(("rule", rule.id, rule.subject, show_all), rule, write)


def _finding(out: Sayings, rule: Rule) -> None:
    """Write the finding itself."""
    _, place = SUBJECTS[rule.subject]
    subject = f"{rule.subject}:" if place else rule.subject
    name = out.constant(subject)
    if place:
        name = f"{name} + {parameters(out.owners)[-1]}.identity"
    order = out.constant(out.book.wording.in_order)
    fields = (
        out.constant(rule.id),
        name,
        out.constant(rule.kind),
        "outcome",
        "strength",
        out.constant(rule.clause),
        out.constant(rule.title),
        "None if value is None else as_decimal(value)",
        "None if limit is None else as_decimal(limit)",
        out.constant(rule.unit),
        "None if amount is None else to_fen(amount)",
        out.constant(rule.per),
        out.constant(rule.grant),
        "None if possible is None else to_fen(possible)",
        f"{order}(missing) if missing else ()",
        "sentence",
        "tuple(steps)",
    )
    out.line(f"return new(Finding, ({', '.join(fields)}))")
