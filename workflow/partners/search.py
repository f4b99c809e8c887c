"""How partners are found: by their names, city and country in both languages, and their contact persons' names."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.search import SearchDocument, SearchSource
from workflow.knowledge.countries import country_name
from workflow.partners.models import Partner, PartnerContact

KIND = "partner"


def documents(session: Session, keys: Sequence[int] | None) -> Iterable[SearchDocument]:
    """Give the documents of the partners with these keys, or of all."""
    query = select(Partner).order_by(Partner.id)
    people = select(PartnerContact.partner_id, PartnerContact.name).where(PartnerContact.archived_at.is_(None))
    if keys is not None:
        query = query.where(Partner.id.in_(keys))
        people = people.where(PartnerContact.partner_id.in_(keys))
    named: dict[int, list[str]] = {}
    for row in session.execute(people):
        named.setdefault(row.partner_id, []).append(row.name)
    for partner in session.scalars(query):
        words = [partner.key, partner.name_own, partner.short_name, partner.city_ru, partner.city_en, partner.city_own,
                 partner.head_name_ru, partner.head_name_en, *named.get(partner.id, [])]
        if partner.country:
            words += [country_name(partner.country, "ru"), country_name(partner.country, "en")]
        yield SearchDocument(KIND, partner.id, partner.name("ru"), partner.name("en"), " ".join(words))


SOURCES: dict[str, SearchSource] = {KIND: documents}
