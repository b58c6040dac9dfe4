"""JSON Schemas of inputs and outputs: records, county standards, findings."""

from typing import Any

from pydantic import TypeAdapter

from ruhu.i18n import BilingualText
from ruhu.policy.formats.finding_json import AssessmentDocument
from ruhu.policy.standards.model import (
    BOOLEAN,
    FIGURES,
    FRACTION,
    MONEY,
    TIERS,
    TIERS_LABEL,
    StandardFigure,
)
from ruhu.survey.facts.catalogue import MODELS

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NUMBER: Schema = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[0-9.]+$"}]}


def _both(text: BilingualText) -> str:
    return f"{text.zh} / {text.en}"


def _figure(figure: StandardFigure) -> Schema:
    kind: Schema = {"type": "boolean"} if figure.accepts is BOOLEAN else dict(_NUMBER)
    return {"title": _both(figure.label), "description": _both(figure.accepts), **kind}


def _tiers() -> Schema:
    tier = {
        "type": "object",
        "properties": {
            "up_to": {"description": _both(MONEY), **_NUMBER},
            "rate": {"description": _both(FRACTION), **_NUMBER},
        },
        "required": ["rate"],
    }
    return {"title": _both(TIERS_LABEL), "type": "array", "minItems": 1, "items": tier}


def _standards() -> Schema:
    root: Schema = {
        "type": "object",
        "properties": {
            "county": {"type": "string", "pattern": "^[0-9]{6}$"},
            "valid_from": {"type": "string", "format": "date"},
            "valid_to": {"type": "string", "format": "date"},
            "sample": {"type": "boolean"},
        },
        "required": ["county", "valid_from"],
    }
    for path, schema in (*((p, _figure(f)) for p, f in FIGURES.items()), (TIERS, _tiers())):
        section = root
        *groups, name = path.split(".")
        for group in groups:
            section = section["properties"].setdefault(group, {"type": "object", "properties": {}})
        section["properties"][name] = schema
    return root


def schemas() -> dict[str, Schema]:
    """Return every schema by name: the kinds of record, `standards` and `findings`."""
    by_name = {kind: model.model_json_schema() for kind, model in MODELS.items()}
    by_name["standards"] = _standards()
    by_name["findings"] = TypeAdapter(AssessmentDocument).json_schema()
    return {name: {"$schema": DIALECT, **schema} for name, schema in by_name.items()}
