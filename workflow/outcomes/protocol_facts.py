"""What protocol papers say of a visit: its talk, its notes, what is awarded, and our history with its partner."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.accounts.queries import people
from workflow.base.languages import translations, twin
from workflow.base.reasons import FactCollector, FactScope
from workflow.outcomes.models import Conversation, ConversationTopic, Outcome
from workflow.outcomes.protocol import NOTES_TEXTS
from workflow.outcomes.protocol_queries import awards_of, conversations_of, member_of, notes_of, topics_of
from workflow.outcomes.rules import Interpreting, OutcomeKind, OutcomeState, shown_minutes
from workflow.outcomes.wording import INTERPRETING, STATES
from workflow.partners.facts import founding
from workflow.partners.queries import agreements
from workflow.visits.facts import member_facts
from workflow.visits.models import Visit, VisitAccess
from workflow.visits.rules import Standing

_LANGUAGES = ("ru", "en")
_TALK = ("title", "place", "chair", "interpreter", "distribution")
_TOPIC = ("title", "speaker", "questions", "ours", "theirs", "agreed")
_PROMISED = (OutcomeKind.AGREEMENT, OutcomeKind.PROMISE, OutcomeKind.INVITATION)
MAX_PAST = 10


def pair(row: object, name: str) -> dict[str, str]:
    """Give a text that was entered in two fields, by language."""
    return {language: getattr(row, f"{name}_{language}") for language in _LANGUAGES}


def by_line(row: object, name: str) -> list[dict[str, Any]]:
    """Give people who were entered one in a line ("name, post"), side by side in both languages.

    `international` repeats the English words for the other side of a name plate.
    """
    lines = {language: [line.strip() for line in getattr(row, f"{name}_{language}").splitlines() if line.strip()]
             for language in _LANGUAGES}
    count = max(len(one) for one in lines.values())
    listed = []
    for at in range(count):
        told = {language: (said[at] if at < len(said) else "") for language, said in lines.items()}
        parts = {language: [part.strip() for part in line.split(",", 1)] + [""] for language, line in told.items()}
        listed.append({
            "name": told, "short": {language: part[0] for language, part in parts.items()},
            "post": {language: part[1] for language, part in parts.items()},
            "international": {"name": parts["en"][0] or None, "post": parts["en"][1] or None},
        })  # fmt: skip
    return listed


def conversation(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect the talk that the paper is about, else the latest of the visit; all unknown when there is none."""
    row = _chosen(session, scope)
    if row is None:
        nobody: dict[str, Any] = {"name": None, "short": None, "post": None}
        unknown = (*_TALK, "date", "from", "to", "interpreting", "minutes", "ours_names", "theirs_names", "subjects")
        return {**dict.fromkeys(unknown), "ours": [], "theirs": [],
                "topics": [], "recorder": nobody}
    topics = topics_of(session, row.id)
    mode = Interpreting(row.interpreting)
    told = [_topic(number, topic, mode) for number, topic in enumerate(topics, start=1)]
    recorder = people(session, [row.recorder_id]).get(row.recorder_id or 0)
    words = {language: translations(language).gettext(INTERPRETING[mode]) for language in _LANGUAGES}
    return {
        **{name: pair(row, name) for name in _TALK},
        "date": row.held_on,
        "from": f"{row.starts:%H:%M}" if row.starts else None,
        "to": f"{row.ends:%H:%M}" if row.ends else None,
        "interpreting": None if mode is Interpreting.NONE else words,
        "ours": by_line(row, "ours"),
        "theirs": by_line(row, "theirs"),
        **{f"{side}_names": {language: "; ".join(getattr(row, f"{side}_{language}").split("\n"))
                             for language in _LANGUAGES} for side in ("ours", "theirs")},
        "subjects": {language: "; ".join(filter(None, (getattr(topic, f"title_{language}") for topic in topics)))
                     for language in _LANGUAGES},
        "recorder": {"name": {"ru": recorder.name_ru, "en": recorder.name_en},
                     "short": {"ru": recorder.short("ru"), "en": recorder.short("en")},
                     "post": {"ru": recorder.post_ru, "en": recorder.post_en}}
        if recorder else {"name": None, "short": None, "post": None},
        "topics": told,
        "minutes": sum(one["minutes"] or 0 for one in told) or None,
    }


def _chosen(session: Session, scope: FactScope) -> Conversation | None:
    rows = conversations_of(session, scope.visit_id)
    if scope.subject is not None and scope.subject[0] == "conversation":
        return next((row for row in rows if row.id == scope.subject[1]), None)
    return rows[-1] if rows else None


def _topic(number: int, topic: ConversationTopic, mode: Interpreting) -> dict[str, Any]:
    return {"n": number, **{name: pair(topic, name) for name in _TOPIC}, "due": topic.due_on,
            "minutes": shown_minutes(topic.minutes, mode)}


def protocol(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect a visit's protocol notes."""
    row = notes_of(session, scope.visit_id)
    names = sorted({name.removesuffix("_ru") for name in NOTES_TEXTS if name.endswith("_ru")})
    if row is None:
        return {**dict.fromkeys((*names, "quote_approved_by", "photo_credit", "read_on", "embargo_on")),
                "minors_consent": False}
    # Printed on the approval sheet only, never beside the words: known in one language is known.
    approved = row.quote_approved_by or row.quote_approved_by_en or None
    return {**{name: pair(row, name) for name in names},
            "quote_approved_by": {"ru": approved, "en": row.quote_approved_by_en or approved} if approved else None,
            "photo_credit": {"ru": row.photo_credit, "en": row.photo_credit_en}
            if row.photo_credit_en else row.photo_credit or None, "read_on": row.read_on, "embargo_on": row.embargo_on,
            "minors_consent": row.minors_consent}


def award(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect what is awarded to the one whom the paper is about, else what everybody of the visit gets."""
    kind, key = scope.subject or ("", 0)
    rows = {row.member_id: row for row in awards_of(session, scope.visit_id)}
    row = rows.get(key) if kind == "member" else None
    row = row or rows.get(None)
    member = member_of(session, scope.visit_id, key) if kind == "member" else None
    told = member_facts(1, member) if member else dict.fromkeys(("name", "post", "body"))
    found = {name: told[name] for name in ("name", "post", "body")}
    if row is None:
        return {**found, **dict.fromkeys(("nomination", "degree", "serial", "dispatched_on", "dispatch"))}
    return {**found, **{name: pair(row, name) for name in ("nomination", "degree", "dispatch")},
            "serial": row.serial or None, "dispatched_on": row.dispatched_on}


def history(session: Session, scope: FactScope) -> dict[str, Any]:
    """Collect our history with the partner of a visit: earlier visits, agreements, what was promised and became of it.

    Only visits that are open to every coordinator count: a paper tells nothing of a visit kept to a few.
    """
    visit = session.get_one(Visit, scope.visit_id)
    if visit.partner_id is None:
        return {"visits": [], "count": 0, "since": None, "agreements": [], "promises": []}
    open_to_all = select(VisitAccess.visit_id).where(VisitAccess.role == "coordinator", VisitAccess.ended_at.is_(None))
    query = select(Visit).where(Visit.partner_id == visit.partner_id, Visit.id != visit.id,
                                Visit.standing != Standing.CANCELLED.value, Visit.id.in_(open_to_all))
    if visit.arrival is not None:
        query = query.where(Visit.arrival < visit.arrival)
    past = session.scalars(query.order_by(Visit.arrival.desc(), Visit.id.desc())).all()
    first = min((row.arrival for row in past if row.arrival), default=None)
    return {
        "visits": [_past(row) for row in past[:MAX_PAST]],
        "count": len(past),
        "since": first.year if first else None,
        "agreements": [
            {"title": {"ru": row.title_ru, "en": row.title_en}, "signed": _day(row.signed),
             "year": int(row.signed[:4]) if row.signed else None, "ended": bool(row.ended)}
            for row in agreements(session, visit.partner_id)
        ],
        "promises": _promises(session, [visit.id, *(row.id for row in past)]),
    }


def _day(partial: str) -> date | None:
    return date.fromisoformat(partial) if len(partial) == 10 else None


def _past(row: Visit) -> dict[str, Any]:
    exact = not row.dates_text
    return {"title": {"ru": row.title_ru, "en": row.title_en}, "direction": row.direction,
            "first_day": row.arrival if exact else None, "last_day": row.departure if exact else None,
            "when": ".".join(reversed(row.dates_text.split("-"))) or None}


def _promises(session: Session, visit_ids: Sequence[int]) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Outcome).where(Outcome.visit_id.in_(visit_ids), Outcome.kind.in_([kind.value for kind in _PROMISED]))
        .order_by(Outcome.state != OutcomeState.OPEN.value, Outcome.due_on, Outcome.id).limit(30)
    ).all()
    owners = people(session, [row.owner_id for row in rows])
    return [promise(row, owners) for row in rows]


def promise(row: Outcome, owners: Mapping[int, Any]) -> dict[str, Any]:
    """Give an outcome as papers name it."""
    owner = owners.get(row.owner_id or 0)
    return {
        "what": {"ru": row.what, "en": row.what_en} if row.what_en else row.what,
        "owner": {language: owner.name(language) for language in _LANGUAGES} if owner
        else twin(row.owner_name, row.owner_name_en),
        "due": row.due_on,
        "state": {language: translations(language).gettext(STATES[OutcomeState(row.state)])
                  for language in _LANGUAGES},
        "open": row.state == OutcomeState.OPEN,
    }


def founding_of(session: Session, visit_id: int, now: datetime) -> dict[str, Any]:
    """Give when the partner of a visit was founded, for the page that proposes the anniversary."""
    return founding(session, FactScope(visit_id=visit_id, language="ru", now=now))


SECTIONS: dict[str, FactCollector] = {
    "conversation": conversation, "protocol": protocol, "award": award, "history": history,
}  # fmt: skip
