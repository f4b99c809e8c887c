"""Conditions that a visit's steps ask of its visa cases, and the checks of their reminders."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from workflow.base.reasons import ConditionCheck, DueSubject, Reason, ReminderCheck, Where
from workflow.people.models import Person
from workflow.visas.due import outstanding_keys
from workflow.visas.models import VisaCase
from workflow.visas.reckoning import passport_of
from workflow.visas.rules import ENDED, UNCHOSEN, CaseState, is_settled
from workflow.visits.models import Member, Visit
from workflow.visits.rules import LIVE_MEMBER

_PASSPORT_CODES = ("passport", "minor_passport")


def _cases(session: Session, visit_ids: Sequence[int], *, passports: bool = False) -> Sequence[VisaCase]:
    person = selectinload(VisaCase.member).selectinload(Member.person)
    query = (
        select(VisaCase)
        .join(Member, Member.id == VisaCase.member_id)
        .where(
            VisaCase.visit_id.in_(visit_ids),
            VisaCase.state != CaseState.WITHDRAWN,
            Member.state.in_([state.value for state in LIVE_MEMBER]),
        )
        .options(person.selectinload(Person.passports) if passports else person)
        .order_by(VisaCase.id)
    )
    if passports:
        query = query.options(selectinload(VisaCase.items))
    return session.scalars(query).all()


def _reason(code: str, case: VisaCase, **params: Any) -> Reason:
    return Reason(
        code,
        {"name": _name(case), **params},
        Where("visas.case", {"visit_id": case.visit_id, "case_id": case.id}),
    )


def _name(case: VisaCase) -> dict[str, str]:
    person = case.member.person
    return {"ru": person.shown_name("ru"), "en": person.shown_name("en")}


def _ask(
    session: Session,
    visit_ids: Sequence[int],
    judge: Callable[[VisaCase], Sequence[Reason]],
    *,
    passports: bool = False,
) -> dict[int, list[Reason]]:
    found: dict[int, list[Reason]] = {visit_id: [] for visit_id in visit_ids}
    for case in _cases(session, visit_ids, passports=passports):
        found[case.visit_id].extend(judge(case))
    return found


def routes_chosen(
    session: Session, visit_ids: Sequence[int], _params: Mapping[str, Any]
) -> Mapping[int, Sequence[Reason]]:
    """Every traveller has a route; who crosses no border needs none."""

    def judge(case: VisaCase) -> Sequence[Reason]:
        if case.state not in UNCHOSEN:
            return []
        code = "visas.no-rule-yet" if case.state == CaseState.ASKED else "visas.route-not-chosen"
        return [_reason(code, case)]

    return _ask(session, visit_ids, judge)


def cases_settled(
    session: Session, visit_ids: Sequence[int], _params: Mapping[str, Any]
) -> Mapping[int, Sequence[Reason]]:
    """Every case ends: a visa is issued, none is needed, or the papers of a visa-free entry are checked."""

    def judge(case: VisaCase) -> Sequence[Reason]:
        if case.alarm:
            return [_reason(case.alarm, case)]
        if is_settled(case.state, case.outcome):
            return []
        return [_reason(f"visas.unsettled-{case.state.replace('_', '-')}", case)]

    return _ask(session, visit_ids, judge)


def passports_valid(
    session: Session, visit_ids: Sequence[int], _params: Mapping[str, Any]
) -> Mapping[int, Sequence[Reason]]:
    """Every traveller's passport is known and lasts for the stay and as long as the route asks.

    A check of a rule that nobody has reviewed is no reason: it stays amber in the case. That the passport lasts to
    the last day is asked always.
    """
    last_days = {
        row.id: row.departure
        for row in session.execute(select(Visit.id, Visit.departure).where(Visit.id.in_(visit_ids)))
    }

    def judge(case: VisaCase) -> Sequence[Reason]:
        if case.state in ENDED:
            return []
        passport = passport_of(case)
        if passport is None:
            known_by_item = any(item.code in _PASSPORT_CODES and item.state == "verified" for item in case.items)
            return [] if known_by_item else [_reason("visas.passport-unknown", case)]
        last = last_days.get(case.visit_id)
        if passport.expires_on is None:
            return [_reason("visas.passport-expiry-unknown", case)]
        if last is not None and passport.expires_on < last:
            return [_reason("visas.passport-too-short", case, last=last)]
        return [
            _reason("visas.check-" + one["rule"].replace("_", "-"), case, **one["params"])
            for item in case.items
            if item.code in _PASSPORT_CODES and item.wanted and case.confirmed
            for one in item.verdicts
            if one["result"] == "failed" and one["severity"] == "block"
        ]

    return _ask(session, visit_ids, judge, passports=True)


CONDITIONS: dict[str, ConditionCheck] = {
    "visas.routes_chosen": routes_chosen,
    "visas.cases_settled": cases_settled,
    "visas.passports_valid": passports_valid,
}


def still_due(session: Session, subjects: Sequence[DueSubject], _now: datetime) -> Sequence[bool]:
    """Say of each due thing of ours whether it is still outstanding."""
    keys = outstanding_keys(session, sorted({subject.visit_id for subject in subjects}))
    return [subject.key in keys.get(subject.visit_id, ()) for subject in subjects]


REMINDER_CHECKS: dict[str, ReminderCheck] = {
    "visas.unchosen": still_due,
    "visas.items_missing": still_due,
    "visas.not_sent": still_due,
    "visas.alarmed": still_due,
}
