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
        "info": {"title": "Delegations", "version": version,
                 "description": "Every change of requests, visits, members, letters, visa cases and assignments."},
        "servers": [{"url": server}],
        "security": [{"token": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {**body_schemas.get("$defs", {}), "Problem": _PROBLEM},
        },
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
        "errors": {"type": "array", "items": {"type": "object"}},
        "reasons": {"type": "array", "items": {"type": "object"}},
    },
}


def _operation(operation: Operation, schemas: Any) -> dict[str, Any]:
    problem = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    refusals = ["401", "403", "404", "422", "429"] + (["409", "413", "428"] if operation.method != "GET" else ["304"])
    responses: dict[str, Any] = {code: {"description": "refused", **problem} for code in refusals if code != "304"}
    if operation.method == "GET":
        responses["304"] = {"description": "not changed"}
    done: dict[str, Any] = {"description": "done"}
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
    if operation.method != "GET":
        found.append({"name": "If-Match", "in": "header", "required": operation.versioned,
                      "schema": {"type": "string", "pattern": '^"?[0-9]{1,9}"?$'}})
        found.append({"name": "Idempotency-Key", "in": "header", "required": False,
                      "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[A-Za-z0-9._-]+$"}})
    return found
