"""The actor by whose decision a worker goes on."""

from sqlalchemy.orm import Session

from workflow.accounts.queries import account_names
from workflow.base.actor import Actor, ActorKind
from workflow.office.queries import our_zone


def officer(session: Session, account_id: int | None) -> Actor:
    """Make the actor of a job that carries out what a person decided: allowed just that, and named in the history."""
    name = account_names(session, [account_id]).get(account_id or 0, "")
    return Actor(ActorKind.SYSTEM, account_id, name, zone=our_zone(session))
