"""What people do with outcomes and reports: write down, settle, open again; draft, file, open again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.accounts.queries import person
from workflow.base.actor import Actor, Permission
from workflow.base.database import advance, expect_version, insert_or_ignore
from workflow.base.errors import Conflict, Forbidden, Invalid, Problem
from workflow.base.events import changed, record
from workflow.outcomes import rules
from workflow.outcomes.dues import sync_dues
from workflow.outcomes.models import Outcome, VisitReport
from workflow.outcomes.queries import get_outcome, outcomes_of, report_of
from workflow.outcomes.rules import OutcomeKind, OutcomeState, OutcomeVerb, ReportState
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit
from workflow.visits.rules import Standing

MAX_TEXT = 20_000
MAX_OUTCOMES = 500
_LENGTHS = {"what": 1000, "what_en": 1000, "owner_name": 300, "owner_name_en": 300, "note": MAX_TEXT}


@dataclass(frozen=True)
class OutcomeData:
    """What an outcome says; owned by an account of ours or by a name outside, not both."""

    kind: str
    what: str
    owner_id: int | None = None
    owner_name: str = ""
    owner_name_en: str = ""
    due_on: date | None = None
    note: str = ""
    what_en: str = ""


def add_outcome(session: Session, actor: Actor, now: datetime, visit_id: int, data: OutcomeData) -> Outcome:
    """Write down what a visit has led to.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: the visit is cancelled, or somebody has recorded that there are no outcomes.
        Invalid: a value cannot be.
    """
    visit = _to_write(session, actor, visit_id)
    _check(session, data)
    report = report_of(session, visit.id)
    if report is not None and report.no_outcomes:
        report.no_outcomes, report.no_outcomes_at, report.no_outcomes_by_id = False, None, None
    if len(outcomes_of(session, visit.id)) >= MAX_OUTCOMES:
        raise Conflict("outcomes.too-many", limit=MAX_OUTCOMES)
    row = Outcome(visit_id=visit.id, state=OutcomeState.OPEN, created_at=now, created_by_id=actor.account_id,
                  **_values(data))
    session.add(row)
    session.flush()
    record(session, actor, now, "outcomes.outcome.added", subject=row, visit_id=visit.id,
           changes={"kind": (None, row.kind), "what": (None, row.what), "due_on": (None, row.due_on)})
    sync_dues(session, now, visit.id)
    return row


def change_outcome(
    session: Session, actor: Actor, now: datetime, outcome_id: int, data: OutcomeData, *, version: int | None = None
) -> Outcome:
    """Correct an open outcome.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: it is settled.
        Stale: somebody else saved meanwhile.
        Invalid: a value cannot be.
    """
    row = _for_verb(session, actor, outcome_id, OutcomeVerb.EDIT)
    values = _values(data)
    expect_version(row, version, {name: getattr(row, name) for name in values})
    _check(session, data)
    differences = changed(row, values)
    if differences:
        record(session, actor, now, "outcomes.outcome.changed", subject=row, visit_id=row.visit_id,
               changes=differences)
        sync_dues(session, now, row.visit_id)
    return row


def settle_outcome(
    session: Session, actor: Actor, now: datetime, outcome_id: int, verb: OutcomeVerb, *, note: str = "",
    version: int | None = None,
) -> Outcome:
    """Finish, decline, hand over or reopen an outcome; declining and handing over say why or to whom.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: it is no longer in a state for that.
        Invalid: no note where one is needed, or a verb that is none of these.
    """
    if verb in (OutcomeVerb.EDIT, OutcomeVerb.REMOVE):
        raise Invalid("base.not-a-choice", field="verb")
    row = _for_verb(session, actor, outcome_id, verb)
    expect_version(row, version)
    said = note.strip()
    if verb in (OutcomeVerb.DECLINE, OutcomeVerb.HAND_OVER) and not said:
        raise Invalid("outcomes.note-missing", field="note")
    if len(said) > MAX_TEXT:
        raise Invalid("base.too-long", field="note", limit=MAX_TEXT)
    before = OutcomeState(row.state)
    to = rules.ANSWERS[before, verb]
    over = verb is not OutcomeVerb.REOPEN
    values: dict[str, Any] = {"settled_at": now if over else None,
                              "settled_by_id": actor.account_id if over else None}
    if said:
        values["note"] = f"{row.note}\n{said}".strip()
    if not advance(session, Outcome, row.id, from_=rules.sources(verb), to=str(to), **values):
        raise _refused(row, verb)
    record(session, actor, now, "outcomes.outcome.settled" if over else "outcomes.outcome.reopened", subject=row,
           visit_id=row.visit_id, changes={"state": (before, row.state)})
    sync_dues(session, now, row.visit_id)
    return row


def remove_outcome(
    session: Session, actor: Actor, now: datetime, outcome_id: int, *, version: int | None = None
) -> None:
    """Take away an open outcome that was written down by mistake; the history keeps it.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: it is settled.
    """
    row = _for_verb(session, actor, outcome_id, OutcomeVerb.REMOVE)
    expect_version(row, version)
    visit_id = row.visit_id
    record(session, actor, now, "outcomes.outcome.removed", subject=row, visit_id=visit_id,
           changes={"what": (row.what, None)})
    session.delete(row)
    sync_dues(session, now, visit_id)


def open_report(session: Session, actor: Actor, now: datetime, visit_id: int) -> VisitReport:
    """Give a visit's report, opened if there is none yet. Unscoped: for the reaction, and after a check."""
    insert = insert_or_ignore(session)
    session.flush()
    texts = dict.fromkeys(rules.REPORT_FIELDS, "")
    texts["aim"] = session.scalar(select(Visit.purpose).where(Visit.id == visit_id)) or ""
    made = session.execute(
        insert(VisitReport)
        .values(visit_id=visit_id, state=ReportState.DRAFT.value, opened_at=now, lock_version=1, no_outcomes=False,
                **texts)
        .on_conflict_do_nothing(index_elements=["visit_id"]).returning(VisitReport.id)
    ).scalar_one_or_none()
    report = session.scalars(select(VisitReport).where(VisitReport.visit_id == visit_id)).one()
    if made is not None:
        record(session, actor, now, "outcomes.report.opened", subject=report, visit_id=visit_id)
        sync_dues(session, now, visit_id)
    return report


def write_report(
    session: Session, actor: Actor, now: datetime, visit_id: int, values: Mapping[str, str], *,
    version: int | None = None,
) -> VisitReport:
    """Save the report's text without filing it.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: it is filed, or the visit is cancelled.
        Stale: somebody else saved meanwhile.
        Invalid: a text is too long.
    """
    visit = _to_write(session, actor, visit_id)
    report = open_report(session, actor, now, visit.id)
    if report.state == ReportState.FILED:
        raise Conflict("outcomes.report-is-filed")
    texts = {name: values.get(name, getattr(report, name)).strip() for name in rules.REPORT_FIELDS}
    expect_version(report, version, {name: getattr(report, name) for name in rules.REPORT_FIELDS})
    problems = [Problem(name, "base.too-long", {"limit": limit}) for name, text in texts.items()
                if len(text) > (limit := rules.REPORT_LIMITS.get(name, MAX_TEXT))]
    if problems:
        raise Invalid(problems=problems)
    differences = changed(report, texts)
    if differences:
        session.flush()
        record(session, actor, now, "outcomes.report.written", subject=report, visit_id=visit.id,
               changes=dict.fromkeys(differences, (None, "…")))
    return report


def file_report(
    session: Session, actor: Actor, now: datetime, visit_id: int, *, version: int | None = None
) -> VisitReport:
    """File the report: it is finished and is not changed any more.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: it is filed already, or the visit is cancelled.
        Invalid: the aim or the results are not written.
    """
    visit = _to_write(session, actor, visit_id)
    report = open_report(session, actor, now, visit.id)
    expect_version(report, version)
    if report.state == ReportState.FILED:
        raise Conflict("outcomes.report-is-filed")
    missing = rules.missing({name: getattr(report, name) for name in rules.REPORT_FIELDS})
    if missing:
        raise Invalid(problems=[Problem(name, "base.required") for name in missing])
    if not advance(session, VisitReport, report.id, from_=[ReportState.DRAFT], to=ReportState.FILED, filed_at=now,
                   filed_by_id=actor.account_id):
        raise Conflict("outcomes.report-is-filed")
    record(session, actor, now, "outcomes.report.filed", subject=report, visit_id=visit.id)
    sync_dues(session, now, visit.id)
    return report


def reopen_report(
    session: Session, actor: Actor, now: datetime, visit_id: int, *, version: int | None = None
) -> VisitReport:
    """Open a filed report again, to mend it.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: it is not filed, or the visit is cancelled.
    """
    visit = _to_write(session, actor, visit_id)
    report = report_of(session, visit.id)
    if report is None or report.state != ReportState.FILED:
        raise Conflict("outcomes.report-not-filed")
    expect_version(report, version)
    if not advance(session, VisitReport, report.id, from_=[ReportState.FILED], to=ReportState.DRAFT, filed_at=None,
                   filed_by_id=None):
        raise Conflict("outcomes.report-not-filed")
    record(session, actor, now, "outcomes.report.reopened", subject=report, visit_id=visit.id)
    sync_dues(session, now, visit.id)
    return report


def record_no_outcomes(
    session: Session, actor: Actor, now: datetime, visit_id: int, *, none: bool = True
) -> VisitReport:
    """Say in so many words that nothing is left to be done after a visit, or take that back.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: there are outcomes, or the visit is cancelled.
    """
    visit = _to_write(session, actor, visit_id)
    report = open_report(session, actor, now, visit.id)
    if none and outcomes_of(session, visit.id):
        raise Conflict("outcomes.there-are-outcomes")
    if report.no_outcomes is not none:
        report.no_outcomes = none
        report.no_outcomes_at = now if none else None
        report.no_outcomes_by_id = actor.account_id if none else None
        record(session, actor, now, "outcomes.none.recorded", subject=report, visit_id=visit.id,
               changes={"no_outcomes": (not none, none)})
    return report


def _to_write(session: Session, actor: Actor, visit_id: int) -> Visit:
    visit = get_visit(session, actor, visit_id)
    if not actor.may(Permission.OUTCOMES_WRITE):
        raise Forbidden
    if visit.standing == Standing.CANCELLED:
        raise Conflict("outcomes.visit-cancelled")
    return visit


def _for_verb(session: Session, actor: Actor, outcome_id: int, verb: OutcomeVerb) -> Outcome:
    row, visit = get_outcome(session, actor, outcome_id)
    _to_write(session, actor, visit.id)
    if not isinstance(rules.ANSWERS[OutcomeState(row.state), verb], OutcomeState):
        raise _refused(row, verb)
    return row


def _refused(row: Outcome, verb: OutcomeVerb) -> Conflict:
    return Conflict(str(rules.ANSWERS[OutcomeState(row.state), verb]), state=row.state)


def _check(session: Session, data: OutcomeData) -> None:
    problems = []
    if data.kind not in list(OutcomeKind):
        problems.append(Problem("kind", "base.not-a-choice"))
    if not data.what.strip():
        problems.append(Problem("what", "base.required"))
    problems += [Problem(name, "base.too-long", {"limit": limit}) for name, limit in _LENGTHS.items()
                 if len(getattr(data, name).strip()) > limit]
    if data.due_on is not None and not 1950 <= data.due_on.year <= 2200:
        problems.append(Problem("due_on", "base.out-of-range"))
    if data.owner_id is not None:
        problems += [Problem(name, "outcomes.two-owners") for name in ("owner_name", "owner_name_en")
                     if getattr(data, name).strip()]
    if data.owner_id is not None and person(session, data.owner_id) is None:
        problems.append(Problem("owner_id", "base.not-a-choice"))
    if problems:
        raise Invalid(problems=problems)


def _values(data: OutcomeData) -> Mapping[str, Any]:
    return {"kind": data.kind, "owner_id": data.owner_id, "due_on": data.due_on,
            **{name: getattr(data, name).strip() for name in _LENGTHS}}
