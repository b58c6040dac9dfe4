"""JSON Schemas of what laptops and county exchange, and of records and findings."""

from typing import Any

from ruhu.exchange.formats.bundle import Bundle
from ruhu.exchange.formats.receipt import SequenceStatement, SignedReceipt
from ruhu.exchange.formats.reply import Reply
from ruhu.exchange.keys.county import CountyPublic
from ruhu.exchange.keys.device import DevicePublic
from ruhu.policy.formats.schemas import DIALECT, Schema, schemas

_BASE64: Schema = {"type": "string", "contentEncoding": "base64"}
_BUNDLE_SIGNATURE: Schema = {
    "type": "object",
    "properties": {"key": _BASE64, "value": _BASE64},
    "required": ["key", "value"],
}


def _signed(schema: dict[str, Any], signature: Schema) -> Schema:
    """Add the signature to a schema; the model leaves it to the verification."""
    properties = {**schema["properties"], "signature": signature}
    return {**schema, "properties": properties, "required": [*schema["required"], "signature"]}


def all_schemas() -> dict[str, Schema]:
    """Return every schema by name: records, standards, findings, and what is exchanged."""
    bundle = Bundle.model_json_schema(mode="serialization")
    bundle["$defs"]["Attachment"]["properties"]["data"] = _BASE64
    travelling = {
        "bundle": _signed(bundle, _BUNDLE_SIGNATURE),
        "answer": _signed(Reply.model_json_schema(), _BASE64),
        "receipt": SignedReceipt.model_json_schema(),
        "chain": SequenceStatement.model_json_schema(),
        "county": CountyPublic.model_json_schema(),
        "device": DevicePublic.model_json_schema(),
    }
    exchanged = {name: {"$schema": DIALECT, **schema} for name, schema in travelling.items()}
    return {**schemas(), **exchanged}
