"""How pages behind a personal link are entered: a cookie's seat, its language, refusals in that language."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import wraps
from types import TracebackType
from typing import Any

from babel.dates import format_date
from flask import g, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext, refresh
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from workflow.base import clock
from workflow.base.actor import ActorKind
from workflow.base.database import begin_read_only
from workflow.base.errors import Conflict, DomainError, NotFound
from workflow.base.languages import N_
from workflow.base.unit_of_work import reading, rollback
from workflow.guests.links import count_act, guest_actor, language_of, seat_of
from workflow.guests.models import GuestSession
from workflow.guests.rules import AUTONYMS, LinkKind
from workflow.guests.scans import LIMIT
from workflow.knowledge.countries import country_choices
from workflow.office.queries import issuing_body
from workflow.web.database import current_session
from workflow.web.doors import Act
from workflow.web.formats import language
from workflow.web.forms import Form
from workflow.web.sentences import say

COOKIE_NAME = "guest"
WORDED = (
    "base.required", "base.too-long", "base.not-a-date", "base.not-a-choice", "base.wrong-value",
    "base.control-characters", "base.file-empty", "base.file-too-large", "base.file-type", "base.file-damaged",
    "base.not-an-email", "base.too-many", "base.clash", "people.passport-number-missing", "people.passport-dates",
    "people.not-latin", "people.zone-missing", "people.zone-not-a-zone", "people.zone-digit-number",
    "people.zone-digit-birth", "people.zone-digit-expiry", "people.zone-digit-optional", "people.zone-digit-whole",
    "people.zone-change", "people.zone-swapped", "people.zone-look", "people.zone-somewhere", "visits.visit-over",
    "guests.not-taken", "guests.scan-size", "guests.too-many-scans", "guests.consent-changed", "guests.consent-there",
    "guests.no-consent", "guests.list-unreadable",
    "visas.stays-missing", "visas.stay-not-earlier", "visas.validity-swapped", "base.out-of-range",
)  # fmt: skip
"""Codes whose sentences are worded in every language of guests' pages; any other refusal is said in general."""
SAVED = N_("Saved.")
CHECKED_LATER = N_("Saved. What differs from our records will be checked by our coordinator first.")
SENT = N_("Sent to our coordinator for checking.")
THANKS = N_("Thank you. We have your answer.")
RECEIVED = N_("Received. Thank you.")
NOTHING_NEW = N_("Nothing was changed.")
FLASHES = (SAVED, CHECKED_LATER, SENT, THANKS, RECEIVED, NOTHING_NEW)

View = Callable[..., ResponseReturnValue]


def enter(act: Act, *kinds: LinkKind) -> tuple[Act, GuestSession] | None:
    """Find whose cookie this is, and turn the request to that guest's language; None when there is no live one."""
    secret = session.get(COOKIE_NAME)
    if not isinstance(secret, str):
        return None
    for kind in kinds:
        seat = seat_of(act.session, act.now, secret, kind)
        if seat is not None:
            g.actor = guest_actor(seat, g.get("request_id", ""))
            refresh()
            return Act(act.session, g.actor, act.now), seat
    return None


def speak(act: Act, wanted: str = "") -> None:
    """Turn the request of somebody unknown to *wanted*, else to the language that their browser asks for."""
    if act.actor.kind is not ActorKind.PERSON:
        known = wanted if wanted in AUTONYMS else request.accept_languages.best_match(list(AUTONYMS)) or "en"
        g.actor = replace(act.actor, locale=known)
        refresh()


def ended(act: Act) -> ResponseReturnValue:
    """Say that the page was open for too long, in the language in which the guest read it."""
    secret = session.get(COOKIE_NAME)
    speak(act, language_of(act.session, secret) if isinstance(secret, str) else "")
    return act.page("guests/again.html", 403, **office(act))


def never_arrived(error: HTTPException) -> ResponseReturnValue:
    """Answer what was refused before any of our pages saw it, a form grown too old or a file too large to be read."""
    act = Act(current_session(), g.actor, clock.now())
    with reading(act.session):
        begin_read_only(act.session)
        entered = enter(act, *LinkKind)
        if entered is None or not isinstance(error, RequestEntityTooLarge):
            return ended(act)
        return refused(entered[0], Conflict("base.file-too-large", megabytes=LIMIT // 1024**2), 413)


def by_link(*kinds: LinkKind, acts: bool = False) -> Callable[[View], View]:
    """Open a view to whoever holds a live cookie of these kinds; *acts* counts against the link's limit."""

    def wrap(view: View) -> View:
        @wraps(view)
        def run(act: Act, **values: Any) -> ResponseReturnValue:
            entered = enter(act, *kinds)
            if entered is None:
                return ended(act)
            own, seat = entered
            try:
                if acts:
                    count_act(own.session, own.now, seat)
                    own.keep()
                return own.answer(lambda: view(own, seat, **values))
            except NotFound:
                rollback(own.session)
                return refused(own, Conflict("guests.not-taken"), 404)
            except DomainError as error:
                if error.status == 429:
                    own.keep()
                else:
                    rollback(own.session)
                return refused(own, error, error.status)

        return run

    return wrap


def refused(act: Act, error: DomainError, status: int) -> ResponseReturnValue:
    """Say in the guest's language that something could not be done."""
    return act.page("guests/refused.html", status, message=say(worded(error)))


def worded(error: DomainError) -> DomainError:
    """Give the error itself where its sentence is in every language, else a general one."""
    plain = all(problem.code in WORDED for problem in error.problems) and error.code in (*WORDED, "base.invalid")
    return error if plain else Conflict("guests.not-taken")


class guarding:  # noqa: N801 — used as a word: `with guarding(form, act):`
    """Run an act; what is refused is undone and put on the form, in the guest's language."""

    def __init__(self, form: Form[Any], act: Act) -> None:
        self._form, self._act = form, act

    def __enter__(self) -> None:
        """Begin the act."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Swallow what the form can show, undone; let everything else through."""
        if not isinstance(error, DomainError) or error.status in (403, 404):
            return False
        rollback(self._act.session)
        self._form.refuse(worded(error))
        return True


def long_day(value: date | None) -> str:
    """Write a date as the reader's language does: 2027年5月12日, 12 May 2027, 12 mai 2027."""
    return format_date(value, "long", locale="en_GB" if language() == "en" else language()) if value else "—"


def country_options() -> list[tuple[str, str]]:
    """Give the countries to choose from, by their names in the reader's language."""
    return [(one.code, one.name) for one in country_choices(language())]


def office(act: Act) -> dict[str, str]:
    """Give who writes these pages and how to reach them."""
    body = issuing_body(act.session)
    if body is None:
        return {"office_name": "", "contact": ""}
    name = body.name_ru if language() == "ru" else body.name_en or body.name_ru
    return {"office_name": name[:1].upper() + name[1:],
            "contact": " · ".join(part for part in (body.phone, body.email) if part)}  # fmt: skip


def frame(act: Act, seat: GuestSession) -> dict[str, Any]:
    """Give what every page behind a link needs: the visit, the languages, whom to ask."""
    return {"visit": seat.link.visit, "autonyms": AUTONYMS, "long_day": long_day, "seat": seat, **office(act)}


def translated(message: str) -> str:
    """Word a marked sentence in the guest's language."""
    return str(gettext(message))
