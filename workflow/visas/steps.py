"""How a visa case goes on: checked, filed, invitation issued, applied, issued, refused, not needed, withdrawn."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from workflow.base.actor import Actor
from workflow.base.database import expect_version
from workflow.base.errors import Conflict, Invalid, Problem
from workflow.base.events import record
from workflow.visas.due import sync_visit
from workflow.visas.holding import follow_act
from workflow.visas.models import ChecklistItem, VisaCase
from workflow.visas.opening import look_again
from workflow.visas.reckoning import Rulebook, rulebook
from workflow.visas.rules import CASE_ACTS, CaseAct, ItemFacts, case_acts, keeps_from_check
from workflow.visits.models import Visit


@dataclass(frozen=True)
class Step:
    """One step of a case, with what has to be said of it."""

    act: CaseAct
    reason: str = ""
    on: date | None = None
    visa_number: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


def record_step(
    session: Session, actor: Actor, now: datetime, visit: Visit, case: VisaCase, step: Step, *,
    version: int | None = None,
) -> None:  # fmt: skip
    """Record how a case goes on: checked, filed, invitation issued, applied, issued, refused, not needed, and so on.

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: what must be said of the step is missing or wrong.
        Conflict: the case is not in a state for it, or papers are missing for the check.
    """
    expect_version(case, version)
    book = rulebook(session, now)
    _check_step(case, step, book)
    before = case.state
    move_case(session, case, step.act)
    day = step.on or book.today
    follow_act(case, step.act, day)
    if step.act in (CaseAct.FILE, CaseAct.APPLY):
        case.filed_on = day
    elif step.act is CaseAct.ISSUE:
        case.decided_on, case.visa_number = day, step.visa_number or None
        case.valid_from, case.valid_to = step.valid_from, step.valid_to
        case.alarm = visa_alarm(case, visit)
    elif step.act is CaseAct.REFUSE:
        case.decided_on = day
    elif step.act is CaseAct.REOPEN:
        case.alarm, case.ask_due_on = "", None
        look_again(case, visit, book)
    personal = ["visa_number"] if step.visa_number else []
    record(session, actor, now, f"visas.case.{case.state.replace('_', '-')}", subject=case, visit_id=visit.id,
           changes={"state": (before, case.state)}, personal=personal, note=step.reason)  # fmt: skip
    sync_visit(session, now, visit)


def _check_step(case: VisaCase, step: Step, book: Rulebook) -> None:
    problems = []
    needs_reason = step.act in (CaseAct.REFUSE, CaseAct.NOT_NEEDED, CaseAct.WITHDRAW)
    if needs_reason and not step.reason.strip():
        problems.append(Problem("reason", "visas.reason-missing"))
    if step.on is not None and step.on > book.today:
        problems.append(Problem("on", "visas.day-in-future"))
    if step.act is CaseAct.ISSUE and (step.valid_from is None or step.valid_to is None):
        problems.append(Problem("valid_to", "visas.validity-missing"))
    elif step.valid_from and step.valid_to and step.valid_to < step.valid_from:
        problems.append(Problem("valid_to", "visas.validity-swapped"))
    if problems:
        raise Invalid(problems=problems)
    if step.act in (CaseAct.CHOOSE, CaseAct.ENTER_BY_HAND):
        raise Conflict("visas.not-now")
    if step.act is CaseAct.CHECK:
        _check_papers(case)
    if step.act is CaseAct.REFUSE:
        case.refusal = step.reason.strip()[:500]
    elif step.act is CaseAct.NOT_NEEDED:
        case.not_needed_reason = step.reason.strip()[:500]


def open_papers(case: VisaCase) -> list[ChecklistItem]:
    """List the things that keep a case from being checked."""
    return [
        item
        for item in case.items
        if keeps_from_check(
            ItemFacts(item.required, item.wanted, item.state, item.due_on), goes_off_on=case.goes_off_on
        )
    ]


def _check_papers(case: VisaCase) -> None:
    if open_items := open_papers(case):
        names = {language: "; ".join(item.title(language) for item in open_items) for language in ("ru", "en")}
        raise Conflict("visas.items-open", items=names)


def visa_alarm(case: VisaCase, visit: Visit) -> str:
    """Name what is wrong with an issued visa for the days at its border."""
    first, last = case.stay(visit)
    if case.valid_from is None or case.valid_to is None or first is None or last is None:
        return ""
    covers = case.valid_from <= first and last <= case.valid_to
    return "" if covers else "visas.alarm-visa-too-short"


def move_case(session: Session, case: VisaCase, act: CaseAct) -> None:
    """Take a case's state on by its version; two at once cannot both win."""
    may = case_acts(case.state, outcome=case.outcome, direction=case.direction, by_hand=case.by_hand)
    if act not in may:
        raise Conflict("visas.not-now")
    case.state = CASE_ACTS[act][1]
    session.flush()
