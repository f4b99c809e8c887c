"""What an administrator does with accounts, and what each person does with their own."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from workflow.accounts.models import Account, AccountRole, AccountSession, ApiToken
from workflow.accounts.passwords import hash_password
from workflow.accounts.rules import (
    NAME_LONGEST,
    PASSWORD_LONGEST,
    PASSWORD_SHORTEST,
    Locale,
    is_email,
    normalise_email,
    password_fault,
)
from workflow.base.actor import SYSTEM, Actor, Permission, Role
from workflow.base.database import expect_version, lock_row
from workflow.base.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from workflow.base.events import changed, record
from workflow.knowledge.names import normalise
from workflow.knowledge.zones import is_zone

_TEXTS = {"name_ru": NAME_LONGEST, "name_en": NAME_LONGEST, "post_ru": 300, "post_en": 300, "phone": 60}
_OWN = frozenset({"locale", "zone", "digest_hour"})
_EDITABLE = frozenset(_TEXTS) | _OWN | {"email"}


def first_administrator(
    session: Session, now: datetime, *, name_ru: str, name_en: str, email: str, password: str, locale: str = Locale.RU,
    zone: str = "Europe/Moscow",
) -> Account:
    """Make the administrator of an empty installation.

    Raises:
        Conflict: there is an account already; of two who try at once one gets this.
        Invalid: a value is wrong.
    """
    if session.scalar(select(Account.id).limit(1)) is not None:
        raise Conflict("accounts.already-set-up")
    return create_account(
        session, SYSTEM, now, name_ru=name_ru, name_en=name_en, email=email, password=password,
        roles={Role.ADMINISTRATOR}, locale=locale, zone=zone, mark="first",
    )  # fmt: skip


def create_account(
    session: Session, actor: Actor, now: datetime, *, email: str, name_ru: str = "", name_en: str = "",
    roles: Iterable[Role | str] = (), password: str | None = None, post_ru: str = "", post_en: str = "",
    phone: str = "", locale: str = Locale.RU, zone: str = "Europe/Moscow", digest_hour: int = 8,
    mark: str | None = None,
) -> Account:
    """Make an account; without a password its owner sets one by a mailed link (`entry.invite`).

    Raises:
        Forbidden: the actor does not keep accounts.
        Invalid: a value is wrong; all wrong ones are named at once.
        Conflict: somebody has this e-mail address already.
    """
    _require(actor, Permission.ACCOUNTS_EDIT)
    values = _checked({
        "name_ru": name_ru, "name_en": name_en, "email": email, "post_ru": post_ru, "post_en": post_en, "phone": phone,
        "locale": locale, "zone": zone, "digest_hour": digest_hour,
    })  # fmt: skip
    wanted = _roles(roles)
    if password is not None:
        check_password(password, email=values["email"], name=values["name_ru"] or values["name_en"])
    account = Account(
        **values, created_at=now, mark=mark, password_hash=None if password is None else hash_password(password),
        role_rows=[AccountRole(role=role.value) for role in sorted(wanted)],
    )  # fmt: skip
    _save(session, account, adding=True)
    record(session, actor, now, "accounts.account.created", subject=account,
           changes={"roles": (None, sorted(wanted)), "name": (None, account.name("ru"))})
    return account


def change_account(
    session: Session, actor: Actor, now: datetime, account_id: int, values: Mapping[str, Any], *,
    version: int | None = None,
) -> Account:
    """Change names, post, phone, address, language, zone or hour of the digest; others' only as administrator.

    Raises:
        Forbidden, NotFound, Invalid, Conflict, Stale.
    """
    if actor.account_id == account_id and set(values) <= _OWN:
        _require(actor, Permission.SIGNED_IN)
    else:
        _require(actor, Permission.ACCOUNTS_EDIT)
    unknown = set(values) - _EDITABLE
    if unknown:
        raise Invalid("base.unknown-field", field=min(unknown))
    account = get_account(session, account_id)
    expect_version(account, version, {name: getattr(account, name) for name in values})
    before = {name: getattr(account, name) for name in _EDITABLE}
    differences = changed(account, _checked({**before, **values}))
    if differences:
        _save(session, account)
        shown = {name: pair for name, pair in differences.items() if name not in ("email", "phone")}
        record(session, actor, now, "accounts.account.changed", subject=account, changes=shown,
               personal=differences.keys() & {"email", "phone"})
    return account


def change_roles(
    session: Session, actor: Actor, now: datetime, account_id: int, roles: Iterable[Role | str]
) -> Account:
    """Give an account other roles; what its open sessions may do changes with the next request.

    Raises:
        Forbidden, NotFound.
        Invalid: no role at all.
        Conflict: nobody would be left who keeps accounts.
    """
    _require(actor, Permission.ACCOUNTS_EDIT)
    account = lock_row(session, Account, account_id)  # two who change them at once do so one after the other
    if account is None:
        raise NotFound("account")
    wanted = _roles(roles)
    before = account.roles
    if wanted == before:
        return account
    if Role.ADMINISTRATOR in before and Role.ADMINISTRATOR not in wanted:
        _keep_an_administrator(session, account_id)
    for row in list(account.role_rows):
        if Role(row.role) not in wanted:
            account.role_rows.remove(row)
    account.role_rows.extend(AccountRole(role=role.value) for role in sorted(wanted - before))
    record(session, actor, now, "accounts.roles.changed", subject=account,
           changes={"roles": (sorted(before), sorted(wanted))})
    return account


def deactivate(session: Session, actor: Actor, now: datetime, account_id: int) -> Account:
    """Close an account: sessions end, API tokens are revoked, its name stays wherever it stands.

    Raises:
        Forbidden, NotFound.
        Conflict: it is one's own, or nobody would be left who keeps accounts.
    """
    _require(actor, Permission.ACCOUNTS_EDIT)
    account = get_account(session, account_id)
    if actor.account_id == account_id:
        raise Conflict("accounts.own-account")
    if not account.active:
        return account
    if Role.ADMINISTRATOR in account.roles:
        _keep_an_administrator(session, account_id)
    account.active = False
    end_all_sessions(session, now, account_id)
    session.execute(update(ApiToken).where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
                    .values(revoked_at=now))
    record(session, actor, now, "accounts.account.deactivated", subject=account, changes={"active": (True, False)})
    return account


def activate(session: Session, actor: Actor, now: datetime, account_id: int) -> Account:
    """Open a closed account again; its old sessions and API tokens stay ended.

    Raises:
        Forbidden, NotFound.
    """
    _require(actor, Permission.ACCOUNTS_EDIT)
    account = get_account(session, account_id)
    if not account.active:
        account.active = True
        record(session, actor, now, "accounts.account.activated", subject=account, changes={"active": (False, True)})
    return account


def get_account(session: Session, account_id: int) -> Account:
    """Load an account.

    Raises:
        NotFound: there is none.
    """
    account = session.get(Account, account_id)
    if account is None:
        raise NotFound("account")
    return account


def end_all_sessions(session: Session, now: datetime, account_id: int, *, keep: int | None = None) -> int:
    """End all sessions of an account, perhaps but one; give how many."""
    query = update(AccountSession).where(AccountSession.account_id == account_id, AccountSession.ended_at.is_(None))
    if keep is not None:
        query = query.where(AccountSession.id != keep)
    return int(session.execute(query.values(ended_at=now)).rowcount)  # type: ignore[attr-defined]


def check_password(password: str, *, email: str, name: str, field: str = "password") -> None:
    """Refuse a password that is too short, too long or too easy.

    Raises:
        Invalid: with the field.
    """
    fault = password_fault(password, email=email, name=name)
    if fault is not None:
        raise Invalid(fault, field=field, shortest=PASSWORD_SHORTEST, longest=PASSWORD_LONGEST)


def _require(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise Forbidden


def _roles(roles: Iterable[Role | str]) -> frozenset[Role]:
    try:
        wanted = frozenset(Role(role) for role in roles)
    except ValueError:
        raise Invalid("base.not-a-choice", field="roles") from None
    if not wanted:
        raise Invalid("accounts.no-role", field="roles")
    return wanted


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Normalise and judge the values of an account; name all that are wrong."""
    values: dict[str, Any] = {name: normalise(str(given[name] or "")) for name in _TEXTS}
    values["email"] = normalise_email(str(given["email"] or ""))
    values["locale"], values["zone"] = str(given["locale"]), str(given["zone"])
    problems = [Problem(name, "base.too-long", {"limit": limit})
                for name, limit in _TEXTS.items() if len(values[name]) > limit]
    problems += [Problem(name, "base.control-characters") for name in _TEXTS if not values[name].isprintable()]
    if not values["name_ru"] and not values["name_en"]:
        problems.append(Problem("name_ru", "base.required"))
    if not values["email"]:
        problems.append(Problem("email", "base.required"))
    elif not is_email(values["email"]):
        problems.append(Problem("email", "base.not-an-email"))
    if values["locale"] not in set(Locale):
        problems.append(Problem("locale", "base.not-a-choice"))
    if not is_zone(values["zone"]):
        problems.append(Problem("zone", "accounts.no-such-zone"))
    try:
        values["digest_hour"] = int(given["digest_hour"])
    except (TypeError, ValueError):
        problems.append(Problem("digest_hour", "base.not-a-number"))
    else:
        if not 0 <= values["digest_hour"] <= 23:
            problems.append(Problem("digest_hour", "base.out-of-range"))
    if problems:
        raise Invalid(problems=problems)
    return values


def _save(session: Session, account: Account, *, adding: bool = False) -> None:
    with session.no_autoflush:
        other: Collection[int] = session.scalars(
            select(Account.id).where(Account.email == account.email, Account.id != (account.id or 0))
        ).all()
    if other:
        raise Conflict("accounts.email-taken", field="email")
    try:
        with session.begin_nested():
            if adding:
                session.add(account)
            session.flush()
    except IntegrityError as error:  # somebody else was a moment earlier
        if "mark" in str(error.orig):
            raise Conflict("accounts.already-set-up") from None
        raise Conflict("accounts.email-taken", field="email") from None


def _keep_an_administrator(session: Session, leaving: int) -> None:
    """Hold all administrators' rows, so that of the last two who leave at once only one can."""
    held = session.scalars(
        select(AccountRole.account_id)
        .join(Account, Account.id == AccountRole.account_id)
        .where(AccountRole.role == Role.ADMINISTRATOR.value, Account.active)
        .order_by(AccountRole.account_id)
        .with_for_update()
    ).all()
    if not set(held) - {leaving}:
        raise Conflict("accounts.last-administrator")
