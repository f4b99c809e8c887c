"""What those who order do with an assignment before anybody has taken it: write it down, correct it, open it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from workflow.accounts.queries import person
from workflow.base.actor import Actor, Permission
from workflow.base.database import advance, expect_version
from workflow.base.errors import Conflict, Forbidden, Invalid, Problem
from workflow.base.events import changed, record
from workflow.base.files import OFFICE_FILES, SCANS, StoredFile, Upload, keep_file, read_file
from workflow.translations import rules
from workflow.translations.counting import count_characters
from workflow.translations.dues import sync_dues
from workflow.translations.mails import tell_open
from workflow.translations.models import Assignment
from workflow.translations.queries import get_assignment
from workflow.translations.rules import AssignmentState, CountMethod, Order, Purpose, Verb
from workflow.visits.models import Visit
from workflow.visits.rules import Standing as VisitStanding

SOURCES = OFFICE_FILES | SCANS
MAX_FILE = 25 * 1024 * 1024
IN_ENGLISH: Mapping[str, int] = {"title": 300, "text_user": 300, "instructions": 10_000, "text_version": 100,
                                 "reference_texts": 2_000, "layout": 300, "confidentiality": 300}
"""What the slip says in English of its own, `<name>_en`, and how long it may be."""
_LENGTHS = {"names": 10_000, **{f"{name}{mark}": limit for name, limit in IN_ENGLISH.items() for mark in ("", "_en")}}
_CHECKED_FOR_PASSPORTS = ("title", "text_user", "names", "instructions", "reference_texts", "title_en", "text_user_en",
                          "instructions_en", "reference_texts_en")


@dataclass(frozen=True)
class OrderData:
    """What an order says; all of it may still be empty in a draft but the title."""

    title: str
    source_language: str = ""
    target_language: str = ""
    characters: int | None = None
    purpose: str = ""
    due_at: datetime | None = None
    text_user: str = ""
    names: str = ""
    instructions: str = ""
    text_version: str = ""
    reference_texts: str = ""
    layout: str = ""
    confidentiality: str = ""
    reviser_id: int | None = None
    title_en: str = ""
    text_user_en: str = ""
    instructions_en: str = ""
    text_version_en: str = ""
    reference_texts_en: str = ""
    layout_en: str = ""
    confidentiality_en: str = ""


def order_assignment(
    session: Session, actor: Actor, now: datetime, visit: Visit, data: OrderData, *, upload: Upload | None = None,
    source: StoredFile | None = None, paper_id: int | None = None, limit: int = MAX_FILE,
) -> Assignment:
    """Write an order down as a draft. *source* is a file that the visit already has (a paper's), instead of an upload.

    Raises:
        Forbidden: the actor does not order translations.
        Invalid, TooLarge: a value cannot be; nothing was kept.
    """
    if not actor.may(Permission.TRANSLATIONS_ORDER):
        raise Forbidden
    _check(session, data)
    row = Assignment(visit_id=visit.id, created_at=now, created_by_id=actor.account_id, paper_id=paper_id,
                     state=AssignmentState.DRAFT, **_values(data))
    file = source
    if upload is not None:
        file = keep_file(session, actor, now, upload, allowed=SOURCES, limit=limit, visit_id=visit.id,
                         field="source_file")
    _measure(session, row, file, data.characters)
    session.add(row)
    session.flush()
    record(session, actor, now, "translations.assignment.ordered", subject=row, visit_id=visit.id,
           changes={"title": (None, row.title), "source_language": (None, row.source_language),
                    "target_language": (None, row.target_language)})
    return row


def edit_assignment(
    session: Session, actor: Actor, now: datetime, assignment_id: int, data: OrderData, *, version: int | None = None,
    upload: Upload | None = None, limit: int = MAX_FILE,
) -> Assignment:
    """Correct an order that nobody has taken yet; an open one must stay complete.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: it is past that.
        Stale: somebody else saved meanwhile.
        Invalid, TooLarge: a value cannot be.
    """
    row = checked(session, actor, assignment_id, Verb.EDIT)
    values = _values(data)
    expect_version(row, version, {name: getattr(row, name) for name in values})
    _check(session, data)
    file = None
    if upload is not None:
        file = keep_file(session, actor, now, upload, allowed=SOURCES, limit=limit, visit_id=row.visit_id,
                         field="source_file")
    if row.state == AssignmentState.OPEN:
        _check_complete(now, data, has_file=True, characters=data.characters or row.characters)
    differences = changed(row, values)
    before = row.source_file_id
    _measure(session, row, file, data.characters)
    if row.source_file_id != before:
        differences["source_file"] = (before, row.source_file_id)
    if differences:
        personal = [name for name in ("names", "instructions", "instructions_en") if differences.pop(name, None)]
        record(session, actor, now, "translations.assignment.changed", subject=row, visit_id=row.visit_id,
               changes=differences, personal=personal)
        sync_dues(session, now, row.visit_id)
    return row


def publish_assignment(
    session: Session, actor: Actor, now: datetime, assignment_id: int, *, version: int | None = None
) -> Assignment:
    """Open an assignment to the translators of its languages and tell them.

    Raises:
        NotFound, Forbidden: not for this actor.
        Conflict: it is not a draft, or its visit is not going on.
        Invalid: it is incomplete; every missing field is named.
    """
    row = checked(session, actor, assignment_id, Verb.PUBLISH)
    expect_version(row, version)
    check_live(session, row)
    data = OrderData(row.title, row.source_language, row.target_language, row.characters, row.purpose, row.due_at,
                     row.text_user, row.names, row.instructions, reviser_id=row.reviser_id)
    _check_complete(now, data, has_file=row.source_file_id is not None, characters=row.characters)
    if not advance(session, Assignment, row.id, from_=rules.sources(Verb.PUBLISH), to=AssignmentState.OPEN,
                   published_at=now):
        raise refused_now(session, row, Verb.PUBLISH)
    record(session, actor, now, "translations.assignment.opened", subject=row, visit_id=row.visit_id,
           changes={"state": (AssignmentState.DRAFT, AssignmentState.OPEN)})
    tell_open(session, actor, now, row)
    sync_dues(session, now, row.visit_id)
    return row


def checked(session: Session, actor: Actor, assignment_id: int, verb: Verb) -> Assignment:
    """Load an assignment for a verb: seen by the actor, allowed to them, and in a state that knows the verb.

    Raises:
        NotFound: there is none, or not for this actor as things stand.
        Forbidden, Conflict: with the reason.
    """
    row, how = get_assignment(session, actor, assignment_id)
    answer = rules.answer(AssignmentState(row.state), verb)
    refusal = rules.refusal(verb, how)
    if refusal == "base.forbidden":
        raise Forbidden
    if not isinstance(answer, AssignmentState):
        raise refused_now(session, row, verb)
    if refusal is not None:
        raise Conflict(refusal)
    return row


def refused_now(session: Session, row: Assignment, verb: Verb) -> Conflict:
    """Make the refusal that the present state gives, saying who has the text and since when."""
    session.refresh(row)
    code = rules.answer(AssignmentState(row.state), verb)
    holder = person(session, row.translator_id) if row.translator_id is not None else None
    who = {"ru": holder.name("ru"), "en": holder.name("en")} if holder else {"ru": "", "en": ""}
    return Conflict(str(code), who=who, at=row.claimed_at, state=row.state)


def check_live(session: Session, row: Assignment) -> None:
    """Refuse new work for a visit that is postponed, cancelled or closed.

    Raises:
        Conflict: it is not going on.
    """
    visit = session.get(Visit, row.visit_id)
    if visit is None or visit.standing != VisitStanding.LIVE:
        raise Conflict("translations.visit-not-live")


def _values(data: OrderData) -> Mapping[str, Any]:
    return {
        "source_language": data.source_language, "target_language": data.target_language,
        "purpose": data.purpose, "due_at": data.due_at, "reviser_id": data.reviser_id,
        **{name: getattr(data, name).strip() for name in _LENGTHS},
    }


def _check(session: Session, data: OrderData) -> None:
    problems = [Problem(name, "base.too-long", {"limit": limit}) for name, limit in _LENGTHS.items()
                if len(getattr(data, name)) > limit]
    problems += [Problem(name, "translations.looks-like-passport") for name in _CHECKED_FOR_PASSPORTS
                 if rules.looks_like_a_passport(getattr(data, name))]
    if not data.title.strip():
        problems.append(Problem("title", "base.required"))
    problems += [Problem(name, "base.not-a-choice") for name in ("source_language", "target_language")
                 if getattr(data, name) and getattr(data, name) not in rules.LANGUAGES]
    if data.purpose and data.purpose not in list(Purpose):
        problems.append(Problem("purpose", "base.not-a-choice"))
    if data.source_language and data.source_language == data.target_language:
        problems.append(Problem("target_language", "translations.same-language"))
    if data.characters is not None and not 0 < data.characters <= rules.MAX_CHARACTERS:
        problems.append(Problem("characters", "base.out-of-range"))
    if data.due_at is not None and not 2000 <= data.due_at.year <= 2200:
        problems.append(Problem("due_at", "base.out-of-range"))
    if data.reviser_id is not None:
        reviser = person(session, data.reviser_id)
        if reviser is None or not reviser.active:
            problems.append(Problem("reviser_id", "base.not-a-choice"))
    if problems:
        raise Invalid(problems=problems)


def _check_complete(now: datetime, data: OrderData, *, has_file: bool, characters: int | None) -> None:
    order = Order(data.title, data.source_language, data.target_language, characters, data.purpose,
                  data.due_at is not None, data.text_user, data.names, has_file)
    problems = [Problem(name, "translations.volume-unknown" if name == "characters" and has_file else "base.required")
                for name in rules.missing(order)]
    if data.due_at is not None and data.due_at <= now:
        problems.append(Problem("due_at", "translations.due-past"))
    if problems:
        raise Invalid(problems=problems)


def _measure(session: Session, row: Assignment, file: StoredFile | None, typed: int | None) -> None:
    """Count the volume from a new file where that can be done; else take what was typed."""
    if file is not None:
        _, data = read_file(session, file.id)
        count = count_characters(data, file.media_type)
        row.source_file_id, row.counted_from_sha = file.id, file.sha256
        row.count_method, row.count_parts, row.characters = "", None, None
        if count is not None and count.characters > 0:
            row.count_method, row.count_parts, row.characters = CountMethod.COUNTED, count.parts, count.characters
    if row.count_method != CountMethod.COUNTED and typed is not None:
        row.count_method, row.characters = CountMethod.TYPED, typed
