"""A rule's page: its clause, figures and facts in every text that has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ruhu.i18n import BilingualText
from ruhu.policy.language.nodes import FigureValue
from ruhu.policy.language.numbers import as_decimal, to_plain
from ruhu.policy.packs.loader import load_packs
from ruhu.policy.packs.model import Clause, Figure, Pack, Rule, facts_read, figures_used
from ruhu.policy.text.condition_text import conditions_in_words
from ruhu.survey.facts.catalogue import Fact


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule in one version of the policy.

    `conditions` are in words; `source` has them as written in the pack.
    """

    pack: Pack
    rule: Rule
    clause: Clause
    conditions: tuple[BilingualText, ...]
    source: tuple[str, ...]
    figures: tuple[Figure, ...]
    facts: tuple[Fact, ...]


def rule_page(rule_id: str) -> tuple[RuleText, ...]:
    """Return the rule in each text that has it, the earliest first; empty for an unknown id."""
    return tuple(
        RuleText(
            pack,
            rule,
            pack.clause(rule.clause),
            conditions_in_words(pack, rule),
            _source(pack, rule),
            figures_used(pack, rule),
            tuple(facts_read(pack, rule)),
        )
        for pack in load_packs()
        for rule in pack.rules
        if rule.id == rule_id
    )


def figure_value(value: FigureValue) -> str:
    """Return a figure's value as text; a table as its words and values."""
    if isinstance(value, Mapping):
        return "、".join(f"{key} {figure_value(entry)}" for key, entry in value.items())
    return to_plain(as_decimal(value)) if isinstance(value, Fraction) else str(value)


def _source(pack: Pack, rule: Rule) -> tuple[str, ...]:
    source = pack.sources[(rule.id, rule.subject)]
    keys = ("scope", "applies", "holds", "when", "range_of")
    return tuple(str(text) for key in keys for text in source.get(key, ()))
