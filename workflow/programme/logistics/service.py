"""What people do with a visit's logistics: enter a row, change it, take it out."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.database import expect_version, lock_row
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from workflow.base.events import changed, record
from workflow.partners.models import Partner
from workflow.partners.rules import PartnerKind
from workflow.programme.logistics.models import OfVisit, TripTask
from workflow.programme.logistics.queries import get_row
from workflow.programme.logistics.registers import CHOICES, Field, Kind, Register
from workflow.programme.logistics.rules import MAX_AMOUNT
from workflow.visits.models import Member, Visit
from workflow.visits.queries import get_visit
from workflow.visits.rules import Standing

EVENT = "programme.logistics.changed"
MAX_ROWS = 300
Values = Mapping[str, Any]
"""Values by column: text, int (amounts in minor units), date, time, bool; what is absent is empty."""


def add_row(
    session: Session, actor: Actor, now: datetime, visit_id: int, register: Register, values: Values
) -> OfVisit:
    """Enter a row of a register.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: the visit is closed or cancelled, the register is full or takes one row only.
        Invalid: a value cannot be.
    """
    visit = _to_write(session, actor, visit_id)
    given = _checked(session, visit, register, values)
    model = register.model
    there = session.scalar(select(func.count()).select_from(model).where(model.visit_id == visit.id)) or 0
    if register.single and there:
        raise Conflict("programme.entered-already")
    if there >= MAX_ROWS:
        raise Conflict("programme.full", limit=MAX_ROWS)
    row = model(**given, visit_id=visit.id, created_at=now, created_by_id=actor.account_id)
    _save(session, row)
    _note(session, actor, now, register, row, "added")
    return row


def change_row(
    session: Session, actor: Actor, now: datetime, register: Register, row_id: int, values: Values, *,
    version: int | None = None,
) -> OfVisit:  # fmt: skip
    """Change a row.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: the visit is closed or cancelled.
        Stale: somebody else saved meanwhile.
        Invalid: a value cannot be.
    """
    row = get_row(session, actor, register, row_id)
    visit = _to_write(session, actor, row.visit_id)
    _reread(session, row)
    columns = register.columns
    shown = {name: getattr(row, name) for name, field in columns.items() if not field.personal and hasattr(row, name)}
    expect_version(row, version, shown)
    differences = changed(row, _checked(session, visit, register, values))
    if differences:
        _save(session, row)
        _note(session, actor, now, register, row, "changed", differences)
    return row


def remove_row(
    session: Session, actor: Actor, now: datetime, register: Register, row_id: int, *, version: int | None = None
) -> None:
    """Take a row out.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: the visit is closed or cancelled.
        Stale: somebody else changed it meanwhile.
    """
    row = get_row(session, actor, register, row_id)
    _to_write(session, actor, row.visit_id)
    _reread(session, row)
    expect_version(row, version)
    _note(session, actor, now, register, row, "removed")
    session.delete(row)
    session.flush()


def _to_write(session: Session, actor: Actor, visit_id: int) -> Visit:
    visit = get_visit(session, actor, visit_id)
    if not (actor.may(Permission.PROGRAMME_WRITE) and actor.may(Permission.VISITS_READ)):
        raise Forbidden
    lock_row(session, Visit, visit.id)
    if visit.standing in (Standing.CLOSED, Standing.CANCELLED):
        raise Conflict("programme.visit-over")
    return visit


def _reread(session: Session, row: OfVisit) -> None:
    """Read a row again, now that its visit is held: whoever held it before may have changed it, or taken it out."""
    if lock_row(session, type(row), row.id) is None:
        raise NotFound("row")


def _save(session: Session, row: OfVisit) -> None:
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        if isinstance(row, TripTask):
            raise Invalid("programme.task-entered-already", field="member") from None
        raise Conflict("programme.entered-already") from None


def _note(
    session: Session, actor: Actor, now: datetime, register: Register, row: OfVisit, what: str,
    differences: Mapping[str, tuple[Any, Any]] | None = None,
) -> None:  # fmt: skip
    personal = {name for name, field in register.columns.items() if field.personal}
    shown = {name: (_plain(old), _plain(new)) for name, (old, new) in (differences or {}).items()
             if name not in personal}  # fmt: skip
    record(session, actor, now, EVENT, subject=(register.model.__tablename__, row.id), visit_id=row.visit_id,
           changes={"register": (None, register.key), **shown}, personal=sorted(personal & set(differences or {})),
           note=what)  # fmt: skip


def _plain(value: Any) -> Any:
    return f"{value:%H:%M}" if isinstance(value, time) else value


def _checked(session: Session, visit: Visit, register: Register, values: Values) -> dict[str, Any]:
    """Judge every value; all that is wrong is told at once, each beside its field."""
    problems: list[Problem] = []
    given: dict[str, Any] = {}
    for field in register.fields:
        for column in field.columns:
            value, code = _judged(session, visit, field, values.get(column))
            if code:
                problems.append(Problem(column, code, {"limit": field.limit}))
            given[_stored(field, column)] = value
        if field.required and not any(given[_stored(field, column)] not in (None, "") for column in field.columns) \
                and not any(problem.field in field.columns for problem in problems):  # fmt: skip
            problems.append(Problem(field.columns[0], "base.required"))
    first, last = given.get("first_day"), given.get("last_day")
    if first and last and last <= first:
        problems.append(Problem("last_day", "programme.nights-swapped"))
    if problems:
        raise Invalid(problems=problems)
    return given


def _stored(field: Field, column: str) -> str:
    return f"{column}_id" if field.kind in (Kind.MEMBER, Kind.ASSOCIATION) else column


def _judged(session: Session, visit: Visit, field: Field, value: Any) -> tuple[Any, str]:
    """Give the value as it is kept, and the code of what is wrong with it."""
    empty = value is None or value == ""
    if field.kind in (Kind.TEXT, Kind.LONG):
        text = str(value or "").strip()
        return text, "base.too-long" if len(text) > field.limit else ""
    if field.kind is Kind.YES:
        return bool(value), ""
    if field.kind in (Kind.CHOICE, Kind.CURRENCY, Kind.LANGUAGE):
        known = list(field.choices or CHOICES[field.kind]) if not empty else []
        return value if value in known else None, "" if empty or value in known else "base.not-a-choice"
    if empty:
        return None, ""
    if field.kind in (Kind.NUMBER, Kind.AMOUNT):
        lowest, highest = (0, MAX_AMOUNT) if field.kind is Kind.AMOUNT else (1, field.limit)
        right = isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest
        return value if right else None, "" if right else "base.out-of-range"
    if field.kind is Kind.DAY:
        return value, _day_fault(visit, value)
    if field.kind is Kind.TIME:
        return value.replace(second=0, microsecond=0, tzinfo=None), "programme.local-times" if value.tzinfo else ""
    return value, "" if _known_row(session, visit, field.kind, value) else "base.not-a-choice"


def _day_fault(visit: Visit, day: date) -> str:
    if visit.arrival is not None and abs((day - visit.arrival).days) > 366:
        return "programme.day-far-off"
    return "" if 1950 <= day.year <= 2200 else "base.out-of-range"


def _known_row(session: Session, visit: Visit, kind: Kind, key: Any) -> bool:
    if kind is Kind.MEMBER:
        member = session.get(Member, key)
        return member is not None and member.visit_id == visit.id
    partner = session.get(Partner, key)
    return partner is not None and partner.kind == PartnerKind.ASSOCIATION
