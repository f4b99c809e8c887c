"""Links that set a password: the first one of a new account, and a new one for who has forgotten theirs."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from workflow.accounts.models import Account, PasswordToken
from workflow.accounts.passwords import hash_password, matches
from workflow.accounts.rules import (
    FIRST_PASSWORD_VALID,
    RESET_VALID,
    RESETS_PER_ACCOUNT,
    RESETS_PER_ADDRESS,
    RESETS_WINDOW,
    TokenPurpose,
    new_token,
    normalise_email,
    token_hash,
)
from workflow.accounts.service import check_password, end_all_sessions, get_account
from workflow.base import limits
from workflow.base.actor import SYSTEM, Actor, Permission, person
from workflow.base.errors import Conflict, Forbidden, Invalid
from workflow.base.events import record
from workflow.mail.service import Recipient, queue_mail


def count_reset(session: Session, now: datetime, *, email: str, address: str) -> None:
    """Count one wish for a new password; the caller commits in any case.

    Raises:
        TooMany: this address, or this account be it known or not, has had too many lately.
    """
    limits.spend(session, now, "accounts.reset.address", address, limit=RESETS_PER_ADDRESS, window=RESETS_WINDOW)
    limits.spend(session, now, "accounts.reset.account", normalise_email(email), limit=RESETS_PER_ACCOUNT,
                 window=RESETS_WINDOW)


def request_reset(session: Session, now: datetime, *, email: str, base_url: str, request_id: str = "") -> None:
    """Mail a link to whoever has an active account with this address; do nothing, and say nothing, otherwise."""
    account = session.scalar(select(Account).where(Account.email == normalise_email(email), Account.active))
    if account is None:
        return
    _mail_link(session, now, account, TokenPurpose.RESET, RESET_VALID, base_url, "password_reset", request_id)
    record(session, SYSTEM, now, "accounts.reset.requested", subject=account)


def invite(session: Session, actor: Actor, now: datetime, account_id: int, *, base_url: str) -> None:
    """Mail somebody the link with which they set their first password, or a fresh one if it ran out.

    Raises:
        Forbidden, NotFound.
        Conflict: the account is closed.
    """
    if not actor.may(Permission.ACCOUNTS_EDIT):
        raise Forbidden
    account = get_account(session, account_id)
    if not account.active:
        raise Conflict("accounts.closed")
    _mail_link(session, now, account, TokenPurpose.FIRST, FIRST_PASSWORD_VALID, base_url, "account_invitation",
               actor.request_id)
    record(session, actor, now, "accounts.account.invited", subject=account)


def _mail_link(
    session: Session, now: datetime, account: Account, purpose: TokenPurpose, valid: timedelta, base_url: str,
    template: str, request_id: str,
) -> None:
    token = new_token()
    row = PasswordToken(account_id=account.id, purpose=purpose.value, token_hash=token_hash(token), created_at=now,
                        expires_at=now + valid)
    session.add(row)
    session.flush()
    name = account.name(account.locale)
    values = {"name": name, "link": f"{base_url}/password/{token}", "until": row.expires_at, "zone": account.zone,
              "email": account.email}
    queue_mail(session, now, template, Recipient(account.email, name, account.locale, account.id), values,
               key=f"accounts.link.{row.id}", request_id=request_id)


def link_owner(session: Session, now: datetime, token: str) -> Account:
    """Give the account whose password a link sets.

    Raises:
        Invalid: it was used, ran out, or never was.
    """
    found = session.execute(
        select(Account)
        .join(PasswordToken, PasswordToken.account_id == Account.id)
        .where(PasswordToken.token_hash == token_hash(token), PasswordToken.used_at.is_(None),
               PasswordToken.expires_at > now, Account.active)
    ).scalar_one_or_none()
    if found is None:
        raise Invalid("accounts.link-spent")
    return found


def set_password(session: Session, now: datetime, token: str, password: str) -> Account:
    """Set a password by a link, once; all sessions end and every other link of the account is spent.

    Raises:
        Invalid: the link is spent, or the password is no good.
    """
    account = link_owner(session, now, token)
    check_password(password, email=account.email, name=account.name_ru or account.name_en)
    spent = session.execute(
        update(PasswordToken)
        .where(PasswordToken.token_hash == token_hash(token), PasswordToken.used_at.is_(None))
        .values(used_at=now)
    )
    if not spent.rowcount:  # type: ignore[attr-defined]
        raise Invalid("accounts.link-spent")
    _new_password(session, now, account, password)
    record(session, person(account.id, account.name("ru"), account.roles), now, "accounts.password.set",
           subject=account, personal=("password",))
    return account


def change_password(session: Session, actor: Actor, now: datetime, *, current: str, password: str) -> None:
    """Change one's own password; all one's other sessions end.

    Raises:
        Forbidden: not signed in as a person.
        Invalid: the present password does not fit, or the new one is no good.
    """
    if actor.account_id is None or "api_token_id" in actor.extra:
        raise Forbidden
    account = get_account(session, actor.account_id)
    if not matches(account.password_hash, current[:1024]):
        raise Invalid("accounts.wrong-current-password", field="current")
    check_password(password, email=account.email, name=account.name_ru or account.name_en)
    own = actor.extra.get("session_id")
    _new_password(session, now, account, password, keep_session=int(own) if own else None)
    record(session, actor, now, "accounts.password.set", subject=account, personal=("password",))


def _new_password(
    session: Session, now: datetime, account: Account, password: str, *, keep_session: int | None = None
) -> None:
    account.password_hash = hash_password(password)
    end_all_sessions(session, now, account.id, keep=keep_session)
    session.execute(update(PasswordToken).where(PasswordToken.account_id == account.id, PasswordToken.used_at.is_(None))
                    .values(used_at=now))
    limits.forgive(session, "accounts.sign-in.account", account.email)
