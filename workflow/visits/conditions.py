"""Conditions about a visit itself, each asked of many visits in a constant number of queries."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from workflow.accounts.queries import staff
from workflow.base import clock
from workflow.base.actor import Role
from workflow.base.reasons import Reason, Where
from workflow.visits.models import Member, Visit, VisitBasis
from workflow.visits.rules import LIVE_MEMBER

Reasons = Mapping[int, Sequence[Reason]]
_LIVE = [state.value for state in LIVE_MEMBER]


def _visits(session: Session, visit_ids: Sequence[int]) -> Sequence[Visit]:
    """Give the visits; without a query those that this session holds already, as the engine's questions find them."""
    held = [session.identity_map.get(session.identity_key(Visit, visit_id)) for visit_id in visit_ids]
    known = [visit for visit in held if isinstance(visit, Visit) and not inspect(visit).expired]
    if len(known) == len(visit_ids):
        return known
    return session.scalars(select(Visit).where(Visit.id.in_(visit_ids))).all()


def responsible_named(session: Session, visit_ids: Sequence[int], _params: Mapping[str, Any]) -> Reasons:
    """Ask whether a responsible officer and a substitute are named; a substitute only where there is anybody else."""
    found: dict[int, list[Reason]] = {}
    visits = _visits(session, visit_ids)
    lacking = any(visit.responsible_id and not visit.substitute_id for visit in visits)
    able = {one.id for one in staff(session, Role.COORDINATOR, Role.MANAGER)} if lacking else set()
    for visit in visits:
        here = Where("visits.edit", {"visit_id": visit.id})
        found[visit.id] = [] if visit.responsible_id else [Reason("visits.no-responsible", where=here)]
        if visit.responsible_id and not visit.substitute_id and able - {visit.responsible_id}:
            found[visit.id].append(Reason("visits.no-substitute", where=here))
    return found


def dates_set(session: Session, visit_ids: Sequence[int], _params: Mapping[str, Any]) -> Reasons:
    """Ask whether first and last day are set."""
    return {visit.id: [] if visit.arrival and visit.departure else
            [Reason("visits.no-dates", where=Where("process.dates", {"visit_id": visit.id}))]
            for visit in _visits(session, visit_ids)}


def basis_linked(session: Session, visit_ids: Sequence[int], _params: Mapping[str, Any]) -> Reasons:
    """Ask whether at least one basis is entered."""
    having = set(session.scalars(select(VisitBasis.visit_id).where(VisitBasis.visit_id.in_(visit_ids)).distinct()))
    return {visit_id: [] if visit_id in having else
            [Reason("visits.no-basis", where=Where("visits.edit", {"visit_id": visit_id}, "basis"))]
            for visit_id in visit_ids}


def head_named(session: Session, visit_ids: Sequence[int], _params: Mapping[str, Any]) -> Reasons:
    """Ask whether the delegation has a head."""
    having = set(session.scalars(select(Member.visit_id).where(Member.visit_id.in_(visit_ids), Member.is_head,
                                                               Member.state.in_(_LIVE))))
    return {visit_id: [] if visit_id in having else
            [Reason("visits.no-head", where=Where("members.index", {"visit_id": visit_id}))]
            for visit_id in visit_ids}


def members_listed(session: Session, visit_ids: Sequence[int], params: Mapping[str, Any]) -> Reasons:
    """Ask whether at least `min` members (1 by default) are listed."""
    wanted = int(params.get("min", 1))
    counted = dict(session.execute(
        select(Member.visit_id, func.count(Member.id)).where(Member.visit_id.in_(visit_ids), Member.state.in_(_LIVE))
        .group_by(Member.visit_id)).tuples().all())
    return {visit_id: [] if counted.get(visit_id, 0) >= wanted else
            [Reason("visits.too-few-members", {"wanted": wanted, "listed": counted.get(visit_id, 0)},
                    Where("members.index", {"visit_id": visit_id}))]
            for visit_id in visit_ids}


def composition_closed(session: Session, visit_ids: Sequence[int], _params: Mapping[str, Any]) -> Reasons:
    """Ask whether the list was said to be complete."""
    return {visit.id: [] if visit.composition_closed else
            [Reason("visits.composition-open", where=Where("members.index", {"visit_id": visit.id}))]
            for visit in _visits(session, visit_ids)}


def _reached(session: Session, visit_ids: Sequence[int], column: str, code: str) -> Reasons:
    moment = clock.now()
    found: dict[int, list[Reason]] = {}
    for visit in _visits(session, visit_ids):
        day: date | None = getattr(visit, column)
        today = clock.local_date(moment, visit.zone)
        met = day is not None and today >= day
        found[visit.id] = [] if met else [Reason(code, {"day": day or "—"},
                                                 Where("process.dates", {"visit_id": visit.id}))]
    return found


def arrived(session: Session, visit_ids: Sequence[int], _params: Mapping[str, Any]) -> Reasons:
    """Ask whether the first day has come, in the zone of the visit's place."""
    return _reached(session, visit_ids, "arrival", "visits.not-arrived")


def departed(session: Session, visit_ids: Sequence[int], _params: Mapping[str, Any]) -> Reasons:
    """Ask whether the last day has come, in the zone of the visit's place."""
    return _reached(session, visit_ids, "departure", "visits.not-departed")


CONDITIONS = {
    "visits.responsible_named": responsible_named,
    "visits.dates_set": dates_set,
    "visits.basis_linked": basis_linked,
    "visits.head_named": head_named,
    "visits.members_listed": members_listed,
    "visits.composition_closed": composition_closed,
    "visits.arrived": arrived,
    "visits.departed": departed,
}
