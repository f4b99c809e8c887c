"""Reads of programmes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from workflow.accounts.queries import account_names
from workflow.base.actor import Actor, ActorKind, Permission
from workflow.base.errors import NotFound
from workflow.base.languages import choose
from workflow.programme import rules
from workflow.programme.models import ProgrammeItem
from workflow.programme.rules import Clash
from workflow.visits.days_off import DayOff, Occasion, Stay, days_off, sides_of, stays_of
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit, seen_by
from workflow.visits.rules import Dates, Standing


@dataclass(frozen=True)
class ClashNote:
    """A warning on an item: who is needed elsewhere, in which item of which visit, from when."""

    kind: Clash
    who: str
    other_title_ru: str
    other_title_en: str
    other_visit_id: int | None
    other_visit_title: str
    starts: str


@dataclass(frozen=True)
class Day:
    """One day of a programme in order; `outside` when the visit's dates do not hold it."""

    day: date
    items: Sequence[ProgrammeItem]
    outside: bool


def may_read_internal(actor: Actor) -> bool:
    """Say whether the actor reads internal notes: staff do, interpreters and translators do not."""
    return actor.kind is ActorKind.SYSTEM or actor.may(Permission.VISITS_READ)


def items_of(session: Session, visit_id: int) -> Sequence[ProgrammeItem]:
    """List a visit's items in order; unscoped, the caller has checked that the actor may see the visit."""
    return session.scalars(
        select(ProgrammeItem).where(ProgrammeItem.visit_id == visit_id)
        .order_by(ProgrammeItem.day, ProgrammeItem.position, ProgrammeItem.id)
    ).all()


def days_of(visit: Visit, items: Iterable[ProgrammeItem]) -> list[Day]:
    """Group items by day."""
    grouped: dict[date, list[ProgrammeItem]] = {}
    for item in items:
        grouped.setdefault(item.day, []).append(item)
    return [Day(day, of_day, outside_dates(visit, day)) for day, of_day in sorted(grouped.items())]


def days_off_of(session: Session, visit: Visit, dates: Dates | None = None) -> list[DayOff]:
    """Find what of a visit falls on days off: its first and last day, and days of its programme.

    With other *dates* than it has, its programme and its stays on the way are taken to move along. The caller has
    checked that the actor may see the visit.
    """
    wanted = dates or Dates(visit.arrival, visit.departure)
    moved = wanted.arrival - visit.arrival if wanted.arrival and visit.arrival else timedelta()
    days = session.scalars(select(ProgrammeItem.day).where(ProgrammeItem.visit_id == visit.id).distinct())
    stays = [Stay(stay.country, stay.first_day and stay.first_day + moved, stay.last_day and stay.last_day + moved)
             for stay in stays_of(session, visit.id)]
    return days_off(session, sides_of(session, visit), [
        (Occasion.ARRIVAL, wanted.arrival), (Occasion.DEPARTURE, wanted.departure),
        *((Occasion.PROGRAMME, day + moved) for day in days)], stays)


def outside_dates(visit: Visit, day: date) -> bool:
    """Say whether a day lies outside the visit's dates, where these are known."""
    return bool((visit.arrival and day < visit.arrival) or (visit.departure and day > visit.departure))


def get_item(session: Session, actor: Actor, item_id: int) -> tuple[ProgrammeItem, Visit]:
    """Load an item of a visit that the actor may see.

    Raises:
        NotFound: there is none, or not for this actor.
    """
    item = None
    if actor.may(Permission.PROGRAMME_READ):
        item = session.scalars(
            select(ProgrammeItem)
            .where(ProgrammeItem.id == item_id, seen_by(actor, ProgrammeItem.visit_id))
        ).one_or_none()
    if item is None:
        raise NotFound("programme item")
    return item, get_visit(session, actor, item.visit_id)


def clash_notes(session: Session, actor: Actor, visit: Visit) -> Mapping[int, Sequence[ClashNote]]:
    """Find who would have to be in two places, among this visit's items and those of all other visits going on.

    Other visits that the actor may not see are counted, but not named. Three queries, however long the programmes.
    """
    own = [item for item in items_of(session, visit.id) if item.starts is not None]
    if not own:
        return {}
    others = _rivals(session, visit, own)
    zones = {visit.id: visit.zone}
    titles = {visit.id: visit.title(actor.locale)}
    rivals = {item.visit_id for item in others}
    if rivals:
        seen = set(session.scalars(select(Visit.id).where(Visit.id.in_(rivals), seen_by(actor, Visit.id))))
        for row in session.scalars(select(Visit).where(Visit.id.in_(rivals))):
            zones[row.id] = row.zone
            if row.id in seen:
                titles[row.id] = row.title(actor.locale)
    by_id = {item.id: item for item in (*own, *others)}
    slots = [slot for item in by_id.values() if (slot := slot_of(item, zones[item.visit_id])) is not None]
    names = account_names(session, [key for item in by_id.values() for key in (item.responsible_id,
                                                                               item.interpreter_id)], actor.locale)
    found: dict[int, list[ClashNote]] = {}
    for warning in rules.clashes(slots):
        item, other = by_id[warning.item_id], by_id[warning.other_id]
        if item.visit_id != visit.id:
            continue
        known = other.visit_id in titles
        found.setdefault(item.id, []).append(ClashNote(
            warning.kind, _who(item, warning.kind, names, actor.locale), other.title_ru if known else "",
            (other.title_en or other.title_ru) if known else "", other.visit_id if known else None,
            "" if other.visit_id == visit.id else titles.get(other.visit_id, ""),
            f"{other.starts:%H:%M}" if other.starts else "",
        ))
    return found


def slot_of(item: ProgrammeItem, zone: str) -> rules.Slot | None:
    """Make an item's slot, for clashes."""
    return rules.slot(
        item_id=item.id, visit_id=item.visit_id, day=item.day, starts=item.starts, ends=item.ends, zone=zone,
        responsible_id=item.responsible_id, interpreter_id=item.interpreter_id,
        interpreter_name=item.interpreter_name or item.interpreter_name_en, host=item.host_ru or item.host_en,
    )


def _rivals(session: Session, visit: Visit, own: Sequence[ProgrammeItem]) -> Sequence[ProgrammeItem]:
    """List items of other live visits near our days that could bind the same people."""
    days = sorted({item.day + timedelta(days=shift) for item in own for shift in (-1, 0, 1)})
    people = {key for item in own for key in (item.responsible_id, item.interpreter_id) if key is not None}
    words = {text for item in own
             for text in (item.interpreter_name, item.interpreter_name_en, item.host_ru, item.host_en) if text}
    return session.scalars(
        select(ProgrammeItem).join(Visit, Visit.id == ProgrammeItem.visit_id)
        .where(ProgrammeItem.visit_id != visit.id, ProgrammeItem.day.in_(days), ProgrammeItem.starts.is_not(None),
               Visit.standing == Standing.LIVE.value,
               or_(ProgrammeItem.responsible_id.in_(people), ProgrammeItem.interpreter_id.in_(people),
                   ProgrammeItem.interpreter_name.in_(words), ProgrammeItem.interpreter_name_en.in_(words),
                   ProgrammeItem.host_ru.in_(words), ProgrammeItem.host_en.in_(words)))
    ).all()


def _who(item: ProgrammeItem, kind: Clash, names: Mapping[int, str], language: str) -> str:
    match kind:
        case Clash.HOST:
            return item.host(language)
        case Clash.RESPONSIBLE:
            return names.get(item.responsible_id or 0, "")
        case Clash.INTERPRETER:
            return names.get(item.interpreter_id or 0, "") or named_outside(item, language) or names.get(
                item.responsible_id or 0, "")


def people_names(session: Session, items: Collection[ProgrammeItem], language: str) -> dict[int, str]:
    """Give the names of all accounts that items mention, in one query."""
    return account_names(session, [key for item in items for key in (item.responsible_id, item.interpreter_id)],
                         language)


def named_outside(item: ProgrammeItem, language: str) -> str:
    """Give the name of an interpreter who is none of us, for readers of *language*."""
    return choose(language, ru=item.interpreter_name, en=item.interpreter_name_en)


def interpreter_of(item: ProgrammeItem, names: Mapping[int, str], language: str) -> str:
    """Give the interpreter's name; empty when nobody is named."""
    return names.get(item.interpreter_id or 0, "") or named_outside(item, language)


def lacks_language(item: ProgrammeItem, language: str) -> bool:
    """Say whether an edition in *language* has to show words of the other language, as the item stands."""
    other = "en" if language == "ru" else "ru"
    return any(getattr(item, f"{name}_{other}") and not getattr(item, f"{name}_{language}")
               for name in ("title", "place", "host", "dress", "note"))


def counts(session: Session, visit_ids: Sequence[int]) -> dict[int, int]:
    """Count the items of each visit; unscoped, for conditions."""
    rows = session.execute(select(ProgrammeItem.visit_id, func.count()).where(ProgrammeItem.visit_id.in_(visit_ids))
                           .group_by(ProgrammeItem.visit_id))
    return {row[0]: row[1] for row in rows}


def without_interpreter(session: Session, visit_ids: Sequence[int]) -> Sequence[ProgrammeItem]:
    """List items that need an interpreter and name none; unscoped, for conditions."""
    return session.scalars(
        select(ProgrammeItem)
        .where(ProgrammeItem.visit_id.in_(visit_ids), ProgrammeItem.interpreter_needed,
               ProgrammeItem.interpreter_id.is_(None), ProgrammeItem.interpreter_name == "",
               ProgrammeItem.interpreter_name_en == "")
        .order_by(ProgrammeItem.visit_id, ProgrammeItem.day, ProgrammeItem.position, ProgrammeItem.id)
    ).all()
