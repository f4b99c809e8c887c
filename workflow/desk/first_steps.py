"""What an administrator has still to enter before the department can work."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from workflow.accounts.queries import staff
from workflow.base.actor import Role
from workflow.base.languages import N_
from workflow.office.queries import office, signatories


@dataclass(frozen=True)
class FirstStep:
    """One thing to enter: its words, untranslated, and the page for it."""

    title: str
    endpoint: str


def first_steps(session: Session) -> list[FirstStep]:
    """Give what is still to be entered, in the order in which it is best done."""
    wanted = [
        (office(session) is not None, FirstStep(N_("Describe our office"), "office.index")),
        (bool(signatories(session)), FirstStep(N_("Name who signs the papers"), "office.signatories")),
        (bool(staff(session, Role.COORDINATOR)), FirstStep(N_("Add a coordinator"), "accounts.index")),
        (bool(staff(session, Role.MANAGER)), FirstStep(N_("Add a manager"), "accounts.index")),
    ]
    return [step for done, step in wanted if not done]
