"""What wraps every request: its id, the actor, the language, security headers, error pages, and template names."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from flask import Flask, current_app, g, has_request_context, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel, Domain, gettext, lazy_gettext
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from workflow.base import clock
from workflow.base.actor import Actor, ActorKind, Permission, public
from workflow.base.database import begin_read_only, is_full
from workflow.base.errors import Conflict, DomainError, Stale
from workflow.base.files import NO_ROOM
from workflow.base.languages import LANGUAGES, N_, translations
from workflow.base.request_ids import go_back_to
from workflow.base.settings import Settings
from workflow.base.unit_of_work import reading, rollback, unit_of_work
from workflow.web import formats
from workflow.web.assets import asset
from workflow.web.csrf import csrf
from workflow.web.database import current_session
from workflow.web.problems import problem_response
from workflow.web.sentences import address_of, event_words, pick, say

log = logging.getLogger(__name__)

CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
       "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'")
SESSION_TOUCH = timedelta(minutes=5)
AWAY_SECONDS = 15
"""When to come again after the database was away or had no room."""
FOR_MACHINES = ("/healthz", "/readyz")


class SignIn(Protocol):
    """What the accounts room tells the shell about who is there."""

    def load(self, db: Session, now: datetime, *, session_token: str | None, api_token: str | None,
             request_id: str) -> Actor | None:
        """Give the actor of a live session or API token, reading only."""

    def touch(self, db: Session, now: datetime, *, session_token: str | None, api_token: str | None) -> None:
        """Note that the session or token was used; called now and then, in a transaction of its own."""


_sign_in: list[SignIn] = []


def use_sign_in(sign_in: SignIn) -> None:
    """Set how actors are found; `app.py` hands over the accounts room's."""
    _sign_in[:] = [sign_in]


@dataclass(frozen=True)
class MenuEntry:
    """An entry of the left menu: shown to those with the permission, where the endpoint exists."""

    endpoint: str
    label: Any
    icon: str
    permission: Permission
    prefix: str


MENU: Sequence[MenuEntry] = (
    MenuEntry("desk.today", lazy_gettext("Today"), "sun", Permission.SIGNED_IN, "/"),
    MenuEntry("visits.requests", lazy_gettext("Requests"), "inbox", Permission.REQUESTS_READ, "/requests"),
    MenuEntry("desk.visits", lazy_gettext("Visits"), "briefcase", Permission.VISITS_READ, "/visits"),
    MenuEntry("translations.board", lazy_gettext("Translations"), "translate", Permission.TRANSLATIONS_READ,
              "/translations"),
    MenuEntry("partners.index", lazy_gettext("Partners"), "globe", Permission.PARTNERS_READ, "/partners"),
    MenuEntry("wordings.index", lazy_gettext("Wording"), "file-earmark-text", Permission.WORDINGS_READ, "/wordings"),
    MenuEntry("visas.rules", lazy_gettext("Visa rules"), "passport", Permission.VISAS_RULES, "/visa-rules"),
    MenuEntry("reports.index", lazy_gettext("Reports"), "bar-chart", Permission.REPORTS_READ, "/reports"),
    MenuEntry("desk.administration", lazy_gettext("Administration"), "gear", Permission.ACCOUNTS_EDIT, "/admin"),
)

TITLES = {
    400: N_("The request could not be read"),
    401: N_("Sign in first"),
    403: N_("This is not open to you"),
    404: N_("Not found"),
    405: N_("This cannot be done here"),
    409: N_("This cannot be done now"),
    413: N_("Too large"),
    422: N_("Some values need correcting"),
    428: N_("Say which version you saw"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong on our side"),
    503: N_("Not available for a moment"),
}
_MESSAGES = {
    400: N_("The browser sent something that we could not read. Go back and try again."),
    403: N_("Your role does not allow this. Ask an administrator if you need it."),
    404: N_("There is no such page or record, or it is not open to you."),
    405: N_("Open the page again and use its buttons."),
    413: N_("What you sent is larger than we accept."),
    429: N_("Wait a little and try again."),
    500: N_("Nothing was lost: the change was undone. Try again; if it happens again, tell the administrator "
            "the number below."),
    503: N_("The database does not answer just now, so nothing was changed. This page works again by itself as soon as "
            "it is back."),
    507: N_("There is no room left on the disk, so nothing was changed. The administrator must make room; then try "
            "again."),
}


class _PoDomain(Domain):  # type: ignore[misc]
    """Flask-Babel's domain over our merged `.po` files."""

    def get_translations(self) -> Any:
        return translations(formats.language())


def attach_shell(app: Flask, settings: Settings) -> None:
    """Wrap the application."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_upload + 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        SESSION_COOKIE_NAME="delegations",
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=False,
        DELEGATIONS=settings,
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
    csrf.init_app(app)
    babel = Babel(app, locale_selector=_choose_locale, timezone_selector=formats.zone_name, default_locale="en")
    babel.domain_instance = _PoDomain()
    app.before_request(_arrive)
    app.after_request(_leave)
    app.teardown_request(lambda _fault: go_back_to(""))
    app.context_processor(_template_names)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    for name, made in (("day", formats.day), ("day_short", formats.day_short), ("moment", formats.moment),
                       ("country", formats.country), ("partial_day", formats.partial_day),
                       ("language_name", formats.language_name)):
        app.jinja_env.filters[name] = made
    app.jinja_env.globals.update(days=formats.days, sentence=say, where=address_of, asset=asset, pick=pick,
                                 event_words=event_words)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(IntegrityError, _clash)
    app.register_error_handler(DataError, _unkeepable)
    for away in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(away, _away)
    app.register_error_handler(OSError, _no_room)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _fault)


def _arrive() -> None:
    g.request_id = secrets.token_hex(8)
    go_back_to(g.request_id)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    g.actor = public(locale=_public_locale(), request_id=g.request_id)
    if request.endpoint == "static" or not _sign_in:
        return
    session_token = session.get("sid")
    bearer = request.headers.get("Authorization", "")
    api_token = bearer[7:].strip() if bearer.lower().startswith("bearer ") else None
    if not session_token and not api_token:
        return
    db, now = current_session(), clock.now()
    with reading(db):
        begin_read_only(db)
        actor = _sign_in[0].load(db, now, session_token=None if api_token else session_token, api_token=api_token,
                                 request_id=g.request_id)
    if actor is None:
        session.pop("sid", None)
        return
    g.actor = actor
    g.by_token = api_token is not None
    seen = session.get("seen", 0)
    if api_token or now.timestamp() - seen > SESSION_TOUCH.total_seconds():
        with unit_of_work(db):
            _sign_in[0].touch(db, now, session_token=None if api_token else session_token, api_token=api_token)
        if not api_token:
            session["seen"] = int(now.timestamp())


def _public_locale() -> str:
    """The language of whoever is not signed in; a browser that asks for others than ours belongs to a foreigner."""
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES, default="en" if request.accept_languages else "ru")


def _choose_locale() -> str:
    if not has_request_context():
        return "en"
    actor: Actor | None = g.get("actor")
    return actor.locale if actor else "en"


def _leave(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=()")
    settings: Settings = current_app.config["DELEGATIONS"]
    if settings.base_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Request-Id"] = g.get("request_id", "")
    return response


def _template_names() -> dict[str, Any]:
    actor: Actor = g.get("actor") or public()
    settings: Settings = current_app.config["DELEGATIONS"]
    return {
        "actor": actor,
        "signed_in": actor.kind is ActorKind.PERSON,
        "locale": formats.language(),
        "languages": LANGUAGES,
        "menu": _menu(actor),
        "is_demo": settings.demo,
        "mail_server": settings.smtp_host,
        "mail_folder": settings.mail_dir,
        "request_id": g.get("request_id", ""),
        "today": clock.local_date(clock.now(), actor.zone),
        "now": clock.now(),
        "has_endpoint": lambda name: name in current_app.view_functions,
        **{name: fill() for name, fill in current_app.extensions.get("delegations_names", {}).items()},
    }


def _menu(actor: Actor) -> list[dict[str, Any]]:
    if actor.kind is not ActorKind.PERSON:
        return []
    path = request.path
    shown = []
    for entry in MENU:
        if actor.may(entry.permission) and entry.endpoint in current_app.view_functions:
            active = path == "/" if entry.prefix == "/" else path.startswith(entry.prefix)
            shown.append({"url": url_for(entry.endpoint), "endpoint": entry.endpoint, "label": entry.label,
                          "icon": entry.icon, "active": active})
    return shown


def wants_json() -> bool:
    """Say whether this request came through the API."""
    return request.path.startswith("/api/") or request.path in FOR_MACHINES


def _domain_error(error: DomainError) -> ResponseReturnValue:
    rollback(current_session())
    if wants_json():
        return problem_response(error)
    reasons = [(say(reason), address_of(reason.where)) for reason in getattr(error, "reasons", ())]
    return _error_page(error.status, say(error), reasons=reasons,
                       theirs=error.current if isinstance(error, Stale) else {},
                       retry_after=getattr(error, "seconds", None))


def _clash(error: IntegrityError) -> ResponseReturnValue:
    """Answer the loser of a race that only a constraint could decide; the log says which, for it may be a fault."""
    named = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or str(error.orig)
    log.error("refused by the database", extra={"constraint": named})
    return _domain_error(Conflict("base.clash"))


def _unkeepable(error: DataError) -> ResponseReturnValue:
    """Answer a text that PostgreSQL's driver refused to send, for a character in it; else the fault is ours."""
    if getattr(error.orig, "sqlstate", None):
        return _fault(error)
    rollback(current_session())
    return _http_error(BadRequest())


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    title = str(gettext(TITLES.get(status, TITLES[400])))
    response = problem_response(status=status, title=title) if wants_json() else make_response(
        _error_page(status, str(gettext(_MESSAGES.get(status, _MESSAGES[400])))))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _away(error: Exception) -> ResponseReturnValue:
    """Answer while the database is stopped, busy for too long or full; nobody has to restart anything afterwards."""
    if getattr(getattr(error, "orig", None), "sqlite_errorname", "") == "SQLITE_ERROR":  # a wrong statement: our fault
        return _fault(error)
    try:
        rollback(current_session())
    except (OperationalError, InterfaceError):  # the connection that would be rolled back is gone, and with it all else
        current_session().invalidate()
    cause = getattr(error, "orig", None) or error  # the driver's own words: no statement and no parameter
    full = isinstance(error, DBAPIError) and is_full(error)
    log.error("disk full" if full else "database away",
              extra={"error": type(cause).__name__, "detail": str(cause)[:300]})
    return _unavailable(507 if full else 503)


def _no_room(error: OSError) -> ResponseReturnValue:
    """Answer when a file cannot be kept because the disk is full; any other such error is a fault of ours."""
    if error.errno not in NO_ROOM:
        return _fault(error)
    rollback(current_session())
    log.error("disk full")
    return _unavailable(507)


def _unavailable(reason: int) -> ResponseReturnValue:
    message = str(gettext(_MESSAGES[reason]))
    if wants_json():
        answer = problem_response(status=503, title=message)
        answer.headers["Retry-After"] = str(AWAY_SECONDS)
        return answer
    return _error_page(503, message, retry_after=AWAY_SECONDS)


def _fault(error: Exception) -> ResponseReturnValue:
    rollback(current_session())
    log.error("request failed", exc_info=error)
    if current_app.config.get("PROPAGATE_EXCEPTIONS") or current_app.testing:
        raise error
    if wants_json():
        return problem_response(status=500, title=str(gettext(TITLES[500])))
    return _error_page(500, str(gettext(_MESSAGES[500])))


def _error_page(status: int, message: str, *, reasons: Sequence[tuple[str, str]] = (), theirs: Any = None,
                retry_after: int | None = None) -> ResponseReturnValue:
    known = (400, 403, 404, 409, 413, 429, 500, 503)
    template = f"errors/{status if status in known else 400 if status < 500 else 500}.html"
    page = render_template(template, code=status, title=str(gettext(TITLES.get(status, TITLES[400]))),
                           message=message, reasons=reasons, theirs=theirs or {}, request_id=g.get("request_id", ""),
                           retry_after=retry_after)
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return page, status, headers
