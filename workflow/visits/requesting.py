"""What people do with requests: register, ask for more, answer, decline, withdraw; accepting opens a visit.

Each decision is one conditional UPDATE: of two managers who decide at once, one does and the other is told who did.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from workflow.accounts.rules import is_email
from workflow.base.actor import Actor
from workflow.base.clock import local_date
from workflow.base.database import expect_references, expect_version
from workflow.base.errors import Conflict, Invalid, Problem
from workflow.base.events import changed, record
from workflow.base.files import StoredFile
from workflow.base.reasons import Sentence
from workflow.office.queries import our_zone
from workflow.partners.models import Partner
from workflow.visits.models import VisitRequest
from workflow.visits.offered import process_problems
from workflow.visits.queries import get_request
from workflow.visits.rules import (
    REQUEST_ACTS,
    USUAL_PROCESS,
    Dates,
    Direction,
    RequestAct,
    RequestSource,
    RequestState,
    unknown_choices,
)
from workflow.visits.scans import replace_scan

PERSONAL = frozenset({"contact_name", "contact_email", "contact_phone"})
FILLABLE = frozenset(
    {
        "direction", "process_key", "incoming_number", "incoming_date", "their_number", "their_date", "received_on",
        "partner_id", "asking_body",
        "country", "contact_name", "contact_email", "contact_phone", "title_ru", "title_en", "purpose", "head_name",
        "size", "languages", "payer", "wishes", "needs", "date_from", "date_to", "place", "basis_kind", "basis_text",
    }
)
_CLEAR = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def register_request(
    session: Session, actor: Actor, now: datetime, values: Mapping[str, Any], *, source: RequestSource,
    scan: StoredFile | None = None,
) -> VisitRequest:
    """Enter a request, whoever asked: a letter, the public form, the API, or we ourselves.

    Raises:
        Invalid: nobody is named as asking, there is no purpose, or the dates cannot be.
    """
    request = VisitRequest(
        reference="R-" + "".join(secrets.choice(_CLEAR) for _ in range(8)), state=RequestState.SUBMITTED,
        source=source, received_on=local_date(now, our_zone(session)), languages=[], created_at=now,
        created_by=actor.account_id, scan_file_id=scan.id if scan else None,
    )
    _fill(session, request, values)
    session.add(request)
    session.flush()
    record(session, actor, now, "visits.request.registered", subject=request, changes={"source": (None, source)})
    return request


def correct_request(
    session: Session, actor: Actor, now: datetime, request: VisitRequest, values: Mapping[str, Any], *,
    version: int | None, scan: StoredFile | None = None,
) -> None:
    """Correct an undecided request; a scan that another replaces stays within reach.

    Raises:
        Conflict: it is decided already.
        Stale: somebody else saved meanwhile.
        Invalid: a value cannot be.
    """
    if RequestState(request.state) not in REQUEST_ACTS[RequestAct.CORRECT][0]:
        raise _decided(request)
    expect_version(request, version, {name: getattr(request, name) for name in values})
    differences = _fill(session, request, values)
    if scan is not None:
        differences["scan_file_id"] = (request.scan_file_id, scan.id)
        replace_scan(session, actor, now, request, scan)
    if differences:
        record(session, actor, now, "visits.request.corrected", subject=request,
               changes={name: pair for name, pair in differences.items() if name not in PERSONAL},
               personal=[name for name in differences if name in PERSONAL])


def _fill(session: Session, request: VisitRequest, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    unknown = set(values) - FILLABLE
    if unknown:
        raise Invalid("base.unknown-field", field=min(unknown))
    differences = changed(request, _with_process(request, _with_partner(session, request, values)))
    expect_references(session, request, differences)
    if problems := _problems(session, request, values, differences):
        raise Invalid(problems=problems)
    return differences


def problems_with(session: Session, values: Mapping[str, Any]) -> list[Problem]:
    """Say what is wrong with a request so filled, without entering it: for a form that cannot be read whole."""
    request = VisitRequest(languages=[])
    return _problems(session, request, values, changed(request, _with_process(request, values)))


def _problems(
    session: Session, request: VisitRequest, values: Mapping[str, Any], differences: Mapping[str, object]
) -> list[Problem]:
    problems = [Problem(name, "base.not-a-choice") for name in unknown_choices(values)]
    if differences.keys() & {"process_key", "direction"}:
        problems += process_problems(session, request.process_key, request.direction)
    if not (request.title_ru or request.title_en):
        problems.append(Problem("title_ru", "visits.title-missing"))
    if not (request.asking_body or request.partner_id):
        problems.append(Problem("asking_body", "visits.asker-missing"))
    dates = Dates(request.date_from, request.date_to)
    if dates.problem:
        problems.append(Problem("date_from" if dates.faulty == "arrival" else "date_to", dates.problem))
    if request.contact_email and not is_email(request.contact_email):
        problems.append(Problem("contact_email", "base.not-an-email"))
    if request.size is not None and not 0 < request.size <= 2000:
        problems.append(Problem("size", "visits.size-unlikely"))
    return problems


def _with_process(request: VisitRequest, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Name the usual process of the direction where nobody named one; without a direction guests come to us."""
    direction = Direction(values.get("direction") or request.direction or Direction.INCOMING)
    process_key = values.get("process_key", request.process_key) or USUAL_PROCESS[direction]
    return {**values, "direction": direction, "process_key": process_key}


def _with_partner(session: Session, request: VisitRequest, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take country and languages from the partner where nobody stated them."""
    partner_id = values.get("partner_id", request.partner_id)
    partner = session.get(Partner, partner_id) if partner_id else None
    if partner is None:
        return values
    known = {"country": partner.country, "languages": list(partner.languages)}
    return {**values, **{name: value for name, value in known.items()
                         if value and not values.get(name, getattr(request, name))}}


def ask_more(session: Session, actor: Actor, now: datetime, request_id: int, question: str) -> VisitRequest:
    """Ask the asker for more before deciding.

    Raises:
        Invalid: no question was written.
        Conflict: it is decided already, or waiting for an answer.
    """
    if not question.strip():
        raise Invalid("visits.question-missing", field="text")
    return _act(session, actor, now, request_id, RequestAct.ASK_MORE, question=question.strip())


def answer_more(session: Session, actor: Actor, now: datetime, request_id: int, answer: str) -> VisitRequest:
    """Enter what the asker answered.

    Raises:
        Invalid: no answer was written.
        Conflict: nothing was asked, or it is decided already.
    """
    if not answer.strip():
        raise Invalid("visits.answer-missing", field="text")
    return _act(session, actor, now, request_id, RequestAct.ANSWER, answer=answer.strip())


def decline_request(session: Session, actor: Actor, now: datetime, request_id: int, reason: str) -> VisitRequest:
    """Decline, with the reason that the regret letter will give.

    Raises:
        Invalid: no reason was written.
        Conflict: it is decided already; says by whom and when.
    """
    if not reason.strip():
        raise Invalid("visits.reason-missing", field="text")
    return _act(session, actor, now, request_id, RequestAct.DECLINE, reason=reason.strip(), decided_at=now,
                decided_by=actor.account_id)


def withdraw_request(session: Session, actor: Actor, now: datetime, request_id: int, reason: str) -> VisitRequest:
    """Note that the asker, or we, no longer want it.

    Raises:
        Conflict: it is decided already.
    """
    return _act(session, actor, now, request_id, RequestAct.WITHDRAW, reason=reason.strip(), decided_at=now,
                decided_by=actor.account_id)


def settle_accepted(session: Session, actor: Actor, now: datetime, request_id: int) -> VisitRequest:
    """Take the decision to accept; the process room opens the visit in the same transaction.

    Raises:
        Conflict: somebody else decided already; says who and when.
    """
    return _act(session, actor, now, request_id, RequestAct.ACCEPT, decided_at=now, decided_by=actor.account_id)


_EVENTS = {
    RequestAct.ASK_MORE: "visits.request.more-asked",
    RequestAct.ANSWER: "visits.request.answered",
    RequestAct.ACCEPT: "visits.request.accepted",
    RequestAct.DECLINE: "visits.request.declined",
    RequestAct.WITHDRAW: "visits.request.withdrawn",
}


def _act(
    session: Session, actor: Actor, now: datetime, request_id: int, act: RequestAct, **values: Any
) -> VisitRequest:
    request = get_request(session, actor, request_id)
    from_, to = REQUEST_ACTS[act]
    session.flush()
    done = session.execute(
        update(VisitRequest)
        .where(VisitRequest.id == request_id, VisitRequest.state.in_([state.value for state in from_]))
        .values(state=to, lock_version=VisitRequest.lock_version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    before = request.state
    session.refresh(request)
    if not done.rowcount:  # type: ignore[attr-defined]
        raise _decided(request)
    record(session, actor, now, _EVENTS[act], subject=request, visit_id=request.visit_id,
           changes={"state": (before, request.state)}, note=values.get("reason") or values.get("question") or "")
    return request


def _decided(request: VisitRequest) -> Conflict:
    state = Sentence(f"visits.request-state.{request.state}")
    if request.decided_at is not None:
        return Conflict("visits.request-decided", state=state, at=request.decided_at,
                        account=request.decided_by or 0)
    return Conflict("visits.request-not-open", state=state)
