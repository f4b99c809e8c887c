"""Signing in and out, sessions of browsers and tokens of programs.

Signing in has three steps, so that a slow hash holds no transaction and a refusal is counted all the same:
`count_attempt` (commit it), `find_by_password` (reads only), `open_session` (commit it).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from workflow.accounts.models import Account, AccountSession, ApiToken
from workflow.accounts.passwords import hash_password, is_outdated, matches
from workflow.accounts.rules import (
    SEEN_EVERY,
    SESSION_IDLE,
    SESSION_LONGEST,
    TOKEN_LONGEST,
    TRIES_PER_ACCOUNT,
    TRIES_PER_ADDRESS,
    TRIES_WINDOW,
    new_api_token,
    new_token,
    normalise_email,
    token_hash,
)
from workflow.accounts.service import end_all_sessions, get_account
from workflow.base import limits
from workflow.base.actor import Actor, Permission, person
from workflow.base.errors import Forbidden, Invalid, NotFound
from workflow.base.events import record
from workflow.knowledge.names import normalise

_BY_ADDRESS = "accounts.sign-in.address"
_BY_ACCOUNT = "accounts.sign-in.account"


@dataclass(frozen=True)
class Opened:
    """A session just opened: its secret is known here only."""

    account_id: int
    token: str
    name: str
    locale: str


def count_attempt(session: Session, now: datetime, *, email: str, address: str) -> None:
    """Count one attempt to sign in, before the password is looked at; the caller commits in any case.

    Raises:
        TooMany: this address or this account has had too many attempts lately.
    """
    limits.spend(session, now, _BY_ADDRESS, address, limit=TRIES_PER_ADDRESS, window=TRIES_WINDOW)
    limits.spend(session, now, _BY_ACCOUNT, normalise_email(email), limit=TRIES_PER_ACCOUNT, window=TRIES_WINDOW)


def kept_hash(session: Session, email: str) -> tuple[int, str] | None:
    """Read the key and the password hash of an active account; None when there is none (no timing is promised)."""
    row = session.execute(
        select(Account.id, Account.password_hash).where(Account.email == normalise_email(email), Account.active)
    ).one_or_none()
    return None if row is None or row.password_hash is None else (row.id, row.password_hash)


def find_by_password(kept: tuple[int, str] | None, password: str) -> int:
    """Judge a password against what `kept_hash` read, in the same time for known and unknown people.

    Raises:
        Invalid: it does not fit, or there is no such account: the two are not told apart.
    """
    if not matches(None if kept is None else kept[1], password[:1024]) or kept is None:
        raise Invalid("accounts.wrong-password", field="password")
    return kept[0]


def open_session(
    session: Session, now: datetime, account_id: int, *, password: str, judged: str | None = None, address: str = "",
    browser: str = "", request_id: str = "",
) -> Opened:
    """Open a session for somebody whose password fitted a moment ago, by the hash *judged*; renews an outdated hash.

    Raises:
        Invalid: the account was closed, or its password changed, in that moment.
    """
    account = session.get(Account, account_id, populate_existing=True)
    if account is None or not account.active or account.password_hash is None or (
            judged is not None and judged != account.password_hash):
        raise Invalid("accounts.wrong-password", field="password")
    if is_outdated(account.password_hash):
        account.password_hash = hash_password(password)
    limits.forgive(session, _BY_ACCOUNT, account.email)
    if judged is not None:  # an office behind one address signs in at nine o'clock without shutting itself out
        limits.give_back(session, _BY_ADDRESS, address)
    token = new_token()
    row = AccountSession(account_id=account.id, token_hash=token_hash(token), created_at=now, seen_at=now,
                         address=address[:60], browser=_short(browser))
    session.add(row)
    actor = person(account.id, account.name("ru"), account.roles, request_id=request_id)
    record(session, actor, now, "accounts.session.opened", subject=row)
    return Opened(account.id, token, account.name(account.locale), account.locale)


def _short(browser: str) -> str:
    """Keep of a User-Agent what a person recognises."""
    names = (("Edg/", "Edge"), ("YaBrowser", "Yandex Browser"), ("OPR/", "Opera"), ("Firefox/", "Firefox"),
             ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
               ("Mac OS", "macOS"), ("Linux", "Linux"))
    found = [next((name for mark, name in table if mark in browser), "") for table in (names, systems)]
    return ", ".join(part for part in found if part) or "".join(ch for ch in browser if ch.isprintable())[:60]


def load_actor(
    session: Session, now: datetime, *, session_token: str | None = None, api_token: str | None = None,
    request_id: str = "",
) -> Actor | None:
    """Say who a request comes from; None when the secret is unknown, ended, too old, or its account is closed.

    Reads only, two queries; `touch` writes down that it was used. The actor's `extra` names the session or token.
    """
    if api_token is not None:
        return _by_api_token(session, now, api_token, request_id)
    if not session_token:
        return None
    found = session.execute(
        select(AccountSession, Account)
        .join(Account, Account.id == AccountSession.account_id)
        .where(AccountSession.token_hash == token_hash(session_token), AccountSession.ended_at.is_(None),
               AccountSession.seen_at > now - SESSION_IDLE, AccountSession.created_at > now - SESSION_LONGEST,
               Account.active)
    ).one_or_none()
    if found is None:
        return None
    row, account = found
    return _actor(account, request_id, {"session_id": str(row.id)})


def _by_api_token(session: Session, now: datetime, token: str, request_id: str) -> Actor | None:
    found = session.execute(
        select(ApiToken, Account)
        .join(Account, Account.id == ApiToken.account_id)
        .where(ApiToken.token_hash == token_hash(token), ApiToken.revoked_at.is_(None), ApiToken.expires_at > now,
               Account.active)
    ).one_or_none()
    if found is None:
        return None
    row, account = found
    scope = frozenset(Permission(word) for word in row.scope if word in set(Permission))
    return _actor(account, request_id, {"api_token_id": str(row.id)}, scope)


def _actor(
    account: Account, request_id: str, extra: dict[str, str], scope: frozenset[Permission] | None = None
) -> Actor:
    made = person(account.id, account.name(account.locale), account.roles, locale=account.locale, zone=account.zone,
                  request_id=request_id, scope=scope)
    made.extra.update(extra)
    return made


def touch(session: Session, now: datetime, *, session_token: str | None, api_token: str | None) -> None:
    """Note that a session or token was used; written at most once in `SEEN_EVERY`."""
    if api_token is not None:
        session.execute(
            update(ApiToken)
            .where(ApiToken.token_hash == token_hash(api_token),
                   or_(ApiToken.used_at.is_(None), ApiToken.used_at <= now - SEEN_EVERY))
            .values(used_at=now)
        )
    elif session_token:
        session.execute(
            update(AccountSession)
            .where(AccountSession.token_hash == token_hash(session_token), AccountSession.seen_at <= now - SEEN_EVERY)
            .values(seen_at=now)
        )


def sign_out(session: Session, actor: Actor, now: datetime) -> None:
    """End the session that the actor came with; nothing happens when it has ended."""
    if "session_id" in actor.extra:
        end_session(session, actor, now, int(actor.extra["session_id"]))


def end_session(session: Session, actor: Actor, now: datetime, session_id: int) -> None:
    """End one of one's own sessions, or anybody's as administrator.

    Raises:
        NotFound: there is none, or it is another's.
    """
    row = session.get(AccountSession, session_id)
    if row is None or not (row.account_id == actor.account_id or actor.may(Permission.ACCOUNTS_EDIT)):
        raise NotFound("session")
    done = session.execute(
        update(AccountSession).where(AccountSession.id == session_id, AccountSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    if done.rowcount:  # type: ignore[attr-defined]
        record(session, actor, now, "accounts.session.ended", subject=row)


def end_sessions(session: Session, actor: Actor, now: datetime, account_id: int, *, keep_own: bool = True) -> int:
    """End all sessions of an account, but the one that the actor came with where *keep_own*; give how many.

    Raises:
        NotFound: there is no such account, or it is another's and the actor keeps no accounts.
    """
    if account_id != actor.account_id and not actor.may(Permission.ACCOUNTS_EDIT):
        raise NotFound("account")
    account = get_account(session, account_id)
    own = actor.extra.get("session_id")
    ended = end_all_sessions(session, now, account_id, keep=int(own) if own and keep_own else None)
    if ended:
        record(session, actor, now, "accounts.sessions.ended", subject=account, changes={"ended": (0, ended)})
    return ended


def issue_api_token(
    session: Session, actor: Actor, now: datetime, *, name: str, scope: Iterable[Permission | str], days: int,
) -> tuple[ApiToken, str]:
    """Make a token with which a program acts as the actor, within *scope*; the secret is shown this once.

    Raises:
        Forbidden: not a signed-in person, or acting by a token already.
        Invalid: no name, no scope, more than the actor's own permissions, or too long a life.
    """
    if actor.account_id is None or "api_token_id" in actor.extra:
        raise Forbidden
    name = normalise(name)
    if not name:
        raise Invalid("base.required", field="name")
    if len(name) > 100:
        raise Invalid("base.too-long", field="name", limit=100)
    try:
        wanted = sorted({Permission(word) for word in scope})
    except ValueError:
        raise Invalid("base.not-a-choice", field="scope") from None
    if not wanted:
        raise Invalid("accounts.no-scope", field="scope")
    if not actor.permissions.issuperset(wanted):
        raise Invalid("accounts.scope-too-wide", field="scope")
    if not 1 <= days <= TOKEN_LONGEST.days:
        raise Invalid("base.out-of-range", field="days")
    token = new_api_token()
    row = ApiToken(account_id=actor.account_id, name=name, token_hash=token_hash(token), shown=token[:10],
                   scope=[word.value for word in wanted], created_at=now, expires_at=now + timedelta(days=days))
    session.add(row)
    record(session, actor, now, "accounts.api-token.issued", subject=row,
           changes={"name": (None, name), "scope": (None, row.scope)})
    return row, token


def revoke_api_token(session: Session, actor: Actor, now: datetime, token_id: int) -> None:
    """Revoke one of one's own API tokens, or anybody's as administrator; it stops with the next request.

    Raises:
        NotFound: there is none, or it is another's.
    """
    row = session.get(ApiToken, token_id)
    if row is None or not (row.account_id == actor.account_id or actor.may(Permission.ACCOUNTS_EDIT)):
        raise NotFound("api token")
    done = session.execute(
        update(ApiToken).where(ApiToken.id == token_id, ApiToken.revoked_at.is_(None)).values(revoked_at=now)
    )
    if done.rowcount:  # type: ignore[attr-defined]
        record(session, actor, now, "accounts.api-token.revoked", subject=row)
