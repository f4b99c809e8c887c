"""Reads of partners. Names are open to all rooms; cards and lists are for those who may read partners."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.errors import Forbidden, NotFound
from workflow.base.languages import choose
from workflow.base.search import SearchEntry, SearchWord, fold
from workflow.partners.models import Agreement, Award, BodyPost, Figure, Membership, Partner, PartnerContact
from workflow.partners.rules import PartnerKind
from workflow.partners.search import KIND

PAGE = 50
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class PartnerName:
    """What other rooms may show of a partner."""

    id: int
    key: str
    kind: str
    country: str
    name_ru: str
    name_en: str

    def name(self, language: str) -> str:
        """Give the name in a language, the other one where that is not known."""
        return choose(language, ru=self.name_ru, en=self.name_en)


def partner_names(session: Session, ids: Collection[int | None]) -> Mapping[int, PartnerName]:
    """Give the names of partners by key, in one query."""
    wanted = {key for key in ids if key is not None}
    if not wanted:
        return {}
    rows = session.execute(
        select(Partner.id, Partner.key, Partner.kind, Partner.country, Partner.name_ru, Partner.name_en)
        .where(Partner.id.in_(wanted))
    )
    return {row.id: PartnerName(*row) for row in rows}


def partners_to_choose(
    session: Session, language: str, *, kinds: Collection[PartnerKind] = ()
) -> list[tuple[int, str]]:
    """Give (key, name) of the partners that are not archived, sorted by name, for a field to choose from."""
    query = select(Partner.id, Partner.name_ru, Partner.name_en).where(Partner.archived_at.is_(None))
    if kinds:
        query = query.where(Partner.kind.in_([kind.value for kind in kinds]))
    pairs = [(row.id, choose(language, ru=row.name_ru, en=row.name_en)) for row in session.execute(query)]
    return sorted(pairs, key=lambda pair: fold(pair[1]))


def by_key(session: Session, key: str) -> Partner | None:
    """Give the partner of a short key, or None."""
    return session.scalar(select(Partner).where(Partner.key == key))


def partner(session: Session, actor: Actor, partner_id: int) -> Partner:
    """Give a partner's card.

    Raises:
        NotFound: there is none, or partners are not open to the actor.
    """
    row = session.get(Partner, partner_id) if actor.may(Permission.PARTNERS_READ) else None
    if row is None:
        raise NotFound("partner")
    return row


@dataclass(frozen=True)
class Filter:
    """What a list of partners is narrowed to; empty values do not narrow."""

    text: str = ""
    kind: str = ""
    tie: str = ""
    country: str = ""
    archived: bool = False


def list_partners(
    session: Session, actor: Actor, chosen: Filter, *, language: str = "ru", after: int = 0, limit: int = PAGE
) -> tuple[Sequence[Partner], int]:
    """Give one page of partners by name, beginning after so many, and how many there are in all.

    Raises:
        Forbidden: partners are not open to the actor.
    """
    if not actor.may(Permission.PARTNERS_READ):
        raise Forbidden
    query = select(Partner)
    query = query.where(Partner.archived_at.is_not(None) if chosen.archived else Partner.archived_at.is_(None))
    if chosen.kind:
        query = query.where(Partner.kind == chosen.kind)
    if chosen.tie:
        query = query.where(Partner.tie == chosen.tie)
    if chosen.country:
        query = query.where(Partner.country == chosen.country)
    if chosen.text:
        query = query.where(Partner.id.in_(_found(chosen.text)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    name = Partner.name_ru if language == "ru" else func.coalesce(func.nullif(Partner.name_en, ""), Partner.name_ru)
    rows = session.scalars(query.order_by(name, Partner.id).offset(after).limit(limit)).all()
    return rows, total


def _found(text: str) -> Select[tuple[int]]:
    """Find partners by the beginnings of words of their names, city, country or people, in the search index."""
    query = select(SearchEntry.thing_id).where(SearchEntry.kind == KIND)
    for word in [word[:60] for word in WORD.findall(fold(text))][:8]:
        entries = select(SearchWord.entry_id).where(SearchWord.word >= word, SearchWord.word < word + "\U0010ffff")
        query = query.where(SearchEntry.id.in_(entries))
    return query


def after_key(session: Session, actor: Actor, key: int, limit: int) -> Sequence[Partner]:
    """Give the partners whose key is above *key*, in order of keys: the pages of the API.

    Raises:
        Forbidden: partners are not open to the actor.
    """
    if not actor.may(Permission.PARTNERS_READ):
        raise Forbidden
    return session.scalars(
        select(Partner).where(Partner.id > key, Partner.archived_at.is_(None)).order_by(Partner.id).limit(limit)
    ).all()


def countries(session: Session) -> Sequence[str]:
    """Give the countries that partners are from."""
    return session.scalars(select(Partner.country).where(Partner.country != "").distinct()).all()


def contacts(session: Session, partner_id: int) -> Sequence[PartnerContact]:
    """Give the people at a partner."""
    return session.scalars(
        select(PartnerContact)
        .where(PartnerContact.partner_id == partner_id, PartnerContact.archived_at.is_(None))
        .order_by(PartnerContact.name, PartnerContact.id)
    ).all()


def agreements(session: Session, partner_id: int) -> Sequence[Agreement]:
    """Give the agreements with a partner, the latest first."""
    return session.scalars(
        select(Agreement).where(Agreement.partner_id == partner_id).order_by(Agreement.signed.desc(), Agreement.id)
    ).all()


def agreement_of(session: Session, agreement_id: int) -> Agreement:
    """Give an agreement.

    Raises:
        NotFound: there is none.
    """
    row = session.get(Agreement, agreement_id)
    if row is None:
        raise NotFound("agreement")
    return row


def agreements_to_choose(session: Session, partner_id: int, language: str) -> list[tuple[int, str]]:
    """Give (key, title) of the agreements with a partner that have not ended: the basis of a visit."""
    return [(row.id, row.title(language)) for row in agreements(session, partner_id) if not row.ended]


def membership(session: Session, partner_id: int) -> Membership | None:
    """Give our membership of an association, or None."""
    return session.scalar(select(Membership).where(Membership.partner_id == partner_id))


def body_posts(session: Session, partner_id: int) -> Sequence[BodyPost]:
    """Give the seats that we hold or held in an association."""
    return session.scalars(
        select(BodyPost).where(BodyPost.partner_id == partner_id).order_by(BodyPost.since.desc(), BodyPost.id)
    ).all()


def awards(session: Session, partner_id: int | None = None) -> Sequence[Award]:
    """Give the awards given by a partner, or all of them, the latest first."""
    query = select(Award).order_by(Award.year.desc(), Award.id)
    return session.scalars(query if partner_id is None else query.where(Award.partner_id == partner_id)).all()


def figures(session: Session) -> Sequence[Figure]:
    """Give the published figures."""
    return session.scalars(select(Figure).order_by(Figure.id)).all()
