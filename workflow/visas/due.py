"""What is due of a visit's visa cases, handed to the reminders; grouped, so that ten travellers make one line."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from workflow.base.clock import local_date
from workflow.base.reasons import DueItem, Sentence, Where
from workflow.knowledge.countries import country_name
from workflow.office.queries import our_country, our_zone
from workflow.reminders.service import sync_due
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.rules import BRINGS, HERE, CaseState, Outcome
from workflow.visits.models import Visit
from workflow.visits.rules import Standing

SOURCE = "visas"
_WORKING = (CaseState.COLLECTING, CaseState.CHECKED)


def sync_visit(session: Session, now: datetime, visit: Visit, *, cases: Sequence[VisaCase] | None = None) -> None:
    """Bring the reminders of a visit in line with its visa cases; *cases* when all of them are loaded already.

    Who syncs a visit waits for whoever does so at this moment, and then reads what they left: of two guests who hand in
    something at once, neither is refused, and the later one's count holds both.
    """
    session.flush()
    session.execute(select(Visit.id).where(Visit.id == visit.id).with_for_update(key_share=True))
    going_on = visit.standing in (Standing.LIVE, Standing.POSTPONED)
    if not going_on:
        cases = []
    elif cases is None:
        cases = _live_cases(session, [visit.id])
    cases = [case for case in cases if case.state in BRINGS]
    today = local_date(now, our_zone(session))
    items = due_items(cases, visit, today, our_country(session), our_zone(session))
    sync_due(session, now, source=SOURCE, visit_id=visit.id, items=items)


def _live_cases(session: Session, visit_ids: Sequence[int]) -> list[VisaCase]:
    return list(
        session.scalars(
            select(VisaCase)
            .where(
                VisaCase.visit_id.in_(visit_ids),
                VisaCase.state.in_([state.value for state in BRINGS]),
            )
            .options(selectinload(VisaCase.items))
            .order_by(VisaCase.id)
            .execution_options(populate_existing=True)
        )
    )


def due_items(cases: Iterable[VisaCase], visit: Visit, today: date, home: str, zone: str) -> list[DueItem]:
    """List what is due: routes to choose, questions to ask, papers to bring, papers to send off, alarms."""
    listed = list(cases)
    return [
        *_unchosen(listed, visit, today, home),
        *_things(listed, visit),
        *_sending(listed, visit, home),
        *_alarms(listed, visit, today, home, zone),
    ]


def _unchosen(cases: Sequence[VisaCase], visit: Visit, today: date, home: str) -> list[DueItem]:
    groups: dict[str, list[VisaCase]] = defaultdict(list)
    for case in cases:
        if case.state in (CaseState.ASKED, CaseState.TO_CHOOSE):
            groups[f"{case.state}.{case.destination}"].append(case)
    return [
        DueItem(
            key=key,
            title=Sentence(
                "visas.due-ask" if some[0].state == CaseState.ASKED else "visas.due-choose",
                {"number": len(some), "country": _country(some[0].destination)},
            ),
            due_on=min(case.ask_due_on or today for case in some),
            check="visas.unchosen",
            subject=("visit", visit.id),
            where=Where("visas.index", {"visit_id": visit.id}),
            calendars=(home,),
        )
        for key, some in groups.items()
    ]


def _things(cases: Sequence[VisaCase], visit: Visit) -> list[DueItem]:
    groups: dict[str, list[ChecklistItem]] = defaultdict(list)
    travellers: dict[str, set[int]] = defaultdict(set)
    for case in cases:
        for item in case.items:
            if is_outstanding(item) and item.due_on is not None:
                groups[item_key(item)].append(item)
                travellers[item_key(item)].add(case.member_id)
    return [
        DueItem(
            key=key,
            title=Sentence("visas.due-item", {"number": len(travellers[key]), "item": _title(some[0])}),
            due_on=min(item.due_on for item in some if item.due_on is not None),
            check="visas.items_missing",
            subject=("visit", visit.id),
            where=Where("visas.index", {"visit_id": visit.id}, f"item-{some[0].code}"),
            basis=some[0].basis,
            calendars=tuple(some[0].due_calendars),
        )
        for key, some in groups.items()
    ]


def _sending(cases: Sequence[VisaCase], visit: Visit, home: str) -> list[DueItem]:
    groups: dict[str, list[VisaCase]] = defaultdict(list)
    for case in cases:
        if case.state in _WORKING and case.outcome != Outcome.VISA_FREE and case.goes_off_on:
            groups[f"send.{case.rule_id[:80] if case.rule_id else f'by-hand.{case.destination}'}"].append(case)
    return [
        DueItem(
            key=key,
            title=Sentence("visas.due-send", {"number": _travellers(some), "route": _route(some[0])}),
            due_on=min(case.goes_off_on for case in some if case.goes_off_on is not None),
            check="visas.not_sent",
            subject=("visit", visit.id),
            where=Where("visas.index", {"visit_id": visit.id}),
            calendars=(home, some[0].destination) if some[0].direction == "outbound" else (home,),
        )
        for key, some in groups.items()
    ]


def _alarms(cases: Sequence[VisaCase], visit: Visit, today: date, home: str, zone: str) -> list[DueItem]:
    alarmed = [case for case in cases if case.alarm]
    if not alarmed:
        return []
    title = Sentence("visas.due-alarm", {"number": _travellers(alarmed)})
    since = min((local_date(case.changes_at, zone) for case in alarmed if case.changes_at), default=today)
    return [
        DueItem(
            key="alarm",
            title=title,
            due_on=since,
            check="visas.alarmed",
            subject=("visit", visit.id),
            where=Where("visas.index", {"visit_id": visit.id}),
            calendars=(home,),
        )
    ]


def _travellers(cases: Sequence[VisaCase]) -> int:
    """Count the travellers: one who crosses two borders has two cases."""
    return len({case.member_id for case in cases})


def item_key(item: ChecklistItem) -> str:
    """Name the group of items that make one line: the same paper of the same rule."""
    return f"item.{item.code[:50]}.{item.rule_id[:60]}" if item.rule_id else f"item.own.{item.id}"


def is_outstanding(item: ChecklistItem) -> bool:
    """Tell whether a required thing has not come yet or was sent back."""
    return bool(item.wanted and item.required and item.state not in HERE)


def outstanding_keys(session: Session, visit_ids: Sequence[int]) -> Mapping[int, frozenset[str]]:
    """Give the keys of what is still due, by visit; the same grouping as `due_items`, in three queries."""
    keys: dict[int, set[str]] = defaultdict(set)
    visits = session.scalars(select(Visit).where(Visit.id.in_(visit_ids))).all()
    by_visit: dict[int, list[VisaCase]] = defaultdict(list)
    for case in _live_cases(session, visit_ids):
        by_visit[case.visit_id].append(case)
    for visit in visits:
        if visit.standing in (Standing.LIVE, Standing.POSTPONED):
            found = due_items(by_visit[visit.id], visit, date.min, "", "UTC")
            keys[visit.id] = {item.key for item in found}
    return {visit_id: frozenset(some) for visit_id, some in keys.items()}


def _country(code: str) -> dict[str, str]:
    return {"ru": country_name(code, "ru"), "en": country_name(code, "en")}


def _title(item: ChecklistItem) -> dict[str, str]:
    return {"ru": item.title("ru"), "en": item.title("en")}


def _route(case: VisaCase) -> dict[str, str]:
    return {"ru": case.title("ru"), "en": case.title("en")}
