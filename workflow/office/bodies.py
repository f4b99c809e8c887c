"""What an administrator does with the bodies in whose name papers go out: enter, change, retire, give arms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.database import expect_version
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from workflow.base.events import changed, record
from workflow.base.files import Upload, keep_bytes
from workflow.knowledge.names import normalise
from workflow.office.arms import clean_arms
from workflow.office.models import IssuingBody, NumberSeries, Signatory
from workflow.office.numbers import add_series
from workflow.office.queries import issuing_bodies, series_of
from workflow.office.rules import FIRST_SERIES, is_language

LINES = {"name_ru": 400, "name_en": 400, "department_ru": 400, "department_en": 400, "city_ru": 120, "city_en": 120,
         "city_in_ru": 160, "city_in_en": 160, "address_ru": 400, "address_en": 400, "phone": 60, "email": 254,
         "website": 200}
BLOCKS = {"letterhead_ru": 1000, "letterhead_en": 1000}
LISTS = ("languages", "kinds")


def add_body(session: Session, actor: Actor, now: datetime, **values: Any) -> IssuingBody:
    """Enter a body in whose name papers go out, with the number series that papers need.

    Raises:
        Forbidden, Invalid.
        Conflict: the office was not described yet; its first body comes with that.
    """
    _require(actor)
    if not issuing_bodies(session):
        raise Conflict("office.not-set-up")
    problems: list[Problem] = []
    checked = check_body(values, problems)
    if problems:
        raise Invalid(problems=problems)
    return enter_body(session, actor, now, checked)


def enter_body(session: Session, actor: Actor, now: datetime, checked: Mapping[str, Any]) -> IssuingBody:
    """Write a checked body down; what was entered before the first one becomes its own."""
    body = IssuingBody(**checked)
    session.add(body)
    session.flush()
    for table in (Signatory, NumberSeries):
        session.execute(
            update(table).where(table.issuing_body_id.is_(None)).values(issuing_body_id=body.id)
            .execution_options(synchronize_session="fetch")
        )  # fmt: skip
    record(session, actor, now, "office.body.added", subject=body,
           changes={"name": (None, body.name_ru or body.name_en)})
    for key, title_ru, title_en, pattern in FIRST_SERIES:
        if series_of(session, key, body.id) is None:
            add_series(session, actor, now, key=key, title_ru=title_ru, title_en=title_en, pattern=pattern,
                       body_id=body.id)
    return body


def change_body(
    session: Session, actor: Actor, now: datetime, body_id: int, values: Mapping[str, Any], *,
    version: int | None = None,
) -> IssuingBody:
    """Change a body's names, address, letterhead, languages, kinds; papers approved before keep what they said.

    Raises:
        Forbidden, NotFound, Invalid, Stale.
    """
    _require(actor)
    body = get_body(session, body_id)
    before = {name: getattr(body, name) for name in (*LINES, *BLOCKS, *LISTS)}
    expect_version(body, version, {name: before[name] for name in values if name in before})
    problems: list[Problem] = []
    checked = check_body({**before, **values}, problems)
    if problems:
        raise Invalid(problems=problems)
    differences = changed(body, checked)
    if differences:
        record(session, actor, now, "office.body.changed", subject=body, changes=differences)
    return body


def set_letterhead(
    session: Session, actor: Actor, now: datetime, body_id: int, language: str, text: str, *, version: int | None = None
) -> IssuingBody:
    """Keep a body's letterhead in a language other than Russian and English; empty lines take it away.

    Raises:
        Forbidden, NotFound, Stale.
        Invalid: no such language, or the lines are too long.
    """
    _require(actor)
    body = get_body(session, body_id)
    expect_version(body, version)
    problems: list[Problem] = []
    if not is_language(language) or language in ("ru", "en"):
        problems.append(Problem("language", "office.language"))
    lines = _lines_of(text)
    if len(lines) > BLOCKS["letterhead_ru"]:
        problems.append(Problem("lines", "base.too-long", {"limit": BLOCKS["letterhead_ru"]}))
    elif any(not line.isprintable() for line in lines.split("\n")):
        problems.append(Problem("lines", "base.control-characters"))
    if problems:
        raise Invalid(problems=problems)
    kept = {**body.letterheads, language: lines}
    if not lines:
        del kept[language]
    record(session, actor, now, "office.body.changed", subject=body, changes=changed(body, {"letterheads": kept}))
    return body


def _lines_of(text: str) -> str:
    lines = [normalise(line) for line in text.splitlines()]
    return "\n".join(line for line in lines if line)


def set_arms(session: Session, actor: Actor, now: datetime, body_id: int, upload: Upload) -> IssuingBody:
    """Keep the picture of a body's arms for its letterhead: PNG, JPEG or SVG, drawn anew from what it shows.

    Raises:
        Forbidden, NotFound, Invalid, TooLarge.
    """
    _require(actor)
    body = get_body(session, body_id)
    data, media_type, suffix = clean_arms(upload)
    kept = keep_bytes(session, actor, now, data, name=f"arms{suffix}", media_type=media_type)
    record(session, actor, now, "office.body.changed", subject=body, changes=changed(body, {"arms_file_id": kept.id}))
    return body


def retire_body(session: Session, actor: Actor, now: datetime, body_id: int) -> IssuingBody:
    """Let a body issue no more new papers; its papers and numbers stay.

    Raises:
        Forbidden, NotFound.
        Conflict: it is the last one.
    """
    _require(actor)
    body = get_body(session, body_id)
    if not body.active:
        return body
    if len(issuing_bodies(session)) < 2:
        raise Conflict("office.last-body")
    body.active = False
    record(session, actor, now, "office.body.retired", subject=body, changes={"active": (True, False)})
    return body


def get_body(session: Session, body_id: int) -> IssuingBody:
    """Load a body.

    Raises:
        NotFound: there is none.
    """
    body = session.get(IssuingBody, body_id)
    if body is None:
        raise NotFound("issuing body")
    return body


def check_body(given: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    """Judge what was typed of a body, all at once.

    Raises:
        Invalid: a field that no body has.
    """
    unknown = set(given) - set(LINES) - set(BLOCKS) - set(LISTS)
    if unknown:
        raise Invalid("base.unknown-field", field=min(unknown))
    values: dict[str, Any] = {name: normalise(str(given.get(name) or "")) for name in LINES}
    problems += [Problem(name, "base.too-long", {"limit": limit})
                 for name, limit in LINES.items() if len(values[name]) > limit]
    problems += [Problem(name, "base.control-characters") for name in LINES if not values[name].isprintable()]
    for name, limit in BLOCKS.items():
        lines = [normalise(line) for line in str(given.get(name) or "").splitlines()]
        values[name] = "\n".join(line for line in lines if line)
        if len(values[name]) > limit:
            problems.append(Problem(name, "base.too-long", {"limit": limit}))
        elif any(not line.isprintable() for line in lines):
            problems.append(Problem(name, "base.control-characters"))
    for name in LISTS:
        values[name] = sorted({normalise(str(one)).lower() for one in given.get(name) or ()} - {""})
    if any(not is_language(one) for one in values["languages"]):
        problems.append(Problem("languages", "office.language"))
    if any(len(one) > 40 for one in values["kinds"]):
        problems.append(Problem("kinds", "base.too-long", {"limit": 40}))
    if not values["name_ru"] and not values["name_en"]:
        problems.append(Problem("name_ru", "base.required"))
    if values["email"] and "@" not in values["email"]:
        problems.append(Problem("email", "base.not-an-email"))
    return values


def _require(actor: Actor) -> None:
    if not actor.may(Permission.OFFICE_EDIT):
        raise Forbidden
