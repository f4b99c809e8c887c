"""What an administrator does with accounts."""

from typing import Any

from flask import current_app, flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import Field

from workflow.accounts import links, queries, service, sessions
from workflow.accounts.door import door
from workflow.accounts.models import Account
from workflow.accounts.rules import Locale
from workflow.accounts.words import ROLE_HINTS, ROLE_WORDS
from workflow.base.actor import Permission, Role
from workflow.base.settings import Settings
from workflow.knowledge.zones import zone_choices
from workflow.web.doors import Act, needs
from workflow.web.formats import language
from workflow.web.forms import Form, FormModel

KEEPS = needs(Permission.ACCOUNTS_EDIT)


class AccountForm(FormModel):
    """An account as its administrator writes it."""

    name_ru: str = Field(default="", max_length=200)
    name_en: str = Field(default="", max_length=200)
    email: str = Field(max_length=254)
    roles: list[Role] = Field(default_factory=list)
    post_ru: str = Field(default="", max_length=300)
    post_en: str = Field(default="", max_length=300)
    phone: str = Field(default="", max_length=60)
    locale: Locale = Locale.RU
    zone: str = Field(default="Europe/Moscow", max_length=60)
    digest_hour: int = Field(default=8, ge=0, le=23)
    version: int | None = None


@door.get("/admin/accounts", KEEPS)
def index(act: Act) -> ResponseReturnValue:
    """List all accounts."""
    return act.page("accounts/index.html", accounts=queries.all_accounts(act.session, act.actor), role_words=ROLE_WORDS)


@door.get("/admin/accounts/new", KEEPS)
def new(act: Act) -> ResponseReturnValue:
    """Show an empty account, in the zone and language of whoever makes it."""
    return _page(act, Form.of(AccountForm, {"zone": act.actor.zone, "locale": act.actor.locale}), None)


@door.post("/admin/accounts/new", KEEPS, endpoint="new_now")
def new_now(act: Act) -> ResponseReturnValue:
    """Make an account and mail its owner the link for a password."""
    form = Form.posted(AccountForm)
    if form.data:
        with form.guarding(act):
            values: dict[str, Any] = form.data.model_dump(exclude={"version"}, mode="json")
            account = service.create_account(act.session, act.actor, act.now, **values)
            links.invite(act.session, act.actor, act.now, account.id, base_url=_base_url())
            flash(_("The account is made. A mail with a link for the password is on its way."))
            _tell_where_mail_is()
            return act.to("accounts.account", account_id=account.id)
    return _page(act, form, None)


@door.get("/admin/accounts/<int:account_id>", KEEPS)
def account(act: Act, account_id: int) -> ResponseReturnValue:
    """Show an account."""
    row = service.get_account(act.session, account_id)
    form = Form.of(AccountForm, row)
    form.settle_version(row.lock_version)
    return _page(act, form, row)


@door.post("/admin/accounts/<int:account_id>", KEEPS, endpoint="account_now")
def account_now(act: Act, account_id: int) -> ResponseReturnValue:
    """Keep an account's data and roles."""
    row = service.get_account(act.session, account_id)
    form = Form.posted(AccountForm)
    if form.data:
        with form.guarding(act):
            values: dict[str, Any] = form.data.model_dump(exclude={"version", "roles"}, mode="json")
            service.change_account(act.session, act.actor, act.now, account_id, values, version=form.data.version)
            service.change_roles(act.session, act.actor, act.now, account_id, form.data.roles)
            flash(_("Saved."))
            return act.to("accounts.account", account_id=account_id)
    if form.theirs:
        form.settle_version(service.get_account(act.session, account_id).lock_version)
    return _page(act, form, row)


@door.post("/admin/accounts/<int:account_id>/invite", KEEPS)
def invite(act: Act, account_id: int) -> ResponseReturnValue:
    """Mail the link for a password once more."""
    links.invite(act.session, act.actor, act.now, account_id, base_url=_base_url())
    flash(_("A mail with a link for the password is on its way."))
    _tell_where_mail_is()
    return act.to("accounts.account", account_id=account_id)


@door.post("/admin/accounts/<int:account_id>/close", KEEPS)
def close(act: Act, account_id: int) -> ResponseReturnValue:
    """Close an account."""
    service.deactivate(act.session, act.actor, act.now, account_id)
    flash(_("The account is closed; its sessions have ended."))
    return act.to("accounts.account", account_id=account_id)


@door.post("/admin/accounts/<int:account_id>/open", KEEPS)
def open_again(act: Act, account_id: int) -> ResponseReturnValue:
    """Open a closed account."""
    service.activate(act.session, act.actor, act.now, account_id)
    flash(_("The account is open again."))
    return act.to("accounts.account", account_id=account_id)


@door.post("/admin/accounts/<int:account_id>/sessions/end", KEEPS)
def end_sessions(act: Act, account_id: int) -> ResponseReturnValue:
    """End all sessions of an account."""
    sessions.end_sessions(act.session, act.actor, act.now, account_id)
    flash(_("All sessions of this account have ended."))
    return act.to("accounts.account", account_id=account_id)


def _tell_where_mail_is() -> None:
    """Say that nobody will get the mail by itself, where no mail server is set."""
    settings: Settings = current_app.config["DELEGATIONS"]
    if settings.smtp_host is None:
        flash(_("No mail server is set, so mails are only kept in the folder %(folder)s. Open the mail there and hand "
                "its link to the person, or set DELEGATIONS_SMTP_HOST.", folder=settings.mail_dir), "warning")


def _base_url() -> str:
    return str(current_app.config["DELEGATIONS"].base_url)


def _page(act: Act, form: Form[AccountForm], row: Account | None) -> ResponseReturnValue:
    return act.page(
        "accounts/account.html", form.status, form=form, account=row,
        zones=zone_choices(language(), row.zone if row else ""),
        roles=[(role.value, f"{_(ROLE_WORDS[role])}: {_(ROLE_HINTS[role])}") for role in Role],
        open_sessions=queries.open_sessions(act.session, act.now, row.id) if row else [],
    )  # fmt: skip
