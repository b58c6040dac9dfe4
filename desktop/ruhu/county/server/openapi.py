"""The server's description in OpenAPI: what FastAPI does not derive from the routes, and the page.

FastAPI derives paths, parameters and schemas. Signatures, nonces and bodies that the routes read
by hand are added here.
"""

import html
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from ruhu.county.server.responses import Problem
from ruhu.exchange.protocol.messages import NONCE, REVOKED

Part = dict[str, Any]
Responses = dict[int | str, Part]

PROBLEMS = {
    400: "The body is not as described here.",
    401: "The signature is invalid, or the nonce was used; try again with the new nonce.",
    403: "The county has revoked the laptop.",
    404: "Not found.",
    409: "The part does not begin where the received bytes end, or another key is enrolled.",
    413: "Too large or incomplete.",
    416: "The range is outside the package.",
    422: "A parameter is not as described here, or the content does not match the digest.",
    429: "Too many requests; retry after `Retry-After` seconds.",
    503: "The database does not answer, or the server is busy; retry later.",
}
DESCRIPTION = (
    "Requests are signed by the laptop's Ed25519 key as RFC 9421 has it, over method, path, the "
    "offset of a part or the digest of a body, and a nonce that the server issued in "
    f"`{NONCE}` and that is valid once."
)
_SCHEMES = ("signature", "signature-input")
SIGNED: Part = {"security": [{scheme: [] for scheme in _SCHEMES}]}
BINARY: Part = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
BINARY_BODY: Part = {**SIGNED, "requestBody": {"required": True, "content": BINARY}}


def header(about: str, kind: str = "string") -> Part:
    """Return the description of a response's header."""
    return {"description": about, "schema": {"type": kind}}


def json_body(model: type[BaseModel]) -> Part:
    """Return the description of a JSON body; `describe` resolves its reference."""
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": _reference(model.__name__)}}},
        }
    }


def _reference(name: str) -> str:
    return f"#/components/schemas/{name}"


def problem_responses(*statuses: int) -> Responses:
    """Return the descriptions of error responses; the rate limit's 429 is always among them."""
    responses: Responses = {
        status: {"model": Problem, "description": PROBLEMS[status]} for status in (*statuses, 429)
    }
    if 403 in responses:
        about = "`1`: the response is from the county, not from a proxy."
        responses[403]["headers"] = {REVOKED: header(about)}
    for status in responses.keys() & {429, 503}:
        responses[status]["headers"] = {"Retry-After": header("Seconds.", "integer")}
    return responses


def signed_responses(*statuses: int) -> Responses:
    """Return the descriptions of error responses of a route for signed requests."""
    return problem_responses(*statuses, 401, 403, 503)


def without_content(responses: Responses) -> Responses:
    """Return descriptions of responses to `HEAD`, which have no body."""
    return {
        status: {key: value for key, value in response.items() if key != "model"}
        for status, response in responses.items()
    }


def describe(app: FastAPI, bodies: tuple[type[BaseModel], ...]) -> Part:
    """Return an application's OpenAPI document.

    `bodies` are the models of bodies that routes read by hand.
    """
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        components = document["components"]
        for model in bodies:
            schema = model.model_json_schema(ref_template=_reference("{model}"))
            components["schemas"] |= schema.pop("$defs", {}) | {model.__name__: schema}
        components["securitySchemes"] = {
            scheme: {"type": "apiKey", "in": "header", "name": scheme.title()}
            for scheme in _SCHEMES
        }
        for operations in document["paths"].values():
            for operation in operations.values():
                if "security" in operation:
                    _add_nonce(operation)
        app.openapi_schema = document
    return app.openapi_schema


def _add_nonce(operation: Part) -> None:
    for status, response in operation["responses"].items():
        # The rate limit answers before the routes do; a busy server, too.
        if status not in ("429", "503"):
            headers = {NONCE: header("The nonce for the next request.")}
            response["headers"] = headers | response.get("headers", {})


_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code{background:#eef2f4;padding:0 .3em}h2{margin:1.6em 0 .2em;font-size:1.1rem}"
    "td{padding:.1em 1em .1em 0;vertical-align:top}"
)


def page(document: Part) -> str:
    """Return an OpenAPI document as an HTML page that loads nothing from other servers.

    FastAPI's own page loads its script from a server on the internet.
    """
    info = document["info"]
    parts = [f"<h1>{html.escape(info['title'])} {html.escape(info['version'])}</h1>"]
    parts.append(f"<p>{html.escape(info['description'])}</p>")
    parts.append('<p><a href="/openapi.json">openapi.json</a></p>')
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            parts.append(f"<h2><code>{method.upper()} {html.escape(path)}</code></h2>")
            parts.append(f"<p>{html.escape(operation['summary'])}</p>{_table(operation)}")
    body = "".join(parts)
    head = f'<meta charset="utf-8"><title>Ruhu</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'


def _table(operation: Part) -> str:
    rows = [
        (f"{parameter['in']} {parameter['name']}", parameter.get("description", ""))
        for parameter in operation.get("parameters", [])
    ]
    rows += [
        (status, response["description"]) for status, response in operation["responses"].items()
    ]
    cells = "".join(
        f"<tr><td><code>{html.escape(name)}</code></td><td>{html.escape(about)}</td></tr>"
        for name, about in rows
    )
    return f"<table>{cells}</table>"
