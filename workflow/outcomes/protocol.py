"""What people enter for protocol papers: talks with their topics, notes of a visit, diplomas."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow.accounts.queries import person
from workflow.base.actor import Actor, Permission
from workflow.base.database import expect_version, insert_or_ignore
from workflow.base.errors import Conflict, Forbidden, Invalid, Problem
from workflow.base.events import changed, record
from workflow.outcomes.models import Conversation, ConversationTopic, MemberAward, ProtocolNotes
from workflow.outcomes.protocol_queries import get_award, get_conversation, get_topic, topics_of
from workflow.outcomes.rules import Interpreting
from workflow.visits.models import Visit
from workflow.visits.queries import get_visit, members
from workflow.visits.rules import Standing

MAX_TEXT = 10_000
MAX_CONVERSATIONS, MAX_TOPICS, MAX_AWARDS = 100, 60, 600


def _pairs(**limits: int) -> dict[str, int]:
    return {f"{name}_{language}": limit for name, limit in limits.items() for language in ("ru", "en")}


CONVERSATION_TEXTS = _pairs(title=300, place=300, chair=300, ours=MAX_TEXT, theirs=MAX_TEXT, interpreter=200,
                            distribution=500)  # fmt: skip
TOPIC_TEXTS = _pairs(title=300, speaker=300, questions=MAX_TEXT, ours=MAX_TEXT, theirs=MAX_TEXT, agreed=MAX_TEXT)
NOTES_TEXTS = {
    **_pairs(occasion=300, greeting=MAX_TEXT, presenter=300, folder=200, aims=MAX_TEXT, position=MAX_TEXT,
             avoid=MAX_TEXT, toast=MAX_TEXT, headline=300, release=MAX_TEXT, quote=MAX_TEXT, quoted=300,
             badge_category=60, badge_zone=60),
    "quote_approved_by": 300, "quote_approved_by_en": 300, "photo_credit": 300, "photo_credit_en": 300,
}  # fmt: skip
AWARD_TEXTS = {**_pairs(nomination=500, degree=120, dispatch=200), "serial": 60}
_CONVERSATION_OTHERS = ("held_on", "starts", "ends", "interpreting", "recorder_id")
_NOTES_OTHERS = ("read_on", "embargo_on", "minors_consent")


def add_conversation(
    session: Session, actor: Actor, now: datetime, visit_id: int, values: Mapping[str, Any]
) -> Conversation:
    """Enter a talk, planned or held.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: the visit is cancelled, or has too many.
        Invalid: a value cannot be.
    """
    visit = _to_write(session, actor, visit_id)
    _room(session, Conversation.visit_id, visit.id, MAX_CONVERSATIONS)
    row = Conversation(visit_id=visit.id, created_at=now, created_by_id=actor.account_id,
                       **_conversation(session, values))
    session.add(row)
    session.flush()
    record(session, actor, now, "outcomes.conversation.added", subject=row, visit_id=visit.id,
           changes={"title": (None, row.title("ru")), "held_on": (None, row.held_on)})
    return row


def change_conversation(
    session: Session, actor: Actor, now: datetime, conversation_id: int, values: Mapping[str, Any], *,
    version: int | None = None,
) -> Conversation:
    """Change a talk.

    Raises:
        NotFound, Forbidden, Conflict, Stale, Invalid.
    """
    row = get_conversation(session, actor, conversation_id)
    _to_write(session, actor, row.visit_id)
    names = [*CONVERSATION_TEXTS, *_CONVERSATION_OTHERS]
    expect_version(row, version, {name: getattr(row, name) for name in names})
    differences = changed(row, _conversation(session, {name: getattr(row, name) for name in names} | dict(values)))
    if differences:
        _note(session, actor, now, "outcomes.conversation.changed", row, row.visit_id, differences)
    return row


def remove_conversation(
    session: Session, actor: Actor, now: datetime, conversation_id: int, *, version: int | None = None
) -> int:
    """Take a talk away with its topics; gives the visit's key.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
    """
    row = get_conversation(session, actor, conversation_id)
    visit = _to_write(session, actor, row.visit_id)
    expect_version(row, version)
    record(session, actor, now, "outcomes.conversation.removed", subject=row, visit_id=visit.id,
           changes={"title": (row.title("ru"), None)})
    for topic in topics_of(session, row.id):
        session.delete(topic)
    session.flush()
    session.delete(row)
    session.flush()
    return visit.id


def add_topic(
    session: Session, actor: Actor, now: datetime, conversation_id: int, values: Mapping[str, Any]
) -> ConversationTopic:
    """Enter a point of a talk, after those that are there.

    Raises:
        NotFound, Forbidden, Conflict, Invalid.
    """
    talk = get_conversation(session, actor, conversation_id)
    _to_write(session, actor, talk.visit_id)
    _room(session, ConversationTopic.conversation_id, talk.id, MAX_TOPICS)
    last = session.scalar(select(func.max(ConversationTopic.position))
                          .where(ConversationTopic.conversation_id == talk.id))
    row = ConversationTopic(conversation_id=talk.id, position=(last or 0) + 1, **_topic(values))
    session.add(row)
    session.flush()
    record(session, actor, now, "outcomes.topic.added", subject=row, visit_id=talk.visit_id,
           changes={"title": (None, row.title("ru"))})
    return row


def change_topic(
    session: Session, actor: Actor, now: datetime, topic_id: int, values: Mapping[str, Any], *,
    version: int | None = None,
) -> ConversationTopic:
    """Change a point of a talk: its plan, or what was said.

    Raises:
        NotFound, Forbidden, Conflict, Stale, Invalid.
    """
    row, talk = get_topic(session, actor, topic_id)
    _to_write(session, actor, talk.visit_id)
    names = [*TOPIC_TEXTS, "minutes", "due_on"]
    expect_version(row, version, {name: getattr(row, name) for name in names})
    differences = changed(row, _topic({name: getattr(row, name) for name in names} | dict(values)))
    if differences:
        _note(session, actor, now, "outcomes.topic.changed", row, talk.visit_id, differences)
    return row


def remove_topic(
    session: Session, actor: Actor, now: datetime, topic_id: int, *, version: int | None = None
) -> Conversation:
    """Take a point out of a talk; gives the talk.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
    """
    row, talk = get_topic(session, actor, topic_id)
    _to_write(session, actor, talk.visit_id)
    expect_version(row, version)
    record(session, actor, now, "outcomes.topic.removed", subject=row, visit_id=talk.visit_id,
           changes={"title": (row.title("ru"), None)})
    session.delete(row)
    session.flush()
    return talk


def write_notes(
    session: Session, actor: Actor, now: datetime, visit_id: int, values: Mapping[str, Any], *,
    version: int | None = None,
) -> ProtocolNotes:
    """Save what welcome address, briefing note, press release and badges say.

    Raises:
        NotFound, Forbidden, Conflict, Stale, Invalid.
    """
    visit = _to_write(session, actor, visit_id)
    names = [*NOTES_TEXTS, *_NOTES_OTHERS]
    insert = insert_or_ignore(session)
    blank: dict[str, Any] = {**dict.fromkeys(NOTES_TEXTS, ""), "minors_consent": False, "lock_version": 1}
    session.execute(insert(ProtocolNotes).values(visit_id=visit.id, **blank)
                    .on_conflict_do_nothing(index_elements=["visit_id"]))
    row = session.scalars(select(ProtocolNotes).where(ProtocolNotes.visit_id == visit.id)).one()
    expect_version(row, version, {name: getattr(row, name) for name in names})
    given = {name: getattr(row, name) for name in names} | dict(values)
    problems: list[Problem] = []
    told = {**_texts(given, NOTES_TEXTS, problems), "read_on": given["read_on"], "embargo_on": given["embargo_on"],
            "minors_consent": bool(given["minors_consent"])}
    _days(given, ("read_on", "embargo_on"), problems)
    if told["quote_ru"] and not told["quoted_ru"]:
        problems.append(Problem("quoted_ru", "outcomes.quote-of-nobody"))
    if told["quote_en"] and not told["quoted_en"]:
        problems.append(Problem("quoted_en", "outcomes.quote-of-nobody"))
    if problems:
        raise Invalid(problems=problems)
    differences = changed(row, told)
    if differences:
        _note(session, actor, now, "outcomes.notes.written", row, visit.id, differences)
    return row


def add_award(
    session: Session, actor: Actor, now: datetime, visit_id: int, values: Mapping[str, Any]
) -> MemberAward:
    """Enter what is awarded: to one member, or to everybody where no member is named.

    Raises:
        NotFound, Forbidden, Invalid.
        Conflict: this member, or everybody, has one already.
    """
    visit = _to_write(session, actor, visit_id)
    _room(session, MemberAward.visit_id, visit.id, MAX_AWARDS)
    row = MemberAward(visit_id=visit.id, created_at=now, **_award(session, visit, values))
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        raise Conflict("outcomes.award-is-there", field="member_id") from None
    record(session, actor, now, "outcomes.award.added", subject=row, visit_id=visit.id,
           changes={"nomination": (None, row.nomination("ru"))})
    return row


def change_award(
    session: Session, actor: Actor, now: datetime, award_id: int, values: Mapping[str, Any], *,
    version: int | None = None,
) -> MemberAward:
    """Change what is awarded; to whom it is given stays.

    Raises:
        NotFound, Forbidden, Conflict, Stale, Invalid.
    """
    row = get_award(session, actor, award_id)
    visit = _to_write(session, actor, row.visit_id)
    names = [*AWARD_TEXTS, "dispatched_on", "member_id"]
    before = {name: getattr(row, name) for name in names}
    expect_version(row, version, before)
    differences = changed(row, _award(session, visit, before | dict(values) | {"member_id": row.member_id}))
    if differences:
        _note(session, actor, now, "outcomes.award.changed", row, visit.id, differences)
    return row


def remove_award(session: Session, actor: Actor, now: datetime, award_id: int, *, version: int | None = None) -> int:
    """Take an award away that was entered by mistake; gives the visit's key.

    Raises:
        NotFound, Forbidden, Conflict, Stale.
    """
    row = get_award(session, actor, award_id)
    visit = _to_write(session, actor, row.visit_id)
    expect_version(row, version)
    record(session, actor, now, "outcomes.award.removed", subject=row, visit_id=visit.id,
           changes={"nomination": (row.nomination("ru"), None)})
    session.delete(row)
    session.flush()
    return visit.id


def _to_write(session: Session, actor: Actor, visit_id: int) -> Visit:
    visit = get_visit(session, actor, visit_id)
    if not actor.may(Permission.OUTCOMES_WRITE):
        raise Forbidden
    if visit.standing == Standing.CANCELLED:
        raise Conflict("outcomes.visit-cancelled")
    return visit


def _room(session: Session, column: Any, key: int, limit: int) -> None:
    if (session.scalar(select(func.count()).where(column == key)) or 0) >= limit:
        raise Conflict("outcomes.too-many", limit=limit)


def _note(
    session: Session, actor: Actor, now: datetime, kind: str, row: Any, visit_id: int, differences: Mapping[str, Any]
) -> None:
    session.flush()
    record(session, actor, now, kind, subject=row, visit_id=visit_id,
           changes=dict.fromkeys(sorted(differences), (None, "…")))


def _texts(given: Mapping[str, Any], limits: Mapping[str, int], problems: list[Problem]) -> dict[str, str]:
    values = {name: str(given.get(name) or "").replace("\r\n", "\n").strip() for name in limits}
    problems += [Problem(name, "base.too-long", {"limit": limit})
                 for name, limit in limits.items() if len(values[name]) > limit]
    return values


def _days(given: Mapping[str, Any], names: Sequence[str], problems: list[Problem]) -> None:
    problems += [Problem(name, "base.out-of-range") for name in names
                 if given.get(name) is not None and not 1950 <= given[name].year <= 2200]


def _titled(values: Mapping[str, str], name: str, problems: list[Problem]) -> None:
    if not values[f"{name}_ru"] and not values[f"{name}_en"]:
        problems.append(Problem(f"{name}_ru", "base.required"))


def _conversation(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    problems: list[Problem] = []
    values: dict[str, Any] = dict(_texts(given, CONVERSATION_TEXTS, problems))
    _titled(values, "title", problems)
    values |= {name: given.get(name) for name in _CONVERSATION_OTHERS}
    values["interpreting"] = str(given.get("interpreting") or Interpreting.NONE)
    if values["interpreting"] not in set(Interpreting):
        problems.append(Problem("interpreting", "base.not-a-choice"))
    if values["held_on"] is None:
        problems.append(Problem("held_on", "base.required"))
    _days(values, ("held_on",), problems)
    starts, ends = values["starts"], values["ends"]
    if ends is not None and starts is None:
        problems.append(Problem("starts", "base.required"))
    elif ends is not None and starts is not None and ends <= starts:
        problems.append(Problem("ends", "outcomes.ends-before-it-starts"))
    if values["recorder_id"] is not None and person(session, values["recorder_id"]) is None:
        problems.append(Problem("recorder_id", "base.not-a-choice"))
    if problems:
        raise Invalid(problems=problems)
    return values


def _topic(given: Mapping[str, Any]) -> dict[str, Any]:
    problems: list[Problem] = []
    values: dict[str, Any] = dict(_texts(given, TOPIC_TEXTS, problems))
    _titled(values, "title", problems)
    values |= {"minutes": given.get("minutes"), "due_on": given.get("due_on")}
    if values["minutes"] is not None and not 1 <= values["minutes"] <= 600:
        problems.append(Problem("minutes", "base.out-of-range"))
    _days(values, ("due_on",), problems)
    if problems:
        raise Invalid(problems=problems)
    return values


def _award(session: Session, visit: Visit, given: Mapping[str, Any]) -> dict[str, Any]:
    problems: list[Problem] = []
    values: dict[str, Any] = dict(_texts(given, AWARD_TEXTS, problems))
    _titled(values, "nomination", problems)
    values |= {"dispatched_on": given.get("dispatched_on"), "member_id": given.get("member_id")}
    _days(values, ("dispatched_on",), problems)
    if values["member_id"] is not None and not any(row.id == values["member_id"]
                                                   for row in members(session, visit.id)):
        problems.append(Problem("member_id", "base.not-a-choice"))
    if problems:
        raise Invalid(problems=problems)
    return values
