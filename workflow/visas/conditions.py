"""Conditions that a visit's steps ask of its visa cases, and the checks of their reminders."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, load_only

from workflow.base.reasons import ConditionCheck, DueSubject, Reason, ReminderCheck, Where
from workflow.people.models import Passport, Person
from workflow.visas.claims import Claim, claims_now
from workflow.visas.due import outstanding_keys
from workflow.visas.matrix import NAME_PARTS
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.passports import KnownPassport, fitting_passport, with_claims
from workflow.visas.rules import ENDED, UNCHOSEN, CaseState, is_settled
from workflow.visits.models import Member, Visit
from workflow.visits.rules import LIVE_MEMBER

_PASSPORT_CODES = ("passport", "minor_passport")


@dataclass(frozen=True)
class _Found:
    """What is wrong with one case, before its traveller's name is looked up."""

    case: Row[Any]
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def _cases(session: Session, visit_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Read what conditions judge by, as columns: a desk asks this of every visit that is going on."""
    return session.execute(
        select(VisaCase.id, VisaCase.visit_id, VisaCase.state, VisaCase.outcome, VisaCase.alarm, VisaCase.confirmed,
               VisaCase.citizenship, VisaCase.passport_type, VisaCase.last_day, VisaCase.member_id, Member.person_id,
               Member.passport_id)
        .join(Member, Member.id == VisaCase.member_id)
        .where(VisaCase.visit_id.in_(visit_ids), VisaCase.state != CaseState.WITHDRAWN,
               Member.state.in_([state.value for state in LIVE_MEMBER]))
        .order_by(VisaCase.id)
    ).all()  # fmt: skip


def _reasons(session: Session, visit_ids: Sequence[int], found: Sequence[_Found]) -> dict[int, list[Reason]]:
    """Say what was found, each with its traveller's name and a link to the case."""
    names = _names(session, {one.case.person_id for one in found})
    told: dict[int, list[Reason]] = {visit_id: [] for visit_id in visit_ids}
    for one in found:
        told[one.case.visit_id].append(
            Reason(one.code, {"name": names[one.case.person_id], **one.params},
                   Where("visas.case", {"visit_id": one.case.visit_id, "case_id": one.case.id}))
        )  # fmt: skip
    return told


def _names(session: Session, person_ids: Collection[int]) -> dict[int, dict[str, str]]:
    if not person_ids:
        return {}
    people = session.scalars(select(Person).where(Person.id.in_(person_ids)).options(load_only(*NAME_PARTS)))
    return {person.id: {"ru": person.shown_name("ru"), "en": person.shown_name("en")} for person in people}


def routes_chosen(
    session: Session, visit_ids: Sequence[int], _params: Mapping[str, Any]
) -> Mapping[int, Sequence[Reason]]:
    """Every traveller has a route; who crosses no border needs none."""
    found = [
        _Found(case, "visas.no-rule-yet" if case.state == CaseState.ASKED else "visas.route-not-chosen")
        for case in _cases(session, visit_ids)
        if case.state in UNCHOSEN
    ]
    return _reasons(session, visit_ids, found)


def cases_settled(
    session: Session, visit_ids: Sequence[int], _params: Mapping[str, Any]
) -> Mapping[int, Sequence[Reason]]:
    """Every case ends: a visa is issued, none is needed, or the papers of a visa-free entry are checked."""
    found = [
        _Found(case, case.alarm or f"visas.unsettled-{case.state.replace('_', '-')}")
        for case in _cases(session, visit_ids)
        if case.alarm or not is_settled(case.state, case.outcome)
    ]
    return _reasons(session, visit_ids, found)


def passports_valid(
    session: Session, visit_ids: Sequence[int], _params: Mapping[str, Any]
) -> Mapping[int, Sequence[Reason]]:
    """Every traveller's passport is known and lasts for the stay and as long as the route asks.

    A check of a rule that nobody has reviewed is no reason: it stays amber in the case. That the passport lasts to
    the last day is asked always. One that waits for a look is judged like the case itself, and is a reason by itself:
    its number is on file with somebody else, and papers still name another.
    """
    cases = [case for case in _cases(session, visit_ids) if case.state not in ENDED]
    last_days: dict[int, date | None] = {
        row.id: row.departure
        for row in session.execute(select(Visit.id, Visit.departure).where(Visit.id.in_(visit_ids)))
    }
    passports = _grouped(session, "person_id", select(
        Passport.person_id, Passport.id, Passport.type, Passport.country, Passport.expires_on,
    ).where(Passport.person_id.in_({case.person_id for case in cases}), Passport.retired_at.is_(None)))  # fmt: skip
    items = _grouped(session, "case_id", select(
        ChecklistItem.case_id, ChecklistItem.state, ChecklistItem.wanted, ChecklistItem.verdicts,
    ).where(ChecklistItem.case_id.in_([case.id for case in cases]), ChecklistItem.code.in_(_PASSPORT_CODES))
     .order_by(ChecklistItem.position, ChecklistItem.id))  # fmt: skip
    claims = claims_now(session) if cases else {}
    found = []
    for case in cases:
        live, chosen_id = with_claims(cast("Sequence[KnownPassport]", passports[case.person_id]),
                                      claims.get(case.person_id, ()), case.member_id, case.passport_id)  # fmt: skip
        shown = fitting_passport(live, case.citizenship, case.passport_type, chosen_id=chosen_id)
        found += _of_passport(case, shown, items[case.id], case.last_day or last_days.get(case.visit_id))
    return _reasons(session, visit_ids, found)


def _grouped(session: Session, key: str, query: Select[Any]) -> defaultdict[int, list[Row[Any]]]:
    groups: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(query):
        groups[getattr(row, key)].append(row)
    return groups


def _of_passport(
    case: Row[Any], passport: KnownPassport | None, items: Sequence[Row[Any]], last: date | None
) -> list[_Found]:
    if passport is None:
        known_by_item = any(item.state == "verified" for item in items)
        return [] if known_by_item else [_Found(case, "visas.passport-unknown")]
    waits = [_Found(case, "visas.passport-waits")] if isinstance(passport, Claim) else []
    if passport.expires_on is None:
        return [*waits, _Found(case, "visas.passport-expiry-unknown")]
    if last is not None and passport.expires_on < last:
        return [*waits, _Found(case, "visas.passport-too-short", {"last": last})]
    return waits + [
        _Found(case, "visas.check-" + one["rule"].replace("_", "-"), one["params"])
        for item in items
        if item.wanted and case.confirmed
        for one in item.verdicts
        if one["result"] == "failed" and one["severity"] == "block"
    ]


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
