"""What people do with visits themselves: open, correct, see, rest on a basis.

The process room calls `open_visit`, `write_stage`, `write_standing` and `write_dates`; nothing else does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from workflow.base.actor import Actor, Role
from workflow.base.database import expect_references, expect_version, lock_row
from workflow.base.encryption import blind_index
from workflow.base.errors import Invalid, NotFound, Problem
from workflow.base.events import changed, record
from workflow.base.files import StoredFile
from workflow.visits.models import Told, Visit, VisitAccess, VisitBasis
from workflow.visits.queries import get_basis
from workflow.visits.rules import Capacity, Dates, Direction, Standing, crosses_border, unknown_choices
from workflow.visits.scans import keep_scan_of_basis

UNDATED = Dates(None, None)
CORRECTABLE = frozenset(
    {"title_ru", "title_en", "purpose", "purpose_en", "place_en", "payer_ru", "payer_en",
     "visa_purpose", "host_name", "host_name_en", "languages", "place", "zone", "partner_id",
     "country", "responsible_id", "substitute_id"}
)
_BASIS_FIELDS = {"text": "basis", "text_en": "basis_en"}


@dataclass(frozen=True)
class Opening:
    """What the process room decides about a new visit."""

    process_key: str
    process_version: int
    stage: str
    our_country: str = "RU"


@dataclass(frozen=True)
class VisitData:
    """What a visit is opened with."""

    title_ru: str
    direction: Direction
    title_en: str = ""
    partner_id: int | None = None
    country: str = ""
    place: str = ""
    zone: str = "Europe/Moscow"
    dates: Dates = UNDATED
    dates_text: str = ""
    purpose: str = ""
    visa_purpose: str = "official"
    host_name: str = ""
    languages: list[str] = field(default_factory=list)
    responsible_id: int | None = None
    substitute_id: int | None = None
    copied_from_id: int | None = None
    source: str = ""
    standing: Standing = Standing.LIVE


def open_visit(session: Session, actor: Actor, now: datetime, data: VisitData, opening: Opening) -> Visit:
    """Open a visit in its first stage and let the department and its two officers see it.

    Raises:
        Invalid: no title, dates that cannot be, the same person as responsible and substitute, or a country, zone or
            purpose that is none.
    """
    _check(data.title_ru or data.title_en, data.dates, data.responsible_id, data.substitute_id,
           {"zone": data.zone, "visa_purpose": data.visa_purpose, "country": data.country})
    visit = Visit(
        title_ru=data.title_ru or data.title_en, title_en=data.title_en, direction=data.direction,
        process_key=opening.process_key, process_version=opening.process_version, stage=opening.stage,
        stage_entered_at=now, standing=data.standing, partner_id=data.partner_id, country=data.country,
        place=data.place, zone=data.zone, arrival=data.dates.arrival, departure=data.dates.departure,
        dates_text=data.dates_text, purpose=data.purpose, visa_purpose=data.visa_purpose, host_name=data.host_name,
        languages=list(data.languages), responsible_id=data.responsible_id, substitute_id=data.substitute_id,
        crosses_border=crosses_border(data.direction, our_country=opening.our_country, other_country=data.country),
        copied_from_id=data.copied_from_id, source=data.source, opened_at=now,
        closed_at=now if data.standing is Standing.CLOSED else None,
    )
    expect_references(session, visit, ("responsible_id", "substitute_id", "partner_id"))
    session.add(visit)
    session.flush()
    for role in (Role.COORDINATOR, Role.MANAGER):
        session.add(VisitAccess(visit_id=visit.id, role=role, capacity=Capacity.STAFF, granted_at=now))
    _seat_officers(session, now, visit)
    record(session, actor, now, "visits.visit.opened", subject=visit, visit_id=visit.id,
           changes={"stage": (None, visit.stage)})
    return visit


def _check(title: str, dates: Dates, responsible_id: int | None, substitute_id: int | None, values: Mapping[str, Any]
           ) -> None:
    problems = [Problem(name, "base.not-a-choice") for name in unknown_choices(values)]
    if not title.strip():
        problems.append(Problem("title_ru", "visits.title-missing"))
    if dates.problem:
        problems.append(Problem(dates.faulty, dates.problem))
    if responsible_id and responsible_id == substitute_id:
        problems.append(Problem("substitute_id", "visits.same-officer"))
    if problems:
        raise Invalid(problems=problems)


def _seat_officers(session: Session, now: datetime, visit: Visit) -> None:
    for capacity, account_id in ((Capacity.RESPONSIBLE, visit.responsible_id),
                                 (Capacity.SUBSTITUTE, visit.substitute_id)):
        session.execute(
            update(VisitAccess)
            .where(VisitAccess.visit_id == visit.id, VisitAccess.capacity == capacity, VisitAccess.ended_at.is_(None),
                   VisitAccess.account_id != (account_id or 0))
            .values(ended_at=now).execution_options(synchronize_session=False)
        )
        if account_id:
            grant_access(session, now, visit.id, account_id, capacity)


def grant_access(
    session: Session, now: datetime, visit_id: int, account_id: int, capacity: Capacity, *, reason: str = ""
) -> None:
    """Let an account see a visit in a capacity; *reason* names what gives it ("assignment:12"), for ending it."""
    there = session.scalar(
        select(VisitAccess.id).where(
            VisitAccess.visit_id == visit_id, VisitAccess.account_id == account_id, VisitAccess.capacity == capacity,
            VisitAccess.reason == reason, VisitAccess.ended_at.is_(None))
    )
    if there is None:
        session.add(VisitAccess(visit_id=visit_id, account_id=account_id, capacity=capacity, reason=reason,
                                granted_at=now))
        session.flush()


def end_access(session: Session, now: datetime, visit_id: int, *, reason: str, account_id: int | None = None) -> None:
    """End the access that *reason* gave, of one account or of all."""
    query = update(VisitAccess).where(VisitAccess.visit_id == visit_id, VisitAccess.reason == reason,
                                      VisitAccess.ended_at.is_(None))
    if account_id is not None:
        query = query.where(VisitAccess.account_id == account_id)
    session.execute(query.values(ended_at=now).execution_options(synchronize_session=False))


def correct_visit(
    session: Session, actor: Actor, now: datetime, visit: Visit, values: Mapping[str, Any], *,
    version: int | None = None, our_country: str = "RU",
) -> None:
    """Correct a visit's own facts (not its dates, stage or standing).

    Raises:
        Stale: somebody else saved meanwhile.
        Invalid: a value cannot be.
    """
    unknown = set(values) - CORRECTABLE
    if unknown:
        raise Invalid("base.unknown-field", field=min(unknown))
    expect_version(visit, version, {name: getattr(visit, name) for name in values})
    differences = changed(visit, values)
    _check(visit.title_ru or visit.title_en, Dates(visit.arrival, visit.departure), visit.responsible_id,
           visit.substitute_id, values)
    if not differences:
        return
    expect_references(session, visit, differences)
    visit.crosses_border = crosses_border(Direction(visit.direction), our_country=our_country,
                                          other_country=visit.country)
    _seat_officers(session, now, visit)
    record(session, actor, now, "visits.visit.corrected", subject=visit, visit_id=visit.id, changes=differences)


def write_dates(session: Session, actor: Actor, now: datetime, visit: Visit, dates: Dates, *, note: str = "") -> bool:
    """Set a visit's first and last day; tell whether anything changed. For the process room.

    Raises:
        Invalid: the dates cannot be.
    """
    if dates.problem:
        raise Invalid(dates.problem, field=dates.faulty)
    differences = changed(visit, {"arrival": dates.arrival, "departure": dates.departure})
    if differences:
        visit.dates_text = ""
        record(session, actor, now, "visits.dates.changed", subject=visit, visit_id=visit.id, changes=differences,
               note=note)
    return bool(differences)


def write_stage(
    session: Session, actor: Actor, now: datetime, visit: Visit, stage: str, *, step: str, note: str = "",
    closes: bool = False,
) -> None:
    """Move a visit to a stage. For the process room, which has judged the step."""
    before = visit.stage
    visit.stage, visit.stage_entered_at = stage, now
    if closes:
        visit.standing, visit.closed_at = Standing.CLOSED, now
    record(session, actor, now, "process.stage.entered", subject=visit, visit_id=visit.id,
           changes={"stage": (before, stage), "step": (None, step)}, note=note)


def write_standing(
    session: Session, actor: Actor, now: datetime, visit: Visit, standing: Standing, *, reason: str
) -> None:
    """Cancel, postpone, resume or close a visit. For the process room."""
    before = visit.standing
    visit.standing, visit.standing_reason = standing, reason[:1000]
    visit.closed_at = now if standing in (Standing.CANCELLED, Standing.CLOSED) else None
    kind = {Standing.CANCELLED: "process.visit.cancelled", Standing.POSTPONED: "process.visit.postponed",
            Standing.LIVE: "process.visit.resumed", Standing.CLOSED: "process.visit.closed"}[standing]
    record(session, actor, now, kind, subject=visit, visit_id=visit.id, changes={"standing": (before, standing)},
           note=reason)


def add_basis(
    session: Session, actor: Actor, now: datetime, visit: Visit, *, kind: str, text: str, number: str = "",
    dated: date | None = None, agreement_id: int | None = None, file_id: int | None = None, text_en: str = "",
) -> VisitBasis:
    """Say what a visit rests on.

    Raises:
        Invalid: nothing was said.
    """
    if not text.strip():
        raise Invalid("visits.basis-missing", field="text")
    basis = VisitBasis(visit_id=visit.id, kind=kind, text=text.strip()[:400], number=number, dated=dated,
                       agreement_id=agreement_id, file_id=file_id, text_en=text_en.strip()[:400])
    session.add(basis)
    session.flush()
    record(session, actor, now, "visits.basis.added", subject=basis, visit_id=visit.id, changes={"kind": (None, kind)})
    return basis


def correct_basis(
    session: Session, actor: Actor, now: datetime, visit: Visit, basis_id: int, values: Mapping[str, Any], *,
    version: int | None = None, scan: StoredFile | None = None,
) -> VisitBasis:
    """Correct what a visit rests on; *version* is the visit's. A new *scan* counts from now, the one before stays.

    Raises:
        NotFound: the visit rests on no such thing.
        Stale: somebody else saved the visit meanwhile.
        Invalid: nothing was said.
    """
    basis = get_basis(session, visit, basis_id)
    if not values.get("text", basis.text).strip():
        raise Invalid("visits.basis-missing", field="text")
    expect_version(visit, version, {name: getattr(basis, name) for name in values})
    before = basis.text
    differences = changed(basis, {name: value.strip() if isinstance(value, str) else value
                                  for name, value in values.items()})
    if scan is not None:
        if basis.file_id is not None:
            keep_scan_of_basis(session, actor, now, visit.id, basis.file_id, before)
        basis.file_id = scan.id
    if not differences and scan is None:
        return basis
    flag_modified(visit, "title_ru")  # a new version of the visit: whoever corrects it at the same time is told
    session.flush()
    told = {_BASIS_FIELDS.get(name, name): pair for name, pair in differences.items()}
    record(session, actor, now, "visits.basis.corrected", subject=basis, visit_id=visit.id,
           changes=told if scan is None else told | {"scan": (None, scan.name)})
    return basis


def remove_basis(session: Session, actor: Actor, now: datetime, visit: Visit, basis_id: int) -> None:
    """Take a basis away that was entered by mistake; the scan that came with it stays with the visit.

    Raises:
        NotFound: the visit has no such basis, or has it no longer.
    """
    basis = lock_row(session, VisitBasis, basis_id)
    if basis is None or basis.visit_id != visit.id:
        raise NotFound("basis")
    if basis.file_id is not None:
        keep_scan_of_basis(session, actor, now, visit.id, basis.file_id, basis.text)
    record(session, actor, now, "visits.basis.removed", subject=basis, visit_id=visit.id,
           changes={"kind": (basis.kind, None)})
    session.delete(basis)


def note_told(session: Session, now: datetime, visit_id: int, *, name: str, address: str, language: str) -> None:
    """Remember that an outside address was told this visit's dates; the same address is kept once."""
    index = blind_index(address.casefold())
    known = session.scalar(select(Told.id).where(Told.visit_id == visit_id, Told.address_index == index))
    if known is None:
        session.add(Told(visit_id=visit_id, name=name, address=address.strip(), address_index=index,
                         language=language, told_at=now))
        session.flush()


def copy_visit(session: Session, actor: Actor, now: datetime, source: Visit, dates: Dates, opening: Opening) -> Visit:
    """Open a new visit like an earlier one: partner, place, purpose, languages and officers, with new dates."""
    visit = open_visit(
        session, actor, now,
        VisitData(title_ru=source.title_ru, title_en=source.title_en, direction=Direction(source.direction),
                  partner_id=source.partner_id, country=source.country, place=source.place, zone=source.zone,
                  dates=dates, purpose=source.purpose, visa_purpose=source.visa_purpose, host_name=source.host_name,
                  languages=list(source.languages), responsible_id=source.responsible_id or actor.account_id,
                  substitute_id=source.substitute_id, copied_from_id=source.id),
        opening,
    )
    for name in ("place_en", "purpose_en", "host_name_en"):
        setattr(visit, name, getattr(source, name))
    record(session, actor, now, "visits.visit.copied", subject=visit, visit_id=visit.id,
           changes={"copied_from": (None, source.id)})
    return visit
