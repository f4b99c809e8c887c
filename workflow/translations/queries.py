"""Reads of assignments. What a translator sees follows from the present state alone and is asked anew each time."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true, tuple_, union_all
from sqlalchemy.orm import Session

from workflow.accounts.queries import account_names, staff
from workflow.base.actor import Actor, ActorKind, Permission, Role
from workflow.base.database import read_key
from workflow.base.errors import NotFound
from workflow.base.files import StoredFile
from workflow.base.languages import choose
from workflow.translations import rules
from workflow.translations.models import Assignment, AssignmentRemark, TranslatorPair
from workflow.translations.rules import AssignmentState, Standing, Verb
from workflow.visits.models import Visit
from workflow.visits.queries import seen_by
from workflow.visits.rules import Standing as VisitStanding

DONE_SHOWN = 30

_AFTER_CLAIM = [state.value for state in (*rules.HELD, AssignmentState.ACCEPTED, AssignmentState.RELEASED)]
_FOR_REVISER = [state.value for state in (AssignmentState.SUBMITTED, AssignmentState.RETURNED,
                                          AssignmentState.ACCEPTED, AssignmentState.RELEASED)]

Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class VisitGlance:
    """All that a translator may know of a visit: its name, days and place."""

    id: int
    title_ru: str
    title_en: str
    arrival: date | None
    departure: date | None
    place: str
    place_en: str
    zone: str

    def title(self, language: str) -> str:
        """The title for readers of *language*."""
        return choose(language, ru=self.title_ru, en=self.title_en)

    def place_in(self, language: str) -> str:
        """The place for readers of *language*."""
        return choose(language, ru=self.place, en=self.place_en)


@dataclass(frozen=True)
class Card:
    """An assignment as boards show it, with what this actor may do to it now."""

    assignment: Assignment
    visit: VisitGlance
    verbs: tuple[Verb, ...]
    translator: str
    late: bool

    @property
    def pages(self) -> float | None:
        """The volume in pages of 1800 characters."""
        return rules.pages(self.assignment.characters)


@dataclass(frozen=True)
class Board:
    """A translator's work: to take, in hand, returned with remarks, handed in, to check for a colleague, done."""

    available: Sequence[Card]
    mine: Sequence[Card]
    returned: Sequence[Card]
    handed_in: Sequence[Card]
    to_check: Sequence[Card]
    done: Sequence[Card]


def pairs_of(session: Session, account_ids: Collection[int]) -> Mapping[int, Pairs]:
    """Give the directions in which accounts translate; an account without any is not in the mapping."""
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for row in session.scalars(select(TranslatorPair).where(TranslatorPair.account_id.in_(list(account_ids)))):
        found[row.account_id].add((row.source, row.target))
    return {account_id: frozenset(pairs) for account_id, pairs in found.items()}


def my_pairs(session: Session, actor: Actor) -> Pairs:
    """Give the actor's own directions; empty means every direction."""
    return pairs_of(session, [actor.account_id]).get(actor.account_id, frozenset()) if actor.account_id else frozenset()


def standing(actor: Actor, assignment: Assignment, pairs: Pairs) -> Standing:
    """Say how the actor stands to an assignment that they can see."""
    me = actor.account_id
    return Standing(
        orders=actor.may(Permission.TRANSLATIONS_ORDER),
        manages=actor.kind is ActorKind.SYSTEM or Role.MANAGER in actor.roles,
        takes=actor.may(Permission.TRANSLATIONS_TAKE) and me is not None,
        fits=rules.fits(pairs, assignment.source_language, assignment.target_language),
        translator=me is not None and assignment.translator_id == me,
        reviser=me is not None and assignment.reviser_id == me,
    )


def available(pairs: Pairs) -> ColumnElement[bool]:
    """Hold for open assignments of live visits that fit the directions."""
    goes_on = exists().where(Visit.id == Assignment.visit_id, Visit.standing == VisitStanding.LIVE.value)
    live = goes_on.correlate(Assignment)
    fit = (tuple_(Assignment.source_language, Assignment.target_language).in_(sorted(pairs)) if pairs else true())
    return and_(Assignment.state == AssignmentState.OPEN.value, live, fit)


def visible_assignments(actor: Actor, pairs: Pairs) -> Select[tuple[Assignment]]:
    """Build the query of what the actor may see now.

    Those who order see all of their visits; a translator what is open in their directions and what is theirs; a named
    reviser what has been handed in.
    """
    seen: list[ColumnElement[bool]] = []
    if actor.may(Permission.TRANSLATIONS_ORDER):
        seen.append(seen_by(actor, Assignment.visit_id))
    if actor.may(Permission.TRANSLATIONS_TAKE) and actor.account_id is not None:
        me = actor.account_id
        taken = (
            available(pairs),
            and_(Assignment.translator_id == me, Assignment.state.in_(_AFTER_CLAIM)),
            and_(Assignment.reviser_id == me, Assignment.state.in_(_FOR_REVISER)),
        )
        # each by its own index: together they would read every assignment there ever was
        seen.append(Assignment.id.in_(union_all(*(select(Assignment.id).where(each) for each in taken))))
    return select(Assignment).where(or_(false(), *seen))


def get_assignment(session: Session, actor: Actor, assignment_id: int) -> tuple[Assignment, Standing]:
    """Load an assignment that the actor may see now, and how they stand to it.

    Raises:
        NotFound: there is none, or not for this actor as things stand.
    """
    pairs = my_pairs(session, actor)
    found = session.scalars(visible_assignments(actor, pairs).where(Assignment.id == assignment_id)).one_or_none()
    if found is None:
        raise NotFound("assignment")
    return found, standing(actor, found, pairs)


def glances(session: Session, visit_ids: Iterable[int]) -> dict[int, VisitGlance]:
    """Give what translators may know of visits, in one query."""
    rows = session.execute(
        select(Visit.id, Visit.title_ru, Visit.title_en, Visit.arrival, Visit.departure, Visit.place, Visit.place_en,
               Visit.zone)
        .where(Visit.id.in_(set(visit_ids)))
    )
    return {row.id: VisitGlance(*row) for row in rows}


def cards(session: Session, actor: Actor, now: datetime, rows: Sequence[Assignment]) -> list[Card]:
    """Dress assignments for a board; the number of queries does not grow with them."""
    if not rows:
        return []
    pairs = my_pairs(session, actor)
    visits = glances(session, (row.visit_id for row in rows))
    names = account_names(session, [row.translator_id for row in rows], actor.locale)
    return [
        Card(
            row, visits[row.visit_id], rules.allowed(AssignmentState(row.state), standing(actor, row, pairs)),
            names.get(row.translator_id or 0, ""),
            row.due_at is not None and row.due_at < now and AssignmentState(row.state) in rules.LIVE,
        )
        for row in rows
    ]


def board(session: Session, actor: Actor, now: datetime) -> Board:
    """Give a translator's board; empty for those who do not translate."""
    if not actor.may(Permission.TRANSLATIONS_TAKE) or actor.account_id is None:
        return Board([], [], [], [], [], [])
    me, pairs = actor.account_id, my_pairs(session, actor)
    finished = [AssignmentState.ACCEPTED.value, AssignmentState.RELEASED.value]
    rows = list(session.scalars(
        select(Assignment)
        .where(or_(
            available(pairs),
            and_(Assignment.translator_id == me, Assignment.state.in_([state.value for state in rules.HELD])),
            and_(Assignment.reviser_id == me, Assignment.state == AssignmentState.SUBMITTED.value),
        ))
        .order_by(Assignment.due_at, Assignment.id)
    ))
    rows += session.scalars(
        select(Assignment).where(Assignment.translator_id == me, Assignment.state.in_(finished))
        .order_by(Assignment.accepted_at.desc(), Assignment.id.desc()).limit(DONE_SHOWN)
    )
    parts: dict[str, list[Card]] = defaultdict(list)
    for card in cards(session, actor, now, rows):
        parts[_part(card.assignment, me)].append(card)
    return Board(parts["available"], parts["mine"], parts["returned"], parts["handed_in"], parts["to_check"],
                 parts["done"])


def _part(row: Assignment, me: int) -> str:
    match AssignmentState(row.state):
        case AssignmentState.OPEN:
            return "available"
        case AssignmentState.CLAIMED:
            return "mine"
        case AssignmentState.RETURNED:
            return "returned"
        case AssignmentState.SUBMITTED:
            return "handed_in" if row.translator_id == me else "to_check"
        case _:
            return "done"


def assignments_of_visit(session: Session, actor: Actor, visit_id: int) -> Sequence[Assignment]:
    """List a visit's assignments that the actor may see, the earliest due first, cancelled ones last."""
    cancelled = Assignment.state == AssignmentState.CANCELLED.value
    return session.scalars(
        visible_assignments(actor, my_pairs(session, actor)).where(Assignment.visit_id == visit_id)
        .order_by(cancelled, Assignment.due_at.is_(None), Assignment.due_at, Assignment.id)
    ).all()


@dataclass(frozen=True)
class Slice:
    """One page of a list and the cursor of the next, if there is one."""

    rows: Sequence[Assignment]
    next_cursor: str | None


def list_assignments(session: Session, actor: Actor, *, state: str = "", visit_id: int | None = None,
                     cursor: str | None = None, limit: int = 50) -> Slice:
    """List what the actor may see, the newest first.

    Raises:
        NotFound: the cursor is not one of ours.
    """
    query = visible_assignments(actor, my_pairs(session, actor))
    if state:
        query = query.where(Assignment.state == state)
    if visit_id is not None:
        query = query.where(Assignment.visit_id == visit_id)
    if cursor:
        if read_key(cursor) is None:
            raise NotFound("page")
        query = query.where(Assignment.id < read_key(cursor))
    rows = session.scalars(query.order_by(Assignment.id.desc()).limit(limit + 1)).all()
    return Slice(rows[:limit], str(rows[limit - 1].id) if len(rows) > limit else None)


def to_check(session: Session, actor: Actor, now: datetime) -> Sequence[Card]:
    """List what waits to be checked by those who order, not their own work; for the desks."""
    if not actor.may(Permission.TRANSLATIONS_ORDER):
        return []
    rows = session.scalars(
        select(Assignment)
        .where(seen_by(actor, Assignment.visit_id), Assignment.state == AssignmentState.SUBMITTED.value,
               or_(Assignment.translator_id.is_(None), Assignment.translator_id != (actor.account_id or 0)))
        .order_by(Assignment.due_at, Assignment.id)
    ).all()
    return cards(session, actor, now, rows)


def remarks(session: Session, assignment_id: int) -> Sequence[AssignmentRemark]:
    """List what was said of an assignment, in order; the caller has checked that the actor may see it."""
    return session.scalars(
        select(AssignmentRemark).where(AssignmentRemark.assignment_id == assignment_id).order_by(AssignmentRemark.id)
    ).all()


def file_names(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """Give the names of files by key."""
    wanted = {key for key in ids if key is not None}
    if not wanted:
        return {}
    return {row.id: row.name for row in session.scalars(select(StoredFile).where(StoredFile.id.in_(wanted)))}


def qualified(session: Session, source: str, target: str) -> list[int]:
    """Give the active translators who work in a direction."""
    people = staff(session, Role.TRANSLATOR)
    pairs = pairs_of(session, [one.id for one in people])
    return [one.id for one in people if rules.fits(pairs.get(one.id, frozenset()), source, target)]


def translator_pairs(session: Session) -> Mapping[int, Sequence[TranslatorPair]]:
    """Give all directions of all accounts, for the page where they are kept."""
    found: dict[int, list[TranslatorPair]] = defaultdict(list)
    for row in session.scalars(select(TranslatorPair).order_by(TranslatorPair.source, TranslatorPair.target)):
        found[row.account_id].append(row)
    return found


def open_counts(session: Session, visit_ids: Sequence[int]) -> dict[int, int]:
    """Count what is not settled in each visit; unscoped, for conditions."""
    rows = session.execute(
        select(Assignment.visit_id, func.count())
        .where(Assignment.visit_id.in_(visit_ids),
               Assignment.state.in_([state.value for state in rules.UNSETTLED]))
        .group_by(Assignment.visit_id)
    )
    return {row[0]: row[1] for row in rows}
