"""Reads of a visit's logistics: for those who read visits, of visits that they may see."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.errors import NotFound
from workflow.programme.logistics.models import Estimate, OfVisit
from workflow.programme.logistics.registers import REGISTERS, Register
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit, seen_by


def find_register(key: str) -> Register:
    """Give a register by its key.

    Raises:
        NotFound: there is none.
    """
    if key not in REGISTERS:
        raise NotFound("register")
    return REGISTERS[key]


def rows_of(session: Session, register: Register, visit_id: int) -> Sequence[OfVisit]:
    """List a visit's rows in order; unscoped, the caller has checked that the actor may see the visit."""
    model = register.model
    order = [getattr(model, name) for name in register.order]
    return session.scalars(select(model).where(model.visit_id == visit_id).order_by(*order)).all()


def logistics_of(session: Session, actor: Actor, visit_id: int) -> tuple[Visit, Mapping[str, Sequence[OfVisit]]]:
    """Load a visit with all rows of its logistics, by register.

    Raises:
        NotFound: there is no such visit, or not for this actor.
    """
    if not actor.may(Permission.VISITS_READ):
        raise NotFound("visit")
    visit = get_visit(session, actor, visit_id)
    return visit, {key: rows_of(session, register, visit.id) for key, register in REGISTERS.items()}


def get_row(session: Session, actor: Actor, register: Register, row_id: int) -> OfVisit:
    """Load a row of a visit that the actor may see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    model = register.model
    row = None
    if actor.may(Permission.VISITS_READ):
        row = session.scalars(select(model).where(model.id == row_id, seen_by(actor, model.visit_id))).one_or_none()
    if row is None:
        raise NotFound("row")
    return row


def currency_of(session: Session, visit_id: int) -> str:
    """Give the currency of a visit's estimate; roubles where nobody chose another."""
    return session.scalar(select(Estimate.currency).where(Estimate.visit_id == visit_id)) or "RUB"
