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
    "401": "The signature is invalid, or the nonce was used; try again with the new nonce.",
    "403": "The county has revoked the laptop.",
    "404": "Not found.",
    "409": "The part does not begin where the received bytes end.",
    "413": "Too large or incomplete.",
    "416": "The range is outside the package.",
    "422": "The content does not match the digest.",
    "429": "Too many requests; retry after `Retry-After` seconds.",
    "503": "The database does not answer, or the server is busy; retry later.",
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
        responses["403"]["headers"] = {
            REVOKED: _header("`1`: the response is from the county, not from a proxy.")
        }
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
        "description": "How much of the bundle has arrived.",
        "headers": {
            OFFSET: _header("Bytes received.", "integer"),
            COMPLETE: _header("`1` once the county has issued its receipt."),
        },
    }
}


def _bundle() -> Part:
    body = {"required": True, "content": _BINARY}
    more = {
        "204": {
            "description": "The part was received; the rest is missing.",
            "headers": {OFFSET: _header("Bytes received.", "integer")},
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
            "summary": "Return how much of a bundle has arrived.",
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
                _header_parameter(OFFSET, "Offset of the part."),
                _header_parameter(LENGTH, "Length of the whole bundle."),
            ],
            "requestBody": body,
            "responses": _responses(_RECEIPT | more, "400", "401", "403", "409", "413", "422"),
        },
    }


def _health_path() -> Part:
    return {
        "get": {
            "summary": "Check the server and its database.",
            "responses": _responses(
                {"200": {"description": "Both answer.", "content": _json("Health")}}, nonce=False
            ),
        }
    }


def _enrolments_path() -> Part:
    return {
        "post": {
            "summary": "Request to enrol a laptop; somebody at the county compares the fingerprint.",
            "requestBody": {"required": True, "content": _json("Enrolment")},
            "responses": _responses(
                {
                    "200": {"description": "The laptop is enrolled.", "content": _json("Standing")},
                    "202": {"description": "The request is pending.", "content": _json("Standing")},
                },
                "400", "401", "403", "409", "413", nonce=False,
            ),
        }
    }  # fmt: skip


def _sync_path() -> Part:
    return {
        "post": {
            "summary": "Exchange the state of laptop and county.",
            "security": _SIGNED,
            "requestBody": {"required": True, "content": _json("Asked")},
            "responses": _responses(
                {"200": {"description": "The state at the county.", "content": _json("Told")}},
                "400", "401", "403", "413",
            ),
        }
    }  # fmt: skip


def _answers_path() -> Part:
    number = {"type": "integer", "minimum": 0, "maximum": MAX_NUMBER}
    return {
        "parameters": [{"name": "number", "in": "path", "required": True, "schema": number}],
        "get": {
            "summary": "Return an encrypted reply.",
            "security": _SIGNED,
            "responses": _responses(
                {"200": {"description": "The reply.", "content": _BINARY}},
                "401", "403", "404",
            ),
        },
    }  # fmt: skip


def _updates_path() -> Part:
    return {
        "parameters": [{**_DIGEST, "description": "The SHA-256 of the package."}],
        "get": {
            "summary": "Return an update package that `POST /v1/sync` offered, or the rest of it.",
            "security": _SIGNED,
            "parameters": [
                {
                    "name": "Range", "in": "header", "description": "`bytes=N-`, from offset N on.",
                    "schema": {"type": "string", "pattern": "^bytes=[0-9]{1,12}-$"},
                }
            ],
            "responses": _responses(
                {"206": {"description": "The package from the offset on.", "content": _BINARY}},
                "401", "403", "404", "416",
            ),
        },
    }  # fmt: skip


def _paths() -> Part:
    ok = {"description": "The OpenAPI document.", "content": {"application/json": {"schema": {}}}}
    return {
        "/v1/health": _health_path(),
        "/v1/enrolments": _enrolments_path(),
        "/v1/sync": _sync_path(),
        "/v1/bundles/{digest}": _bundle(),
        "/v1/answers/{number}": _answers_path(),
        "/v1/updates/{digest}": _updates_path(),
        "/openapi.json": {"get": {"summary": "This description.", "responses": {"200": ok}}},
        "/docs": {
            "get": {
                "summary": "This description as a page.",
                "responses": {"200": {"description": "A page.", "content": {"text/html": {}}}},
            }
        },
    }


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
