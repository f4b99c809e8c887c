"""Signing in and out, forgotten passwords, the first administrator, and everybody's own account."""

from typing import Any

from flask import current_app, flash, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import Field

from workflow.accounts import links, queries, service, sessions
from workflow.accounts.admin_pages import KEEPS
from workflow.accounts.door import door
from workflow.accounts.rules import Locale
from workflow.accounts.words import PERMISSION_WORDS
from workflow.base.actor import ActorKind, Permission
from workflow.base.errors import Invalid, TooMany
from workflow.base.settings import Settings
from workflow.knowledge.zones import zone_choices
from workflow.web.doors import ANYONE, Act, needs
from workflow.web.formats import language
from workflow.web.forms import Form, FormModel
from workflow.web.language import own_path

doors = [door]
ADMINISTRATION = KEEPS
"""Who may use the administrator's pages; importing them declares them on the same door."""


class SignInForm(FormModel):
    """An address and a password."""

    email: str = Field(max_length=254)
    password: str = Field(max_length=1024)


class ForgotForm(FormModel):
    """An address."""

    email: str = Field(max_length=254)


class NewPasswordForm(FormModel):
    """A new password, typed twice."""

    password: str = Field(max_length=1024)
    again: str = Field(max_length=1024)


class OwnPasswordForm(NewPasswordForm):
    """The present password and a new one."""

    current: str = Field(max_length=1024)


class FirstForm(NewPasswordForm):
    """The first administrator."""

    name_ru: str = Field(default="", max_length=200)
    name_en: str = Field(default="", max_length=200)
    email: str = Field(max_length=254)
    zone: str = Field(default="Europe/Moscow", max_length=60)


class SettingsForm(FormModel):
    """What everybody sets for themselves."""

    locale: Locale
    zone: str = Field(max_length=60)
    digest_hour: int = Field(ge=0, le=23)
    version: int | None = None


class TokenForm(FormModel):
    """A new API token."""

    name: str = Field(max_length=100)
    days: int = Field(default=90, ge=1, le=366)
    scope: list[str] = Field(default_factory=list)


def _settings() -> Settings:
    settings: Settings = current_app.config["DELEGATIONS"]
    return settings


def _address() -> str:
    return request.remote_addr or "unknown"


def _next(text: str | None) -> str:
    """Give a path of ours to go on to; never an address elsewhere."""
    return own_path(text) or "/"


@door.get("/sign-in", ANYONE)
def sign_in(act: Act) -> ResponseReturnValue:
    """Ask for address and password."""
    onward = _next(request.args.get("next"))
    if act.actor.kind is ActorKind.PERSON:
        return redirect(onward)
    if queries.is_empty(act.session):
        return redirect(url_for("accounts.first"))
    return act.page("accounts/sign_in.html", form=Form.of(SignInForm), onward=onward)


@door.post("/sign-in", ANYONE, endpoint="sign_in_now")
def sign_in_now(act: Act) -> ResponseReturnValue:
    """Sign in; the attempt is counted and kept even when it is refused."""
    form = Form.posted(SignInForm)
    onward = _next(request.form.get("next"))
    seconds = 0
    if form.data:
        with form.guarding(act):
            try:
                _open(act, form.data)
            except TooMany as error:
                seconds = error.seconds
                raise
            return redirect(onward, code=303)
    response = make_response(act.page("accounts/sign_in.html", form.status, form=form, onward=onward))
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


def _open(act: Act, data: SignInForm) -> None:
    try:
        sessions.count_attempt(act.session, act.now, email=data.email, address=_address())
    except TooMany:
        act.keep()
        raise
    kept = sessions.kept_hash(act.session, data.email)
    act.keep()  # the count stays, and no transaction is open while the password is judged
    account_id = sessions.find_by_password(kept, data.password)
    opened = sessions.open_session(
        act.session, act.now, account_id, password=data.password, judged=kept[1] if kept else None, address=_address(),
        browser=request.headers.get("User-Agent", ""), request_id=act.actor.request_id,
    )  # fmt: skip
    session.clear()
    session["sid"] = opened.token
    session["language"] = opened.locale


@door.post("/sign-out", ANYONE)
def sign_out(act: Act) -> ResponseReturnValue:
    """End this session."""
    sessions.sign_out(act.session, act.actor, act.now)
    kept = session.get("language")
    session.clear()
    if kept:
        session["language"] = kept
    flash(_("You are signed out."))
    return act.to("accounts.sign_in")


@door.get("/forgot", ANYONE)
def forgot(act: Act) -> ResponseReturnValue:
    """Ask whose password is forgotten."""
    return act.page("accounts/forgot.html", form=Form.of(ForgotForm))


@door.post("/forgot", ANYONE, endpoint="forgot_now")
def forgot_now(act: Act) -> ResponseReturnValue:
    """Mail a link if there is such an account; the answer is the same if there is not."""
    form = Form.posted(ForgotForm)
    if form.data:
        with form.guarding(act):
            try:
                links.count_reset(act.session, act.now, email=form.data.email, address=_address())
            except TooMany:
                act.keep()
                raise
            links.request_reset(act.session, act.now, email=form.data.email, base_url=_settings().base_url,
                                request_id=act.actor.request_id)
            flash(_("If there is an account with this address, a mail with a link is on its way to it."))
            return act.to("accounts.sign_in")
    return act.page("accounts/forgot.html", form.status, form=form)


@door.get("/password/<string:token>", ANYONE)
def password(act: Act, token: str) -> ResponseReturnValue:
    """Ask for the new password that a mailed link lets one set."""
    try:
        owner = links.link_owner(act.session, act.now, token)
    except Invalid:
        return act.page("accounts/link_spent.html", 410)
    return act.page("accounts/password.html", form=Form.of(NewPasswordForm), owner=owner, token=token)


@door.post("/password/<string:token>", ANYONE, endpoint="password_now")
def password_now(act: Act, token: str) -> ResponseReturnValue:
    """Set the password and send its owner to sign in."""
    try:
        owner = links.link_owner(act.session, act.now, token)
    except Invalid:
        return act.page("accounts/link_spent.html", 410)
    form = Form.posted(NewPasswordForm)
    if form.data:
        with form.guarding(act):
            _same(form.data)
            links.set_password(act.session, act.now, token, form.data.password)
            flash(_("The password is set. Sign in with it."))
            return act.to("accounts.sign_in")
    return act.page("accounts/password.html", form.status, form=form, owner=owner, token=token)


def _same(data: NewPasswordForm) -> None:
    if data.password != data.again:
        raise Invalid("accounts.passwords-differ", field="again")


@door.get("/first-administrator", ANYONE)
def first(act: Act) -> ResponseReturnValue:
    """Greet who starts an empty installation."""
    if not queries.is_empty(act.session):
        return redirect(url_for("accounts.sign_in"))
    return act.page("accounts/first.html", form=Form.of(FirstForm), zones=zone_choices(language()))


@door.post("/first-administrator", ANYONE, endpoint="first_now")
def first_now(act: Act) -> ResponseReturnValue:
    """Make the first administrator and sign them in."""
    form = Form.posted(FirstForm)
    if form.data:
        with form.guarding(act):
            _same(form.data)
            made = service.first_administrator(
                act.session, act.now, name_ru=form.data.name_ru, name_en=form.data.name_en, email=form.data.email,
                password=form.data.password, locale=language(), zone=form.data.zone,
            )  # fmt: skip
            opened = sessions.open_session(act.session, act.now, made.id, password=form.data.password,
                                           address=_address(), browser=request.headers.get("User-Agent", ""))
            session.clear()
            session["sid"] = opened.token
            flash(_("Welcome. Now describe your office; then add the people who will work here."))
            return redirect(url_for("office.index"), code=303)
    return act.page("accounts/first.html", form.status, form=form, zones=zone_choices(language()))


@door.get("/me", needs(Permission.SIGNED_IN))
def me(act: Act) -> ResponseReturnValue:
    """Show one's own account."""
    return _me(act)


def _me(
    act: Act, status: int = 200, *, settings: Form[SettingsForm] | None = None,
    own_password: Form[OwnPasswordForm] | None = None, token: Form[TokenForm] | None = None, secret: str = "",
) -> ResponseReturnValue:
    account = service.get_account(act.session, act.actor.account_id or 0)
    if settings is None:
        settings = Form.of(SettingsForm, account)
    if settings.data is None:
        settings.settle_version(account.lock_version)
    scopes = sorted(act.actor.permissions - {Permission.SIGNED_IN})
    return act.page(
        "accounts/me.html", status, account=account, settings=settings, zones=zone_choices(language(), account.zone),
        own_password=own_password or Form.of(OwnPasswordForm), token=token or Form.of(TokenForm), secret=secret,
        scopes=[(scope.value, _(PERMISSION_WORDS[scope])) for scope in scopes],
        open_sessions=queries.open_sessions(act.session, act.now, account.id),
        this_session=int(act.actor.extra.get("session_id", "0")), tokens=queries.api_tokens(act.session, account.id),
        permission_words=PERMISSION_WORDS,
    )  # fmt: skip


@door.post("/me", needs(Permission.SIGNED_IN))
def settings_now(act: Act) -> ResponseReturnValue:
    """Keep one's language, zone and hour of the digest."""
    form = Form.posted(SettingsForm)
    if form.data:
        with form.guarding(act):
            values: dict[str, Any] = form.data.model_dump(exclude={"version"}, mode="json")
            service.change_account(act.session, act.actor, act.now, act.actor.account_id or 0, values,
                                   version=form.data.version)
            session["language"] = form.data.locale.value
            flash(_("Saved."))
            return act.to("accounts.me")
    return _me(act, form.status, settings=form)


@door.post("/me/password", needs(Permission.SIGNED_IN))
def own_password_now(act: Act) -> ResponseReturnValue:
    """Change one's own password."""
    form = Form.posted(OwnPasswordForm)
    if form.data:
        with form.guarding(act):
            _same(form.data)
            account = service.get_account(act.session, act.actor.account_id or 0)
            try:
                sessions.count_attempt(act.session, act.now, email=account.email, address=_address())
            except TooMany:
                act.keep()
                raise
            act.keep()
            links.change_password(act.session, act.actor, act.now, current=form.data.current,
                                  password=form.data.password)
            flash(_("The password is changed. Your other sessions have ended."))
            return act.to("accounts.me")
    return _me(act, form.status, own_password=form)


@door.post("/me/sessions/<int:session_id>/end", needs(Permission.SIGNED_IN))
def end_session(act: Act, session_id: int) -> ResponseReturnValue:
    """End one of one's own sessions."""
    sessions.end_session(act.session, act.actor, act.now, session_id)
    flash(_("The session has ended."))
    return act.to("accounts.me", fragment="sessions")


@door.post("/me/sessions/end", needs(Permission.SIGNED_IN))
def end_other_sessions(act: Act) -> ResponseReturnValue:
    """End all of one's own sessions but this."""
    sessions.end_sessions(act.session, act.actor, act.now, act.actor.account_id or 0)
    flash(_("All other sessions have ended."))
    return act.to("accounts.me", fragment="sessions")


@door.post("/me/tokens", needs(Permission.SIGNED_IN))
def issue_token(act: Act) -> ResponseReturnValue:
    """Issue an API token and show its secret, this once."""
    form = Form.posted(TokenForm)
    if form.data:
        with form.guarding(act):
            _row, secret = sessions.issue_api_token(act.session, act.actor, act.now, name=form.data.name,
                                                    scope=form.data.scope, days=form.data.days)
            return _me(act, secret=secret)
    return _me(act, form.status, token=form)


@door.post("/me/tokens/<int:token_id>/revoke", needs(Permission.SIGNED_IN))
def revoke_token(act: Act, token_id: int) -> ResponseReturnValue:
    """Revoke one of one's own API tokens."""
    sessions.revoke_api_token(act.session, act.actor, act.now, token_id)
    flash(_("The token is revoked."))
    return act.to("accounts.me", fragment="tokens")


def keep_language(act: Act, chosen: str) -> None:
    """Keep the language that a signed-in person chose with the switch; `app.py` hands this to the language door."""
    if act.actor.account_id is not None:
        service.change_account(act.session, act.actor, act.now, act.actor.account_id, {"locale": chosen})
