"""A rule's page: its clause, figures and facts in every text that has it."""

from dataclasses import dataclass

from ruhu.policy.expressions import DefineRef, Expression, FigureRef, Lookup
from ruhu.policy.language import SUBJECTS
from ruhu.policy.pack import Clause, Figure, Pack, Rule, facts_read
from ruhu.policy.packs import load_packs
from ruhu.survey.facts import Fact


@dataclass(frozen=True, slots=True)
class RuleText:
    """One rule as one version of the policy has it. `conditions` are as the pack writes them."""

    pack: Pack
    rule: Rule
    clause: Clause
    conditions: tuple[str, ...]
    figures: tuple[Figure, ...]
    facts: tuple[Fact, ...]


def figures_used(pack: Pack, rule: Rule) -> tuple[Figure, ...]:
    """The notice's figures that a rule uses, through its definitions too."""
    record = SUBJECTS[rule.subject][0]
    found: dict[str, Figure] = {}
    seen: set[str] = set()
    open_: list[Expression] = list(rule.expressions())
    while open_:
        for node in open_.pop(0).walk():
            reference = node.table if isinstance(node, Lookup) else node
            if isinstance(reference, FigureRef):
                found[reference.name] = pack.figures[reference.name]
            elif isinstance(node, DefineRef) and node.name not in seen:
                seen.add(node.name)
                open_.append(pack.defines[(record, node.name)].expression)
    return tuple(found.values())


def rule_page(rule_id: str) -> tuple[RuleText, ...]:
    """The rule in each text that has it, the earliest first; empty for an unknown id."""
    return tuple(
        RuleText(
            pack,
            rule,
            pack.clause(rule.clause),
            _conditions(pack, rule),
            figures_used(pack, rule),
            tuple(facts_read(pack, rule)),
        )
        for pack in load_packs()
        for rule in pack.rules
        if rule.id == rule_id
    )


def _conditions(pack: Pack, rule: Rule) -> tuple[str, ...]:
    source = pack.sources[rule.id]
    keys = ("scope", "applies", "holds", "when", "range_of")
    return tuple(str(text) for key in keys for text in source.get(key, ()))
