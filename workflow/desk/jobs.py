"""Keeping the search index fresh: a request is read anew after each change of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.base.jobs import JobHandler
from workflow.base.search import index_documents
from workflow.desk.search import request_documents

INDEX = "desk.index_request"


def _record(session: Session, payload: Mapping[str, Any], _outcome: object, _now: datetime) -> None:
    index_documents(session, request_documents(session, [payload["subject_id"]]))


HANDLERS = [JobHandler(INDEX, record=_record)]
