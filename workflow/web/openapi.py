"""The OpenAPI 3.1 document, made from the operations that the rooms declare, so that it cannot drift from them."""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from workflow.web.api import LONGEST_QUESTION, Operation

_PART = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>")


def make_document(operations: Iterable[Operation], *, version: str, server: str) -> dict[str, Any]:
    """Make the document for all operations."""
    listed = list(operations)
    wanted: dict[type[BaseModel], None] = {}
    for operation in listed:
        for model in (operation.body, operation.out):
            if model is not None:
                wanted[model] = None
    body_map, body_schemas = models_json_schema([(model, "validation") for model in wanted],
                                                ref_template="#/components/schemas/{model}")
    paths: dict[str, Any] = {}
    for operation in listed:
        path = _PART.sub(r"{\2}", operation.rule)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation, body_map)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Delegations", "version": version, "description": _CONVENTIONS},
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer",
                                          "description": "Made on one's own page (`/me`), for some days."}},
            "schemas": {**body_schemas.get("$defs", {}), "Problem": _PROBLEM},
        },
    }


_CONVENTIONS = """Every change of requests, visits, members, letters, visa cases and assignments.

**Who calls.** `Authorization: Bearer dlg_…`; the token acts as its owner, within its scope (`x-permission` of each
operation names what is needed). Texts of refusals are in the owner's language; act on `code`, not on `title`.

**Versions.** A thing that people edit has a `version`; the answer carries it as `ETag: "7"`. Send it back as
`If-Match: "7"` where that is required (428 without it). Who lost a race gets 409 with the code `base.stale`, and in
`current` what is saved now. A GET with `If-None-Match` answers 304 while nothing has changed.

**Doing a thing once.** A POST or PATCH with an `Idempotency-Key` that was answered before is not done again: for a day
it gets the same answer, with `Idempotency-Replayed: true`. The same key for another request is refused (409,
`base.idempotency-mismatch`). A refused call does not use its key up.

**Lists** come in pages: pass `next_cursor` as `cursor` until it is null; it has no meaning of its own.

**Refusals** are `application/problem+json`. 409 may list `reasons`, each with the address of the page where it is put
right; 422 lists in `errors` every wrong value with the pointer to its field. 429 and 503 say in `Retry-After` when to
come again; after 503 nothing was changed.
"""

_WRONG_VALUE: dict[str, Any] = {
    "type": "object", "required": ["pointer", "code", "detail"],
    "properties": {"pointer": {"type": "string"}, "code": {"type": "string"}, "detail": {"type": "string"}},
}
_REASON: dict[str, Any] = {
    "type": "object", "required": ["code", "detail", "where"],
    "properties": {"code": {"type": "string"}, "detail": {"type": "string"}, "where": {"type": "string"}},
}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": _WRONG_VALUE},
        "reasons": {"type": "array", "items": _REASON},
        "current": {"type": "object"},
    },
}
_REFUSALS = {
    "401": "no live token", "403": "the token's owner or its scope does not allow it",
    "404": "there is no such thing, or it is not open to the caller",
    "409": "not possible as things stand, or a lost race",
    "413": "the body is too large", "422": "values are wrong; nothing was changed", "428": "If-Match is missing",
    "429": "too often", "503": "not available for a moment; nothing was changed",
}
_ETAG = {"ETag": {"description": "The version, for If-Match and If-None-Match.", "schema": {"type": "string"}}}
_REPLAYED = {"Idempotency-Replayed": {"description": "`true`: given before for this key, not done again.",
                                      "schema": {"type": "string", "enum": ["true"]}}}


def _operation(operation: Operation, schemas: Any) -> dict[str, Any]:
    problem = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    refusals = ["401", "403", "404", "422", "429", "503"]
    if operation.method != "GET":
        refusals += ["409", "413", *(["428"] if operation.versioned else [])]
    responses: dict[str, Any] = {code: {"description": _REFUSALS[code], **problem} for code in refusals}
    has_version = _has_version(operation)
    if operation.method == "GET" and has_version:
        responses["304"] = {"description": "not changed since the version in If-None-Match"}
    headers = (_ETAG if has_version else {}) | (_REPLAYED if operation.method != "GET" else {})
    done: dict[str, Any] = {"description": "done", **({"headers": headers} if headers else {})}
    if operation.out is not None:
        schema: Any = schemas[(operation.out, "validation")]
        if operation.many:
            schema = {"type": "object", "required": ["items", "next_cursor"],
                      "properties": {"items": {"type": "array", "items": schema},
                                     "next_cursor": {"type": ["string", "null"]}}}
        done["content"] = {"application/json": {"schema": schema}}
    responses[str(operation.status if operation.out is not None else 204)] = done
    described: dict[str, Any] = {
        "operationId": operation.endpoint.replace(".", "_"),
        "summary": operation.summary,
        "tags": [operation.endpoint.split(".")[0].removeprefix("api_")],
        "parameters": _parameters(operation),
        "responses": dict(sorted(responses.items())),
        "x-permission": str(operation.access),
    }
    if operation.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schemas[(operation.body, "validation")]}},
        }
    return described


def _has_version(operation: Operation) -> bool:
    return operation.out is not None and not operation.many and "version" in operation.out.model_fields


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True,
         "schema": {"type": "integer", "minimum": 1} if kind == "int" else {"type": "string"}}
        for kind, name in _PART.findall(operation.rule)
    ]
    found += [
        {"name": name, "in": "query", "required": False,
         "schema": {"type": "string", "maxLength": LONGEST_QUESTION} if known is None
         else {"type": "string", "enum": [value.value for value in known]}}
        for name, known in operation.filters.items()
    ]
    if operation.many:
        found += [
            {"name": "cursor", "in": "query", "required": False,
             "schema": {"type": "string", "maxLength": LONGEST_QUESTION}},
            {"name": "limit", "in": "query", "required": False,
             "schema": {"type": "integer", "minimum": 1, "maximum": 200}},
        ]
    if operation.method == "GET" and _has_version(operation):
        found.append({"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"}})
    if operation.method != "GET":
        found.append({"name": "If-Match", "in": "header", "required": operation.versioned,
                      "schema": {"type": "string", "pattern": '^"?[0-9]{1,9}"?$'}})
        found.append({"name": "Idempotency-Key", "in": "header", "required": False,
                      "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[A-Za-z0-9._-]+$"}})
    return found
