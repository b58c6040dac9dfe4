"""Clauses and rules as HTML for the policy browser."""

from html import escape

from ruhu.i18n import NO_TEXT, BilingualText
from ruhu.policy.packs.loader import load_packs
from ruhu.policy.packs.model import Clause, Pack
from ruhu.policy.text.rule_page import RuleText, figure_value, rule_page
from ruhu.ui.core.i18n import interface

_CLAUSES = "clause:"
_RULES = "rule:"
ABSENT = BilingualText("2016年文本没有这一条。", "Not in the text of 2016.")


def _html(text: BilingualText | None) -> str:
    return escape(interface.translate(text or NO_TEXT))


def clauses_by_plan(query: str) -> list[tuple[BilingualText, list[Clause]]]:
    """Return the clauses with `query` in place, summary, id or a rule's title, by plan."""
    pack = load_packs()[-1]
    text = query.strip().lower()
    groups = []
    for plan, title in pack.plans.items():
        clauses = [
            clause
            for clause in pack.clauses.values()
            if clause.id.split("/")[0] == plan and text in _searched_text(pack, clause)
        ]
        if clauses:
            groups.append((title, sorted(clauses, key=lambda clause: clause.id)))
    return groups


def _searched_text(pack: Pack, clause: Clause) -> str:
    texts = [clause.place, clause.summary, clause.changed, clause.note]
    texts += [rule.title for rule in pack.rules if rule.clause == clause.id]
    return " ".join([clause.id, *(f"{t.zh} {t.en}" for t in texts if t)]).lower()


def clause_html(clause_id: str) -> str:
    """Return a clause in both texts, its changes and links to its rules."""
    old, new = load_packs()[0], load_packs()[-1]
    before, after = old.clauses.get(clause_id), new.clauses[clause_id]
    headings = "".join(f"<th width='50%' align='left'>{_html(p.title)}</th>" for p in (old, new))
    texts = f"<td>{_html(before.summary if before else ABSENT)}</td><td>{_html(after.summary)}</td>"
    parts = [
        f"<h3>{_html(after.place)}</h3>",
        f"<table width='100%' cellpadding='6' border='1' cellspacing='0'><tr>{headings}</tr>"
        f"<tr>{texts}</tr></table>",
    ]
    for label, text in (
        (BilingualText("变化", "Changed"), after.changed),
        (BilingualText("注", "Note"), after.note),
        (BilingualText("没有规则的原因", "Why there is no rule"), after.without_rule),
    ):
        if text:
            parts.append(f"<p><b>{_html(label)}</b>　{_html(text)}</p>")
    if after.rows:
        numbers = "、".join(str(row) for row in after.rows)
        label = BilingualText("对照表第{rows}行", "Row {rows} of the comparison table").format(
            rows=numbers
        )
        parts.append(f"<p>{_html(label)}</p>")
    parts.append(_rules(clause_id, (old, new)))
    return "".join(parts)


def _rules(clause_id: str, packs: tuple[Pack, Pack]) -> str:
    titles = {
        rule.id: rule.title for pack in packs for rule in pack.rules if rule.clause == clause_id
    }
    links = "".join(
        f"<li><a href='{_RULES}{escape(name)}'>{_html(title)}</a></li>"
        for name, title in titles.items()
    )
    return f"<p><b>{_html(BilingualText('规则', 'Rules'))}</b></p><ul>{links}</ul>" if links else ""


def rule_html(rule_id: str) -> str:
    """Return a rule in each text that has it, with a link to its clause."""
    return "<hr/>".join(_rule(page) for page in rule_page(rule_id))


def _rule(page: RuleText) -> str:
    rule = page.rule
    clause = f"<a href='{_CLAUSES}{escape(page.clause.id)}'>{_html(page.clause.place)}</a>"
    parts = [
        f"<h3>{_html(rule.title)}</h3>",
        f"<p>{_html(page.pack.title)}　{clause}</p>",
        f"<p>{_html(rule.kind.label)}　{_html(rule.strength.label)}</p>",
    ]
    if rule.say:
        parts.append(f"<p>{_html(rule.say)}</p>")
    figures = "".join(
        f"<li>{_html(figure.label)}　{escape(figure_value(since.value))}　{since.start.isoformat()}</li>"
        for figure in page.figures
        for since in figure.series
    )
    facts = "".join(f"<li>{_html(fact.label)}</li>" for fact in page.facts)
    conditions = "".join(f"<li>{_html(text)}</li>" for text in page.conditions)
    source = "".join(f"<li><code>{escape(text)}</code></li>" for text in page.source)
    for title, items in (
        (BilingualText("条件", "Conditions"), conditions),
        (BilingualText("数额（起始日）", "Figures (from)"), figures),
        (BilingualText("读取的事实", "Facts it reads"), facts),
        (BilingualText("政策包原文", "As the pack writes it"), source),
    ):
        if items:
            parts.append(f"<p><b>{_html(title)}</b></p><ul>{items}</ul>")
    return "".join(parts)


def page_html(address: str) -> str:
    """Return the page of a link, or an empty string for an unknown one."""
    if address.startswith(_RULES):
        return rule_html(address.removeprefix(_RULES))
    name = address.removeprefix(_CLAUSES)
    return clause_html(name) if name in load_packs()[-1].clauses else ""
