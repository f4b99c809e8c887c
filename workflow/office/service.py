"""What an administrator does with the office's own data."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from workflow.base.actor import Actor, Permission
from workflow.base.database import expect_version
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from workflow.base.events import changed, record
from workflow.knowledge.countries import is_known_country
from workflow.knowledge.names import normalise
from workflow.knowledge.zones import is_zone
from workflow.office.bodies import check_body, enter_body
from workflow.office.models import CalendarOverride, Office, Signatory
from workflow.office.queries import issuing_body
from workflow.office.rules import day_is_plausible, is_language

_WORKING = {"country": 8, "zone": 60, "pack_key": 60}
_DEFAULTS = {"country": "RU", "zone": "Europe/Moscow", "pack_key": "ru-municipal"}
_SIGNATORY = {"name_ru": 200, "name_en": 200, "short_ru": 120, "short_en": 120, "post_ru": 300, "post_en": 300,
              "name_genitive": 200, "name_dative": 200, "post_genitive": 300, "post_dative": 300}


def set_up_office(session: Session, actor: Actor, now: datetime, **values: Any) -> Office:
    """Write down by what we work and the first body in whose name papers go out, with the series that papers need.

    Signatories and series entered before become that body's. Later changes go through `change_office` and
    `bodies.change_body`.

    Raises:
        Forbidden, Invalid.
        Conflict: the office was set up already.
    """
    _require(actor)
    if session.get(Office, 1) is not None:
        raise Conflict("office.already-set-up")
    problems: list[Problem] = []
    working = _checked({**_DEFAULTS, **{name: values[name] for name in _WORKING if name in values}}, problems)
    identity = check_body({name: value for name, value in values.items() if name not in _WORKING}, problems)
    if problems:
        raise Invalid(problems=problems)
    office = Office(id=1, **working)
    session.add(office)
    record(session, actor, now, "office.set-up", subject=office, changes={"zone": (None, office.zone)})
    enter_body(session, actor, now, identity)
    return office


def change_office(
    session: Session, actor: Actor, now: datetime, values: Mapping[str, Any], *, version: int | None = None
) -> Office:
    """Change by what we work: country, zone, pack.

    Raises:
        Forbidden, Invalid, Stale.
        NotFound: it was not set up yet.
    """
    _require(actor)
    office = _office(session)
    before = {name: getattr(office, name) for name in _WORKING}
    expect_version(office, version, {name: before[name] for name in values if name in before})
    problems: list[Problem] = []
    checked = _checked({**before, **values}, problems)
    if problems:
        raise Invalid(problems=problems)
    differences = changed(office, checked)
    if differences:
        record(session, actor, now, "office.changed", subject=office, changes=differences)
    return office


def add_signatory(session: Session, actor: Actor, now: datetime, **values: Any) -> Signatory:
    """Enter somebody who signs a body's papers (`issuing_body_id`, by default the first body's).

    The first one of a body, or one marked so, is its default.

    Raises:
        Forbidden, Invalid.
    """
    _require(actor)
    given = values.pop("issuing_body_id", None)
    checked = _checked_signatory({**dict.fromkeys(_SIGNATORY, ""), "gender": "", "kinds": (), "is_default": False,
                                  **values})
    checked["issuing_body_id"] = body_id = _body_id(session, given)
    first = session.scalar(_defaults(body_id)) is None
    checked["is_default"] = checked["is_default"] or first
    if checked["is_default"]:
        _clear_default(session, body_id)
    signatory = Signatory(**checked)
    session.add(signatory)
    record(session, actor, now, "office.signatory.added", subject=signatory,
           changes={"name_ru": (None, signatory.name_ru), "post_ru": (None, signatory.post_ru)})
    return signatory


def change_signatory(
    session: Session, actor: Actor, now: datetime, signatory_id: int, values: Mapping[str, Any], *,
    version: int | None = None,
) -> Signatory:
    """Change a signatory's name, post, cases, kinds of papers, or make them the body's default.

    Raises:
        Forbidden, NotFound, Invalid, Stale.
        Conflict: the default signatory cannot just stop being it: name another.
    """
    _require(actor)
    signatory = _signatory(session, signatory_id)
    fields = [*_SIGNATORY, "gender", "kinds", "is_default"]
    before = {name: getattr(signatory, name) for name in fields}
    expect_version(signatory, version, {name: before[name] for name in values if name in before})
    checked = _checked_signatory({**before, **values})
    if before["is_default"] and not checked["is_default"]:
        raise Conflict("office.default-signatory", field="is_default")
    if checked["is_default"] and not before["is_default"]:
        _clear_default(session, signatory.issuing_body_id)
    differences = changed(signatory, checked)
    if differences:
        record(session, actor, now, "office.signatory.changed", subject=signatory, changes=differences)
    return signatory


def set_signatory_words(
    session: Session, actor: Actor, now: datetime, signatory_id: int, language: str, *, name: str, post: str,
    version: int | None = None,
) -> Signatory:
    """Keep how a signatory's name and post stand under a letter in a language other than Russian and English.

    Both empty take them away.

    Raises:
        Forbidden, NotFound, Stale.
        Invalid: no such language, only one of the two was given, or one is too long.
    """
    _require(actor)
    signatory = _signatory(session, signatory_id)
    expect_version(signatory, version)
    problems: list[Problem] = []
    if not is_language(language) or language in ("ru", "en"):
        problems.append(Problem("language", "office.language"))
    words = _texts({"name": name, "post": post}, {"name": 200, "post": 300}, problems)
    if any(words.values()):
        problems += [Problem(part, "base.required") for part, text in words.items() if not text]
    if problems:
        raise Invalid(problems=problems)
    kept = {**signatory.others, language: words}
    if not any(words.values()):
        del kept[language]
    differences = changed(signatory, {"others": kept})
    if differences:
        record(session, actor, now, "office.signatory.changed", subject=signatory, changes=differences)
    return signatory


def retire_signatory(session: Session, actor: Actor, now: datetime, signatory_id: int) -> Signatory:
    """Let somebody sign no more new papers; signed ones keep the name.

    Raises:
        Forbidden, NotFound.
        Conflict: it is the default one: name another first.
    """
    _require(actor)
    signatory = _signatory(session, signatory_id)
    if signatory.is_default:
        raise Conflict("office.default-signatory")
    if signatory.active:
        signatory.active = False
        record(session, actor, now, "office.signatory.retired", subject=signatory, changes={"active": (True, False)})
    return signatory


def override_day(
    session: Session, actor: Actor, now: datetime, *, calendar: str, day: date, works: bool, note: str = ""
) -> CalendarOverride:
    """Say that a country works, or rests, on a day, against what its calendar says; the later word counts.

    Raises:
        Forbidden, Invalid.
    """
    _require(actor)
    note = normalise(note)
    if not is_known_country(calendar):
        raise Invalid("base.not-a-choice", field="calendar")
    if not day_is_plausible(day):
        raise Invalid("base.out-of-range", field="day")
    if len(note) > 300:
        raise Invalid("base.too-long", field="note", limit=300)
    row = session.scalar(select(CalendarOverride).where(CalendarOverride.calendar == calendar,
                                                        CalendarOverride.day == day))
    before = None if row is None else row.works
    if row is None:
        row = CalendarOverride(calendar=calendar, day=day, works=works, note=note)
        session.add(row)
    else:
        row.works, row.note = works, note
    record(session, actor, now, "office.calendar.changed", subject=row,
           changes={f"{calendar} {day.isoformat()}": (before, works)})
    return row


def drop_override(session: Session, actor: Actor, now: datetime, override_id: int) -> None:
    """Take a word about a day back.

    Raises:
        Forbidden, NotFound.
    """
    _require(actor)
    row = session.get(CalendarOverride, override_id)
    if row is None:
        raise NotFound("calendar day")
    record(session, actor, now, "office.calendar.changed", subject=row,
           changes={f"{row.calendar} {row.day.isoformat()}": (row.works, None)})
    session.delete(row)
    session.flush()


def _require(actor: Actor) -> None:
    if not actor.may(Permission.OFFICE_EDIT):
        raise Forbidden


def _office(session: Session) -> Office:
    office = session.get(Office, 1)
    if office is None:
        raise NotFound("office")
    return office


def _signatory(session: Session, signatory_id: int) -> Signatory:
    signatory = session.get(Signatory, signatory_id)
    if signatory is None:
        raise NotFound("signatory")
    return signatory


def _body_id(session: Session, given: int | None) -> int | None:
    body = issuing_body(session, given)
    if body is None and given is not None:
        raise Invalid("base.not-a-choice", field="issuing_body_id")
    return None if body is None else body.id


def _defaults(body_id: int | None) -> Select[tuple[Signatory]]:
    owner = Signatory.issuing_body_id.is_(None) if body_id is None else Signatory.issuing_body_id == body_id
    return select(Signatory).where(Signatory.is_default, Signatory.active, owner)


def _clear_default(session: Session, body_id: int | None) -> None:
    for row in session.scalars(_defaults(body_id)).all():
        row.is_default = False
    session.flush()


def _texts(given: Mapping[str, Any], limits: Mapping[str, int], problems: list[Problem]) -> dict[str, Any]:
    values = {name: normalise(str(given[name] or "")) for name in limits}
    problems += [Problem(name, "base.too-long", {"limit": limit})
                 for name, limit in limits.items() if len(values[name]) > limit]
    problems += [Problem(name, "base.control-characters") for name in limits if not values[name].isprintable()]
    return values


def _checked(given: Mapping[str, Any], problems: list[Problem]) -> dict[str, Any]:
    unknown = set(given) - set(_WORKING)
    if unknown:
        raise Invalid("base.unknown-field", field=min(unknown))
    values = _texts(given, _WORKING, problems)
    if not is_known_country(values["country"]):
        problems.append(Problem("country", "base.not-a-choice"))
    if not is_zone(values["zone"]):
        problems.append(Problem("zone", "office.no-such-zone"))
    if not values["pack_key"]:
        problems.append(Problem("pack_key", "base.required"))
    return values


def _checked_signatory(given: Mapping[str, Any]) -> dict[str, Any]:
    problems: list[Problem] = []
    unknown = set(given) - set(_SIGNATORY) - {"gender", "kinds", "is_default"}
    if unknown:
        raise Invalid("base.unknown-field", field=min(unknown))
    values = _texts(given, _SIGNATORY, problems)
    problems += [Problem(name, "base.required") for name in ("name_ru", "post_ru") if not values[name]]
    values["gender"] = str(given["gender"] or "")
    if values["gender"] not in {"", "m", "f"}:
        problems.append(Problem("gender", "base.not-a-choice"))
    kinds: Iterable[str] = given["kinds"] or ()
    values["kinds"] = sorted({normalise(str(kind)) for kind in kinds} - {""})
    values["is_default"] = bool(given["is_default"])
    if problems:
        raise Invalid(problems=problems)
    return values
