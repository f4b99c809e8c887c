"""What of papers can be found: number, subject, kind. Nothing that stands in their texts."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.search import SearchDocument, SearchSource
from workflow.papers.models import Paper
from workflow.papers.words import kind_name

PAPER = "paper"


def paper_documents(session: Session, keys: Sequence[int] | None) -> Iterable[SearchDocument]:
    """Give the documents of the papers with these keys, or of all."""
    query = select(Paper.id, Paper.visit_id, Paper.kind, Paper.subject, Paper.number).order_by(Paper.id)
    if keys is not None:
        query = query.where(Paper.id.in_(keys))
    for row in session.execute(query):
        titles = {language: kind_name(row.kind, language) for language in ("ru", "en")}
        number = f" № {row.number}" if row.number else ""
        about = f": {row.subject}" if row.subject and row.subject not in titles.values() else ""
        yield SearchDocument(PAPER, row.id, f"{titles['ru']}{number}{about}", f"{titles['en']}{number}{about}",
                             f"{row.number} {row.subject}", visit_id=row.visit_id)  # fmt: skip


SOURCES: dict[str, SearchSource] = {PAPER: paper_documents}
