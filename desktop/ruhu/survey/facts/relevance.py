"""Decide which facts apply to a record: which need not be asked once another is known.

A fact is left out only if the fact it depends on is recorded with a value that rules it out. If that one is
absent, both are asked. No rule of the notice waits for a fact left out here.
"""

from dataclasses import dataclass
from typing import Any

from ruhu.strict_json import Document
from ruhu.survey.facts.catalogue import schema_path
from ruhu.survey.facts.paths import get_value


@dataclass(frozen=True, slots=True)
class _Only:
    """The facts `names`, siblings of the fact `where`, apply only if its value is among `values`."""

    where: str
    values: tuple[Any, ...]
    names: tuple[str, ...]


_BOARDERS = ("primary", "junior_high")
_COLLEGES = ("higher_vocational", "undergraduate")
_VOCATIONAL = ("secondary_vocational", "higher_vocational")
_SENIOR = ("senior_high", "secondary_vocational", *_COLLEGES)
_PUPILS = ("preschool", *_BOARDERS, *_SENIOR, "postgraduate")
_STAGE = "members[].schooling.stage"
_FACILITY = ("purpose", "for_poverty_work", "built_on")

_HOUSEHOLD = (
    _Only("registration.registered_poor", (True,), ("in_information_system", "exit_year")),
    _Only("housing.renovation", ("rebuild",), ("storage_area_m2",)),
    _Only("farming.microloan.wanted", (True,), ("can_repay", "amount", "months")),
    _Only("farming.insurance.policy_based", (True,), ("bought_on", "premium")),
    _Only("farming.facility.land", ("forest", "grassland"), _FACILITY),
    _Only(_STAGE, _PUPILS, ("paired_helper",)),
    _Only(_STAGE, _BOARDERS, ("boarding",)),
    _Only(_STAGE, (*_BOARDERS, *_SENIOR), ("difficulty", "full_time")),
    _Only(_STAGE, _SENIOR, ("grant_tier",)),
    _Only(_STAGE, _COLLEGES, ("new_student", "in_region", "enrolment_confirmed")),
    _Only(_STAGE, _VOCATIONAL, ("women_class",)),
    _Only(_STAGE, ("higher_vocational",), ("from_secondary_vocational",)),
    _Only(_STAGE, ("none",), ("completed_compulsory",)),
    _Only("members[].business.form", ("individual",), ("registered_on",)),
    _Only("members[].trainings[].certificate", (True,), ("certificate_kind", "verifiable_online")),
)
_ENTERPRISE = (_Only("facility.land", ("forest", "grassland"), _FACILITY),)


def _by_fact(rules: tuple[_Only, ...]) -> dict[str, _Only]:
    return {f"{rule.where.rpartition('.')[0]}.{n}": rule for rule in rules for n in rule.names}


_RULES = {"household": _by_fact(_HOUSEHOLD), "enterprise": _by_fact(_ENTERPRISE)}


def applies(document: Document, path: str, kind: str) -> bool:
    """Return whether the fact at a path applies to the record.

    A recorded fact always applies, so nothing that was entered is hidden.
    """
    rule = _RULES.get(kind, {}).get(schema_path(path))
    if rule is None:
        return True
    condition_path = f"{path.rpartition('.')[0]}.{rule.where.rpartition('.')[2]}"
    deciding_value = get_value(document, condition_path, kind)
    if deciding_value is None or deciding_value in rule.values:
        return True
    return get_value(document, path, kind) is not None
