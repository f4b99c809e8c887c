"""How requests are found: by title, who asks, and the number of the letter. Visits have a source of their own."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.search import SearchDocument, SearchSource
from workflow.knowledge.countries import country_name
from workflow.visits.models import VisitRequest

REQUEST = "request"


def request_documents(session: Session, keys: Sequence[int] | None) -> Iterable[SearchDocument]:
    """Give the documents of the requests with these keys, or of all."""
    query = select(VisitRequest).order_by(VisitRequest.id)
    if keys is not None:
        query = query.where(VisitRequest.id.in_(keys))
    for request in session.scalars(query):
        said = [request.reference, request.incoming_number, request.their_number, request.asking_body,
                request.head_name, request.place, request.purpose]
        if request.country:
            said += [country_name(request.country, "ru"), country_name(request.country, "en")]
        russian = request.title_ru or request.title_en or request.asking_body or request.reference
        yield SearchDocument(REQUEST, request.id, russian, request.title_en or russian, " ".join(said),
                             visit_id=request.visit_id)


SOURCES: dict[str, SearchSource] = {REQUEST: request_documents}
