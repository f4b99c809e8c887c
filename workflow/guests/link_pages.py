"""Opening a personal link. Fetching it shows one button and changes nothing; the button swaps it for a short cookie."""

from datetime import timedelta

from flask import g, make_response, request, session
from flask.typing import ResponseReturnValue
from flask_babel import refresh
from werkzeug.wrappers import Response

from workflow.base.errors import NotFound
from workflow.base.limits import spend
from workflow.guests import links
from workflow.guests.entering import COOKIE_NAME, ended, enter, long_day, office, speak
from workflow.guests.models import GuestLink
from workflow.guests.rules import AUTONYMS, OPENINGS_PER_HOUR, LinkKind
from workflow.web.doors import ANYONE, BY_LINK, Act, Door

door = Door("links", __name__)
HOMES = {LinkKind.GUEST.value: "guest.home", LinkKind.CLERK.value: "clerk.home"}


def sealed(answer: ResponseReturnValue) -> Response:
    """Have an answer kept by nobody: no referrer, no cache, no index."""
    response = make_response(answer)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _speak(act: Act, link: GuestLink) -> None:
    wanted = request.values.get("in", "")
    g.actor = links.guest_actor_of(link, wanted if wanted in AUTONYMS else link.language, act.actor.request_id)
    refresh()


def _page(act: Act, link: GuestLink, token: str) -> ResponseReturnValue:
    live = links.is_live(link, act.now)
    return sealed(act.page(
        "guests/link.html" if live else "guests/link_ended.html", 200 if live else 410, link=link, token=token,
        visit=link.visit, autonyms=AUTONYMS, long_day=long_day, ends_at=links.ends_at, **office(act),
    ))  # fmt: skip


def _unknown(act: Act) -> ResponseReturnValue:
    """Say that there is no such link, in the browser's language: mail programs cut long addresses."""
    speak(act)
    return sealed(act.page("guests/link_unknown.html", 404, **office(act)))


def _count(act: Act, key: str) -> None:
    """Count an opening, kept whatever becomes of it.

    Raises:
        TooMany: too many within the hour.
    """
    try:
        spend(act.session, act.now, "guest-open", key, limit=OPENINGS_PER_HOUR, window=timedelta(hours=1))
    finally:
        act.keep()


@door.get("/g/<string:token>", ANYONE)
def show(act: Act, token: str) -> ResponseReturnValue:
    """Show the button that opens a link; a link that ended says so, one that never was is not found."""
    try:
        link = links.find_link(act.session, token)
    except NotFound:
        return _unknown(act)
    _speak(act, link)
    return _page(act, link, token)


@door.post("/g/<string:token>", ANYONE, endpoint="open")
def open_link(act: Act, token: str) -> ResponseReturnValue:
    """Open a link: note its use, give the cookie, go on to an address without the secret.

    Each link opens so often an hour, and each address may try so many that are none: a whole delegation behind one
    address comes in.
    """
    try:
        link = links.find_link(act.session, token)
    except NotFound:
        _count(act, f"unknown {request.remote_addr}")
        return _unknown(act)
    _speak(act, link)
    if not links.is_live(link, act.now):
        return _page(act, link, token)
    _count(act, f"link {link.id}")
    session[COOKIE_NAME] = links.open_link(act.session, act.now, link, request.form.get("in", ""))
    return sealed(act.to(HOMES[link.kind]))


@door.post("/guest/language/<string:language>", BY_LINK, endpoint="language")
def choose_language(act: Act, language: str) -> ResponseReturnValue:
    """Go on in another language, for as long as the cookie lasts."""
    entered = enter(act, *LinkKind)
    if entered is None:
        return ended(act)
    own, seat = entered
    if language not in AUTONYMS:
        raise NotFound("language")
    seat.language = language
    return own.to(HOMES[seat.link.kind])
