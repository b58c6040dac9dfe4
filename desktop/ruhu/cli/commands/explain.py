"""`ruhu explain`: a rule's page - its clause, figures and facts in both texts."""

import argparse
import difflib
from collections.abc import Iterator

from ruhu.errors import UserError
from ruhu.i18n import BilingualText, Language
from ruhu.policy.packs.loader import load_packs
from ruhu.policy.text.rule_page import RuleText, figure_value, rule_page

HELP = BilingualText(
    "一条规则的说明：条款、数额、读哪些事实", "a rule's page: clause, figures, facts"
)


def configure(parser: argparse.ArgumentParser, language: Language) -> None:
    """Add the arguments of `ruhu explain`."""
    help_text = BilingualText("规则，如 housing.area.range", "a rule such as housing.area.range")
    parser.add_argument("rule", metavar="RULE", help=help_text.in_language(language))


def _lines(page: RuleText) -> Iterator[BilingualText]:
    rule, clause = page.rule, page.clause
    yield BilingualText(f"◆ {page.pack.title.zh}", f"◆ {page.pack.title.en}")
    yield BilingualText(f"{rule.title.zh}（{rule.id}）", f"{rule.title.en} ({rule.id})")
    yield BilingualText(
        f"{rule.kind.label.zh}；{rule.strength.label.zh}",
        f"{rule.kind.label.en}; {rule.strength.label.en}",
    )
    yield BilingualText(
        f"§ {clause.place.zh}：{clause.summary.zh}", f"§ {clause.place.en}: {clause.summary.en}"
    )
    if clause.changed:
        yield BilingualText(f"变化：{clause.changed.zh}", f"Changed: {clause.changed.en}")
    if clause.note:
        yield BilingualText(f"注：{clause.note.zh}", f"Note: {clause.note.en}")
    for figure in page.figures:
        for since in figure.series:
            value = figure_value(since.value)
            unit = figure.unit or ""
            yield BilingualText(
                f"数额：{figure.label.zh} {value} {unit}（{since.start}起，{since.clause}）",
                f"Figure: {figure.label.en} {value} {unit} (from {since.start}, {since.clause})",
            )
    for condition in page.conditions:
        yield BilingualText(f"条件：{condition.zh}", f"Condition: {condition.en}")
    for source in page.source:
        yield BilingualText(f"政策包原文：{source}", f"In the pack: {source}")
    for fact in page.facts:
        yield BilingualText(
            f"事实：{fact.label.zh}（{fact.path}）", f"Fact: {fact.label.en} ({fact.path})"
        )
    if rule.say:
        yield rule.say


def run(arguments: argparse.Namespace, language: Language) -> int:
    """Print the page of a rule, once for each text that has it."""
    pages = rule_page(arguments.rule)
    if not pages:
        known = sorted({rule.id for pack in load_packs() for rule in pack.rules})
        near = difflib.get_close_matches(arguments.rule, known, n=5, cutoff=0.3) or known
        raise UserError(
            BilingualText(
                "没有规则“{rule}”；相近的有：{near}", "no rule “{rule}”; near it: {near}"
            ).format(rule=arguments.rule, near="、".join(near))
        )
    for page in pages:
        for line in _lines(page):
            print(line.in_language(language))
    return 0
