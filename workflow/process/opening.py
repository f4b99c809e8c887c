"""Opening visits: from an accepted request, as a copy of last year's, or entered as it stands."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.clock import local_date
from workflow.base.errors import Forbidden, Invalid
from workflow.office.queries import our_country, our_zone
from workflow.partners.models import Partner
from workflow.process.deadlines import sync_visits
from workflow.process.definitions import Definition
from workflow.process.publishing import latest_definition
from workflow.process.reactions import enqueue_stage_reactions
from workflow.visits.models import Visit, VisitRequest
from workflow.visits.offered import process_problems
from workflow.visits.queries import get_visit
from workflow.visits.requesting import settle_accepted
from workflow.visits.rules import THEIR_LETTER, BasisKind, Dates, Direction, RequestSource
from workflow.visits.service import Opening, VisitData, add_basis, copy_visit, open_visit


@dataclass(frozen=True)
class Acceptance:
    """What whoever accepts a request decides; empty fields are taken from the request."""

    responsible_id: int | None = None
    substitute_id: int | None = None
    process_key: str = ""
    dates: Dates | None = None
    place: str = ""
    zone: str = ""
    title_ru: str = ""
    title_en: str = ""
    visa_purpose: str = "official"
    host_name: str = ""


def open_visit_for_request(
    session: Session, actor: Actor, now: datetime, request_id: int, acceptance: Acceptance | None = None
) -> Visit:
    """Accept a request and open its visit in the first stage of its process, in this one transaction.

    Of two who decide at once, one does. Without a responsible officer named, whoever accepts is it.

    Raises:
        Forbidden: the actor does not decide requests.
        NotFound: there is no such request.
        Conflict: somebody else decided already; says who and when.
        Invalid: the process is not published or made for another direction, or a value cannot be.
    """
    if not actor.may(Permission.REQUESTS_DECIDE):
        raise Forbidden
    chosen = acceptance or Acceptance()
    request = settle_accepted(session, actor, now, request_id)
    version, definition = latest_definition(session, chosen.process_key or request.process_key)
    problems = process_problems(session, definition.key, request.direction)
    if problems:
        raise Invalid(problems=problems)
    responsible_id = chosen.responsible_id or actor.account_id
    visit = open_visit(
        session, actor, now,
        VisitData(
            title_ru=chosen.title_ru or request.title_ru or request.title_en,
            title_en=chosen.title_en or request.title_en, direction=Direction(request.direction),
            partner_id=request.partner_id, country=request.country, place=chosen.place or request.place,
            zone=chosen.zone or our_zone(session),
            dates=chosen.dates or Dates(request.date_from, request.date_to), purpose=request.purpose,
            visa_purpose=chosen.visa_purpose, host_name=chosen.host_name, languages=list(request.languages),
            responsible_id=responsible_id, substitute_id=chosen.substitute_id,
        ),
        _opening(session, version, definition),
    )
    request.visit_id = visit.id
    _link_basis(session, actor, now, visit, request)
    _begin(session, actor, now, visit, definition)
    return visit


def _link_basis(session: Session, actor: Actor, now: datetime, visit: Visit, request: VisitRequest) -> None:
    body_ru, body_en = _asking(session, request)
    asked = f"обращение: {body_ru}" if body_ru else ""
    asked_en = f"request: {body_en}" if body_en and not request.basis_text else ""
    text = request.basis_text or asked or request.purpose or request.title_ru or request.title_en
    if text.strip():
        kind = BasisKind(request.basis_kind)
        number, dated = (request.their_number, request.their_date) if kind in THEIR_LETTER else ("", None)
        add_basis(session, actor, now, visit, kind=kind, text=text, text_en=asked_en, number=number, dated=dated,
                  file_id=request.scan_file_id)


def _asking(session: Session, request: VisitRequest) -> tuple[str, str]:
    """Name in both languages who asked; nobody did where we ourselves begin."""
    if request.asking_body or request.source == RequestSource.OURSELVES:
        return request.asking_body, request.asking_body
    partner = session.get(Partner, request.partner_id) if request.partner_id else None
    return (partner.name("ru"), partner.name("en")) if partner else ("", "")


def enter_visit(
    session: Session, actor: Actor, now: datetime, data: VisitData, process_key: str, *, stage: str | None = None
) -> Visit:
    """Enter a visit as it stands, perhaps in a later stage: history, or what was begun before this software.

    Reactions of stages that it is past are not set in motion, nor those of *stage* itself.

    Raises:
        Invalid: the process is not published, has no such stage, or a value cannot be.
    """
    version, definition = latest_definition(session, process_key)
    if stage is not None and not definition.has(stage):
        raise Invalid("process.no-such-stage", field="stage", stage=stage)
    visit = open_visit(session, actor, now, data, _opening(session, version, definition, stage))
    if stage is None:
        _begin(session, actor, now, visit, definition)
    else:
        sync_visits(session, now, [visit])
    return visit


def copy_last_visit(
    session: Session, actor: Actor, now: datetime, source_id: int, dates: Dates, *, process_key: str = ""
) -> Visit:
    """Open a visit like an earlier one, with new dates, by the newest version of its process.

    Raises:
        Forbidden: the actor does not write visits.
        NotFound: there is no such visit, or not for this actor.
        Invalid: the dates cannot be, or lie in the past.
    """
    if not actor.may(Permission.VISITS_WRITE):
        raise Forbidden
    source = get_visit(session, actor, source_id)
    if dates.arrival is not None and dates.arrival < local_date(now, our_zone(session)):
        raise Invalid("process.dates-past", field="arrival")
    version, definition = latest_definition(session, process_key or source.process_key)
    visit = copy_visit(session, actor, now, source, dates, _opening(session, version, definition))
    _begin(session, actor, now, visit, definition)
    return visit


def _opening(session: Session, version: int, definition: Definition, stage: str | None = None) -> Opening:
    return Opening(definition.key, version, stage or definition.start.key, our_country(session))


def _begin(session: Session, actor: Actor, now: datetime, visit: Visit, definition: Definition) -> None:
    enqueue_stage_reactions(session, actor, now, visit, definition.start)
    sync_visits(session, now, [visit])
