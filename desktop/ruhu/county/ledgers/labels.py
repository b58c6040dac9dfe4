"""How ledgers call rules, places and households."""

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
"""Housing goes by its own ledger, stage by stage."""


@cache
def rules() -> dict[str, Rule]:
    """Every rule of the texts in force so far, the newest text's form of each, in its order."""
    found: dict[str, Rule] = {}
    for day in (date(2017, 3, 21), date(2016, 1, 1)):
        for kind in RecordKind:
            for rule in pack_for(day).rules_for(kind.value):
                found.setdefault(rule.id, rule)
    return found


def title_of_rule(rule: str) -> BilingualText:
    """A rule's title, or its id for one of a text that this program does not have."""
    known = rules().get(rule)
    return known.title if known else BilingualText(rule, rule)


def grants() -> list[Rule]:
    """The rules that grant something a ledger is kept of."""
    return [
        rule
        for rule in rules().values()
        if rule.kind is RuleKind.ENTITLEMENT and rule.grant and rule.id not in NOT_PAID_HERE
    ]


def place_name(code: str) -> str:
    """The name of a township or village by its code; a name stays as it is."""
    known = divisions().get(code)
    return known.name if known else code


def village_of(document: Document) -> str:
    """The village of a record, by name."""
    place = document.get("place") or {}
    return place_name(str(place.get("village_name") or place.get("village") or ""))


def township_of(document: Document) -> str:
    """The township of a record, by name."""
    place = document.get("place") or {}
    code = str(place.get("township") or str(place.get("village") or "")[:9])
    return str(place.get("township_name") or place_name(code))


def number_of(document: Document) -> str:
    """The household's number, empty where it has none."""
    return str((document.get("registration") or {}).get("household_no") or "")
