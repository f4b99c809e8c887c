"""Opening visa cases: who crosses which border, and whether there is a route to choose or somebody to ask."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from workflow.base.actor import Actor
from workflow.base.events import record
from workflow.knowledge.calendars import Unit, shift
from workflow.knowledge.visa_routes import Answer, AnswerKind
from workflow.people.models import Person
from workflow.visas.borders import Border, Days, borders_of
from workflow.visas.crossing import crossings_of, move_along
from workflow.visas.due import sync_visit
from workflow.visas.models import VisaCase
from workflow.visas.reckoning import Rulebook, answer_for, options_of, rulebook
from workflow.visas.rules import LIVE, UNCHOSEN, CaseState, Holder, crosses_which_border
from workflow.visits.models import Member, Visit
from workflow.visits.rules import LIVE_MEMBER, Standing

ASK_WITHIN = 3
CHOOSE_WITHIN = 3


def open_cases(session: Session, actor: Actor, now: datetime, visit: Visit) -> list[VisaCase]:
    """Open a case for each border that a live member crosses, and withdraw those of members who no longer travel.

    Doing it again opens nothing twice. Give the new cases.
    """
    new, _cases = open_missing(session, actor, now, visit, rulebook(session, now))
    sync_visit(session, now, visit)
    return new


def open_missing(
    session: Session, actor: Actor, now: datetime, visit: Visit, book: Rulebook
) -> tuple[list[VisaCase], list[VisaCase]]:
    """Open and withdraw cases as `open_cases` does, without the reminders; give the new ones and all that live."""
    people = session.scalars(
        select(Member)
        .where(Member.visit_id == visit.id, Member.state.in_([state.value for state in LIVE_MEMBER]))
        .options(selectinload(Member.person).selectinload(Person.passports))
        .order_by(Member.position, Member.id)
    ).all()
    cases = load_cases(session, visit.id)
    have = {(case.member_id, case.destination): case for case in cases}
    travelling = visit.standing in (Standing.LIVE, Standing.POSTPONED)
    told = crossings_of(session, visit.id)
    move_along(told, visit)
    areas = [book.rules.groups[name] for name in book.rules.areas]
    new: list[VisaCase] = []
    for member in people if travelling else ():
        citizenships = member.person.citizenships or []
        base = crosses_which_border(
            direction=visit.direction, country=visit.country, our_country=book.country, citizenships=citizenships
        )
        for border in borders_of(
            base, told, our_country=book.country, citizenships=citizenships, areas=areas,
            days=Days(visit.arrival, visit.departure),
        ):  # fmt: skip
            case = _case_of(have, member, border)
            if case is None:
                new.append(_open_case(session, actor, now, visit, member, border, book))
            else:
                _settle(case, border)
    live = {member.id for member in people} if travelling else set()
    for case in have.values():
        _withdraw(session, actor, now, case, "visas.border-gone" if case.member_id in live
                  else "visas.no-longer-travels")  # fmt: skip
    session.flush()
    return new, [case for case in [*cases, *new] if case.state != CaseState.WITHDRAWN]


def _case_of(have: dict[tuple[int, str], VisaCase], member: Member, border: Border) -> VisaCase | None:
    """Take the case that a border has already: a visa of an area goes on when another country becomes the main one."""
    case = have.pop((member.id, border.destination), None)
    for country in border.through:
        other = have.get((member.id, country))
        if case is None and other is not None and other.state in LIVE:
            case = have.pop((member.id, country))
    return case


def _settle(case: VisaCase, border: Border) -> None:
    """Write down with a case what is known of its border; only what differs, for each touched row is flushed."""
    known = {
        "destination": border.destination, "first_day": border.first_day, "last_day": border.last_day,
        "entries": str(border.entries), "transit": border.transit, "through": list(border.through),
    }  # fmt: skip
    for name, value in known.items():
        if getattr(case, name) != value:
            setattr(case, name, value)


def load_cases(session: Session, visit_id: int, *, withdrawn: bool = False) -> list[VisaCase]:
    """Load a visit's cases with everything that they are judged by, in a fixed number of queries."""
    query = (
        select(VisaCase)
        .where(VisaCase.visit_id == visit_id)
        .options(
            selectinload(VisaCase.items),
            selectinload(VisaCase.member).selectinload(Member.person).selectinload(Person.passports),
        )
        .order_by(VisaCase.id)
    )
    if not withdrawn:
        query = query.where(VisaCase.state != CaseState.WITHDRAWN)
    return list(session.scalars(query))


def _open_case(
    session: Session, actor: Actor, now: datetime, visit: Visit, member: Member, border: Border,
    book: Rulebook,
) -> VisaCase:  # fmt: skip
    case = VisaCase(
        visit_id=visit.id, member=member, direction=border.direction, destination=border.destination, opened_at=now,
        state=CaseState.TO_CHOOSE, held_by=Holder.US, held_since=book.today,
        by_hand=False, confirmed=False, items=[], options=[], questions=[], changes=[],
        alarm="",
    )  # fmt: skip
    _settle(case, border)
    session.add(case)
    session.flush()
    look_again(case, visit, book)
    record(session, actor, now, "visas.case.opened", subject=case, visit_id=visit.id,
           changes={"state": (None, case.state), "member_id": (None, member.id)})  # fmt: skip
    return case


def look_again(case: VisaCase, visit: Visit, book: Rulebook) -> Answer:
    """Ask the rules about a case; without a route yet: is there one to choose, or must somebody be asked?"""
    answer = answer_for(case, visit, book)
    case.options, case.questions = options_of(answer), [str(fact) for fact in answer.questions]
    if case.state not in UNCHOSEN:
        return answer
    home = book.calendars(book.country)
    if answer.kind is AnswerKind.NO_RULE:
        if case.state != CaseState.ASKED or case.ask_due_on is None:
            case.state, case.ask_due_on = CaseState.ASKED, shift(book.today, ASK_WITHIN, Unit.WORKDAY, home)
    elif case.state != CaseState.TO_CHOOSE or case.ask_due_on is None:
        case.state, case.ask_due_on = CaseState.TO_CHOOSE, shift(book.today, CHOOSE_WITHIN, Unit.WORKDAY, home)
    return answer


def _withdraw(session: Session, actor: Actor, now: datetime, case: VisaCase, reason: str) -> None:
    before = case.state
    case.state = CaseState.WITHDRAWN
    record(session, actor, now, "visas.case.withdrawn", subject=case, visit_id=case.visit_id,
           changes={"state": (before, case.state), "reason": (None, reason)})  # fmt: skip
