"""Reads of requests, visits and members, each scoped to the actor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, literal, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from workflow.base.actor import Actor, ActorKind, Permission
from workflow.base.database import UtcDateTime, read_key
from workflow.base.errors import NotFound
from workflow.base.events import Event
from workflow.visits.models import Member, MemberList, Visit, VisitAccess, VisitBasis, VisitRequest
from workflow.visits.rules import LIVE_MEMBER, LONGEST_DAYS, OPEN_REQUEST, Capacity, RequestState, Standing

PAGE = 50
UNDATED = date(9999, 12, 31)


def _live_rows(actor: Actor) -> Sequence[ColumnElement[bool]]:
    return (
        VisitAccess.ended_at.is_(None),
        or_(VisitAccess.role.in_(sorted(role.value for role in actor.roles)),
            VisitAccess.account_id == (actor.account_id or 0)),
    )


def seen_by(
    actor: Actor, visit_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]
) -> ColumnElement[bool]:
    """Ask of each row whether the actor may see its visit; reads nothing but `visit_access`.

    The system sees all. Looked up by key for each row that is otherwise wanted: for an `IN` of all visible visits
    SQLite would gather every visit of the house first.
    """
    if actor.kind is ActorKind.SYSTEM:
        return visit_id.is_not(None)
    return exists().where(VisitAccess.visit_id == visit_id, *_live_rows(actor)).correlate(visit_id.class_)


def get_visit(session: Session, actor: Actor, visit_id: int, *, for_update: bool = False) -> Visit:
    """Load a visit that the actor may see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    query = select(Visit).where(Visit.id == visit_id, seen_by(actor, Visit.id))
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    visit = session.scalars(query).one_or_none()
    if visit is None:
        raise NotFound("visit")
    return visit


def request_of(session: Session, visit_id: int) -> VisitRequest | None:
    """Give the request that a visit came from, if it came from one; the caller has checked the visit."""
    return session.scalars(select(VisitRequest).where(VisitRequest.visit_id == visit_id)).one_or_none()


@dataclass(frozen=True)
class VisitFilter:
    """What a list of visits is narrowed to; empty fields narrow nothing. `until` and `since` are days of arrival."""

    direction: str = ""
    stage: str = ""
    standing: str = ""
    partner_id: int | None = None
    responsible_id: int | None = None
    since: date | None = None
    until: date | None = None
    text: str = ""
    ids: Sequence[int] | None = None


@dataclass(frozen=True)
class Slice:
    """One page of a list and the cursor of the next, if there is one."""

    rows: Sequence[Any]
    next_cursor: str | None


def filtered(actor: Actor, narrowing: VisitFilter) -> Select[tuple[Visit]]:
    """Build the query of visits that the actor may see and the filter lets through."""
    query = select(Visit).where(seen_by(actor, Visit.id))
    for column, value in ((Visit.direction, narrowing.direction), (Visit.stage, narrowing.stage),
                          (Visit.standing, narrowing.standing), (Visit.partner_id, narrowing.partner_id),
                          (Visit.responsible_id, narrowing.responsible_id)):
        if value:
            query = query.where(column == value)
    if narrowing.since:
        earliest = narrowing.since - timedelta(days=LONGEST_DAYS)
        query = query.where(Visit.departure >= narrowing.since, Visit.arrival >= earliest)
    if narrowing.until:
        query = query.where(Visit.arrival <= narrowing.until)
    if narrowing.ids is not None:
        query = query.where(Visit.id.in_(narrowing.ids))
    if narrowing.text:
        like = f"%{narrowing.text.replace('%', '')}%"
        query = query.where(or_(Visit.title_ru.ilike(like), Visit.title_en.ilike(like)))
    return query


def list_visits(session: Session, actor: Actor, narrowing: VisitFilter, *, cursor: str | None = None,
                limit: int = PAGE) -> Slice:
    """List visits, the latest arrival first, undated ones before all; *cursor* is opaque to callers.

    Raises:
        NotFound: the cursor is not one of ours.
    """
    query = filtered(actor, narrowing).limit(limit + 1)
    undated = query.where(Visit.arrival.is_(None)).order_by(Visit.id.desc())
    dated = query.where(Visit.arrival.is_not(None)).order_by(Visit.arrival.desc(), Visit.id.desc())
    if cursor:
        day, row_id = _read_cursor(cursor)
        undated = undated.where(Visit.id < row_id) if day == UNDATED else undated.where(false())
        dated = dated.where(tuple_(Visit.arrival, Visit.id) < (day, row_id))
    rows = [*session.scalars(undated), *session.scalars(dated)][: limit + 1]
    more = rows[limit - 1] if len(rows) > limit else None
    return Slice(rows[:limit], f"{(more.arrival or UNDATED).isoformat()}.{more.id}" if more else None)


def _read_cursor(cursor: str) -> tuple[date, int]:
    try:
        day, row_id = date.fromisoformat(cursor.partition(".")[0]), read_key(cursor.partition(".")[2])
    except ValueError:
        raise NotFound("page") from None
    if row_id is None:
        raise NotFound("page")
    return day, row_id


def visits_between(session: Session, actor: Actor, first: date, last: date) -> Sequence[Visit]:
    """List visits of which at least one day lies between *first* and *last*, cancelled ones left out.

    As no visit lasts longer than `LONGEST_DAYS`, the index by arrival finds them however long the past is.
    """
    return session.scalars(
        select(Visit).where(seen_by(actor, Visit.id), Visit.standing != Standing.CANCELLED.value,
                            Visit.arrival.between(first - timedelta(days=LONGEST_DAYS), last),
                            Visit.departure >= first)
        .order_by(Visit.arrival, Visit.id)
    ).all()


def get_request(session: Session, actor: Actor, request_id: int, *, for_update: bool = False) -> VisitRequest:
    """Load a request. Whoever may read requests sees all that wait; one that became a visit is seen with it.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    query = select(VisitRequest).where(VisitRequest.id == request_id, _seen_with_its_visit(actor))
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    request = session.scalars(query).one_or_none() if actor.may(Permission.REQUESTS_READ) else None
    if request is None:
        raise NotFound("request")
    return request


def _seen_with_its_visit(actor: Actor) -> ColumnElement[bool]:
    return or_(VisitRequest.visit_id.is_(None), seen_by(actor, VisitRequest.visit_id))


def list_requests(session: Session, actor: Actor, *, states: Sequence[RequestState] = (), cursor: str | None = None,
                  limit: int = PAGE) -> Slice:
    """List requests, the newest first."""
    if not actor.may(Permission.REQUESTS_READ):
        return Slice([], None)
    query = select(VisitRequest).where(_seen_with_its_visit(actor))
    if states:
        query = query.where(VisitRequest.state.in_([state.value for state in states]))
    if states and OPEN_REQUEST.issuperset(states):
        query = query.where(VisitRequest.decided_at.is_(None))  # says the same, and is found by an index of its own
    elif states and RequestState.ACCEPTED not in states:
        query = query.where(VisitRequest.visit_id.is_(None))  # says the same, and those that became visits stay unread
    if cursor:
        if read_key(cursor) is None:
            raise NotFound("page")
        query = query.where(VisitRequest.id < read_key(cursor))
    rows = session.scalars(query.order_by(VisitRequest.id.desc()).limit(limit + 1)).all()
    return Slice(rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None)


def same_letter(session: Session, actor: Actor, request: VisitRequest) -> Sequence[VisitRequest]:
    """List other requests of the same incoming number and date: most likely the same letter, entered twice."""
    if not request.incoming_number:
        return []
    return session.scalars(
        select(VisitRequest)
        .where(VisitRequest.incoming_number == request.incoming_number, VisitRequest.id != request.id,
               VisitRequest.incoming_date == request.incoming_date, _seen_with_its_visit(actor),
               VisitRequest.state != RequestState.WITHDRAWN.value)
        .order_by(VisitRequest.id).limit(5)
    ).all()


def members(session: Session, visit_id: int, *, ended: bool = False) -> Sequence[Member]:
    """List a delegation, its head first; the caller has checked that the actor may see the visit and its people."""
    query = select(Member).where(Member.visit_id == visit_id).options(joinedload(Member.person))
    if not ended:
        query = query.where(Member.state.in_([state.value for state in LIVE_MEMBER]))
    return session.scalars(query.order_by(Member.is_head.desc(), Member.position, Member.id)).all()


def get_member(session: Session, actor: Actor, member_id: int) -> Member:
    """Load a member of a visit that the actor may see, for those who may read people.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    member = None
    if actor.may(Permission.PEOPLE_READ):
        member = session.scalars(
            select(Member).where(Member.id == member_id, seen_by(actor, Member.visit_id))
            .options(joinedload(Member.person))
        ).one_or_none()
    if member is None:
        raise NotFound("member")
    return member


def person_seen_by(actor: Actor, person_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Ask of each row whether its person is or was a member of a visit that the actor may see, as `seen_by` asks."""
    if not actor.may(Permission.PEOPLE_READ):
        return false()
    return exists().where(Member.person_id == person_id, seen_by(actor, Member.visit_id)).correlate(person_id.class_)


def get_member_list(session: Session, actor: Actor, list_id: int) -> MemberList:
    """Load a partner's list on its way in.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    found = session.scalars(
        select(MemberList).where(MemberList.id == list_id, seen_by(actor, MemberList.visit_id))
    ).one_or_none()
    if found is None or not actor.may(Permission.PEOPLE_WRITE):
        raise NotFound("list")
    return found


def bases(session: Session, visit_id: int) -> Sequence[VisitBasis]:
    """List what a visit rests on."""
    return session.scalars(select(VisitBasis).where(VisitBasis.visit_id == visit_id).order_by(VisitBasis.id)).all()


def get_basis(session: Session, visit: Visit, basis_id: int) -> VisitBasis:
    """Give one thing that a visit rests on.

    Raises:
        NotFound: it rests on no such thing.
    """
    found = session.get(VisitBasis, basis_id)
    if found is None or found.visit_id != visit.id:
        raise NotFound("basis")
    return found


def history(session: Session, visit_id: int, *, before: int | None = None, limit: int = PAGE) -> Slice:
    """List a visit's events, the newest first; the caller has checked that the actor may see the visit."""
    query = select(Event).where(Event.visit_id == visit_id)
    last = session.get(Event, before) if before else None
    if last is not None:
        query = query.where(tuple_(Event.at, Event.id) < tuple_(literal(last.at, UtcDateTime), literal(last.id)))
    rows = session.scalars(query.order_by(Event.at.desc(), Event.id.desc()).limit(limit + 1)).all()
    return Slice(rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None)


def people_of_visit(session: Session, visit_id: int) -> Sequence[tuple[int, Capacity]]:
    """List accounts with a personal part in the visit: responsible, substitute, translators, interpreters."""
    rows = session.execute(
        select(VisitAccess.account_id, VisitAccess.capacity)
        .where(VisitAccess.visit_id == visit_id, VisitAccess.account_id.is_not(None), VisitAccess.ended_at.is_(None))
        .order_by(VisitAccess.id)
    )
    return [(row.account_id, Capacity(row.capacity)) for row in rows]


def double_booked(session: Session, visit: Visit) -> Sequence[tuple[Member, Member]]:
    """Find members of *visit* who are members of another live visit with a day in common: (ours, the other)."""
    if not visit.arrival or not visit.departure:
        return []
    live = [state.value for state in LIVE_MEMBER]
    ours = {member.person_id: member for member in members(session, visit.id)}
    others = session.scalars(
        select(Member).join(Visit, Visit.id == Member.visit_id)
        .where(Member.person_id.in_(list(ours)), Member.visit_id != visit.id, Member.state.in_(live),
               Visit.standing.in_([Standing.LIVE.value, Standing.POSTPONED.value]),
               Visit.arrival <= visit.departure, Visit.departure >= visit.arrival)
        .options(joinedload(Member.visit), joinedload(Member.person))
    )
    return [(ours[other.person_id], other) for other in others]
