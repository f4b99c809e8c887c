"""Reads of persons and passports, scoped to the actor.

Who may see a person follows from the visits in which that person takes part. Visits stand a floor above: `app.py`
hands over `visits.queries.visible_person_ids` by `use_person_scope`.
"""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from workflow.base.actor import Actor, Permission
from workflow.base.errors import NotFound
from workflow.people.models import Passport, Person

PersonScope = Callable[[Actor], Select[tuple[int]]]
"""Gives the ids of the persons that an actor may see, as a query to build on."""

PERSON_SCOPE: list[PersonScope] = []


def use_person_scope(scope: PersonScope) -> None:
    """Set who may see whom; once at start."""
    PERSON_SCOPE[:] = [scope]


def visible_persons(actor: Actor) -> Select[tuple[Person]]:
    """Give the persons that the actor may see, as a query to build on; nobody before the scope is set."""
    query = select(Person)
    if not PERSON_SCOPE or not actor.may(Permission.PEOPLE_READ):
        return query.where(Person.id < 0)
    return query.where(Person.id.in_(PERSON_SCOPE[0](actor)))


def get_person(session: Session, actor: Actor, person_id: int) -> Person:
    """Load a person with passports.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    query = visible_persons(actor).where(Person.id == person_id).options(selectinload(Person.passports))
    person = session.scalars(query).one_or_none()
    if person is None:
        raise NotFound("person")
    return person


def get_passport(session: Session, actor: Actor, passport_id: int) -> Passport:
    """Load a passport of a person that the actor may see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    passport = session.get(Passport, passport_id)
    if passport is None:
        raise NotFound("passport")
    get_person(session, actor, passport.person_id)
    return passport


def live_passports(person: Person) -> Sequence[Passport]:
    """Give a person's passports in use, the longest valid first."""
    live = [passport for passport in person.passports if passport.retired_at is None]
    return sorted(live, key=lambda one: (one.expires_on or date.min, one.id), reverse=True)
