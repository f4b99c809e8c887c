"""What papers may say of a visit's logistics (`docs/facts.md`): sections `costs` to `trip`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.accounts.queries import people
from workflow.base.languages import translations, twin
from workflow.base.reasons import FactCollector, FactScope
from workflow.partners.facts import partner_facts
from workflow.programme.logistics.models import (
    CostLine,
    Duty,
    EntryTerms,
    Estimate,
    Gift,
    InterpretingTerms,
    Lodging,
    Transfer,
    TripTask,
)
from workflow.programme.logistics.registers import word
from workflow.programme.logistics.rules import (
    Entries,
    GiftWay,
    Heading,
    Interpreting,
    Leg,
    Payer,
    Unit,
    Vehicle,
    Way,
    amount_text,
    difference_text,
    line_sum,
    our_payer,
    over_norm,
    plain_amount,
)
from workflow.programme.models import ProgrammeItem
from workflow.programme.queries import items_of
from workflow.visits.models import Visit

LANGUAGES = ("ru", "en")


def _text(row: Any, name: str) -> dict[str, str] | None:
    """Give a text in both languages; None when it is known in neither."""
    texts = {language: getattr(row, f"{name}_{language}", "") if row is not None else "" for language in LANGUAGES}
    return texts if any(texts.values()) else None


def _word(kind: type[StrEnum], value: str) -> dict[str, str]:
    return {language: str(translations(language).gettext(word(kind, value))) for language in LANGUAGES}


def _sum(minor: int, currency: str) -> dict[str, str]:
    return {language: amount_text(minor, currency, language) for language in LANGUAGES}


def _difference(minor: int, currency: str = "") -> dict[str, str]:
    return {language: difference_text(minor, language, currency) for language in LANGUAGES}


def _plain(minor: int) -> dict[str, str]:
    return {language: plain_amount(minor, language) for language in LANGUAGES}


def _estimate(session: Session, visit_id: int) -> Estimate | None:
    return session.scalars(select(Estimate).where(Estimate.visit_id == visit_id)).one_or_none()


def costs(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the estimate: its lines, what each side pays, the whole sum."""
    terms = _estimate(session, scope.visit_id)
    currency = terms.currency if terms else "RUB"
    lines = session.scalars(select(CostLine).where(CostLine.visit_id == scope.visit_id).order_by(CostLine.id)).all()
    sums = [line_sum(price=line.price, quantity=line.quantity, days=line.days) for line in lines]
    by_payer: dict[str, int] = {}
    for line, value in zip(lines, sums, strict=True):
        by_payer[line.payer] = by_payer.get(line.payer, 0) + value
    return {
        "currency": currency, "category": _text(terms, "category"), "source": _text(terms, "source"),
        "norms": _text(terms, "norms"),
        "lines": [
            {
                "n": number, "heading": _word(Heading, line.heading), "what": _text(line, "what"),
                "unit": _word(Unit, line.unit), "quantity": line.quantity, "days": line.days, "price": line.price,
                "price_text": _plain(line.price), "sum": value, "sum_text": _plain(value),
                "norm_text": None if line.norm is None else _plain(line.norm),
                "over_norm": over_norm(line.price, line.norm), "payer": _word(Payer, line.payer),
                "budget_line": line.budget_line or None,
            }
            for number, (line, value) in enumerate(zip(lines, sums, strict=True), 1)
        ],
        "by_payer": [{"payer": _word(Payer, payer), "sum": value, "sum_text": _sum(value, currency)}
                     for payer, value in by_payer.items()],
        "total": sum(sums), "total_text": _sum(sum(sums), currency) if lines else None,
        "host_total_text": _sum(by_payer[Payer.HOST], currency) if Payer.HOST in by_payer else None,
        "meals": [{"people": line.quantity, "days": line.days, "price_text": _sum(line.price, currency),
                   "what": _text(line, "what")} for line in lines if line.heading == Heading.MEALS],
        "actual": _actual(lines, our_payer(session.get_one(Visit, scope.visit_id).direction), currency),
    }  # fmt: skip


def _actual(lines: Sequence[CostLine], ours: Payer, currency: str) -> dict[str, Any]:
    """Set what we spent against what we planned; the sums are unknown while a line of ours has no actual amount."""
    known = [(number, line, line_sum(price=line.price, quantity=line.quantity, days=line.days))
             for number, line in enumerate(lines, 1) if line.payer == ours]
    amounts = [line.spent for _, line, _ in known if line.spent is not None]
    planned = sum(value for _, _, value in known)
    whole = bool(known) and len(amounts) == len(known)
    over = sum(amounts) - planned
    return {
        "lines": [
            {
                "n": number, "heading": _word(Heading, line.heading), "what": _text(line, "what"),
                "planned_text": _plain(value), "spent_text": None if line.spent is None else _plain(line.spent),
                "difference_text": None if line.spent is None else _difference(line.spent - value),
            }
            for number, line, value in known
        ],
        "planned_text": _sum(planned, currency) if known else None,
        "spent_text": _sum(sum(amounts), currency) if whole else None,
        "difference_text": _difference(over, currency) if whole else None,
    }  # fmt: skip


def lodging(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the hotels."""
    rows = session.scalars(
        select(Lodging).where(Lodging.visit_id == scope.visit_id).order_by(Lodging.first_day, Lodging.id)
    )
    return {"stays": [
        {
            "hotel": _text(row, "hotel"), "address": _text(row, "address"), "phone": row.phone or None,
            "first_day": row.first_day, "last_day": row.last_day, "nights": (row.last_day - row.first_day).days,
            "rooms": row.rooms, "category": _text(row, "category"), "payer": _word(Payer, row.payer),
            "confirmation": row.confirmation or None,
        }
        for row in rows
    ]}  # fmt: skip


def gifts(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the gifts, given and received."""
    terms = _estimate(session, scope.visit_id)
    currency = terms.currency if terms else "RUB"
    listed: dict[str, list[dict[str, Any]]] = {way.value: [] for way in GiftWay}
    for row in session.scalars(select(Gift).where(Gift.visit_id == scope.visit_id).order_by(Gift.id)):
        listed[row.way].append({
            "n": len(listed[row.way]) + 1, "what": _text(row, "what"), "person": _text(row, "person"),
            "presenter": _text(row, "presenter"), "value": row.value,
            "value_text": None if row.value is None else _sum(row.value, currency), "handed_on": row.handed_on,
            "declared_on": row.declared_on,
        })  # fmt: skip
    return listed


def transport(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the journeys: arrivals, departures, rides in between. Drivers are named in working papers only."""
    rows = session.scalars(
        select(Transfer).where(Transfer.visit_id == scope.visit_id).order_by(Transfer.day, Transfer.at, Transfer.id)
    )
    listed: dict[str, list[dict[str, Any]]] = {leg.value: [] for leg in Leg}
    for row in rows:
        listed[row.leg].append({
            "vehicle": _word(Vehicle, row.vehicle), "number": row.number or None, "date": row.day,
            "time": f"{row.at:%H:%M}" if row.at else None, "place": _text(row, "place"), "people": row.people,
            "luggage": twin(row.luggage_ru, row.luggage_en), "greeter": _text(row, "greeter"), "lounge": row.lounge,
            "car": twin(row.car_ru, row.car_en), "driver": twin(row.driver_ru or "", row.driver_en or ""),
        })  # fmt: skip
    return {"arrivals": listed[Leg.ARRIVAL], "departures": listed[Leg.DEPARTURE], "rides": listed[Leg.LOCAL]}


def duties(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect who does what."""
    rows = session.scalars(select(Duty).where(Duty.visit_id == scope.visit_id).order_by(Duty.id))
    return {"rows": [{"n": number, "who": _text(row, "who"), "what": _text(row, "what"), "due": row.due_on}
                     for number, row in enumerate(rows, 1)]}  # fmt: skip


def entry(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect what visa papers say of the whole delegation; `association` is a partner like any other."""
    row = session.scalars(select(EntryTerms).where(EntryTerms.visit_id == scope.visit_id)).one_or_none()
    visit = session.get_one(Visit, scope.visit_id)
    names = ("places", "relation", "petition_to", "consulate", "guideline", "insurance", "embassy", "checkpoint")
    first, last = visit.arrival, visit.departure
    return {
        **{name: _text(row, name) for name in names},
        "entries": _word(Entries, row.entries) if row else None,
        "days": (last - first).days + 1 if first and last else None,
        "association": partner_facts(session, row.association_id if row else None),
    }


def _language(code: str) -> dict[str, str]:
    return {language: str(Locale.parse(language).languages.get(code, code)) for language in LANGUAGES}


def _minutes(items: Iterable[ProgrammeItem]) -> int:
    day = date(2000, 1, 1)
    return sum(int((datetime.combine(day, item.ends) - datetime.combine(day, item.starts)) / timedelta(minutes=1))
               for item in items if item.starts and item.ends)  # fmt: skip


def _length(minutes: int) -> dict[str, str] | None:
    hours, rest = divmod(minutes, 60)
    if not minutes:
        return None
    return {language: " ".join(f"{count}\u00a0{unit}" for count, unit in ((hours, h), (rest, m)) if count)
            for language, h, m in (("ru", "ч", "мин"), ("en", "h", "min"))}  # fmt: skip


def interpreting(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect what interpreters must know, and each one's items with the hours they come to."""
    terms = session.scalars(
        select(InterpretingTerms).where(InterpretingTerms.visit_id == scope.visit_id)
    ).one_or_none()
    items = [item for item in items_of(session, scope.visit_id)
             if item.interpreter_id or item.interpreter_name or item.interpreter_name_en]
    known = people(session, [item.interpreter_id for item in items])
    grouped: dict[tuple[int | None, str, str], list[ProgrammeItem]] = {}
    for item in items:
        outside = ("", "") if item.interpreter_id else (item.interpreter_name, item.interpreter_name_en)
        grouped.setdefault((item.interpreter_id, *outside), []).append(item)
    names = ("topic", "speakers", "materials", "dress", "rest", "confidentiality")
    visit = session.get(Visit, scope.visit_id)
    return {
        **{name: _text(terms, name) for name in names},
        "needed": bool(terms or grouped or (visit and set(visit.languages) - {"ru"})),
        "language": _language(terms.language) if terms else None,
        "mode": _word(Interpreting, terms.mode) if terms else None,
        "way": _word(Way, terms.way) if terms else None,
        "materials_due": terms.materials_due if terms else None,
        "interpreters": [
            {
                "name": {"ru": known[key].name_ru, "en": known[key].name_en} if key and key in known
                else twin(name, english),
                "phone": (known[key].phone or None) if key and key in known else None,
                "length": _length(_minutes(theirs)), "items": _items(theirs),
            }
            for (key, name, english), theirs in grouped.items()
        ],
    }  # fmt: skip


def _items(items: Sequence[ProgrammeItem]) -> list[dict[str, Any]]:
    return [{"date": item.day, "from": f"{item.starts:%H:%M}" if item.starts else None,
             "to": f"{item.ends:%H:%M}" if item.ends else None, "title": _text(item, "title"),
             "place": _text(item, "place"), "host": _text(item, "host"), "dress": _text(item, "dress")}
            for item in items]  # fmt: skip


def trip(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the task of the member that the paper is about."""
    kind, key = scope.subject or ("", 0)
    row = None
    if kind == "member":
        row = session.scalars(
            select(TripTask).where(TripTask.visit_id == scope.visit_id, TripTask.member_id == key)
        ).one_or_none()
    return {name: _text(row, name) for name in ("task", "result", "materials", "report")}


SECTIONS: dict[str, FactCollector] = {
    "costs": costs, "lodging": lodging, "gifts": gifts, "transport": transport, "duties": duties, "entry": entry,
    "interpreting": interpreting, "trip": trip,
}  # fmt: skip
