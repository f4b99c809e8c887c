"""`application/problem+json` (RFC 9457) for every refusal of the API."""

import json
from typing import Any

from flask import Response, g

from workflow.base.errors import DomainError, Refused, Stale, TooMany
from workflow.web.sentences import address_of, say


def problem_response(error: DomainError | None = None, *, status: int = 500, title: str = "") -> Response:
    """Word an error as a problem document; every wrong value is listed with the pointer to its field."""
    document: dict[str, Any] = {"type": "about:blank", "title": title, "status": status,
                                "request_id": g.get("request_id", "")}
    headers: dict[str, str] = {}
    if error is not None:
        document |= {"type": f"urn:delegations:{error.code}", "title": say(error), "status": error.status,
                     "code": error.code}
        listed = [{"pointer": "/" + problem.field.replace(".", "/"), "code": problem.code, "detail": say(problem)}
                  for problem in error.problems if problem.field]
        if listed:
            document["errors"] = listed
        if isinstance(error, Refused):
            document["reasons"] = [{"code": reason.code, "detail": say(reason), "where": address_of(reason.where)}
                                   for reason in error.reasons]
        if isinstance(error, Stale):
            document["current"] = json.loads(json.dumps(error.current, default=str))
        if isinstance(error, TooMany):
            headers["Retry-After"] = str(error.seconds)
    if document["status"] == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="delegations"'
    return Response(json.dumps(document, ensure_ascii=False), status=document["status"],
                    content_type="application/problem+json", headers=headers)
