"""A rule's page: its clause, figures and facts in every text that has it."""

from dataclasses import dataclass

from ruhu.policy.pack import Clause, Figure, Pack, Rule, facts_read, figures_used
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
