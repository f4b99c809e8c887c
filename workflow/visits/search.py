"""What of visits and requests can be found."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.search import SearchDocument
from workflow.partners.queries import partner_names
from workflow.visits.models import Member, Visit, VisitBasis, VisitRequest
from workflow.visits.rules import LIVE_MEMBER

KIND = "visit"


def visit_documents(session: Session, ids: Sequence[int] | None) -> Iterable[SearchDocument]:
    """Give the documents of visits: titles, place, partner, host, members' names, letters' numbers."""
    query = select(Visit)
    if ids is not None:
        query = query.where(Visit.id.in_(ids))
    visits = session.scalars(query).all()
    keys = [visit.id for visit in visits]
    partners = partner_names(session, [visit.partner_id for visit in visits])
    words: dict[int, list[str]] = {key: [] for key in keys}
    for member in session.scalars(select(Member).where(Member.visit_id.in_(keys),
                                                       Member.state.in_([state.value for state in LIVE_MEMBER]))):
        person = member.person
        words[member.visit_id] += [person.latin_name, person.russian_name, person.native_name,
                                   member.organisation_ru, member.organisation_en]
    for basis in session.scalars(select(VisitBasis).where(VisitBasis.visit_id.in_(keys))):
        words[basis.visit_id] += [basis.text, basis.number]
    for request in session.scalars(select(VisitRequest).where(VisitRequest.visit_id.in_(keys))):
        words[request.visit_id or 0] += [request.incoming_number, request.their_number, request.reference,
                                           request.asking_body]
    for visit in visits:
        partner = partners.get(visit.partner_id or 0)
        names = [partner.name_ru, partner.name_en] if partner else []
        yield SearchDocument(KIND, visit.id, visit.title_ru, visit.title_en,
                             " ".join([visit.place, visit.host_name, visit.purpose[:500], *names, *words[visit.id]]),
                             visit_id=visit.id)


SOURCES = {KIND: visit_documents}
