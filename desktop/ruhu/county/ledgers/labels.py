"""Labels of rules, places and households in the ledgers."""

from datetime import date
from functools import cache

from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import RuleKind
from ruhu.policy.packs.loader import pack_for
from ruhu.policy.packs.model import Rule
from ruhu.strict_json import Document
from ruhu.survey.divisions import divisions
from ruhu.survey.models.choices import RecordKind

NOT_PAID_HERE = frozenset({"housing.eligible", "housing.priority", "housing.subsidy"})
"""Rules of housing, which has a ledger of its own."""


@cache
def rules() -> dict[str, Rule]:
    """Return every rule of the texts so far, each as in the newest text, in its order."""
    by_id: dict[str, Rule] = {}
    for day in (date(2017, 3, 21), date(2016, 1, 1)):
        for kind in RecordKind:
            for rule in pack_for(day).rules_for(kind.value):
                by_id.setdefault(rule.id, rule)
    return by_id


def title_of_rule(rule: str) -> BilingualText:
    """Return a rule's title, or its id if this program does not have its text."""
    own_rule = rules().get(rule)
    return own_rule.title if own_rule else BilingualText(rule, rule)


def grants() -> list[Rule]:
    """Return the rules that grant something and have a ledger."""
    return [
        rule
        for rule in rules().values()
        if rule.kind is RuleKind.ENTITLEMENT and rule.grant and rule.id not in NOT_PAID_HERE
    ]


def place_name(code: str) -> str:
    """Return the name of a township or village by its code; a name is returned unchanged."""
    division = divisions().get(code)
    return division.name if division else code


def village_of(document: Document) -> str:
    """Return the name of a record's village."""
    location = document.get("place") or {}
    return place_name(str(location.get("village_name") or location.get("village") or ""))


def township_of(document: Document) -> str:
    """Return the name of a record's township."""
    location = document.get("place") or {}
    code = str(location.get("township") or str(location.get("village") or "")[:9])
    return str(location.get("township_name") or place_name(code))


def number_of(document: Document) -> str:
    """Return the household's number, empty if it has none."""
    return str((document.get("registration") or {}).get("household_no") or "")
