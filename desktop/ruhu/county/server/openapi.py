"""The server's description in OpenAPI 3.1, and as a page that needs no internet."""

import html
from functools import cache
from typing import Any

from ruhu import __version__
from ruhu.exchange.formats.receipt import SignedReceipt
from ruhu.exchange.keys.enrolment import EnrolmentRequest
from ruhu.exchange.protocol.messages import (
    COMPLETE,
    LENGTH,
    MAX_NUMBER,
    NONCE,
    OFFSET,
    REVOKED,
    SyncRequest,
    SyncResponse,
)

Part = dict[str, Any]
_BINARY: Part = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_SIGNED: list[Part] = [{"signature": [], "signature-input": []}]
_COMMON_STATUSES = ("429", "503")

PROBLEMS = {
    "400": "The request is not as described here.",
    "401": "No signature of whoever may ask, or its nonce was used; try again with the new nonce.",
    "403": "The county has revoked the laptop.",
    "404": "There is no such thing.",
    "409": "The part does not begin where the bytes that came end.",
    "413": "Too large, or cut short.",
    "416": "The range does not begin within the package.",
    "422": "The bytes are not those of the digest.",
    "429": "Too many requests; come again after `Retry-After` seconds.",
    "503": "The database does not answer, or too many requests are at work; come again.",
}


def _ref(name: str) -> Part:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(name: str) -> Part:
    return {"application/json": {"schema": _ref(name)}}


def _header(about: str, kind: str = "string") -> Part:
    return {"description": about, "schema": {"type": kind}}


def _responses(documented: Part, *problems: str, nonce: bool = True) -> Part:
    responses = dict(documented)
    for status in (*problems, *_COMMON_STATUSES):
        responses[status] = {"description": PROBLEMS[status], "content": _json("Problem")}
    if "403" in responses:
        responses["403"]["headers"] = {REVOKED: _header("`1`: no proxy says so, but the county.")}
    for status in _COMMON_STATUSES:
        responses[status]["headers"] = {"Retry-After": _header("Seconds.", "integer")}
    if nonce:
        for status, response in responses.items():
            if status not in _COMMON_STATUSES:
                headers = {NONCE: _header("The nonce for the next request.")}
                response["headers"] = headers | response.get("headers", {})
    return responses


def _header_parameter(name: str, about: str, *, required: bool = True) -> Part:
    schema = {"type": "integer", "minimum": 0}
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": about,
        "schema": schema,
    }


_DIGEST: Part = {
    "name": "digest",
    "in": "path",
    "required": True,
    "description": "The SHA-256 of the sealed bundle.",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}
_RECEIPT: Part = {
    "200": {"description": "The county's signed receipt.", "content": _json("Receipt")}
}
_STANDING: Part = {
    "200": {
        "description": "How much of the bundle has come.",
        "headers": {
            OFFSET: _header("Bytes that have come.", "integer"),
            COMPLETE: _header("`1` once the county has given its receipt."),
        },
    }
}


def _bundle() -> Part:
    body = {"required": True, "content": _BINARY}
    more = {
        "204": {
            "description": "The part has come; more is wanted.",
            "headers": {OFFSET: _header("Bytes that have come.", "integer")},
        }
    }
    return {
        "parameters": [_DIGEST],
        "put": {
            "summary": "Send a whole bundle; safe to repeat.",
            "security": _SIGNED,
            "requestBody": body,
            "responses": _responses(_RECEIPT, "401", "403", "413", "422"),
        },
        "head": {
            "summary": "Ask how much of a bundle has come.",
            "security": _SIGNED,
            "responses": {
                status: {key: value for key, value in response.items() if key != "content"}
                for status, response in _responses(_STANDING, "401", "403", "422").items()
            },
        },
        "patch": {
            "summary": "Send the next part of a bundle.",
            "security": _SIGNED,
            "parameters": [
                _header_parameter(OFFSET, "Where the part begins."),
                _header_parameter(LENGTH, "How long the whole bundle is."),
            ],
            "requestBody": body,
            "responses": _responses(_RECEIPT | more, "400", "401", "403", "409", "413", "422"),
        },
    }


def _paths() -> Part:
    ok = {"description": "As the key says.", "content": {"application/json": {"schema": {}}}}
    number = {"type": "integer", "minimum": 0, "maximum": MAX_NUMBER}
    return {
        "/v1/health": {
            "get": {
                "summary": "Whether the service and its database answer.",
                "responses": _responses(
                    {"200": {"description": "They do.", "content": _json("Health")}}, nonce=False
                ),
            }
        },
        "/v1/enrolments": {
            "post": {
                "summary": "Ask the county to enrol a laptop; somebody there compares the fingerprint.",
                "requestBody": {"required": True, "content": _json("Enrolment")},
                "responses": _responses(
                    {
                        "200": {"description": "It is enrolled.", "content": _json("Standing")},
                        "202": {"description": "It waits.", "content": _json("Standing")},
                    },
                    "400", "401", "403", "409", "413", nonce=False,
                ),
            }
        },
        "/v1/sync": {
            "post": {
                "summary": "Say and hear how things stand.",
                "security": _SIGNED,
                "requestBody": {"required": True, "content": _json("Asked")},
                "responses": _responses(
                    {"200": {"description": "How things stand.", "content": _json("Told")}},
                    "400", "401", "403", "413",
                ),
            }
        },
        "/v1/bundles/{digest}": _bundle(),
        "/v1/answers/{number}": {
            "parameters": [{"name": "number", "in": "path", "required": True, "schema": number}],
            "get": {
                "summary": "Fetch a sealed answer.",
                "security": _SIGNED,
                "responses": _responses(
                    {"200": {"description": "The answer.", "content": _BINARY}},
                    "401", "403", "404",
                ),
            },
        },
        "/v1/updates/{digest}": {
            "parameters": [{**_DIGEST, "description": "The SHA-256 of the package."}],
            "get": {
                "summary": "Fetch an update package that `POST /v1/sync` offered, or what is missing of it.",
                "security": _SIGNED,
                "parameters": [
                    {
                        "name": "Range", "in": "header", "description": "`bytes=N-`, from the N-th byte on.",
                        "schema": {"type": "string", "pattern": "^bytes=[0-9]{1,12}-$"},
                    }
                ],
                "responses": _responses(
                    {"206": {"description": "The package from there on.", "content": _BINARY}},
                    "401", "403", "404", "416",
                ),
            },
        },
        "/openapi.json": {"get": {"summary": "This description.", "responses": {"200": ok}}},
        "/docs": {
            "get": {
                "summary": "This description, to read.",
                "responses": {"200": {"description": "A page.", "content": {"text/html": {}}}},
            }
        },
    }  # fmt: skip


@cache
def description() -> Part:
    """Return the OpenAPI document."""
    text = {"type": "string"}
    schemas: Part = {
        "Problem": {
            "type": "object",
            "properties": {"zh": text, "en": text},
            "required": ["zh", "en"],
        },
        "Health": {"type": "object", "properties": {"county": text}, "required": ["county"]},
        "Standing": {
            "type": "object",
            "properties": {"state": {"enum": ["enrolled", "waiting"]}, "fingerprint": text},
            "required": ["state", "fingerprint"],
        },
    }
    for name, model in (
        ("Asked", SyncRequest), ("Told", SyncResponse), ("Receipt", SignedReceipt), ("Enrolment", EnrolmentRequest),
    ):  # fmt: skip
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {})
        schemas[name] = schema
    about = (
        "Requests are signed by the laptop's Ed25519 key as RFC 9421 has it, over method, path, the place of a "
        f"part or the digest of a body, and a nonce that the service gave in `{NONCE}` and that counts once."
    )
    schemes = {
        name: {"type": "apiKey", "in": "header", "name": name.title(), "description": about}
        for name in ("signature", "signature-input")
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ruhu county service", "version": __version__, "description": about},
        "paths": _paths(),
        "components": {"schemas": schemas, "securitySchemes": schemes},
    }


_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code{background:#eef2f4;padding:0 .3em}h2{margin:1.6em 0 .2em;font-size:1.1rem}"
    "td{padding:.1em 1em .1em 0;vertical-align:top}"
)


def page() -> str:
    """Return the description as an HTML page that loads nothing from other servers."""
    document = description()
    parts = [
        f"<h1>{html.escape(document['info']['title'])} {html.escape(document['info']['version'])}</h1>"
    ]
    parts.append(f"<p>{html.escape(document['info']['description'])}</p>")
    parts.append('<p><a href="/openapi.json">openapi.json</a></p>')
    for path, acts in document["paths"].items():
        for method, act in acts.items():
            if method == "parameters":
                continue
            parts.append(f"<h2><code>{method.upper()} {html.escape(path)}</code></h2>")
            parts.append(f"<p>{html.escape(act['summary'])}</p><table>")
            rows = [
                (f"{each['in']} {each['name']}", each.get("description", ""))
                for each in [*acts.get("parameters", []), *act.get("parameters", [])]
            ]
            rows += [
                (status, response["description"]) for status, response in act["responses"].items()
            ]
            parts += [
                f"<tr><td><code>{html.escape(name)}</code></td><td>{html.escape(about)}</td></tr>"
                for name, about in rows
            ]
            parts.append("</table>")
    body = "".join(parts)
    head = f'<meta charset="utf-8"><title>Ruhu</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
