"""Health for machines: is the process alive, is the database there, and how old is the oldest waiting job.

`/healthz` never asks the worker: a stuck worker answers a ping. The age of the oldest due job is the truth.
"""

from typing import Any

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from workflow.base.jobs import oldest_due_at
from workflow.web.doors import ANYONE, Act, Door
from workflow.web.openapi import make_document

door = Door("health", __name__)

STALE_SECONDS = 300


@door.get("/healthz", ANYONE)
def healthz(act: Act) -> ResponseReturnValue:
    """Say that the process answers and how long work has waited; 200 even when work waits, for the web is well."""
    oldest = oldest_due_at(act.session, act.now)
    waiting = int((act.now - oldest).total_seconds()) if oldest else 0
    return jsonify({"status": "ok", "oldest_due_job_seconds": waiting, "work_is_late": waiting > STALE_SECONDS})


@door.get("/readyz", ANYONE)
def readyz(act: Act) -> ResponseReturnValue:
    """Say whether requests can be served: the database answers and its tables are there."""
    try:
        act.session.execute(text("SELECT 1 FROM job LIMIT 1"))
    except Exception:  # noqa: BLE001 — whatever the driver raises, the answer is "not ready"
        return jsonify({"status": "not ready"}), 503
    return jsonify({"status": "ready"})


@door.get("/api/v1/openapi.json", ANYONE)
def openapi(_act: Act) -> ResponseReturnValue:
    """Give the OpenAPI 3.1 document of this installation."""
    document: dict[str, Any] = make_document(
        current_app.extensions["delegations_operations"], version="1",
        server=current_app.config["DELEGATIONS"].base_url)
    return jsonify(document)
