"""Reads of persons and passports, scoped to the actor.

Who may see a person follows from the visits in which that person takes part. Visits stand a floor above: `app.py`
hands over `visits.queries.person_seen_by` by `use_person_scope`.
"""

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from workflow.base.actor import Actor, Permission
from workflow.base.errors import NotFound
from workflow.people.models import Passport, Person, PersonMerge, PersonPost

PersonScope = Callable[[Actor, InstrumentedAttribute[int]], ColumnElement[bool]]
"""Asks of each row whether the actor may see the person with its id."""

PERSON_SCOPE: list[PersonScope] = []


def use_person_scope(scope: PersonScope) -> None:
    """Set who may see whom; once at start."""
    PERSON_SCOPE[:] = [scope]


def visible_persons(actor: Actor) -> Select[tuple[Person]]:
    """Give the persons that the actor may see, as a query to build on; nobody before the scope is set."""
    query = select(Person)
    if not PERSON_SCOPE or not actor.may(Permission.PEOPLE_READ):
        return query.where(Person.id < 0)
    return query.where(PERSON_SCOPE[0](actor, Person.id))


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


def left_posts(session: Session, person: Person) -> Sequence[PersonPost]:
    """List the posts that a person has left, the last first; the caller has checked that the actor may see them."""
    return session.scalars(
        select(PersonPost).where(PersonPost.person_id == person.id)
        .order_by(PersonPost.until.desc(), PersonPost.id.desc())
    ).all()


def survivor_of(session: Session, actor: Actor, person_id: int) -> int | None:
    """Give the person into whom this entry was merged, if it was and the actor may see that person."""
    survivor_id = session.scalar(select(Person.merged_into_id).where(Person.id == person_id))
    if survivor_id is None:
        return None
    return session.scalar(visible_persons(actor).with_only_columns(Person.id).where(Person.id == survivor_id))


def get_merge(session: Session, survivor: Person, act_id: int) -> PersonMerge:
    """Load the act of a merge into this person, whom the actor may see.

    Raises:
        NotFound: there is none.
    """
    act = session.scalars(
        select(PersonMerge).where(PersonMerge.id == act_id, PersonMerge.survivor_id == survivor.id)
    ).one_or_none()
    if act is None:
        raise NotFound("merge")
    return act
