"""The journal of receptions of foreign delegations over a year: eight columns, as order forms of ministries ask.

Source: the published departmental form 20, "журнал учёта приёма иностранных граждан" (number; date and place; name,
country, body; basis and purpose; content; participants; who permitted; report and addressee).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.accounts.queries import Person as Officer
from workflow.accounts.queries import people, person
from workflow.base.actor import Actor
from workflow.base.clock import local_date
from workflow.base.languages import twin
from workflow.knowledge.countries import country_name
from workflow.office.queries import our_country, our_zone
from workflow.outcomes.models import Conversation, VisitReport
from workflow.partners.queries import PartnerName, partner_names
from workflow.reports.queries import visits_of_year
from workflow.visits.identity import proper
from workflow.visits.models import Member, Visit, VisitBasis, VisitRequest
from workflow.visits.rules import LIVE_MEMBER, Direction, Standing

_LANGUAGES = ("ru", "en")
_NOT_HELD = (Standing.CANCELLED, Standing.POSTPONED)
Texts = dict[str, str]


def country_received(visit: Visit, partner: PartnerName | None, our_country: str) -> str:
    """Give the country of the guests: the partner's, a consulate's too, else where they come from; "" when ours."""
    known = (partner.country if partner else "", visit.country)
    return next((code for code in known if code not in ("", our_country)), "")


def receptions(session: Session, actor: Actor, year: int, *, until: date | None = None) -> dict[str, Any]:
    """Collect the section `receptions`: what the journal of a year says; a constant number of queries.

    Foreigners received here, nothing that was called off, and, with *until*, nothing that begins after that day.
    """
    ours, zone = our_country(session), our_zone(session)
    held = [visit for visit in visits_of_year(session, actor, year)
            if visit.direction in (Direction.INCOMING, Direction.HOSTED) and visit.standing not in _NOT_HELD
            and (until is None or (visit.arrival is not None and visit.arrival <= until))]
    partners = partner_names(session, {visit.partner_id for visit in held})
    countries = {visit.id: country_received(visit, partners.get(visit.partner_id or 0), ours) for visit in held}
    visits = [visit for visit in held if countries[visit.id]]
    ids = [visit.id for visit in visits]
    requests = _by_visit(session.scalars(select(VisitRequest).where(VisitRequest.visit_id.in_(ids))).all())
    reports = _by_visit(session.scalars(select(VisitReport).where(VisitReport.visit_id.in_(ids))).all())
    bases = _by_visit(session.scalars(select(VisitBasis).where(VisitBasis.visit_id.in_(ids))
                                      .order_by(VisitBasis.id.desc())).all())
    talks = _by_visit(session.scalars(select(Conversation).where(Conversation.visit_id.in_(ids))
                                      .order_by(Conversation.held_on)).all())
    visitors = _visitors(session, ids)
    officers = people(session, [key for visit in visits for key in (
        visit.responsible_id, requests[visit.id].decided_by if visit.id in requests else None)])
    rows = []
    for number, visit in enumerate(visits, start=1):
        request, report = requests.get(visit.id), reports.get(visit.id)
        partner = partners.get(visit.partner_id or 0)
        exact = not visit.dates_text
        rows.append({
            "n": number,
            "first_day": visit.arrival if exact else None, "last_day": visit.departure if exact else None,
            "when": ".".join(reversed(visit.dates_text.split("-"))) or None,
            "place": _own(visit, "place"),
            "visitors": visitors.get(visit.id),
            "body": {"ru": partner.name_ru, "en": partner.name_en} if partner else None,
            "country": {language: country_name(countries[visit.id], language) for language in _LANGUAGES},
            "basis": _own(bases.get(visit.id), "text"), "purpose": _own(visit, "purpose"),
            "content": _content(visit, report),
            "participants": _participants(visit, talks.get(visit.id), officers),
            "permitted": _officer(officers.get(request.decided_by or 0)) if request else None,
            "permitted_on": local_date(request.decided_at, zone) if request and request.decided_at else None,
            "report_on": local_date(report.filed_at, zone) if report and report.filed_at else None,
            "sent_to": twin(report.sent_to, report.sent_to_en) if report else None,
        })  # fmt: skip
    keeper = person(session, actor.account_id) if actor.account_id else None
    return {"year": year, "rows": rows, "keeper": {
        "short": {language: keeper.short(language) for language in _LANGUAGES} if keeper else None,
        "post": {"ru": keeper.post_ru, "en": keeper.post_en} if keeper else None,
    }}  # fmt: skip


def _by_visit(rows: Sequence[Any]) -> dict[int, Any]:
    return {row.visit_id: row for row in rows}


def _own(row: Any, name: str) -> Any:
    """A text that was typed in one field, or in two where the row has an English twin."""
    if row is None:
        return None
    english = getattr(row, f"{name}_en", "")
    return {"ru": getattr(row, name), "en": english} if english else getattr(row, name) or None


def _visitors(session: Session, ids: Sequence[int]) -> dict[int, Texts]:
    rows = session.scalars(
        select(Member).where(Member.visit_id.in_(ids), Member.state.in_([state.value for state in LIVE_MEMBER]))
        .order_by(Member.visit_id, Member.is_head.desc(), Member.position, Member.id)
    ).unique()
    named: dict[int, dict[str, list[str]]] = {}
    for row in rows:
        told = named.setdefault(row.visit_id, {language: [] for language in _LANGUAGES})
        for language in _LANGUAGES:
            told[language].append(proper(row.person.shown_name(language)))
    return {key: {language: ", ".join(names) for language, names in told.items()} for key, told in named.items()}


def _content(visit: Visit, report: VisitReport | None) -> Any:
    if report is not None and report.done:
        return {"ru": report.done, "en": report.done_en} if report.done_en else report.done
    return {"ru": visit.title_ru, "en": visit.title_en}


def _officer(officer: Officer | None) -> Texts | None:
    if officer is None:
        return None
    return {language: ", ".join(part for part in (officer.short(language), post) if part)
            for language, post in (("ru", officer.post_ru), ("en", officer.post_en))}


def _participants(visit: Visit, talk: Conversation | None, officers: Mapping[int, Officer]) -> Texts | None:
    if talk is not None and (talk.ours_ru or talk.ours_en):
        return {"ru": "; ".join(talk.ours_ru.splitlines()), "en": "; ".join(talk.ours_en.splitlines())}
    told = _officer(officers.get(visit.responsible_id or 0)) or dict.fromkeys(_LANGUAGES, "")
    for language, host in (("ru", visit.host_name), ("en", visit.host_name_en)):
        told[language] = "; ".join(part for part in (host, told[language]) if part)
    return told if any(told.values()) else None
